import Execution
import Models
import Tensors
import Testing

@testable import Explanations

@Suite("Attributions known on paper")
struct OracleTests {
  @Test("integrated gradients by 50 Gauss-Legendre nodes meet the figures of a kinked model")
  func integratedGradients() throws {
    var method = IntegratedGradients()
    method.baseline = .value(1)
    method.quadrature = .nodes(.gaussLegendre)
    method.steps = 50
    let kinked = try explain(
      method, [1, 2, 3], ClosedFormModels.scaledMultilayer(shift: [1, 2, 3]))
    #expect(agree(kinked.values(0), [0, 29.224366, 58.448733], tolerance: 1e-7))
    let completeness = try #require(kinked.completeness?[0])
    #expect(abs(completeness.error + 0.326901) < 1e-6)
    #expect(completeness.outputDifference == 88)
    #expect(!completeness.isConverged)

    let straight = try explain(
      method, [4, 5, 6], ClosedFormModels.scaledMultilayer(shift: [4, 5, 6]))
    #expect(agree(straight.values(0), [96, 128, 160]))
    #expect(abs(try #require(straight.completeness?[0]).error) < 1e-10)
  }

  @Test(
    "the completeness error of Gauss-Legendre falls slowly and not steadily across a kink",
    arguments: [(10, -0.4537), (20, -0.3769), (100, 0.0456), (200, 0.0552)])
  func slowConvergence(steps: Int, error: Double) throws {
    var method = IntegratedGradients()
    method.baseline = .value(1)
    method.quadrature = .nodes(.gaussLegendre)
    method.steps = steps
    let found = try explain(
      method, [1, 2, 3], ClosedFormModels.scaledMultilayer(shift: [1, 2, 3]))
    // The recorded errors have four digits.
    #expect(abs(try #require(found.completeness?[0]).error - error) < 5e-5)
  }

  @Test("occlusion averages overlapping windows and clips the last")
  func occlusion() throws {
    let model = try ClosedFormModels.multilayer()
    var method = Occlusion()
    #expect(agree(try explain(method, [20, 50, 30], model).values(0), [80, 200, 120]))
    (method.window, method.stride) = (2, 2)
    #expect(agree(try explain(method, [20, 50, 30], model).values(0), [280, 280, 120]))
    (method.stride, method.baseline) = (1, .value(10))
    #expect(agree(try explain(method, [20, 50, 30], model).values(0), [200, 220, 240]))
  }

  @Test("input times gradient equals LRP-epsilon where units are active")
  func inputTimesGradient() throws {
    let image = (0..<16).map(Float.init)
    let found = try explain(InputTimesGradient(), image, ClosedFormModels.convolution())
    let expected: [Double] = [0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 0, 0, 0]
    #expect(found.outputs == [54])
    #expect(agree(found.values(0), expected))
    let dense = try explain(InputTimesGradient(), [1, 2, 3], ClosedFormModels.biasFree())
    #expect(agree(dense.values(0), [18, 36, 54]))
  }

  @Test("infidelity has the figures that definition 2.1 gives")
  func infidelity() throws {
    var method = IntegratedGradients()
    method.baseline = .value(1)
    method.quadrature = .nodes(.gaussLegendre)
    method.steps = 50
    let found = try explain(
      method, [1, 2, 3], ClosedFormModels.scaledMultilayer(shift: [1, 2, 3]))
    // Everything removed: Iᵀa is the sum of the attributions.
    let sum = 88 + (try #require(found.completeness?[0]).error)
    #expect(abs(Infidelity(predictions: [sum], differences: [88]).value - 0.106864) < 1e-6)

    let change = [0.0009, 0.0121]
    let model = try ClosedFormModels.nestedRectifiers()
    let gradient = try explain(Saliency(), [3, 1], model).values(0)
    #expect(gradient == [1, -1])
    // F is linear here: its change is that of x₁ less that of x₂.
    let difference = change[0] - change[1]
    let predict = { (a: [Double]) in [a[0] * change[0] + a[1] * change[1]] }
    #expect(Infidelity(predictions: predict(gradient), differences: [difference]).value == 0)
    let halved = Infidelity(predictions: predict([0.5, -0.5]), differences: [difference])
    #expect(agree([halved.value], [3.136e-5]))
    let pair = Infidelity(predictions: [1, 3, -2], differences: [2, 5, 1])
    let hundredfold = Infidelity(predictions: [100, 300, -200], differences: [2, 5, 1])
    #expect(agree([pair.scaled], [hundredfold.scaled]))
    #expect(hundredfold.value > pair.value)
  }

  @Test("sparseness and complexity have the recorded figures")
  func concentration() throws {
    let cases: [([Double], Double, Double)] = [
      ([0, 0, 0, 1], 0.75, 0), ([1, 1, 1, 1], 0, 1.386294), ([1, 2, 3, 4], 0.25, 1.279854),
      ([18, 36, 54], 0.222222, 1.011404),
    ]
    for (values, sparseness, complexity) in cases {
      #expect(abs(try #require(Concentration.gini(values)) - sparseness) < 1e-6)
      #expect(abs(try #require(Concentration.entropy(values)) - complexity) < 1e-6)
      #expect(Concentration.gini(values) == Concentration.gini(values.map { -$0 }))
    }
    #expect(Concentration.gini([0, 0]) == nil)
    #expect(Concentration.entropy([0, 0]) == nil)
  }

  @Test("comparisons of vectors have the recorded figures, or none")
  func comparisons() throws {
    let (a, b): ([Double], [Double]) = ([-1, 1, 1], [0, 0, 2])
    #expect(abs(try #require(VectorComparison.pearson(a, b)) - 0.5) < 1e-12)
    #expect(abs(try #require(VectorComparison.spearman(a, b)) - 0.5) < 1e-12)
    let cosine = try #require(VectorComparison.cosine(a, b))
    let root = 3.0.squareRoot()
    #expect(abs(cosine - 1 / root) < 1e-12)
    let distance = VectorComparison.length([-1, 1, -1])
    #expect(abs(distance - root) < 1e-12)
    #expect(abs(VectorComparison.length([1, 2, 3, 4, 10]) - 11.401754) < 1e-6)
    let zero = try #require(VectorComparison.pearson([0, 1, 0, 1], [1, 2, 1, 0]))
    #expect(abs(zero) < 1e-12)
    #expect(VectorComparison.pearson([0.1, 0.1, 0.1], a) == nil)
    #expect(VectorComparison.spearman(a, [7, 7, 7]) == nil)
    #expect(VectorComparison.cosine(a, [0, 0, 0]) == nil)
    #expect(VectorComparison.ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    #expect(VectorComparison.descendingOrder([1, 5, 5, 0]) == [1, 2, 0, 3])
  }
}

import Execution
import Models
import Programs
import Tensors
import Testing

@testable import Explanations

@Suite("Laws of attributions")
struct LawTests {
  static func request(_ count: Int, width: Int = 6, seed: UInt64 = 7) -> AttributionRequest {
    var random = RandomStream(seed: seed, purpose: "test inputs")
    var background = RandomStream(seed: seed, purpose: "test background")
    return AttributionRequest(
      inputs: random.normal([count, width]), classes: (0..<count).map { $0 % 3 }, seed: seed,
      background: background.normal([20, width]))
  }

  @Test(
    "integrated gradients sum to the change of the output",
    arguments: [
      "zero", "mean", "value:0.3", "minimum", "maximum", "nearest:2", "random:3",
      "uniform:2",
    ])
  func completeness(_ baseline: String) throws {
    for isSmooth in [true, false] {
      let model = try ClosedFormModels.random(seed: 3, isSmooth: isSmooth)
      var method = IntegratedGradients()
      method.baseline = try #require(Baseline(baseline))
      method.maximumSteps = 512
      let found = try Explainer.explain(method, Self.request(6), model)
      for row in 0..<found.count {
        let completeness = try #require(found.completeness?[row])
        let sum = found.values(row).reduce(0, +)
        let error = sum - (found.outputs[row] - completeness.baselineOutput)
        // The stored attributions are rounded to float32.
        #expect(abs(error - completeness.error) < 1e-5)
        #expect(completeness.isConverged)
      }
    }
  }

  @Test("bisection finds what thousands of equal steps find, with a tenth of the gradients")
  func bisection() throws {
    let model = try ClosedFormModels.random(seed: 6)
    let request = Self.request(4)
    let found = try Explainer.explain(IntegratedGradients(), request, model)
    var dense = IntegratedGradients()
    dense.steps = 4000
    let expected = try Explainer.explain(dense, request, model)
    for row in 0..<4 {
      let completeness = try #require(found.completeness?[row])
      #expect(completeness.isConverged && completeness.steps < 400)
      #expect(agree(found.values(row), expected.values(row), tolerance: 1e-2))
    }
  }

  @Test("doubling stops at the first accepted number of steps, or says that there was none")
  func doubling() throws {
    let model = try ClosedFormModels.random(seed: 6)
    var method = IntegratedGradients()
    method.quadrature = .nodes(.midpoint)
    (method.initialSteps, method.maximumSteps) = (8, 64)
    let request = Self.request(6)
    let found = try Explainer.explain(method, request, model)
    let byCount = try [8, 16, 32, 64].map { steps in
      method.steps = steps
      return try Explainer.explain(method, request, model)
    }
    for row in 0..<6 {
      let first = byCount.first { $0.isConverged(row) } ?? byCount[3]
      #expect(found.values(row) == first.values(row))
      #expect(found.completeness?[row] == first.completeness?[row])
    }
    #expect(Set(found.completeness?.map(\.steps) ?? []).count > 1)
  }

  @Test("Gauss-Legendre with 20 nodes is exact on a smooth network, midpoint is not")
  func smoothQuadrature() throws {
    let model = try ClosedFormModels.random(seed: 5, isSmooth: true)
    var errors: [Quadrature: Double] = [:]
    for quadrature in Quadrature.allCases {
      var method = IntegratedGradients()
      method.quadrature = .nodes(quadrature)
      method.steps = 20
      let found = try Explainer.explain(method, Self.request(4), model)
      errors[quadrature] = found.completeness?.map { abs($0.error) }.max()
    }
    let gauss = try #require(errors[.gaussLegendre])
    let midpoint = try #require(errors[.midpoint])
    let left = try #require(errors[.left])
    #expect(gauss < 2e-6)
    #expect(gauss < midpoint && midpoint < left)
  }

  @Test("without biases, input times gradient is integrated gradients and sums to the output")
  func biasFreeIdentity() throws {
    let model = try ClosedFormModels.random(seed: 11, hasBias: false)
    let request = Self.request(5)
    let product = try Explainer.explain(InputTimesGradient(), request, model)
    let integral = try Explainer.explain(IntegratedGradients(), request, model)
    for row in 0..<request.count {
      #expect(agree(product.values(row), integral.values(row), tolerance: 2e-6))
      let sum = product.values(row).reduce(0, +)
      #expect(abs(sum - product.outputs[row]) < 2e-6 * max(1, abs(sum)))
    }
  }

  @Test("saliency is the slope that central differences see")
  func centralDifferences() throws {
    let model = try ClosedFormModels.random(seed: 2, isSmooth: true)
    let request = Self.request(2)
    let found = try Explainer.explain(Saliency(), request, model)
    let step: Float = 1e-2
    for row in 0..<2 {
      for element in 0..<6 {
        let outputs = try [step, -step].map { shift in
          var point = request.inputs.row(row).floats
          point[element] += shift
          return try model.targetLogits(
            Tensor(point, shape: [1, 6]), classes: [request.classes[row]])[0]
        }
        let slope = (outputs[0] - outputs[1]) / Double(2 * step)
        // The third derivative times step² / 6 bounds the difference.
        #expect(abs(slope - found.values(row)[element]) < 2e-3)
      }
    }
  }

  @Test("SmoothGrad without noise is saliency, and has no variance")
  func smoothGradWithoutNoise() throws {
    let model = try ClosedFormModels.random(seed: 4)
    let request = Self.request(3)
    var method = SmoothGrad()
    (method.noise, method.samples) = (0, 7)
    let plain = try Explainer.explain(Saliency(), request, model).attributions
    #expect(try Explainer.explain(method, request, model).attributions == plain)
    method.statistic = .square
    let squares = try Explainer.explain(method, request, model).attributions
    #expect(squares == plain * plain)
    method.statistic = .variance
    let variances = try Explainer.explain(method, request, model).attributions
    #expect(variances.floats.allSatisfy { $0 == 0 })
  }

  @Test("SmoothGrad equals gradients averaged one by one")
  func smoothGradRederived() throws {
    let model = try ClosedFormModels.random(seed: 4)
    let request = Self.request(2)
    let bounds = try ValidBounds(request, model.input)
    var method = SmoothGrad()
    (method.noise, method.samples) = (0.2, 5)
    let mean = try Explainer.explain(method, request, model)
    method.statistic = .variance
    let variance = try Explainer.explain(method, request, model)
    for row in 0..<2 {
      let gradients = try (0..<5).map { draw in
        var random = RandomStream(
          seed: request.seed, purpose: "smoothgrad", sample: row, step: draw)
        var normals = [Float](repeating: 0, count: 6)
        normals.withUnsafeMutableBufferPointer { random.fillNormals($0) }
        let point = request.inputs.row(row).doubles.enumerated().map { index, value in
          Float(value + 0.2 * bounds.widths[index] * Double(normals[index]))
        }
        return try model.gradient(
          of: .logit, classes: Tensor([Int64(request.classes[row])]),
          at: Tensor(point, shape: [1, 6])
        ).gradient.doubles
      }
      for element in 0..<6 {
        let values = gradients.map { $0[element] }
        let average = values.reduce(0, +) / 5
        let spread = values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 5
        #expect(abs(mean.values(row)[element] - average) < 1e-6)
        #expect(abs(variance.values(row)[element] - spread) < 1e-6)
      }
    }
  }

  @Test("guided backpropagation equals the walk written out for one hidden layer")
  func guidedBackpropagation() throws {
    let weights: [[Float]] = [[1, -2], [3, 1], [-1, -1]]
    let row: [Float] = [2, -1, 4]
    let model = try ClosedFormModels.table(2, classes: 1) { x in
      let matrix = Tensor(weights.flatMap { $0 }, shape: [3, 2])
      return x.linear(weight: x.builder.constant(matrix)).relu()
        .linear(weight: x.builder.constant(Tensor(row, shape: [1, 3])))
    }
    // Units have 1, 5 and −3: the third is inactive, the second has a negative gradient.
    let found = try explain(GuidedBackpropagation(), [3, 1], model)
    #expect(found.values(0) == [2, -4])
    #expect(try explain(Saliency(), [3, 1], model).values(0) == [2 - 3, -4 - 1])
  }

  @Test(
    "results depend neither on threads nor on what is explained together",
    arguments: AttributionRegistry.names)
  func independence(_ name: String) throws {
    let model = try ClosedFormModels.random(seed: 8)
    let method = try AttributionRegistry.method(named: name)
    let request = Self.request(9)
    let together = try Explainer.explain(method, request, model)
    #expect(try Explainer.explain(method, request, model, threads: 2) == together)
    let parts = try [0..<2, 2..<9].map {
      try Explainer.explain(method, request.rows($0), model)
    }
    #expect(Tensor.concatenated(parts.map(\.attributions)) == together.attributions)
    #expect(parts.flatMap { $0.completeness ?? [] } == together.completeness ?? [])
    #expect(parts.flatMap(\.outputs) == together.outputs)
  }

  @Test("occlusion of one-hot blocks and image channels equals its slow definition")
  func occlusionRederived() throws {
    let input = InputSpecification.table([
      Feature(name: "age"),
      Feature(name: "housing", kind: .categorical, categories: ["own", "rent", "free"]),
    ])
    let weights: [Float] = [2, 5, -3, 1]
    let model = try ClosedFormModels.classifier(input, classes: 1) { x in
      x.linear(weight: x.builder.constant(Tensor(weights, shape: [1, 4])))
    }
    let encoded = input.encoded(Tensor([30, 1] as [Float], shape: [1, 2]))
    let found = try explain(Occlusion(), encoded.floats, model)
    #expect(found.values(0) == [60, 0, -3, 0])
    let reader = found.contributions(0, raw: Tensor([30, 1] as [Float]), input: input)
    #expect(reader.map(\.contribution) == [60, -3])
    #expect(reader.map(\.valueText) == ["30", "rent"])

    let image = InputSpecification.image([2, 5, 4])
    var random = RandomStream(seed: 1, purpose: "image")
    let kernel = random.normal([1, 40])
    let picture = random.uniform([1, 2, 5, 4])
    let linear = try ClosedFormModels.classifier(image, classes: 1) { x in
      x.flattened().linear(weight: x.builder.constant(kernel)).squared()
    }
    var method = Occlusion()
    (method.window, method.stride) = (3, 2)
    let map = try explain(method, picture.floats, linear).values(0)
    let expected = occluded(picture.doubles, kernel.doubles, height: 5, width: 4)
    #expect(agree(map, expected, tolerance: 1e-5))
  }

  /// Occlusion by 3 × 3 windows, two apart, of the squared linear model, straight from the words.
  private func occluded(
    _ picture: [Double], _ kernel: [Double], height: Int, width: Int
  ) -> [Double] {
    func output(without isHidden: (Int, Int) -> Bool) -> Double {
      var sum = 0.0
      for index in picture.indices {
        let (row, column) = (index / width % height, index % width)
        if !isHidden(row, column) { sum += picture[index] * kernel[index] }
      }
      return sum * sum
    }
    let windows = [0, 2].flatMap { top in [0, 2].map { (top: top, left: $0) } }
    return picture.indices.map { index in
      let (row, column) = (index / width % height, index % width)
      let effects = windows.compactMap { window -> Double? in
        let rows = window.top..<window.top + 3
        let columns = window.left..<window.left + 3
        guard rows.contains(row), columns.contains(column) else { return nil }
        return output { _, _ in false }
          - output { rows.contains($0) && columns.contains($1) }
      }
      return effects.reduce(0, +) / Double(effects.count) / 2
    }
  }
}

import Execution
import Programs
import TestSupport
import Tensors
import Testing

extension Program {
  /// A program of inputs of one element type and one output.
  static func traced(
    _ shapes: [Shape], _ type: ElementType = .float32, _ function: ([Value]) -> Value
  ) throws -> Program {
    let ports = shapes.enumerated().map {
      Program.Port(name: "x\($0.offset)", type: ValueType(type, $0.element))
    }
    return try Program.trace(ports) { [("y", function($0))] }
  }
}

/// The names of a program's primitives, in order.
func primitiveNames(_ program: Program) -> [String] {
  program.equations.map(\.primitive.name.description)
}

/// Runs both programs on the same inputs; the tolerance is relative to the largest result.
func expectSameResults(
  _ program: Program, _ simplified: Program, batch: Int, tolerance: Double
) throws {
  #expect(simplified.inputs == program.inputs)
  #expect(simplified.outputTypes == program.outputTypes)
  #expect(simplified.outputNames == program.outputNames)
  let bound = try program.bound(batch: batch)
  let inputs = bound.inputs.map {
    SampleValues.uniform($0.type.shape, $0.type.elementType, purpose: $0.name)
  }
  let expected = try ReferenceBackend().compile(bound)
  let executable = try ReferenceBackend().compile(simplified.bound(batch: batch))
  for (result, wanted) in try zip(executable(inputs), expected(inputs)) {
    let scale = wanted.doubles.map { abs($0) }.max() ?? 1
    let difference = Difference(result, wanted)
    #expect(
      difference.isWithin(absolute: tolerance * max(scale, 1), relative: 0),
      "\(difference)\n\(program)\n\(simplified)")
  }
}

/// A network of layers drawn at random, with fixed parameters: what simplification may meet.
struct RandomNetwork {
  let seed: UInt64

  func apply(_ input: Value) -> Value {
    var random = RandomStream(seed: seed, purpose: "network")
    var x = input
    for layer in 0..<4 {
      let parameter = { (shape: Shape, name: String) in
        x.builder.constant(
          SampleValues.uniform(
            shape, x.elementType, from: 0.2, to: 1, purpose: "\(self.seed) \(layer) \(name)"))
      }
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1, 2:
        let (channels, outputs) = (x.shape[1], 2 + layer)
        x = x.convolved(
          with: parameter([outputs, channels, 3, 3], "kernel") * 0.1 - 0.05,
          ConvolutionGeometry(rank: 2, padding: 1))
        let vector = { parameter([outputs], $0).alongChannels(rank: 4) }
        x = (x - vector("mean")) / (vector("variance") + 1e-3).squareRoot() * vector("gamma")
        x = (x + vector("beta")).hyperbolicTangent()
      case 3: x = x.averagePooled(WindowGeometry(rank: 2, size: 2, stride: 1), countsPadding: true)
      case 4: x = x + (-x * 1).sine() + 0
      case 5: x = -(-x.transposed([0, 1, 3, 2]).transposed([0, 1, 3, 2])) / 2
      default: x = (x * 2 * 3).logistic()
      }
    }
    return x.flattened().softmax(axis: 1)
  }
}

import Execution
import NativeBackend
import Programs
import Tensors
import Testing

/// A program's results from both backends, compared.
struct Agreement {
  /// The largest difference allowed, relative to the largest element (at least 1) of each result.
  var tolerance = 2e-5
  /// The standard deviation of the random inputs.
  var scale = 1.0

  func check(
    _ program: Program, _ inputs: [Tensor], _ location: SourceLocation = #_sourceLocation
  ) throws {
    let fast = try NativeBackend().compile(program)
    let slow = try ReferenceBackend().compile(program)
    let native = try fast(inputs)
    let reference = try slow(inputs)
    for index in native.indices {
      compare(native[index], reference[index], program.outputNames[index], location)
    }
  }

  private func compare(
    _ native: Tensor, _ reference: Tensor, _ name: String, _ location: SourceLocation
  ) {
    #expect(native.shape == reference.shape, sourceLocation: location)
    let expected = reference.doubles
    let scale = max(1, expected.map(abs).filter(\.isFinite).max() ?? 1)
    var worst = 0.0
    for (got, wanted) in zip(native.doubles, expected) where got != wanted {
      if got.isNaN && wanted.isNaN { continue }
      worst = max(worst, (got - wanted).isNaN ? .infinity : abs(got - wanted) / scale)
    }
    #expect(
      worst <= tolerance, "\(name) of \(reference.shape) differs by \(worst)",
      sourceLocation: location)
  }

  /// Traces a function of float32 inputs and compares it, and its gradient in each input.
  func check(
    _ shapes: [Shape], gradients: Bool = true, _ location: SourceLocation = #_sourceLocation,
    _ function: ([Value]) -> Value
  ) throws {
    let ports = shapes.enumerated().map { index, shape in
      Program.Port(name: "x\(index)", type: ValueType(.float32, shape))
    }
    let program = try Program.trace(ports) { values in
      let result = function(values)
      guard gradients, let builder = values.first?.builder else { return [("y", result)] }
      let weights = result * result.sine()
      let found = builder.gradient(of: weights, withRespectTo: values)
      return [("y", result)]
        + found.enumerated().map { ("gradient in x\($0.offset)", $0.element) }
    }
    var random = RandomStream(seed: 7, purpose: "agreement")
    try check(program, shapes.map { random.normal($0) * Tensor(scale) }, location)
  }
}

import CKernels
import Programs
import Tensors

extension Lowering {
  /// Emits the loops of pooling, which run over channels last.
  mutating func lowerWindows(_ value: Int, _ equation: Equation) throws {
    let operand = equation.operands[0]
    let isSupported = type(operand).elementType == .float32 && type(operand).shape.rank <= 5
    guard isSupported else { return try lowerByReference(value, equation) }
    switch equation.primitive {
    case .maxPool(let geometry), .maxPoolIndices(let geometry):
      try lowerMaxPool(value, equation, geometry)
    case .windowSum(let geometry):
      let windows = assay_windows(geometry, input: type(operand).shape)
      let source = try buffer(of: operand, in: .channelsLast)
      emit(
        WindowSumStep(
          windows: windows, isGradient: false, source: source,
          target: define(value, in: .channelsLast)))
    case .windowSumGradient(let geometry, _):
      let windows = assay_windows(geometry, input: equation.type.shape)
      let source = try buffer(of: operand, in: .channelsLast)
      emit(
        WindowSumStep(
          windows: windows, isGradient: true, source: source,
          target: define(value, in: .channelsLast)))
    default: preconditionFailure("\(equation.primitive.name) has no windows")
    }
  }

  /// Maxima and their indices are found in one pass if both are needed.
  private mutating func lowerMaxPool(
    _ value: Int, _ equation: Equation, _ geometry: WindowGeometry
  ) throws {
    let operand = equation.operands[0]
    let siblings = flow.readers[flow.root(operand)].compactMap { reader in
      program.equation(of: reader).map { (reader, $0.primitive) }
    }
    let source = try buffer(of: operand, in: .channelsLast)
    let values = siblings.first { $0.1 == .maxPool(geometry) }
    let indices = siblings.first { $0.1 == .maxPoolIndices(geometry) }
    let valueBuffer =
      values.map { define($0.0, in: .channelsLast) }
      ?? append(byteCount: ValueType(.float32, equation.type.shape).byteCount)
    emit(
      MaxPoolStep(
        windows: assay_windows(geometry, input: type(operand).shape), source: source,
        values: valueBuffer, indices: indices.map { define($0.0, in: .channelsLast) }))
  }

  // MARK: The gradient of maxima

  /// The window maxima whose indices a scatter uses, if it is their gradient.
  private func pooledIndices(_ equation: Equation) -> (value: Int, Equation)? {
    guard case .scatterAddElements(axis: 2, let count) = equation.primitive,
      type(equation.operands[1]).elementType == .float32
    else { return nil }
    var value = flow.root(equation.operands[0])
    if let outer = program.equation(of: value), case .reshape = outer.primitive {
      value = flow.root(outer.operands[0])
    }
    guard let inner = program.equation(of: value),
      case .maxPoolIndices(let geometry) = inner.primitive
    else { return nil }
    let input = type(inner.operands[0]).shape
    let indices = inner.type.shape
    let expected = Shape([indices[0], indices[1], indices.dimensions.dropFirst(2).reduce(1, *)])
    guard type(equation.operands[1]).shape == expected, input.rank <= 5,
      input.dimensions.dropFirst(2).reduce(1, *) == count,
      geometry.outputDimensions(for: Array(input.dimensions.dropFirst(2)))
        == Array(indices.dimensions.dropFirst(2))
    else { return nil }
    return (value, inner)
  }

  func isMaxPoolGradient(_ equation: Equation) -> Bool { pooledIndices(equation) != nil }

  mutating func lowerMaxPoolGradient(_ value: Int, _ equation: Equation) throws {
    guard let (indices, inner) = pooledIndices(equation),
      case .maxPoolIndices(let geometry) = inner.primitive
    else { return }
    let gradient = try buffer(of: equation.operands[1], in: .channelsLast)
    emit(
      MaxPoolGradientStep(
        windows: assay_windows(geometry, input: type(inner.operands[0]).shape),
        indices: try buffer(of: indices, in: .channelsLast), gradient: gradient,
        target: define(value, in: .channelsLast)))
  }
}

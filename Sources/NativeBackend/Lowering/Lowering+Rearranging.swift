import Programs
import Tensors

extension Lowering {
  /// Emits copies for the primitives that move elements.
  mutating func lowerRearranging(_ value: Int, _ equation: Equation) throws {
    let operand = equation.operands[0]
    switch equation.primitive {
    case .transpose(let permutation):
      let view = try view(of: operand)
      let target = define(value, in: .plain)
      copy(
        from: view.buffer, offset: view.offset, strides: permutation.map { view.strides[$0] },
        to: target,
        strides: equation.type.shape.strides, equation.type.shape, equation)
    case .reverse(let axes):
      let view = try view(of: operand)
      let layout = layout(of: operand)
      let shape = equation.type.shape
      let target = define(value, in: layout)
      copy(
        from: view.buffer,
        offset: axes.reduce(view.offset) { $0 + view.strides[$1] * (shape[$1] - 1) },
        strides: view.strides.indices.map {
          axes.contains($0) ? -view.strides[$0] : view.strides[$0]
        }, to: target, strides: layout.strides(of: shape), shape, equation)
    case .pad(let low, _, let interior, let padding):
      try lowerPadding(value, equation, low: low, interior: interior, padding: padding)
    case .concatenate(let axis):
      try lowerConcatenation(value, equation, axis: axis)
    default: preconditionFailure("\(equation.primitive.name) does not rearrange elements")
    }
  }

  private mutating func copy(
    from source: Int, offset: Int = 0, strides: [Int], to target: Int, at start: Int = 0,
    strides targetStrides: [Int], _ shape: Shape, _ equation: Equation
  ) {
    emit(
      CopyStep(
        from: source, offset: offset, strides: strides, to: target, offset: start,
        strides: targetStrides, dimensions: shape.dimensions,
        byteCount: equation.type.elementType.byteCount))
  }

  private mutating func lowerPadding(
    _ value: Int, _ equation: Equation, low: [Int], interior: [Int], padding: Double
  ) throws {
    let operand = equation.operands[0]
    let view = try view(of: operand)
    let layout = layout(of: operand)
    let target = define(value, in: layout)
    let element = Tensor(padding, elementType: equation.type.elementType)
    emit(FillStep(target: target, count: equation.type.shape.count, value: Array(element.bytes)))
    let strides = layout.strides(of: equation.type.shape)
    copy(
      from: view.buffer, offset: view.offset, strides: view.strides, to: target,
      at: zip(strides, low).reduce(0) { $0 + $1.0 * $1.1 },
      strides: zip(strides, interior).map { $0 * ($1 + 1) }, type(operand).shape, equation)
  }

  private mutating func lowerConcatenation(
    _ value: Int, _ equation: Equation, axis: Int
  ) throws {
    let layout = layout(of: equation.operands[0])
    let known = assemblies[value]
    let target = known.map { adopt($0.buffer, for: value) } ?? define(value, in: layout)
    let strides = layout.strides(of: equation.type.shape)
    for (operand, start) in zip(equation.operands, starts(of: equation, axis: axis))
    where known?.parts.contains(flow.root(operand)) != true {
      let view = try view(of: operand)
      copy(
        from: view.buffer, offset: view.offset, strides: view.strides, to: target,
        at: start * strides[axis],
        strides: strides, type(operand).shape, equation)
    }
  }

  /// Where each operand of a concatenation begins along its axis.
  private func starts(of equation: Equation, axis: Int) -> [Int] {
    var start = 0
    return equation.operands.map { operand in
      defer { start += type(operand).shape[axis] }
      return start
    }
  }

  /// The part of a concatenation that a value is, if that is all that becomes of it: then it can be
  /// written there at once.
  ///
  /// The gradients of a recurrent layer's gates are put together so at every step.
  mutating func part(of value: Int) -> BufferView? {
    guard !flow.isOutput[value], flow.readers[value].count == 1,
      let equation = program.equation(of: flow.readers[value][0]),
      case .concatenate(let axis) = equation.primitive, equation.type.shape.rank <= 2,
      equation.operands.count(where: { flow.root($0) == value }) == 1,
      let position = equation.operands.firstIndex(where: { flow.root($0) == value })
    else { return nil }
    let whole = flow.readers[value][0]
    let buffer = assemblies[whole]?.buffer ?? append(byteCount: equation.type.byteCount)
    assemblies[whole, default: Assembly(buffer: buffer)].parts.insert(value)
    let strides = Layout.plain.strides(of: equation.type.shape)
    return BufferView(
      buffer: buffer, offset: starts(of: equation, axis: axis)[position] * strides[axis],
      strides: strides)
  }
}

/// A concatenation some of whose parts are in their place already.
struct Assembly {
  let buffer: Int
  var parts: Set<Int> = []
}

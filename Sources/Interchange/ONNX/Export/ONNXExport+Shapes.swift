import Programs
import Tensors

extension ONNXExport {
  func dimension(_ size: Int) throws -> String {
    guard Shape.isSymbolic(size) else { return graph.constant(Tensor([Int64(size)], shape: [])) }
    let vector = try batchSize(times: size / Shape.batch)
    return graph.node("Squeeze", [vector, graph.integers([0])])
  }

  /// 0, 1, … as a weight, or a range if it is N that ends it.
  func iota(_ type: ElementType, _ shape: Shape, axis: Int) throws -> String {
    var line = Shape(Array(repeating: 1, count: shape.rank))
    line[axis] = shape[axis]
    let indices: String
    if Shape.isSymbolic(shape[axis]) {
      let range = graph.node(
        "Range",
        [graph.scalar(0, .int64), try dimension(shape[axis]), graph.scalar(1, .int64)])
      let numbers = type == .int64 ? range : cast(range, to: type)
      indices = try reshaped(numbers, from: [shape[axis]], to: line)
    } else {
      try checkTable([shape[axis]])
      let numbers = Tensor((0..<Int64(shape[axis])).map { $0 }, shape: line)
      indices = graph.constant(numbers.converted(to: type), named: "indices")
    }
    return line == shape ? indices : graph.node("Expand", [indices, try sizes(shape.dimensions)])
  }

  func expanded(_ value: Int, to target: Shape) throws -> String {
    let (name, shape) = try compactForm(of: value)
    guard shape != target else { return name }
    // A 1 keeps what is there: N need not be known where the operand has it.
    let own = Array(repeating: 1, count: target.rank - shape.rank) + shape.dimensions
    let wanted = target.dimensions.indices.map { own[$0] == target[$0] ? 1 : target[$0] }
    return graph.node("Expand", [name, try sizes(wanted)])
  }

  func reshaped(_ equation: Equation, to shape: Shape) throws -> String {
    let source = equation.operands[0]
    return try reshaped(try name(of: source), from: type(of: source).shape, to: shape)
  }

  /// A value under another shape; the one dimension that depends on N is what is left.
  func reshaped(_ value: String, from source: Shape, to target: Shape) throws -> String {
    guard source != target else { return value }
    let symbolic = target.dimensions.indices.filter { Shape.isSymbolic(target[$0]) }
    let hasZeros = target.dimensions.contains(0)
    let attributes: [ONNXAttribute] = hasZeros ? [.flag("allowzero", true)] : []
    guard symbolic.count == 1, !hasZeros else {
      return graph.node("Reshape", [value, try sizes(target.dimensions)], attributes)
    }
    var dimensions = target.dimensions
    dimensions[symbolic[0]] = -1
    return graph.node("Reshape", [value, graph.integers(dimensions)])
  }

  func slice(_ equation: Equation, starts: [Int], limits: [Int], strides: [Int]) throws -> String {
    let shape = type(of: equation.operands[0]).shape
    return try sliced(
      try name(of: equation.operands[0]), shape, starts: starts, limits: limits, strides: strides)
  }

  /// A part of a value, cut along the axes where it is not the whole.
  func sliced(
    _ value: String, _ shape: Shape, starts: [Int], limits: [Int], strides: [Int]
  ) throws -> String {
    let axes = shape.dimensions.indices.filter {
      starts[$0] != 0 || limits[$0] != shape[$0] || strides[$0] != 1
    }
    guard !axes.isEmpty else { return value }
    return graph.node(
      "Slice",
      [
        value, try sizes(axes.map { starts[$0] }), try sizes(axes.map { limits[$0] }),
        graph.integers(axes), graph.integers(axes.map { strides[$0] }),
      ])
  }

  func reversed(_ equation: Equation, axes: [Int]) throws -> String {
    guard !axes.isEmpty else { return try name(of: equation.operands[0]) }
    func repeated(_ number: Int) -> String {
      graph.integers(Array(repeating: number, count: axes.count))
    }
    return graph.node(
      "Slice",
      [
        try name(of: equation.operands[0]), repeated(-1), repeated(Int(Int64.min)),
        graph.integers(axes), repeated(-1),
      ])
  }

  func pad(
    _ equation: Equation, low: [Int], high: [Int], interior: [Int], value: Double
  ) throws -> String {
    let source = type(of: equation.operands[0])
    let number = graph.scalar(value, source.elementType)
    var (name, shape) = (try name(of: equation.operands[0]), source.shape)
    if interior.contains(where: { $0 > 0 }) {
      (name, shape) = try spread(name, shape, interior: interior, number: number)
    }
    var (low, high) = (low, high)
    for axis in low.indices where Shape.isSymbolic(shape[axis]) {
      name = try extended(name, &shape, axis: axis, low[axis], high[axis], number: number)
      (low[axis], high[axis]) = (0, 0)
    }
    guard (low + high).contains(where: { $0 != 0 }) else { return name }
    return graph.node("Pad", [name, graph.integers(low + high), number])
  }

  /// Numbers before and after the samples of a batch, multiples of N of them: `Pad` is for numbers
  /// that are known.
  private func extended(
    _ name: String, _ shape: inout Shape, axis: Int, _ low: Int, _ high: Int, number: String
  ) throws -> String {
    func filled(_ count: Int) throws -> [String] {
      guard count > 0 else { return [] }
      var part = shape
      part[axis] = count
      return [graph.node("Expand", [number, try sizes(part.dimensions)])]
    }
    let parts = try filled(low) + [name] + filled(high)
    shape[axis] += low + high
    return parts.count == 1 ? name : graph.node("Concat", parts, [.int("axis", axis)])
  }

  /// Numbers between the elements of axes: each element gets an axis of its own, which is padded;
  /// what follows the last element is cut off.
  private func spread(
    _ name: String, _ shape: Shape, interior: [Int], number: String
  ) throws -> (String, Shape) {
    let axes = shape.dimensions.indices
    let single = Shape(axes.flatMap { interior[$0] > 0 ? [shape[$0], 1] : [shape[$0]] })
    let high = axes.flatMap { interior[$0] > 0 ? [0, interior[$0]] : [0] }
    let apart = try reshaped(name, from: shape, to: single)
    let padded = graph.node(
      "Pad", [apart, graph.integers(high.map { _ in 0 } + high), number])
    let paddedShape = Shape(zip(single.dimensions, high).map { $0 == 1 ? 1 + $1 : $0 })
    let joined = Shape(axes.map { shape[$0] * (interior[$0] + 1) })
    let result = Shape(axes.map { max(joined[$0] - interior[$0], 0) })
    let whole = try reshaped(padded, from: paddedShape, to: joined)
    let cut = try sliced(
      whole, joined, starts: axes.map { _ in 0 }, limits: result.dimensions,
      strides: axes.map { _ in 1 })
    return (cut, result)
  }
}

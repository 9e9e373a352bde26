import Programs
import Tensors

/// Shapes as values, and elements under other shapes.
enum ShapeOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("Constant", lower: constant),
    ONNXOperator("ConstantOfShape", lower: constantOfShape),
    .value("Shape", lower: shape),
    .value("Size") { call in
      let dimensions = try call.builder.dimensions(of: call.input(0))
      return (0..<dimensions.shape[0]).reduce(call.constant(Tensor([Int64(1)], shape: []))) {
        $0 * dimensions.select(axis: 0, $1)
      }
    },
    .value("Reshape") { call in
      try call.reshaped(
        call.input(0), to: call.integers(1), keepsZeros: call.flag("allowzero"))
    },
    .value("Flatten") { call in
      let value = try call.input(0)
      let axis = try call.int("axis", default: 1)
      let cut = axis == value.shape.rank ? axis : try call.axis(axis, rank: value.shape.rank)
      let dimensions = value.shape.dimensions
      return value.reshaped(
        to: [dimensions[..<cut].reduce(1, *), dimensions[cut...].reduce(1, *)])
    },
    .value("Squeeze", since: 1) { try $0.squeezed($0.optionalInts("axes")) },
    .value("Squeeze", since: 13) { try $0.squeezed($0.optionalIntegers(1)) },
    .value("Unsqueeze", since: 1) { try $0.unsqueezed($0.optionalInts("axes") ?? []) },
    .value("Unsqueeze", since: 13) { try $0.unsqueezed($0.integers(1)) },
    .value("Transpose") { call in
      let value = try call.input(0)
      let reversed = Array((0..<value.shape.rank).reversed())
      return value.transposed(try call.optionalInts("perm") ?? reversed)
    },
    .value("Expand", lower: expand),
    .value("Tile", lower: tile),
    .value("Concat") { call in
      let values = try call.unifiedValues()
      return Value.concatenated(
        values, axis: try call.axis(call.int("axis", default: 1), rank: values[0].shape.rank))
    },
    ONNXOperator("Split", since: 2, lower: split),
  ]

  private static func constant(_ call: ONNXCall) throws -> [Operand?] {
    if let (tensor, type) = try call.tensorAttribute("value") {
      return [Operand(call.tracer.weight(call.node.output[0], tensor), type)]
    }
    func vector<Scalar: TensorScalar>(_ scalars: [Scalar]) -> [Operand?] {
      [Operand(call.constant(Tensor(scalars)))]
    }
    if let number = try call.optionalFloat("value_float") {
      return [Operand(call.constant(Tensor(number)))]
    }
    if let number = try call.exactInt("value_int") {
      return [Operand(call.constant(Tensor([Int64(number)], shape: [])))]
    }
    if let numbers = try call.floats("value_floats") { return vector(numbers) }
    if let numbers = try call.exactInts("value_ints") { return vector(numbers.map(Int64.init)) }
    if call.hasAttribute("value_string") || call.hasAttribute("value_strings") { return [nil] }
    if let sparse = call.attribute("sparse_value")?.sparseTensor,
      case .numbers(let tensor, let type) = try sparse.contents(call.lowering.external)
    {
      try call.requireTable([tensor.count])
      return [Operand(call.constant(tensor), type)]
    }
    throw call.error("the constant has no value")
  }

  private static func constantOfShape(_ call: ONNXCall) throws -> [Operand?] {
    let (tensor, type) = try call.tensorAttribute("value") ?? (Tensor(0), .float)
    try call.require(tensor.count == 1, "the value must be a single number")
    let shape = Shape(try call.integers(0))
    return [Operand(call.constant(tensor.reshaped(to: [])).broadcast(to: shape), type)]
  }

  private static func shape(_ call: ONNXCall) throws -> Value {
    let dimensions = try call.builder.dimensions(of: call.input(0))
    let rank = dimensions.shape[0]
    func place(_ index: Int) -> Int { min(max(index < 0 ? index + rank : index, 0), rank) }
    let start = place(try call.int("start", default: 0))
    let end = max(place(try call.int("end", default: rank)), start)
    return dimensions.slice(axis: 0, start..<end)
  }

  private static func expand(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    let wanted = Shape(try call.integers(1))
    guard let common = value.shape.broadcast(with: wanted) else {
      throw call.error("\(value.type) does not expand to \(wanted)")
    }
    return value.broadcast(to: common)
  }

  /// Each axis is preceded by one that repeats it.
  private static func tile(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    let repeats = try call.integers(1)
    let dimensions = value.shape.dimensions
    try call.require(
      repeats.count == dimensions.count && repeats.allSatisfy { $0 >= 0 },
      "expects \(dimensions.count) counts, got \(repeats)")
    let axes = dimensions.indices
    let spread = value.builder.append(
      .broadcast(
        Shape(axes.flatMap { [repeats[$0], dimensions[$0]] }), axes: axes.map { 2 * $0 + 1 }),
      [value])
    return spread.reshaped(
      to: Shape(axes.map { repeats[$0].multipliedReportingOverflow(by: dimensions[$0]).0 }))
  }

  private static func split(_ call: ONNXCall) throws -> [Operand?] {
    let operand = try call.operand(0)
    let value = operand.value
    let axis = try call.axis(call.int("axis", default: 0), rank: value.shape.rank)
    let sizes =
      try call.opset < 13 ? call.optionalInts("split") : call.optionalIntegers(1)
    let total = value.shape[axis]
    let count = try call.int("num_outputs", default: call.outputCount)
    try call.require(
      count > 0 && (sizes != nil || count <= call.outputCount),
      "names \(call.outputCount) outputs for \(count) parts")
    let equal = (total + count - 1) / count
    let parts = sizes ?? (0..<count).map { max(min(equal, total - $0 * equal), 0) }
    try call.require(
      parts.allSatisfy { (0...total).contains($0) }
        && parts.reduce(0) { min($0 + $1, total + 1) } == total,
      "the parts \(parts) do not fill an axis of \(total)")
    var start = 0
    return parts.map { size in
      defer { start += size }
      return Operand(value.slice(axis: axis, start..<start + size), operand.type)
    }
  }
}

extension ONNXCall {
  /// A value under another shape; 0 keeps a dimension, unless that is what `keepsZeros` says of 0
  /// itself, and −1 is what is left.
  func reshaped(_ value: Value, to wanted: [Int], keepsZeros: Bool = false) throws -> Value {
    var dimensions = wanted
    for (axis, dimension) in wanted.enumerated() where dimension == 0 && !keepsZeros {
      try require(axis < value.shape.rank, "there is no axis \(axis) to keep in \(value.type)")
      dimensions[axis] = value.shape[axis]
    }
    if let open = dimensions.firstIndex(of: -1) {
      let others = dimensions.enumerated().filter { $0.offset != open }.map(\.element)
      var rest = 1
      for dimension in others {
        let (product, overflow) = rest.multipliedReportingOverflow(by: dimension)
        try require(!overflow && dimension >= 0, "no tensor has the shape \(wanted)")
        rest = product
      }
      let count = value.shape.count
      try require(
        rest > 0 && count % rest == 0, "\(value.type) does not fit into the shape \(wanted)")
      dimensions[open] = count / rest
    }
    return value.reshaped(to: Shape(dimensions))
  }

  fileprivate func squeezed(_ axes: [Int]?) throws -> Value {
    let value = try input(0)
    let rank = value.shape.rank
    let removed =
      try axes.map { try self.axes($0, rank: rank) }
      ?? (0..<rank).filter { value.shape[$0] == 1 }
    for axis in removed {
      try require(value.shape[axis] == 1, "axis \(axis) of \(value.type) is not 1")
    }
    return value.reshaped(to: value.shape.reduced(over: removed, keepingDimensions: false))
  }

  fileprivate func unsqueezed(_ axes: [Int]) throws -> Value {
    let value = try input(0)
    let added = Set(try self.axes(axes, rank: value.shape.rank + axes.count))
    var rest = value.shape.dimensions[...]
    return value.reshaped(
      to: Shape(
        (0..<value.shape.rank + axes.count).map {
          added.contains($0) ? 1 : rest.popFirst() ?? 1
        }))
  }

  /// All inputs in one representation.
  func unifiedValues() throws -> [Value] {
    let real = values.first { $0.elementType.isFloatingPoint }
    try require(!values.isEmpty, "has no inputs")
    return values.map { real == nil ? $0 : Value.unified($0, real ?? $0).0 }
  }
}

import Programs
import Tensors

/// Codes of categories, and the names of classes, of the domain "ai.onnx.ml".
enum MachineLearningCategoryOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("LabelEncoder", domain: "ai.onnx.ml", since: 1) { call in
      throw call.error("maps text, which Assay does not compute")
    },
    ONNXOperator("LabelEncoder", domain: "ai.onnx.ml", since: 2, lower: labelEncoder),
    .machineLearning("OneHotEncoder", oneHotEncoder),
    ONNXOperator("ZipMap", domain: "ai.onnx.ml", lower: zipMap),
  ]

  /// Each element looked up among the keys; a key that occurs twice counts by its last value.
  private static func labelEncoder(_ call: ONNXCall) throws -> [Operand?] {
    guard let (values, type) = try call.table("values") else { return [nil] }
    guard let (keys, _) = try call.table("keys") else {
      throw call.error("looks text up, which Assay does not compute")
    }
    try call.require(
      keys.count == values.count, "has \(keys.count) keys, but \(values.count) values")
    let table = Tensor.joined(try call.defaultValue(type), values)
    var value = try call.input(0)
    if value.elementType.isFloatingPoint { call.tracer.markGradientless("LabelEncoder") }
    value = value.expanded(axis: value.shape.rank)
    let candidates = call.constant(keys).converted(to: value.elementType)
    var matches = value.compare(.equal, candidates)
    if keys.elementType.isFloatingPoint, value.elementType.isFloatingPoint {
      let areBothMissing = value.compare(.equal, value).or(candidates.compare(.equal, candidates))
      matches = matches.or(areBothMissing.not())
    }
    // Place 0 of the table is the default; key k is at k + 1.
    let places = call.constant(Tensor((0..<keys.count).map { Int64($0 + 1) }))
    let zero = call.constant(Tensor([Int64(0)], shape: []))
    let axis = value.shape.rank - 1
    let place =
      keys.count == 0
      ? zero.broadcast(to: value.shape).reshaped(to: Shape(value.shape.dimensions.dropLast()))
      : matches.select(places, zero).maximum(over: [axis])
    return [Operand(call.constant(table).gather(place, axis: 0), type)]
  }

  /// A new last axis with 1 at the place of the category; real numbers are cut to whole ones.
  private static func oneHotEncoder(_ call: ONNXCall) throws -> Value {
    guard let categories = try call.exactInts("cats_int64s"), !categories.isEmpty else {
      throw call.error("looks text up, which Assay does not compute")
    }
    let value = try call.input(0)
    if value.elementType.isFloatingPoint { call.tracer.markGradientless("OneHotEncoder") }
    if try !call.flag("zeros", default: true) {
      call.tracer.note(
        "A category that \(call.node.name.isEmpty ? "a OneHotEncoder" : "'\(call.node.name)'") "
          + "does not know is an error for other programs, and zeros here.")
    }
    return value.converted(to: .int64).expanded(axis: value.shape.rank)
      .compare(.equal, call.constant(Tensor(categories.map(Int64.init))))
      .converted(to: .float32)
  }

  /// A map from each class to its score is, for Assay, the row of scores with the classes' names.
  private static func zipMap(_ call: ONNXCall) throws -> [Operand?] {
    let classes = try ClassLabels(call, integers: "classlabels_int64s")
    let operand = try call.operand(0)
    try call.require(
      operand.shape.dimensions.last == classes.count,
      "has \(classes.count) classes for \(operand.value.type)")
    call.tracer.noteClasses(classes.names)
    return [operand]
  }
}

/// The classes of a classifier: whole numbers or texts.
struct ClassLabels {
  let names: [String]
  /// Nil if the classes are texts.
  let numbers: [Int]?
  var count: Int { names.count }

  /// The attributes of a node.
  ///
  /// - Throws: `NodeError` if there is neither or both.
  init(_ call: ONNXCall, integers: String) throws {
    let texts = try call.strings("classlabels_strings") ?? []
    let numbers = try call.exactInts(integers) ?? []
    try call.require(
      texts.isEmpty != numbers.isEmpty,
      "expects the attribute 'classlabels_strings' or '\(integers)'")
    names = texts.isEmpty ? numbers.map(String.init) : texts
    self.numbers = texts.isEmpty ? numbers : nil
    call.tracer.noteClasses(names)
  }

  /// The labels at int64 indices; nil where they are texts.
  func labels(at indices: Value) -> Operand? {
    guard let numbers else { return nil }
    let table = indices.builder.constant(Tensor(numbers.map(Int64.init)))
    return Operand(table.gather(indices, axis: 0))
  }

  /// The labels of two classes, the second where a bool is true.
  func labels(secondWhere condition: Value) -> Operand? {
    labels(at: condition.converted(to: .int64))
  }
}

extension ONNXCall {
  /// Keys or values in one of their attributes; nil if they are texts.
  fileprivate func table(_ kind: String) throws -> (Tensor, ONNXElementType)? {
    if let (tensor, type) = try numericTensor("\(kind)_tensor") {
      return (tensor.reshaped(to: [tensor.count]), type)
    }
    if let numbers = try exactInts("\(kind)_int64s") {
      return (Tensor(numbers.map(Int64.init)), .int64)
    }
    if let numbers = try floats("\(kind)_floats") { return (Tensor(numbers), .float) }
    try require(
      hasAttribute("\(kind)_strings") || hasAttribute("\(kind)_tensor"), "has no \(kind)")
    return nil
  }

  fileprivate func defaultValue(_ type: ONNXElementType) throws -> Tensor {
    let elementType = type.representation ?? .float32
    if let (tensor, _) = try numericTensor("default_tensor") {
      try require(tensor.count == 1, "the attribute 'default_tensor' must be a single number")
      return tensor.reshaped(to: [1]).converted(to: elementType)
    }
    if elementType.isFloatingPoint {
      return Tensor([Float(try float("default_float", default: -0.0))]).converted(to: elementType)
    }
    return Tensor([Int64(try exactInt("default_int64") ?? -1)]).converted(to: elementType)
  }

  /// A tensor attribute; nil if it holds texts.
  private func numericTensor(_ name: String) throws -> (Tensor, ONNXElementType)? {
    if attribute(name)?.t.dataType == ONNXElementType.string.rawValue { return nil }
    return try tensorAttribute(name)
  }
}

extension Tensor {
  /// Two vectors of one element type after each other.
  fileprivate static func joined(_ first: Tensor, _ second: Tensor) -> Tensor {
    if first.elementType == .int64 {
      return Tensor(first.scalars(of: Int64.self) + second.scalars(of: Int64.self))
    }
    return Tensor(first.doubles + second.doubles).converted(to: first.elementType)
  }
}

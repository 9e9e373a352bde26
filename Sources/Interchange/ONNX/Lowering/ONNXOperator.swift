import Programs
import Tensors

/// How one operator becomes primitives, from one version of its domain on.
struct ONNXOperator: Sendable {
  /// Makes the outputs of a node; an output that is nil does not exist for Assay.
  typealias Lowering = @Sendable (ONNXCall) throws -> [Operand?]

  let name: String
  let domain: String
  /// The first version of the domain's operators that this lowering is for.
  let since: Int
  let lower: Lowering

  init(_ name: String, domain: String = "", since: Int = 1, lower: @escaping Lowering) {
    self.name = name
    self.domain = domain
    self.since = since
    self.lower = lower
  }

  /// An operator with one output, whose elements are of the type of its first input.
  static func value(
    _ name: String, domain: String = "", since: Int = 1,
    lower: @escaping @Sendable (ONNXCall) throws -> Value
  ) -> ONNXOperator {
    ONNXOperator(name, domain: domain, since: since) { [Operand(try lower($0), like: $0)] }
  }
}

/// A value of a graph that is being lowered, with the type that the file gives it.
///
/// The type may be narrower than the value's: numbers of int8 are int32 values, and quantised
/// tensors are float32 values that hold whole numbers, so that derivatives pass.
struct Operand {
  var value: Value
  var type: ONNXElementType

  init(_ value: Value, _ type: ONNXElementType) {
    self.value = value
    self.type = type
  }

  /// A value of the type that represents it.
  init(_ value: Value) { self.init(value, ONNXElementType(value.elementType)) }

  /// A value of the type of a node's first input, if that is represented in the same way.
  init(_ value: Value, like call: ONNXCall) {
    self.init(value)
    if let first = call.inputs.first ?? nil, first.value.elementType == value.elementType {
      type = first.type
    }
  }

  var shape: Shape { value.shape }
}

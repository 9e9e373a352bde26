import Foundation
import Programs
import Tensors

extension ONNXOperatorSet {
  init(domain: String, version: Int64) {
    self.init()
    self.domain = domain
    self.version = version
  }
}

extension ONNXEntry {
  init(_ key: String, _ value: String) {
    self.init()
    self.key = key
    self.value = value
  }
}

extension ONNXNode {
  init(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [ONNXAttribute] = [],
    domain: String = ""
  ) {
    self.init()
    opType = type
    input = inputs
    output = outputs
    attribute = attributes
    self.domain = domain
  }
}

extension ONNXAttribute {
  private init(_ name: String, type: Int32) {
    self.init()
    self.name = name
    self.type = type
  }

  static func int(_ name: String, _ value: Int) -> ONNXAttribute {
    var attribute = ONNXAttribute(name, type: 2)
    attribute.i = Int64(value)
    return attribute
  }

  static func flag(_ name: String, _ value: Bool) -> ONNXAttribute { .int(name, value ? 1 : 0) }

  static func float(_ name: String, _ value: Float) -> ONNXAttribute {
    var attribute = ONNXAttribute(name, type: 1)
    attribute.f = value
    return attribute
  }

  static func ints(_ name: String, _ values: [Int]) -> ONNXAttribute {
    var attribute = ONNXAttribute(name, type: 7)
    attribute.ints = values.map(Int64.init)
    return attribute
  }

  static func string(_ name: String, _ value: String) -> ONNXAttribute {
    var attribute = ONNXAttribute(name, type: 3)
    attribute.s = Data(value.utf8)
    return attribute
  }
}

extension ONNXTensor {
  /// A tensor's name, type and shape, without its elements.
  init(typeOf tensor: Tensor, name: String) {
    self.init()
    self.name = name
    dims = tensor.shape.dimensions.map(Int64.init)
    dataType = ONNXElementType(tensor.elementType).rawValue
  }

  /// A tensor with its elements, little-endian as the machines that Swift runs on.
  init(_ tensor: Tensor, name: String) {
    self.init(typeOf: tensor, name: name)
    rawData = Data(tensor.bytes)
  }
}

extension ONNXValueInfo {
  /// A value's type, in which multiples of the batch size are dimensions called "N", "2N", ….
  init(_ name: String, _ type: ValueType) {
    self.init()
    self.name = name
    var tensor = ONNXType.TensorType()
    tensor.elemType = ONNXElementType(type.elementType).rawValue
    tensor.shape.dim = type.shape.dimensions.map { size in
      var dimension = ONNXShape.Dimension()
      if Shape.isSymbolic(size) {
        dimension.dimParam = Shape.text(size)
      } else {
        dimension.dimValue = Int64(size)
      }
      return dimension
    }
    // A scalar has a shape without axes, which is not the same as no shape.
    if type.shape.rank == 0 { tensor.shape = ONNXShape() }
    self.type.tensorType = tensor
  }
}

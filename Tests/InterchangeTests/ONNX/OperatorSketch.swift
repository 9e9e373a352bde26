import Execution
import Foundation
import Programs
import SwiftProtobuf
import Tensors

@testable import Interchange

/// A model of a single node, written for a test.
struct OperatorSketch {
  /// An attribute of the node.
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Float)
    case floats([Float])
    case string(String)
  }

  var name: String
  var opset: Int
  /// Values that the model holds, nil where an optional input is left out, or inputs of it.
  var operands: [Operand]
  var attributes: [String: Attribute]
  var outputCount = 1

  enum Operand {
    case input(ONNXElementType, Shape)
    case weight(Tensor, ONNXElementType? = nil)
    case none
  }

  init(
    _ name: String, opset: Int, _ operands: [Operand], _ attributes: [String: Attribute] = [:],
    outputs: Int = 1
  ) {
    (self.name, self.opset, self.operands) = (name, opset, operands)
    (self.attributes, outputCount) = (attributes, outputs)
  }

  /// The program of the model, whose inputs are called x0, x1, … by their position; those with
  /// values may be fixed if a shape depends on them.
  func program(values: [String: Tensor] = [:]) throws -> Program {
    try network(values: values).program
  }

  /// The model as it is imported.
  func network(values: [String: Tensor] = [:]) throws -> ImportedNetwork {
    try ONNXFile(model().serializedData()).network(request(values))
  }

  private func request(_ values: [String: Tensor]) -> NetworkRequest {
    var request = NetworkRequest(values: values)
    for (index, operand) in operands.enumerated() {
      if case .input(_, let shape) = operand { request.shapes["x\(index)"] = shape }
    }
    return request
  }

  private func model() -> ONNXModel {
    var model = ONNXModel()
    var version = ONNXOperatorSet()
    version.version = Int64(opset)
    model.opsetImport = [version]
    var node = ONNXNode()
    node.opType = name
    node.name = "n"
    node.output = (0..<outputCount).map { "y\($0)" }
    node.attribute = attributes.sorted { $0.key < $1.key }.map { Self.message($0.key, $0.value) }
    for (index, operand) in operands.enumerated() {
      let label = "x\(index)"
      switch operand {
      case .none: node.input.append("")
      case .input(let type, _):
        node.input.append(label)
        model.graph.input.append(Self.port(label, type))
      case .weight(let tensor, let type):
        node.input.append(label)
        model.graph.initializer.append(Self.message(label, tensor, type))
      }
    }
    model.graph.node = [node]
    model.graph.output = node.output.map { Self.port($0, .float) }
    return model
  }

  private static func port(_ name: String, _ type: ONNXElementType) -> ONNXValueInfo {
    var info = ONNXValueInfo()
    info.name = name
    info.type.tensorType.elemType = type.rawValue
    return info
  }

  private static func message(
    _ name: String, _ tensor: Tensor, _ type: ONNXElementType?
  ) -> ONNXTensor {
    var message = ONNXTensor()
    message.name = name
    message.dims = tensor.shape.dimensions.map(Int64.init)
    message.dataType = (type ?? ONNXElementType(tensor.elementType)).rawValue
    switch tensor.elementType {
    case .float64: message.doubleData = tensor.doubles
    case .float32: message.floatData = tensor.floats
    case .int64: message.int64Data = tensor.scalars(of: Int64.self)
    case .int32, .uint8, .bool: message.int32Data = tensor.doubles.map { Int32($0) }
    }
    return message
  }

  private static func message(_ name: String, _ attribute: Attribute) -> ONNXAttribute {
    var message = ONNXAttribute()
    message.name = name
    switch attribute {
    case .int(let number):
      (message.type, message.i) = (ONNXAttribute.Kind.int.rawValue, Int64(number))
    case .ints(let numbers):
      (message.type, message.ints) = (ONNXAttribute.Kind.ints.rawValue, numbers.map(Int64.init))
    case .float(let number):
      (message.type, message.f) = (ONNXAttribute.Kind.float.rawValue, number)
    case .floats(let numbers):
      (message.type, message.floats) = (ONNXAttribute.Kind.floats.rawValue, numbers)
    case .string(let text):
      (message.type, message.s) = (ONNXAttribute.Kind.string.rawValue, Data(text.utf8))
    }
    return message
  }
}

extension OperatorSketch {
  /// The outputs for values of the inputs, in their order.
  func results(_ arguments: [Tensor], batch: Int = 1) throws -> [Tensor] {
    let program = try program().bound(batch: batch)
    let executable = try ReferenceBackend().compile(program)
    return try executable(arguments)
  }

  /// The sentence with which the model is refused; nil if it is not.
  func refusal() -> String? {
    do {
      _ = try program()
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension Tensor {
  /// An int64 vector.
  static func indices(_ numbers: Int...) -> Tensor { Tensor(numbers.map(Int64.init)) }
}

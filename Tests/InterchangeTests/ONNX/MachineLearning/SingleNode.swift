import Execution
import Foundation
import Programs
import TestSupport
import Tensors

@testable import Interchange

/// A model of one node of the domain "ai.onnx.ml".
struct SingleNode {
  var name: String
  var attributes: [ONNXAttribute]
  var version: Int64 = 3

  init(_ name: String, _ attributes: [ONNXAttribute], version: Int64 = 3) {
    self.name = name
    self.attributes = attributes
    self.version = version
  }

  private var outputs: [String] { name.hasSuffix("Classifier") ? ["label", "y"] : ["y"] }

  func file(_ inputs: [ValueType]) throws -> ONNXFile {
    let names = inputs.indices.map { "x\($0)" }
    var model = ONNXModel()
    model.opsetImport = [
      ONNXOperatorSet(domain: "", version: 17),
      ONNXOperatorSet(domain: "ai.onnx.ml", version: version),
    ]
    model.graph.node = [ONNXNode(name, names, outputs, attributes, domain: "ai.onnx.ml")]
    model.graph.input = zip(names, inputs).map { ONNXValueInfo($0, $1) }
    model.graph.output = outputs.map { ONNXValueInfo($0, ValueType(.float32, [])) }
    return try ONNXFile(model)
  }

  /// The network for an input of a type, with the output 'y' unless another is asked for.
  func network(_ type: ValueType, output: String = "y") throws -> ImportedNetwork {
    try file([type]).network(NetworkRequest(outputs: [output]))
  }

  /// What the node makes of an input; the network is traced for any number of rows.
  func result(_ input: Tensor, output: String = "y") throws -> Tensor {
    var shape = input.shape
    if shape.rank > 1 { shape[0] = Shape.batch }
    let network = try network(ValueType(input.elementType, shape), output: output)
    let program = try network.program.bound(batch: input.shape[0])
    let executable = try ReferenceBackend().compile(program)
    return try executable([input])[0]
  }

  /// Why the node is refused for an input of a type.
  func refusal(_ type: ValueType = ValueType(.float32, [Shape.batch, 2]), output: String = "y")
    -> String
  {
    do {
      _ = try network(type, output: output)
      return "not refused"
    } catch {
      return "\(error)"
    }
  }
}

extension ONNXAttribute {
  static func floats(_ name: String, _ values: [Float]) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    (attribute.name, attribute.type, attribute.floats) = (name, 6, values)
    return attribute
  }

  static func strings(_ name: String, _ values: [String]) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    (attribute.name, attribute.type) = (name, 8)
    attribute.strings = values.map { Data($0.utf8) }
    return attribute
  }

  static func tensor(_ name: String, _ value: Tensor) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    (attribute.name, attribute.type) = (name, 4)
    attribute.t = ONNXTensor(value, name: "")
    return attribute
  }
}

extension Program {
  /// The program with other values as its outputs.
  func returning(_ values: [Int]) throws -> Program {
    try Program(
      inputs: inputs, equations: equations, outputs: values,
      outputNames: values.indices.map { "output \($0)" })
  }
}

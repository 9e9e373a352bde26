import Execution
import Foundation
import Programs
import SwiftProtobuf
import Tensors

@testable import Interchange

/// A graph of several nodes, or one within a node, written for a test.
struct GraphSketch {
  /// What the graph takes; a shape is only needed by the outermost graph.
  var inputs: [(name: String, type: ONNXElementType, shape: Shape)] = []
  var weights: [(name: String, tensor: Tensor, type: ONNXElementType)] = []
  var nodes: [NodeSketch]
  var outputs: [String]
  /// Whether the file states the shapes of its inputs, those of N samples as an open axis.
  var declaresShapes = false
  /// The types of the outputs, which nothing reads but for loops that never run.
  var outputShape: Shape?

  /// The graph as a program, read from the bytes of a model.
  func network(
    opset: Int = 17, values: [String: Tensor] = [:]
  ) throws -> ImportedNetwork {
    var request = NetworkRequest(values: values)
    for input in inputs { request.shapes[input.name] = input.shape }
    return try ONNXFile(bytes(opset: opset)).network(request)
  }

  /// The outputs for values of the inputs, in their order.
  func results(_ arguments: [Tensor], opset: Int = 17, batch: Int? = nil) throws -> [Tensor] {
    var program = try network(opset: opset).program
    if let batch { program = try program.bound(batch: batch) }
    let executable = try ReferenceBackend().compile(program)
    return try executable(arguments)
  }

  /// The sentence with which the model is refused; empty if it is not.
  func refusal(opset: Int = 17) -> String {
    do {
      _ = try network(opset: opset)
      return ""
    } catch {
      return "\(error)"
    }
  }

  /// The model as a file that was read.
  func file(opset: Int = 17) throws -> ONNXFile { try ONNXFile(bytes(opset: opset)) }

  private func bytes(opset: Int) throws -> Data {
    var model = ONNXModel()
    model.opsetImport = [("", opset), ("com.microsoft", 1)].map { domain, version in
      var entry = ONNXOperatorSet()
      (entry.domain, entry.version) = (domain, Int64(version))
      return entry
    }
    model.graph = message
    return try model.serializedData()
  }

  var message: ONNXGraph {
    var graph = ONNXGraph()
    graph.name = "g"
    graph.input = inputs.map { Self.port($0.name, $0.type, declaresShapes ? $0.shape : nil) }
    graph.initializer = weights.map { Self.message($0.name, $0.tensor, $0.type) }
    graph.node = nodes.map(\.message)
    graph.output = outputs.map { Self.port($0, .double, outputShape) }
    return graph
  }

  private static func port(
    _ name: String, _ type: ONNXElementType, _ shape: Shape?
  ) -> ONNXValueInfo {
    var info = ONNXValueInfo()
    info.name = name
    info.type.tensorType.elemType = type.rawValue
    if let shape {
      info.type.tensorType.shape.dim = shape.dimensions.map { size in
        var dimension = ONNXShape.Dimension()
        if size == Shape.batch {
          dimension.dimParam = "N"
        } else {
          dimension.dimValue = Int64(size)
        }
        return dimension
      }
    }
    return info
  }

  private static func message(
    _ name: String, _ tensor: Tensor, _ type: ONNXElementType
  ) -> ONNXTensor {
    var message = ONNXTensor()
    message.name = name
    message.dims = tensor.shape.dimensions.map(Int64.init)
    message.dataType = type.rawValue
    switch type {
    case .double: message.doubleData = tensor.doubles
    case .float: message.floatData = tensor.floats
    case .int64: message.int64Data = tensor.scalars(of: Int64.self)
    default: message.int32Data = tensor.doubles.map { Int32($0) }
    }
    return message
  }
}

/// A node of a graph that is written for a test.
struct NodeSketch {
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Float)
    case floats([Float])
    case string(String)
    case strings([String])
    case graph(GraphSketch)
  }

  var message = ONNXNode()

  /// A node with the names of its inputs, empty where an optional one is left out.
  init(
    _ operation: String, _ inputs: [String], _ outputs: [String],
    _ attributes: [String: Attribute] = [:], domain: String = ""
  ) {
    message.opType = operation
    message.name = "n"
    message.domain = domain
    message.input = inputs
    message.output = outputs
    message.attribute = attributes.sorted { $0.key < $1.key }.map { name, attribute in
      var message = ONNXAttribute()
      message.name = name
      attribute.write(to: &message)
      return message
    }
  }
}

extension NodeSketch.Attribute {
  fileprivate func write(to message: inout ONNXAttribute) {
    func set(_ kind: ONNXAttribute.Kind) { message.type = kind.rawValue }
    switch self {
    case .int(let number):
      set(.int)
      message.i = Int64(number)
    case .ints(let numbers):
      set(.ints)
      message.ints = numbers.map(Int64.init)
    case .float(let number):
      set(.float)
      message.f = number
    case .floats(let numbers):
      set(.floats)
      message.floats = numbers
    case .string(let text):
      set(.string)
      message.s = Data(text.utf8)
    case .strings(let texts):
      set(.strings)
      message.strings = texts.map { Data($0.utf8) }
    case .graph(let graph):
      set(.graph)
      message.g = graph.message
    }
  }
}

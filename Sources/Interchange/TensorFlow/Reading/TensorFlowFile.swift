package import Foundation
import SwiftProtobuf
import Tensors

/// A TensorFlow graph with known weights: a frozen GraphDef or a SavedModel, read and checked.
///
/// - Source: https://www.tensorflow.org/guide/saved_model
package struct TensorFlowFile: Sendable {
  /// What a name of the model's interface means in the graph.
  struct Interface: Sendable {
    let port: NetworkPort
    /// The tensor: "node" or "node:1".
    let tensor: String
  }

  let nodes: [TensorFlowNodeDef]
  let functions: [String: TensorFlowFunctionDef]
  let inputInterface: [Interface]
  let outputInterface: [Interface]
  /// The values of variables by the name of the node that stands for one.
  let variables: [String: Tensor]
  package let format: String
  /// The files of a SavedModel, its graph's own included: what is opened is their folder.
  package let companions: [String]

  init(
    _ graph: TensorFlowGraphDef, inputs: [Interface], outputs: [Interface],
    variables: [String: Tensor] = [:], format: String, companions: [String] = []
  ) throws {
    nodes = graph.node
    functions = Dictionary(
      graph.library.function.map { ($0.signature.name, $0) },
      uniquingKeysWith: { first, _ in first })
    inputInterface = inputs
    outputInterface = outputs
    self.variables = variables
    self.format = format
    self.companions = companions
    guard !outputs.isEmpty else { throw Self.damaged("it has no graph with outputs") }
  }

  /// Reads a frozen graph (`.pb`) or the folder of a SavedModel.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package init(path: String) throws {
    do {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw InterchangeError.Fact.unreadable(reason: "there is no such file")
      }
      let url = URL(fileURLWithPath: path)
      if isFolder.boolValue {
        self = try TensorFlowFile(savedModel: url)
      } else if url.lastPathComponent == "saved_model.pb" {
        self = try TensorFlowFile(savedModel: url.deletingLastPathComponent())
      } else {
        self = try TensorFlowFile(graph: Self.bytes(url))
      }
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    }
  }

  /// Reads the bytes of a frozen graph: its placeholders are inputs, and what nothing reads outputs.
  ///
  /// - Throws: `InterchangeError.Fact`.
  package init(graph bytes: Data) throws {
    let graph = try Self.message(TensorFlowGraphDef.self, bytes)
    var read: Set<String> = []
    for node in graph.node {
      for input in node.input { read.insert(TensorFlowReference(input).node) }
    }
    let silent: Set<String> = ["NoOp", "Assert", "Const", "Placeholder", "PlaceholderWithDefault"]
    try self.init(
      graph,
      inputs: graph.node.filter { $0.op == "Placeholder" }.map {
        Interface(port: NetworkPort($0), tensor: $0.name)
      },
      outputs: graph.node.filter { !read.contains($0.name) && !silent.contains($0.op) }.map {
        node in
        let port = NetworkPort(
          node.name, type: node.attr["T"]?.type ?? 1, shape: TensorFlowTensorShapeProto.unknown)
        return Interface(port: port, tensor: node.name)
      }, format: "TensorFlow GraphDef")
  }

  static func bytes(_ url: URL) throws -> Data {
    do { return try Data(contentsOf: url, options: .alwaysMapped) } catch {
      let exists = FileManager.default.fileExists(atPath: url.path)
      throw InterchangeError.Fact.unreadable(
        reason: exists
          ? "no permission, or not a file" : "there is no file '\(url.lastPathComponent)'")
    }
  }

  static func message<Message: SwiftProtobuf.Message>(
    _ type: Message.Type, _ bytes: Data
  ) throws -> Message {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do { return try Message(serializedBytes: bytes, options: options) } catch {
      throw damaged("it is cut off, or another kind of file (\(error))")
    }
  }

  static func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "TensorFlow", reason)
  }
}

extension TensorFlowTensorShapeProto {
  static var unknown: TensorFlowTensorShapeProto {
    var shape = TensorFlowTensorShapeProto()
    shape.unknownRank = true
    return shape
  }
}

extension NetworkPort {
  /// A placeholder; a graph of the first versions states no shape by an empty one.
  init(_ node: TensorFlowNodeDef) {
    let shape = node.attr["shape"]?.shape ?? .unknown
    self.init(node.name, type: node.attr["dtype"]?.type ?? 0, shape: shape)
  }

  init(_ name: String, type: Int32, shape: TensorFlowTensorShapeProto) {
    self.init(
      name: name, typeName: TensorFlowType.name(type),
      elementType: TensorFlowType.representation(type),
      dimensions: shape.unknownRank
        ? nil
        : shape.dim.map { dimension in
          if dimension.size >= 0 { return .fixed(Int(dimension.size)) }
          return dimension.name.isEmpty ? .unknown : .named(dimension.name)
        })
  }
}

import Foundation
import Tensors

extension TensorFlowFile {
  /// Reads the folder of a SavedModel: the signature for serving, its functions and variables.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(savedModel folder: URL) throws {
    let model = try Self.message(
      TensorFlowSavedModel.self, Self.bytes(folder.appending(path: "saved_model.pb")))
    guard
      let meta = model.metaGraphs.first(where: { $0.metaInfoDef.tags.contains("serve") })
        ?? model.metaGraphs.first
    else { throw Self.damaged("it has no graph") }
    let signature = try Self.signature(of: meta)
    let variables = try SavedVariables(meta, folder.appending(path: "variables"))
    try self.init(
      meta.graphDef, inputs: Self.interfaces(signature.inputs),
      outputs: Self.interfaces(signature.outputs),
      variables: variables.values, format: "TensorFlow SavedModel",
      companions: [folder.appending(path: "saved_model.pb").path] + variables.paths)
  }

  /// The signature for serving, or the only one.
  private static func signature(of meta: TensorFlowMetaGraphDef) throws -> TensorFlowSignatureDef {
    if let serving = meta.signatureDef["serving_default"] { return serving }
    let others = meta.signatureDef.filter { $0.key != "__saved_model_init_op" }
    guard others.count == 1, let only = others.first?.value else {
      let names = others.keys.sorted()
      throw InterchangeError.Fact.request(
        names.isEmpty
          ? "the model has no signature: save it with signatures=..."
          : "none of the signatures \(names.list) is called 'serving_default'")
    }
    return only
  }

  private static func interfaces(_ tensors: [String: TensorFlowTensorInfo]) -> [Interface] {
    tensors.sorted { $0.key < $1.key }.map { name, info in
      Interface(
        port: NetworkPort(name, type: info.dtype, shape: info.tensorShape), tensor: info.name)
    }
  }
}

/// The variables of a SavedModel by the node of the graph that stands for each.
private struct SavedVariables {
  private(set) var values: [String: Tensor] = [:]
  /// The files of the checkpoint.
  var paths: [String] { bundle.paths }
  private let meta: TensorFlowMetaGraphDef
  private let bundle: TensorBundle

  private static let kinds: Set<String> = ["VarHandleOp", "VariableV2", "Variable"]
  /// The key under which a checkpoint describes the objects whose variables it has.
  private static let objectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH"

  init(_ meta: TensorFlowMetaGraphDef, _ folder: URL) throws {
    self.meta = meta
    let nodes = meta.graphDef.node.filter { Self.kinds.contains($0.op) }
    guard !nodes.isEmpty else {
      bundle = TensorBundle()
      return
    }
    bundle = try TensorBundle(folder: folder)
    let keys = try keysOfObjects()
    for node in nodes {
      let shared = node.attr["shared_name"].map { String(decoding: $0.s, as: UTF8.self) } ?? ""
      // Checkpoints of the first version have the names of variables themselves.
      let candidates = [keys[node.name], shared, node.name].compactMap { $0 }
      guard let key = candidates.first(where: { bundle.contains($0) }) else { continue }
      values[node.name] = try bundle.tensor(key)
    }
  }

  /// The keys of a checkpoint of objects: a function names the objects that it binds, in the order
  /// of its last inputs, and the checkpoint names the key of each object's variable.
  private func keysOfObjects() throws -> [String: String] {
    guard bundle.contains(Self.objectGraph) else { return [:] }
    let objects = try TensorFlowFile.message(
      TensorFlowTrackableObjectGraph.self, bundle.text(Self.objectGraph)
    ).nodes
    let saved = meta.objectGraphDef
    let numbers = objectNumbers(objects)
    func key(_ object: Int) -> String? {
      guard let number = numbers[object], objects.indices.contains(number) else { return nil }
      let attributes = objects[number].attributes
      return (attributes.first { $0.name == "VARIABLE_VALUE" } ?? attributes.first)?.checkpointKey
    }
    var result: [String: String] = [:]
    // Names are unique only by chance, so what is bound comes last and counts.
    for (number, object) in saved.nodes.enumerated() where !object.variable.name.isEmpty {
      result[object.variable.name] = key(number)
    }
    for node in meta.graphDef.node {
      guard let name = node.attr["f"]?.func.name, let function = saved.concreteFunctions[name]
      else { continue }
      let bound = node.dataInputs.suffix(function.boundInputs.count)
      guard bound.count == function.boundInputs.count else { continue }
      for (input, object) in zip(bound, function.boundInputs) {
        result[TensorFlowReference(input).node] = key(Int(object))
      }
    }
    return result
  }

  /// The number in the checkpoint of each object of the model: the same path leads to both.
  private func objectNumbers(_ objects: [TensorFlowTrackableObject]) -> [Int: Int] {
    let saved = meta.objectGraphDef.nodes
    guard !saved.isEmpty, !objects.isEmpty else { return [:] }
    var result = [0: 0]
    var waiting = [(0, 0)]
    while let (left, right) = waiting.popLast() {
      let children = Dictionary(
        objects[right].children.map { ($0.localName, Int($0.nodeID)) },
        uniquingKeysWith: { first, _ in first })
      for child in saved[left].children {
        let number = Int(child.nodeID)
        guard let other = children[child.localName], saved.indices.contains(number),
          objects.indices.contains(other), result[number] == nil
        else { continue }
        result[number] = other
        waiting.append((number, other))
      }
    }
    return result
  }
}

import Foundation
import Programs
import SwiftProtobuf
import Tensors
import Testing

@testable import Interchange

@Suite("TensorFlow graphs")
struct TensorFlowGraphTests {
  private func node(
    _ name: String, _ op: String, _ inputs: [String] = [],
    _ attributes: [String: TensorFlowAttrValue] = [:]
  ) -> TensorFlowNodeDef {
    var node = TensorFlowNodeDef()
    (node.name, node.op, node.input, node.attr) = (name, op, inputs, attributes)
    return node
  }

  private func constant(_ name: String, _ numbers: [Int32]) -> TensorFlowNodeDef {
    var value = TensorFlowAttrValue()
    value.tensor.dtype = 3
    value.tensor.intVal = numbers
    value.tensor.tensorShape.dim = [.with { $0.size = Int64(numbers.count) }]
    return node(name, "Const", [], ["value": value])
  }

  private func placeholder(_ sizes: [Int64]) -> TensorFlowNodeDef {
    var (type, shape) = (TensorFlowAttrValue(), TensorFlowAttrValue())
    type.type = 1
    shape.shape.dim = sizes.map { size in .with { $0.size = size } }
    return node("x", "Placeholder", [], ["dtype": type, "shape": shape])
  }

  private func network(
    _ nodes: [TensorFlowNodeDef], functions: [TensorFlowFunctionDef] = []
  ) throws -> ImportedNetwork {
    var graph = TensorFlowGraphDef()
    (graph.node, graph.library.function) = (nodes, functions)
    return try TensorFlowFile(graph: graph.serializedData()).network(NetworkRequest())
  }

  private func refusal(
    _ nodes: [TensorFlowNodeDef], functions: [TensorFlowFunctionDef] = []
  ) -> String {
    do {
      _ = try network(nodes, functions: functions)
      return ""
    } catch { return "\(error)" }
  }

  private func function(_ name: String, _ body: [TensorFlowNodeDef]) -> TensorFlowFunctionDef {
    var function = TensorFlowFunctionDef()
    function.signature.name = name
    function.signature.inputArg = [.with { $0.name = "a" }]
    function.signature.outputArg = [.with { $0.name = "b" }]
    function.nodeDef = body
    function.ret = ["b": "last:output:0"]
    return function
  }

  private func call(_ name: String, _ input: String, _ target: String) -> TensorFlowNodeDef {
    var value = TensorFlowAttrValue()
    value.func.name = target
    return node(name, "PartitionedCall", [input], ["f": value])
  }

  @Test("name every operator that is not known at once")
  func unknownOperators() {
    #expect(
      refusal([
        placeholder([2]), node("a", "Bucketize", ["x"]), node("b", "Unicorn", ["a"]),
        node("c", "Unicorn", ["b"]),
      ]) == """
        this TensorFlow file asks for what Assay does not support:
          - Bucketize at node 'a'
          - Unicorn at nodes 'b', 'c'
        """)
  }

  @Test("inline functions that call functions")
  func functions() throws {
    let inner = function("inner", [node("last", "Square", ["a"])])
    let outer = function(
      "outer", [call("first", "a", "inner"), call("last", "first:output:0", "inner")])
    let network = try network(
      [placeholder([-1, 2]), call("y", "x", "outer")], functions: [inner, outer])
    let results = try network.outputs(["x": Tensor([1, 2, 3, -1] as [Float], shape: [2, 2])])
    #expect(results["y"]?.doubles == [1, 16, 81, 1])
  }

  @Test("that depend on themselves are refused")
  func cycles() {
    #expect(
      refusal([
        placeholder([2]), node("a", "Add", ["x", "b"]), node("b", "Neg", ["a"]),
        node("c", "Neg", ["b"]),
      ])
        == "is no valid TensorFlow file: the value 'b' depends on itself")
    let endless = function("endless", [call("last", "a", "endless")])
    #expect(
      refusal([placeholder([2]), call("y", "x", "endless")], functions: [endless])
        .contains("functions call each other more than 64 deep"))
    #expect(
      refusal([placeholder([2]), node("a", "Neg", ["nothing"])])
        == "is no valid TensorFlow file: nothing makes the value 'nothing'")
  }

  @Test("do not take a part of samples that are not counted yet")
  func samples() {
    #expect(
      refusal([
        placeholder([-1, 3]), constant("from", [1, 0]), constant("size", [-1, 3]),
        node("y", "Slice", ["x", "from", "size"]),
      ]) == "node 'y' (Slice): a part of the samples cannot be taken before they are counted")
  }

  @Test("of a training are refused where samples would mix")
  func training() {
    let vectors = (0..<4).map { "v\($0)" }
    let message = refusal(
      [placeholder([-1, 4, 4, 2])]
        + vectors.map { name in
          var value = TensorFlowAttrValue()
          value.tensor.dtype = 1
          value.tensor.floatVal = [1, 2]
          value.tensor.tensorShape.dim = [.with { $0.size = 2 }]
          return node(name, "Const", [], ["value": value])
        } + [node("norm", "FusedBatchNormV3", ["x"] + vectors)])
    #expect(
      message == "node 'norm' (FusedBatchNormV3): normalises by the statistics of a batch, "
        + "which mixes samples: export it for inference")
  }

  @Test("take no memory for what a small file claims to be large")
  func fillings() {
    var value = TensorFlowAttrValue()
    value.tensor.dtype = 1
    value.tensor.floatVal = [1, 2]
    value.tensor.tensorShape.dim = [.with { $0.size = 1 << 40 }]
    #expect(
      refusal([
        placeholder([2]), node("c", "Const", [], ["value": value]), node("y", "Add", ["x", "c"]),
      ])
        == "is no valid TensorFlow file: the constant 'c' writes 2 elements, "
        + "and repeats the last to fill [1099511627776]")
  }
}

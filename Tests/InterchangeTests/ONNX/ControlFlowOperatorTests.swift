import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Branches and loops")
struct ControlFlowOperatorTests {
  private let x = Tensor([1, -2, 3] as [Double])

  private func branch(_ operation: String, _ inputs: [String]) -> NodeSketch.Attribute {
    .graph(GraphSketch(nodes: [NodeSketch(operation, inputs, ["r"])], outputs: ["r"]))
  }

  /// x and a condition that is Σ x < 1 or a weight.
  private func conditional(
    known: Bool? = nil, then: NodeSketch.Attribute, else: NodeSketch.Attribute
  ) -> GraphSketch {
    GraphSketch(
      inputs: [("x", .double, [3]), ("flag", .bool, [])],
      weights: known.map { [("c", Tensor([$0], shape: []), .bool)] } ?? [],
      nodes: [
        NodeSketch(
          "If", [known == nil ? "flag" : "c"], ["y"], ["then_branch": then, "else_branch": `else`])
      ], outputs: ["y"])
  }

  // MARK: If

  @Test("a known condition leaves one branch, whatever the other holds", arguments: [true, false])
  func knownCondition(isTrue: Bool) throws {
    let good = branch("Neg", ["x"])
    let bad = branch("And", ["x", "x"])
    let sketch = conditional(
      known: isTrue, then: isTrue ? good : bad, else: isTrue ? bad : good)
    let flag = Tensor([true], shape: [])
    #expect(try sketch.results([x, flag])[0].doubles == [-1, 2, -3])
  }

  @Test("an unknown condition selects when the model runs")
  func unknownCondition() throws {
    let sketch = conditional(then: branch("Neg", ["x"]), else: branch("Abs", ["x"]))
    #expect(try sketch.results([x, Tensor([true], shape: [])])[0].doubles == [-1, 2, -3])
    #expect(try sketch.results([x, Tensor([false], shape: [])])[0].doubles == [1, 2, 3])
  }

  @Test("branches of different types need a condition that is known")
  func differentBranches() throws {
    let sketch = conditional(then: branch("Neg", ["x"]), else: branch("Shape", ["x"]))
    #expect(
      sketch.refusal()
        == "node 'n' (If, opset 17): its condition depends on the inputs, and its branches give "
        + "float64[3] and int64[1]")
    let fixed = try sketch.network(values: ["flag": Tensor([false], shape: [])]).program
    #expect(fixed.inputs.map(\.name) == ["x"])
  }

  // MARK: Loop

  /// The loop s ← s · x + i with the states collected.
  private func loop(
    _ inputs: [String], condition: NodeSketch, collects: Bool = true,
    weights: [(name: String, tensor: Tensor, type: ONNXElementType)]
  ) -> GraphSketch {
    let body = GraphSketch(
      inputs: [("i", .int64, []), ("go", .bool, []), ("s", .double, [])],
      weights: [("half", Tensor([0.5], shape: []), .double)],
      nodes: [
        NodeSketch("Mul", ["s", "x"], ["p"]), NodeSketch("Add", ["p", "half"], ["t"]), condition,
      ],
      outputs: ["again", "t"] + (collects ? ["s"] : []), outputShape: [])
    return GraphSketch(
      inputs: [("x", .double, [])], weights: weights + [("one", Tensor([1.0], shape: []), .double)],
      nodes: [
        NodeSketch(
          "Loop", inputs + ["one"], ["y"] + (collects ? ["all"] : []), ["body": .graph(body)])
      ],
      outputs: ["y"] + (collects ? ["all"] : []))
  }

  private static func count(
    _ number: Int
  ) -> (name: String, tensor: Tensor, type: ONNXElementType) {
    ("count", Tensor([Int64(number)], shape: []), .int64)
  }

  private let always = NodeSketch("Identity", ["go"], ["again"])

  @Test("a number of iterations unrolls the loop and collects its values")
  func countedLoop() throws {
    let sketch = loop(["count", ""], condition: always, weights: [Self.count(3)])
    let results = try sketch.results([Tensor([2.0], shape: [])])
    #expect(results[0].doubles == [11.5])
    #expect(results[1].doubles == [1, 2.5, 5.5])
  }

  @Test("a loop that never runs gives its states, and collects nothing")
  func emptyLoop() throws {
    let sketch = loop(["count", ""], condition: always, weights: [Self.count(0)])
    let results = try sketch.results([Tensor([2.0], shape: [])])
    #expect(results[0].doubles == [1])
    #expect(results[1].shape == [0])
  }

  @Test("a condition that becomes false before the model runs ends the loop")
  func knownEnd() throws {
    let sketch = loop(
      ["", "go"], condition: NodeSketch("Less", ["i", "limit"], ["again"]),
      weights: [
        ("go", Tensor([true], shape: []), .bool), ("limit", Tensor([Int64(1)], shape: []), .int64),
      ])
    let results = try sketch.results([Tensor([2.0], shape: [])])
    #expect(results[1].doubles == [1, 2.5])
    #expect(results[0].doubles == [5.5])
  }

  /// While t < 4, but no more than five times; s grows only if x > 1/2.
  private var dataLoop: GraphSketch {
    loop(
      ["count", "go"], condition: NodeSketch("Less", ["t", "four"], ["again"]), collects: false,
      weights: [
        Self.count(5), ("go", Tensor([true], shape: []), .bool),
        ("four", Tensor([4.0], shape: []), .double),
      ])
  }

  @Test("a condition on data keeps the states from its end on", arguments: [0.5, 1, 2, 10])
  func dataDependentEnd(x: Double) throws {
    var (state, runs, continues) = (1.0, 0, true)
    while continues && runs < 5 {
      state = state * x + 0.5
      continues = state < 4
      runs += 1
    }
    #expect(try dataLoop.results([Tensor([x], shape: [])])[0].doubles == [state])
  }

  @Test("derivatives pass through the iterations that ran")
  func derivative() throws {
    let program = try dataLoop.network().program
    let gradient = try ReferenceBackend().compile(program.differentiated())
    // s = (x + 1/2) x + 1/2 = 5.5 ends it for x = 2; ds/dx = 2 x + 1/2.
    let results = try gradient([Tensor([2.0], shape: []), Tensor([1.0], shape: [])])
    #expect(results[1].doubles == [4.5])
  }

  @Test("a condition on data without a limit is refused")
  func unlimited() {
    let unlimited = loop(
      ["", "go"], condition: NodeSketch("Less", ["t", "four"], ["again"]), collects: false,
      weights: [
        ("go", Tensor([true], shape: []), .bool), ("four", Tensor([4.0], shape: []), .double),
      ])
    #expect(
      unlimited.refusal()
        == "node 'n' (Loop, opset 17): the number of its iterations depends on the inputs and has "
        + "no limit")
    let collecting = loop(
      ["count", "go"], condition: NodeSketch("Less", ["t", "four"], ["again"]),
      weights: [
        Self.count(5), ("go", Tensor([true], shape: []), .bool),
        ("four", Tensor([4.0], shape: []), .double),
      ])
    #expect(
      collecting.refusal()
        == "node 'n' (Loop, opset 17): the length of its outputs depends on the inputs")
    let endless = loop(["", ""], condition: always, collects: false, weights: [])
    #expect(endless.refusal() == "node 'n' (Loop, opset 17): runs more than 20000 times")
  }

  @Test("a loop within a loop sees the values around both")
  func nestedLoops() throws {
    let inner = GraphSketch(
      inputs: [("j", .int64, []), ("go2", .bool, []), ("s2", .double, [])],
      nodes: [
        NodeSketch("Add", ["s2", "s"], ["t1"]), NodeSketch("Add", ["t1", "x"], ["t2"]),
        NodeSketch("Identity", ["go2"], ["again2"]),
      ], outputs: ["again2", "t2"])
    let outer = GraphSketch(
      inputs: [("i", .int64, []), ("go", .bool, []), ("s", .double, [])],
      nodes: [
        NodeSketch("Loop", ["count", "", "s"], ["t"], ["body": .graph(inner)]),
        NodeSketch("Identity", ["go"], ["again"]),
      ], outputs: ["again", "t"])
    let sketch = GraphSketch(
      inputs: [("x", .double, [])],
      weights: [Self.count(2), ("one", Tensor([1.0], shape: []), .double)],
      nodes: [NodeSketch("Loop", ["count", "", "one"], ["y"], ["body": .graph(outer)])],
      outputs: ["y"])
    var state = 1.0
    for _ in 0..<2 {
      let outer = state
      for _ in 0..<2 { state = state + outer + 10 }
    }
    #expect(try sketch.results([Tensor([10.0], shape: [])])[0].doubles == [state])
  }

  // MARK: Scan

  /// The scan s ← s + e, whose states are collected, over the axis 1 of a matrix [2, 3].
  private func scan(_ attributes: [String: NodeSketch.Attribute]) -> GraphSketch {
    let body = GraphSketch(
      inputs: [("s", .double, [2]), ("e", .double, [2])],
      nodes: [NodeSketch("Add", ["s", "e"], ["t"]), NodeSketch("Identity", ["t"], ["u"])],
      outputs: ["t", "u"])
    return GraphSketch(
      inputs: [("m", .double, [2, 3])],
      weights: [("zero", Tensor([0.0, 0.0]), .double)],
      nodes: [
        NodeSketch(
          "Scan", ["zero", "m"], ["y", "all"],
          attributes.merging(["body": .graph(body), "num_scan_inputs": .int(1)]) { $1 })
      ], outputs: ["y", "all"])
  }

  private let matrix = Tensor([1, 2, 3, 10, 20, 30] as [Double], shape: [2, 3])

  @Test("a scan goes along any axis, in either direction, and collects along any axis")
  func scans() throws {
    let forward = try scan(["scan_input_axes": .ints([1])]).results([matrix])
    #expect(forward[0].doubles == [6, 60])
    #expect(forward[1] == Tensor([1, 10, 3, 30, 6, 60] as [Double], shape: [3, 2]))
    let backward = try scan([
      "scan_input_axes": .ints([-1]), "scan_input_directions": .ints([1]),
      "scan_output_axes": .ints([1]), "scan_output_directions": .ints([1]),
    ]).results([matrix])
    #expect(backward[1] == Tensor([6, 5, 3, 60, 50, 30] as [Double], shape: [2, 3]))
  }

  @Test("the form of opset 8 scans each sample up to its length")
  func batchedScan() throws {
    let body = GraphSketch(
      inputs: [("s", .double, []), ("e", .double, [])],
      nodes: [NodeSketch("Add", ["s", "e"], ["t"]), NodeSketch("Identity", ["t"], ["u"])],
      outputs: ["t", "u"])
    let sketch = GraphSketch(
      inputs: [("m", .double, [2, 3])],
      weights: [
        ("zero", Tensor([0.0, 0.0]), .double), ("lengths", Tensor([3, 2] as [Int64]), .int64),
      ],
      nodes: [
        NodeSketch(
          "Scan", ["lengths", "zero", "m"], ["y", "all"],
          ["body": .graph(body), "num_scan_inputs": .int(1)])
      ], outputs: ["y", "all"])
    let results = try sketch.results([matrix], opset: 8)
    #expect(results[0].doubles == [6, 30])
    #expect(results[1] == Tensor([1, 3, 6, 10, 30, 0] as [Double], shape: [2, 3]))
  }

  @Test("a scan over the samples themselves is refused")
  func scanOfSamples() {
    var sketch = scan([:])
    sketch.inputs = [("m", .double, [Shape.batch, 2])]
    #expect(
      sketch.refusal()
        == "node 'n' (Scan, opset 17): the number of steps must not depend on the batch")
  }
}

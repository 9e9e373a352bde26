import Execution
import Models
import Programs
import Tensors
import Testing

@testable import Interchange

/// Networks of several inputs whose values differ from sample to sample.
@Suite("Imported models with several inputs")
struct SeveralInputsTests {
  private func imported(
    _ sketch: GraphSketch, _ sample: InputSpecification, probing probe: Tensor?
  ) throws -> ImportedModel {
    var sketch = sketch
    sketch.declaresShapes = true
    return try ModelImporter(sketch.file(), options: ImportOptions(sample: sample, name: "network"))
      .model(probing: probe, on: ReferenceBackend())
  }

  private func logits(_ imported: ImportedModel, _ inputs: Tensor) throws -> Tensor {
    let samples = try imported.samples(of: inputs, on: ReferenceBackend())
    return try imported.model.classifier(on: ReferenceBackend()).logits(samples)
  }

  private func numbers(_ shape: Shape, _ seed: Int = 3) -> Tensor {
    let values = (0..<shape.count).map { index -> Float in
      let step = (index * 7 + seed) % 11
      return Float(step) / 4 - 1
    }
    return Tensor(values, shape: shape)
  }

  /// x ⊙ scale + shift, where a scale has its own number for every element and a shift one a sample.
  private func sketch(rows: Int, shiftRows: Int) -> GraphSketch {
    GraphSketch(
      inputs: [
        ("x", .float, [rows, 4]), ("scale", .int32, [rows, 4]),
        ("shift", .float, shiftRows == 0 ? [] : [shiftRows, 1]),
      ],
      nodes: [
        NodeSketch("Cast", ["scale"], ["s"], ["to": .int(1)]),
        NodeSketch("Mul", ["x", "s"], ["p"]), NodeSketch("Add", ["p", "shift"], ["y"]),
      ], outputs: ["y"])
  }

  @Test(
    "held inputs go along with each sample, in open, fixed and missing batches",
    arguments: [(Shape.batch, Shape.batch), (1, 1), (2, 2), (Shape.batch, 0)])
  func held(rows: Int, shiftRows: Int) throws {
    let sample = InputSpecification(layout: .array, shape: [4]).holding([
      HeldInput(name: "scale", shape: [4]), HeldInput(name: "shift", shape: []),
    ])
    let (x, shift) = (numbers([3, 4]), numbers([3], 5))
    let scale = Tensor((0..<12).map { Float($0 % 5) }, shape: [3, 4])
    let inputs = sample.packed(x, holding: [scale, shift])
    let model = try imported(
      sketch(rows: rows, shiftRows: shiftRows), sample, probing: inputs)
    let expected = (x * scale + shift.reshaped(to: [3, 1])).doubles
    let found = try logits(model, inputs).doubles
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(
      model.model.notes.contains(
        "Inputs that each sample brings along and that are neither attacked nor explained: "
          + "'scale', 'shift'."))

    let program = try model.model.bound().differentiated().bound(batch: 3)
    let gradient = try ReferenceBackend().compile(program)
    let seed = Tensor(repeating: 1, shape: [3, 4])
    let slopes = try #require(gradient([inputs, seed]).last)
    for row in 0..<3 {
      #expect(slopes.row(row).floats == scale.row(row).floats + [Float](repeating: 0, count: 5))
    }
  }

  @Test("tokens with a mask of their own are cut at the embedding; the mask follows it")
  func maskedTokens() throws {
    let table = numbers([5, 2])
    let sketch = GraphSketch(
      inputs: [
        ("mask", .int64, [Shape.batch, 3]), ("ids", .int64, [Shape.batch, 3]),
      ],
      weights: [
        ("table", table, .float), ("w", numbers([2, 4]), .float),
        ("last", Tensor([2] as [Int64]), .int64),
      ],
      nodes: [
        NodeSketch("Gather", ["table", "ids"], ["e"]),
        NodeSketch("Cast", ["mask"], ["m"], ["to": .int(1)]),
        NodeSketch("Unsqueeze", ["m", "last"], ["column"]),
        NodeSketch("Mul", ["e", "column"], ["kept"]),
        NodeSketch("ReduceMean", ["kept"], ["mean"], ["axes": .ints([1]), "keepdims": .int(0)]),
        NodeSketch("MatMul", ["mean", "w"], ["y"]),
      ], outputs: ["y"])
    let sample = InputSpecification(layout: .array, shape: [3]).holding([
      HeldInput(name: "mask", shape: [3])
    ])
    let ids = Tensor([0, 3, 1, 4, 4, 2] as [Float], shape: [2, 3])
    let mask = Tensor([1, 1, 0, 1, 0, 0] as [Float], shape: [2, 3])
    let data = sample.packed(ids, holding: [mask])
    let model = try imported(sketch, sample, probing: data)
    // Three embeddings of two numbers, and a mask of three in two more rows.
    #expect(model.model.input.shape == [5, 2] && model.model.input.audited.shape == [3, 2])
    let samples = try model.samples(of: data, on: ReferenceBackend())
    #expect(samples.row(0).floats == table.rows([0, 3, 1]).floats + [1, 1, 0, 0])
    let embedded = table.rows([0, 3, 1, 4, 4, 2]).reshaped(to: [2, 3, 2])
    let kept = (embedded * mask.reshaped(to: [2, 3, 1])).sum(over: [1], keepingDimensions: false)
    let expected = (kept / 3).multiplied(by: numbers([2, 4])).doubles
    #expect(zip(try logits(model, data).doubles, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("a table goes feature by feature to the inputs of their names")
  func features() throws {
    let table = InputSpecification.table([
      Feature(name: "housing", kind: .categorical, categories: ["a", "b", "c"]),
      Feature(name: "Age in years"), Feature(name: "unknown"),
    ])
    let sketch = GraphSketch(
      inputs: [
        ("age_in_years", .float, [Shape.batch, 1]), ("housing", .int64, [Shape.batch, 1]),
      ],
      nodes: [
        NodeSketch("Cast", ["housing"], ["h"], ["to": .int(1)]),
        NodeSketch("Concat", ["age_in_years", "h"], ["y"], ["axis": .int(1)]),
      ], outputs: ["y"])
    let raw = Tensor([2, 30, 7, 0, 40, 8] as [Float], shape: [2, 3])
    let model = try imported(sketch, table, probing: table.encoded(raw))
    #expect(try logits(model, table.encoded(raw)).floats == [30, 2, 40, 0])
    #expect(model.model.notes.contains("The network has no input for: 'unknown'."))
  }

  @Test("axes of one name must agree")
  func namedSizes() throws {
    let sketch = GraphSketch(
      inputs: [("x", .float, [2, Shape.batch]), ("h", .float, [2, Shape.batch])],
      nodes: [NodeSketch("Add", ["x", "h"], ["y"])], outputs: ["y"])
    let sample = InputSpecification(layout: .array, shape: [3]).holding([
      HeldInput(name: "h", shape: [4])
    ])
    let error = #expect(throws: ModelError.self) {
      try imported(sketch, sample, probing: nil)
    }
    #expect(
      error?.fact.description
        == "the inputs 'x' and 'h' must agree in 'N', but it is 3 in one and 4 in the other")
  }

  @Test("an output of the held inputs alone is refused")
  func independent() throws {
    let sketch = GraphSketch(
      inputs: [("x", .float, [Shape.batch, 2]), ("h", .float, [Shape.batch, 3])],
      nodes: [NodeSketch("Neg", ["h"], ["y"])], outputs: ["y"])
    let sample = InputSpecification(layout: .array, shape: [2]).holding([
      HeldInput(name: "h", shape: [3])
    ])
    let error = #expect(throws: (any Error).self) {
      try imported(sketch, sample, probing: nil)
    }
    #expect("\(error!)".hasSuffix("the output 'y' does not depend on the input"))
  }
}

import Execution
import Foundation
import Models
import NativeBackend
import Programs
import Tensors
import Testing

@testable import Interchange

/// How samples become what networks of files take.
@Suite("Inputs of imported models")
struct ImportedInputTests {
  private func importer(
    _ sketch: GraphSketch, _ sample: InputSpecification,
    _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> ModelImporter {
    var sketch = sketch
    sketch.declaresShapes = true
    var options = ImportOptions(sample: sample, name: "network")
    change(&options)
    return try ModelImporter(sketch.file(), options: options)
  }

  private func logits(_ imported: ImportedModel, _ inputs: Tensor) throws -> Tensor {
    let samples = try imported.samples(of: inputs, on: ReferenceBackend())
    return try imported.model.classifier(on: ReferenceBackend()).logits(samples)
  }

  private func refusal(_ body: () throws -> ImportedModel) -> String {
    do { _ = try body() } catch { return "\(error)" }
    return ""
  }

  private func numbers(_ shape: Shape) -> Tensor {
    let values = (0..<shape.count).map { index -> Float in
      let step = (index * 7 + 3) % 11
      return Float(step) / 4 - 1
    }
    return Tensor(values, shape: shape)
  }

  @Test("channels move to the end where the network wants them there")
  func channelsLast() throws {
    // The sum over positions, a number a channel.
    let sketch = GraphSketch(
      inputs: [("x", .float, [Shape.batch, 2, 5, 3])],
      nodes: [
        NodeSketch("ReduceMean", ["x"], ["y"], ["axes": .ints([1, 2]), "keepdims": .int(0)])
      ], outputs: ["y"])
    let inputs = numbers([2, 3, 2, 5])
    let imported = try importer(sketch, .image([3, 2, 5], range: nil))
      .model(probing: inputs, on: ReferenceBackend())
    let expected = inputs.sum(over: [2, 3], keepingDimensions: false) / 10
    let result = try logits(imported, inputs).doubles
    #expect(
      zip(result, expected.doubles).allSatisfy { abs($0 - $1) < 1e-6 }
    )
    #expect(
      imported.model.notes.contains(
        "The network takes positions before channels: samples are rearranged inside the model."))
  }

  @Test("pictures are flattened for a network of vectors; other sizes are refused")
  func reshape() throws {
    let sketch = GraphSketch(
      inputs: [("x", .float, [Shape.batch, 6])], weights: [("w", numbers([6, 2]), .float)],
      nodes: [NodeSketch("MatMul", ["x", "w"], ["y"])], outputs: ["y"])
    let inputs = numbers([2, 1, 2, 3])
    let imported = try importer(sketch, .image([1, 2, 3], range: nil))
      .model(probing: inputs, on: ReferenceBackend())
    let expected = inputs.reshaped(to: [2, 6]).multiplied(by: numbers([6, 2])).doubles
    #expect(try logits(imported, inputs).doubles == expected)
    #expect(
      refusal {
        try importer(sketch, .image([1, 2, 4], range: nil)).model(
          probing: nil, on: ReferenceBackend())
      }
        == "the input 'x' is float[N, 6], but a sample is [1, 2, 4]; give the data another shape, or "
        + "say how its axes lie with --layout")
  }

  @Test("categories become codes for a network that takes them so")
  func codes() throws {
    let table = InputSpecification.table([
      Feature(name: "age"),
      Feature(name: "housing", kind: .categorical, categories: ["a", "b", "c"]),
    ])
    let sketch = GraphSketch(
      inputs: [("x", .float, [Shape.batch, 2])],
      nodes: [NodeSketch("Identity", ["x"], ["y"])], outputs: ["y"])
    let raw = Tensor([30, 2, 40, 0] as [Float], shape: [2, 2])
    let imported = try importer(sketch, table)
      .model(probing: table.encoded(raw), on: ReferenceBackend())
    #expect(try logits(imported, table.encoded(raw)).doubles == raw.doubles)
  }

  @Test("a mean and a deviation become part of the model")
  func scaling() throws {
    let sketch = GraphSketch(
      inputs: [("x", .float, [Shape.batch, 2])],
      nodes: [NodeSketch("Identity", ["x"], ["y"])], outputs: ["y"])
    let input = InputSpecification(layout: .array, shape: [2])
    let imported = try importer(
      sketch, input, { $0.scaling = try? InputScaling(mean: [1], deviation: [2, 4], of: input) }
    ).model(probing: nil, on: ReferenceBackend())
    #expect(
      try logits(imported, Tensor([3, 9] as [Float], shape: [1, 2])).doubles == [1, 2])
  }

  @Test("other inputs are fixed, repeated for N samples, and asked for if they are missing")
  func fixedInputs() throws {
    let sketch = GraphSketch(
      inputs: [
        ("x", .float, [Shape.batch, 2]), ("state", .float, [Shape.batch, 3]),
      ], nodes: [NodeSketch("Concat", ["x", "state"], ["y"], ["axis": .int(1)])], outputs: ["y"])
    let input = InputSpecification(layout: .array, shape: [2])
    let inputs = numbers([2, 2])
    let imported = try importer(
      sketch, input,
      { $0.fixedInputs = ["state": Tensor([7, 8, 9] as [Float], shape: [1, 3])] }
    ).model(probing: inputs, on: ReferenceBackend())
    let result = try logits(imported, inputs)
    #expect(result.row(1).doubles == inputs.row(1).doubles + [7, 8, 9])
    #expect(
      refusal { try importer(sketch, input).model(probing: nil, on: ReferenceBackend()) }
        == "the model takes 'x' (float[N, 2]), 'state' (float[N, 3]): choose the one that is audited "
        + "with --input, and give the others as arrays of their names, in the data a value a sample, or "
        + "one for all with --fixed FILE.npz")
  }

  @Test("numbers that are computed with become real, so that derivatives pass")
  func wholeNumbers() throws {
    let sketch = GraphSketch(
      inputs: [("x", .uint8, [Shape.batch, 4])], weights: [("w", numbers([4, 3]), .float)],
      nodes: [
        NodeSketch("Cast", ["x"], ["r"], ["to": .int(1)]),
        NodeSketch("MatMul", ["r", "w"], ["y"]),
      ], outputs: ["y"])
    let inputs = Tensor((0..<8).map { Float($0 * 3) }, shape: [2, 4])
    let imported = try importer(sketch, InputSpecification(layout: .array, shape: [4]))
      .model(probing: inputs, on: ReferenceBackend())
    let program = try imported.model.bound().differentiated().bound(batch: 2)
    let gradient = try ReferenceBackend().compile(program)
    let seed = Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3])
    let result = try gradient([inputs, seed])
    let weight = numbers([4, 3]).floats
    let expected = (0..<2).flatMap { row in (0..<4).map { weight[3 * $0 + row] } }
    #expect(result.last?.floats == expected)
  }

  @Test("tokens are cut at their embedding, looked up or one-hot", arguments: [false, true])
  func embedding(isOneHot: Bool) throws {
    let table = numbers([5, 2])
    let lookUp =
      isOneHot
      ? [
        NodeSketch("OneHot", ["ids", "depth", "values"], ["hot"]),
        NodeSketch("MatMul", ["hot", "table"], ["e"]),
      ] : [NodeSketch("Gather", ["table", "ids"], ["e"])]
    let sketch = GraphSketch(
      inputs: [("ids", .int64, [Shape.batch, 3])],
      weights: [
        ("table", table, .float), ("w", numbers([2, 4]), .float),
        ("depth", Tensor([5] as [Int64]), .int64),
        ("values", Tensor([0, 1] as [Float]), .float),
      ],
      nodes: lookUp + [
        NodeSketch("Tanh", ["e"], ["t"]),
        NodeSketch("ReduceMean", ["t"], ["m"], ["axes": .ints([1]), "keepdims": .int(0)]),
        NodeSketch("MatMul", ["m", "w"], ["y"]),
      ], outputs: ["y"])
    let ids = Tensor([0, 3, 1, 4, 4, 2] as [Float], shape: [2, 3])
    let imported = try importer(sketch, InputSpecification(layout: .array, shape: [3]))
      .model(probing: ids, on: ReferenceBackend())
    let samples = try imported.samples(of: ids, on: ReferenceBackend())
    #expect(imported.model.input.shape == [3, 2])
    #expect(samples.reshaped(to: [6, 2]) == table.rows([0, 3, 1, 4, 4, 2]))
    let hidden =
      samples.mapped(
        float: { Float(Foundation.tanh(Double($0))) }, double: { $0 }
      ).sum(over: [1], keepingDimensions: false) / 3
    let expected = hidden.multiplied(by: numbers([2, 4]))
    let result = try logits(imported, ids).doubles
    #expect(
      zip(result, expected.doubles).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(imported.model.notes.last?.contains("at their embedding") == true)
  }
}

import Execution
import Models
import NativeBackend
import Programs
import Tensors
import Testing

@testable import Interchange

/// Networks of files as models: inputs, outputs, batches.
@Suite("Imported models")
struct ImportedModelTests {
  private static let weight = Tensor(
    [0.5, -1, 2, 0.25, 1, -0.5, 0.75, -2, 1.5, 1, -1, 0.5] as [Float], shape: [4, 3])
  private static let samples = Tensor(
    [0.1, 0.9, -0.4, 1.2, -1, 0.3, 0.6, -0.2, 0.8, 0, -0.7, 0.5] as [Float], shape: [3, 4])

  /// A network of one product, `[rows, 4]` to `[rows, 3]`, and what follows it.
  private static func sketch(
    rows: Int = Shape.batch, _ nodes: [NodeSketch] = [], output: String = "z"
  ) -> GraphSketch {
    var sketch = GraphSketch(
      inputs: [("x", .float, [rows, 4])], weights: [("w", weight, .float)],
      nodes: [NodeSketch("MatMul", ["x", "w"], ["z"])] + nodes, outputs: [output])
    sketch.declaresShapes = true
    return sketch
  }

  private static let vector = InputSpecification(layout: .array, shape: [4])

  private func model(
    _ sketch: GraphSketch, _ change: (inout ImportOptions) -> Void = { _ in },
    sample: InputSpecification = vector, probe: Tensor? = samples
  ) throws -> ImportedModel {
    var options = ImportOptions(sample: sample, name: "network")
    change(&options)
    return try ModelImporter(sketch.file(), options: options)
      .model(probing: probe, on: ReferenceBackend())
  }

  private func logits(_ imported: ImportedModel, _ inputs: Tensor = samples) throws -> Tensor {
    let samples = try imported.samples(of: inputs, on: ReferenceBackend())
    return try imported.model.classifier(on: ReferenceBackend()).logits(samples)
  }

  private static let product = samples.multiplied(by: weight)

  private func expectClose(_ left: Tensor, _ right: Tensor) {
    #expect(left.shape == right.shape)
    #expect(zip(left.doubles, right.doubles).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  private func refusal(_ body: () throws -> ImportedModel) -> String {
    do { _ = try body() } catch { return "\(error)" }
    return ""
  }

  // MARK: Outputs

  @Test("a softmax at the end is undone, and said")
  func softmax() throws {
    let imported = try model(Self.sketch([NodeSketch("Softmax", ["z"], ["p"])], output: "p"))
    expectClose(try logits(imported), Self.product)
    #expect(
      imported.model.notes == [
        "Imported from ONNX, opset 17.",
        "The output 'p' ends in a softmax: the model is attacked and explained through the logits "
          + "before it.",
      ])
  }

  @Test("a softmax that is written out is found by the samples, and its logarithm taken")
  func writtenOutSoftmax() throws {
    let imported = try model(
      Self.sketch(
        [
          NodeSketch("Exp", ["z"], ["e"]),
          NodeSketch("ReduceSum", ["e", "axis"], ["s"]), NodeSketch("Div", ["e", "s"], ["p"]),
        ], output: "p"
      ).with(weight: ("axis", Tensor([1] as [Int64]), .int64)))
    let result = try logits(imported)
    for row in 0..<3 {
      let difference = (result.row(row) - Self.product.row(row)).doubles
      #expect(difference.allSatisfy { abs($0 - difference[0]) < 1e-5 })
    }
    #expect(imported.model.notes.last?.hasSuffix("their logarithms count as logits.") == true)
  }

  @Test("one logistic output becomes two classes whose softmax it is")
  func logistic() throws {
    var sketch = Self.sketch([NodeSketch("Sigmoid", ["z"], ["p"])], output: "p")
    sketch.weights = [("w", Tensor([1, -1, 0.5, 2] as [Float], shape: [4, 1]), .float)]
    let imported = try model(sketch)
    let result = try logits(imported).doubles
    let z = Self.samples.multiplied(by: sketch.weights[0].tensor).doubles
    for row in 0..<3 { #expect(abs(result[2 * row + 1] - result[2 * row] - z[row]) < 1e-5) }
    #expect(imported.model.classNames == ["0", "1"])
  }

  @Test("one plain output is a value, unless two classes are named")
  func value() throws {
    var sketch = Self.sketch()
    sketch.weights = [("w", Tensor([1, -1, 0.5, 2] as [Float], shape: [4, 1]), .float)]
    #expect(try model(sketch).model.task == .regression)
    let imported = try model(sketch, { $0.classNames = ["no", "yes"] })
    #expect(imported.model.task == .classification)
    #expect(imported.model.classNames == ["no", "yes"])
  }

  @Test("a place of a sequence of outputs must be chosen")
  func position() throws {
    let sketch = Self.sequence
    let sample = InputSpecification(layout: .array, shape: [2, 4])
    let inputs = Tensor(Self.samples.floats + Self.samples.floats, shape: [3, 2, 4])
    #expect(
      refusal { try model(sketch, sample: sample, probe: inputs) }
        == "the last layer must make one number a class and sample (choose a place of a sequence "
        + "with --position), it makes [2, 3] a sample")
    let all = Tensor(
      inputs.reshaped(to: [6, 4]).multiplied(by: Self.weight).floats, shape: [3, 2, 3])
    let last = try model(sketch, { $0.position = .last }, sample: sample, probe: inputs)
    for row in 0..<3 {
      expectClose(try logits(last, inputs).row(row), all.row(row).row(1))
    }
  }

  private static var sequence: GraphSketch {
    var sketch = sketch()
    sketch.inputs = [("x", .float, [Shape.batch, 2, 4])]
    return sketch
  }

  // MARK: Batches

  @Test("a batch size that does not matter is replaced by N", arguments: [1, 2, 5])
  func statedBatch(rows: Int) throws {
    let imported = try model(Self.sketch(rows: rows))
    expectClose(try logits(imported), Self.product)
    #expect(imported.model.notes == ["Imported from ONNX, opset 17."])
  }

  @Test("a network that only works for one sample is mapped over them", arguments: [1, 2])
  func mapped(rows: Int) throws {
    // The shape is written down with the batch size in it, and the first sample's mean is taken.
    let nodes = [
      NodeSketch("Reshape", ["x", "shape"], ["flat"]),
      NodeSketch("MatMul", ["flat", "w"], ["z"]),
      NodeSketch("ReduceMean", ["z"], ["m"], ["axes": .ints([0])]),
      NodeSketch("Sub", ["z", "m"], ["y"]), NodeSketch("Add", ["y", "z"], ["o"]),
    ]
    var sketch = GraphSketch(
      inputs: [("x", .float, [rows, 4])],
      weights: [
        ("w", Self.weight, .float), ("shape", Tensor([Int64(rows), 4]), .int64),
      ], nodes: nodes, outputs: ["o"])
    sketch.declaresShapes = true
    // For equal samples y is 0.
    expectClose(try logits(try model(sketch)), Self.product)
  }

  @Test("samples that influence each other are refused")
  func dependentSamples() throws {
    let sketch = Self.sketch(
      [
        NodeSketch("ReduceMean", ["z"], ["m"], ["axes": .ints([0])]),
        NodeSketch("Sub", ["z", "m"], ["y"]),
      ], output: "y")
    #expect(
      refusal { try model(sketch) }
        == "a sample's output depends on the sample beside it: the first axis of the input is not "
        + "the batch; if one sample is the whole input, say --layout unbatched")
  }

  @Test("an input without a batch axis is mapped over samples")
  func unbatched() throws {
    var sketch = Self.sketch()
    sketch.inputs = [("x", .float, [4])]
    expectClose(try logits(try model(sketch)), Self.product)
  }
}

extension GraphSketch {
  /// The graph with one more weight.
  func with(weight: (name: String, tensor: Tensor, type: ONNXElementType)) -> GraphSketch {
    var result = self
    result.weights.append(weight)
    return result
  }
}

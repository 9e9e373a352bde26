import Models
import Programs
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Parts of inputs")
struct InputPartTests {
  @Test("A table's parts are its features, without what is held")
  func table() {
    let input = InputSpecification.table([Feature(name: "age"), Feature(name: "sum")])
      .holding([HeldInput(name: "mask", shape: [2])])
    let parts = InputPart.all(of: input)
    #expect(parts.map(\.name) == ["age", "sum"] && parts.map(\.positions) == [[0], [1]])
  }

  @Test("An image's patches hold every pixel once, its channels too if there are several")
  func image() {
    let parts = InputPart.all(of: .image([2, 9, 6]))
    let channels = parts.filter { $0.kind == .channel }
    let patches = parts.filter { $0.kind == .patch }
    #expect(channels.map(\.positions.count) == [54, 54] && patches.count == 16)
    #expect(patches.flatMap(\.positions).sorted() == Array(0..<108))
    #expect(patches[0].area == .init(row: 0, column: 0, height: 2, width: 1))
    #expect(patches[15].area == .init(row: 6, column: 4, height: 3, width: 2))
    #expect(patches[0].name == "rows 1–2, columns 1–1")
    #expect(InputPart.all(of: .image([1, 2, 3])).count == 6)
    #expect(InputPart.all(of: .image([1, 1, 1])).isEmpty)
  }

  @Test("A sequence of one channel and an array of unknown meaning have none")
  func none() {
    #expect(InputPart.all(of: .sequence([1, 30])).isEmpty)
    #expect(InputPart.all(of: InputSpecification(layout: .array, shape: [3, 3])).isEmpty)
    let leads = [Feature(name: "I"), Feature(name: "II")]
    let input = InputSpecification(layout: .sequence, shape: [2, 3], features: leads)
    #expect(InputPart.all(of: input).map(\.positions) == [[0, 1, 2], [3, 4, 5]])
  }

  @Test("Of an image model that looks at one corner only, other patches have exactly 0")
  func corner() throws {
    let model = try GlobalModels.classifier(.image([1, 8, 8], range: nil), classes: 2) { x in
      let weights = (0..<128).map { $0 == 64 ? Float(3) : 0 }
      return x.flattened().linear(
        weight: x.builder.constant(Tensor(weights, shape: [2, 64])))
    }
    var random = RandomStream(seed: 2, purpose: "images")
    let inputs = random.normal([50, 1, 8, 8])
    let labels = (0..<50).map { inputs.floats[64 * $0] > 0 ? 1 : 0 }
    let found = try #require(
      try ImportanceAssessment(
        model, LabelledSamples(inputs: inputs, labels: labels, samples: Array(0..<50)),
        repeats: 5, seed: 3))
    #expect(found.parts.count == 16 && found.groups.isEmpty && found.accuracy == 1)
    #expect((found.parts[0].loss.estimate.lower ?? 0) > 0)
    #expect(found.parts.dropFirst().allSatisfy { $0.loss.mean == 0 })
    #expect(found.mostImportantFeatures(3).isEmpty)
  }
}

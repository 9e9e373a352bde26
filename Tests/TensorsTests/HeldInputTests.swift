import Foundation
import Tensors
import Testing

/// Samples that carry further inputs along.
@Suite("Held inputs") struct HeldInputTests {
  private static let held = [
    HeldInput(name: "mask", shape: [2, 2]), HeldInput(name: "age", shape: []),
  ]

  @Test("each takes rows of its own at the end, filled up with zeros")
  func packing() {
    let input = InputSpecification.image([2, 1, 3]).holding(Self.held)
    #expect(input.shape == [5, 1, 3] && input.heldPositions == 6..<15)
    #expect(input.heldRows(of: "mask") == 2..<4 && input.heldRows(of: "age") == 4..<5)
    let packed = input.packed(
      Tensor((0..<12).map { Float($0) }, shape: [2, 2, 1, 3]),
      holding: [
        Tensor((20..<28).map { Float($0) }, shape: [2, 2, 2]), Tensor([40, 41] as [Float]),
      ])
    #expect(packed.shape == [2, 5, 1, 3])
    #expect(packed.row(0).floats == [0, 1, 2, 3, 4, 5, 20, 21, 22, 23, 0, 0, 40, 0, 0])
    #expect(packed.row(1).floats == [6, 7, 8, 9, 10, 11, 24, 25, 26, 27, 0, 0, 41, 0, 0])
  }

  @Test("a table holds columns behind its encoded ones")
  func table() {
    let input = InputSpecificationTests.table.holding(Self.held)
    #expect(
      input.features.map(\.name).suffix(5) == ["mask 0", "mask 1", "mask 2", "mask 3", "age"])
    let raw = input.packed(
      Tensor([30, 2, 1234.5, 1] as [Float], shape: [1, 4]),
      holding: [
        Tensor([1, 0, 1, 1] as [Float], shape: [1, 2, 2]), Tensor([-7.5] as [Float]),
      ])
    let encoded = input.encoded(raw)
    #expect(encoded.floats == [30, 0, 0, 1, 1234.5, 1, 1, 0, 1, 1, -7.5])
    #expect(input.decoded(encoded) == raw && input.heldPositions == 6..<11)
    #expect(input.firstViolation(in: raw) == nil)
  }

  @Test("nobody can change them, and no range says what they may be")
  func rules() {
    let input = InputSpecification.image([1, 1, 2]).holding([HeldInput(name: "mask", shape: [2])])
    #expect(input.encodedMutability.floats == [1, 1, 0, 0])
    #expect(input.encodedLowerBounds.floats == [0, 0, -.infinity, -.infinity])
    #expect(input.encodedUpperBounds.floats == [1, 1, .infinity, .infinity])
    let outside = Tensor([0, 1, 9, -9] as [Float], shape: [1, 2, 1, 2])
    #expect(input.firstViolation(in: outside) == nil)
    let missing = Tensor([0, 1, 9, .nan] as [Float], shape: [1, 2, 1, 2])
    #expect(input.firstViolation(in: missing)?.position == 3)
    #expect(input.firstViolation(in: Tensor([2, 1, 0, 0] as [Float], shape: [1, 2, 1, 2])) != nil)
  }

  @Test("without them a sample is what it was")
  func audited() {
    for input in [.image([2, 1, 3]), InputSpecificationTests.table] as [InputSpecification] {
      #expect(input.holding(Self.held).audited == input)
      #expect(input.audited == input && input.heldPositions.isEmpty)
    }
  }

  @Test("they are written and read, and older descriptions without them can be read")
  func coding() throws {
    let plain = InputSpecification.image([1, 1, 2])
    let input = plain.holding(Self.held)
    let copy = try JSONDecoder().decode(
      InputSpecification.self, from: JSONEncoder().encode(input))
    #expect(copy == input && copy.heldInputs == Self.held)
    let text = String(decoding: try JSONEncoder().encode(plain), as: UTF8.self)
    #expect(!text.contains("held"))
    #expect(try JSONDecoder().decode(InputSpecification.self, from: Data(text.utf8)) == plain)
  }
}

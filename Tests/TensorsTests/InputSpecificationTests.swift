import Foundation
import Tensors
import Testing

@Suite("InputSpecification") struct InputSpecificationTests {
  static let table = InputSpecification.table([
    Feature(
      name: "age", kind: .integer, unit: "years", range: ValueRange(18...99), isMutable: false),
    Feature(name: "housing", kind: .categorical, categories: ["rent", "own", "free"]),
    Feature(name: "income", unit: "EUR", range: ValueRange(lower: 0), direction: .increase),
    Feature(name: "member", kind: .binary, categories: ["no", "yes"]),
  ])

  @Test("categories become one-hot blocks and come back")
  func encoding() {
    let raw = Tensor([30, 2, 1234.5, 1, 18, 0, 0, 0] as [Float], shape: [2, 4])
    let encoded = Self.table.encoded(raw)
    #expect(encoded.shape == [2, 6] && Self.table.encodedShape == [6])
    #expect(encoded.floats == [30, 0, 0, 1, 1234.5, 1, 18, 1, 0, 0, 0, 0])
    #expect(Self.table.decoded(encoded) == raw)
    #expect(Self.table.encodedBlocks == [0..<1, 1..<4, 4..<5, 5..<6])
    #expect(
      Self.table.encodedNames
        == ["age", "housing = rent", "housing = own", "housing = free", "income", "member"])
    #expect(Self.table.encodedColumns[3] == EncodedColumn(feature: 1, category: 2))
  }

  @Test("decoding takes the largest of a block, the first of equals, and rounds whole numbers")
  func decoding() {
    let encoded = Tensor([30.5, 0.2, 0.5, 0.5, -3.25, 0.49] as [Float], shape: [1, 6])
    #expect(Self.table.decoded(encoded).floats == [31, 1, -3.25, 0])
  }

  @Test("bounds and mutability stand in encoded columns")
  func bounds() {
    #expect(Self.table.encodedLowerBounds.floats == [18, 0, 0, 0, 0, 0])
    #expect(Self.table.encodedUpperBounds.floats == [99, 1, 1, 1, .infinity, 1])
    #expect(Self.table.encodedMutability.floats == [0, 1, 1, 1, 1, 1])
  }

  @Test(
    "the first value that is not valid is named",
    arguments: [
      ([30, 3, 0, 0], "sample 0, feature 'housing': expected a value in [0.0, 2.0], got 3.0"),
      ([30.5, 0, 0, 0], "sample 0, feature 'age': expected a whole number, got 30.5"),
      ([17, 0, 0, 0], "sample 0, feature 'age': expected a value in [18.0, 99.0], got 17.0"),
      ([30, 0, -1, 0], "sample 0, feature 'income': expected a value in [0.0, ∞], got -1.0"),
      ([30, 0, .nan, 0], "sample 0, feature 'income': expected a finite number, got nan"),
      ([30, 0, 5, 0], nil),
    ] as [([Float], String?)])
  func violations(values: [Float], expected: String?) {
    let violation = Self.table.firstViolation(in: Tensor(values, shape: [1, 4]))
    #expect(violation.map { "\($0)" } == expected)
  }

  @Test("images are encoded as they are, with bounds a channel")
  func image() {
    let image = InputSpecification(
      layout: .image, shape: [2, 2, 1],
      features: [Feature(name: "red", range: ValueRange(0...255)), Feature(name: "mask")],
      range: ValueRange(-1...1))
    let raw = Tensor((0..<8).map { Float($0) }, shape: [2, 2, 2, 1])
    #expect(image.isEncodingIdentity && image.encoded(raw) == raw && image.decoded(raw) == raw)
    #expect(image.encodedUpperBounds.floats == [255, 255, 1, 1])
    #expect(image.encodedUpperBounds.shape == [2, 2, 1])
    #expect(image.firstViolation(in: raw)?.feature == "mask")
  }

  @Test("a specification survives JSON, open ends included")
  func coding() throws {
    let data = try JSONEncoder().encode(Self.table)
    #expect(try JSONDecoder().decode(InputSpecification.self, from: data) == Self.table)
  }

  @Test("values are shown as a reader should see them")
  func text() {
    #expect(Self.table.features[0].text(for: 30) == "30 years")
    #expect(Self.table.features[1].text(for: 2) == "free")
    #expect(Self.table.features[2].text(for: 0.5) == "0.5 EUR")
  }
}

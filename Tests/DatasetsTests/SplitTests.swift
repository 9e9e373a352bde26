import Datasets
import Tensors
import Testing

@Suite("Splits") struct SplitTests {
  /// Samples numbered in their only feature; three classes of 50, 30 and 20.
  static let data = Dataset(
    source: "numbers", input: .table([Feature(name: "n")]),
    inputs: Tensor((0..<100).map { Float($0) }, shape: [100, 1]),
    labels: Tensor((0..<100).map { Int64($0 % 10 < 5 ? 0 : $0 % 10 < 8 ? 1 : 2) }),
    classNames: ["a", "b", "c"], protectedAttributes: ["parity": (0..<100).map { "\($0 % 2)" }])

  @Test("parts share no sample, miss none, and hold every class in proportion")
  func stratified() throws {
    let split = try Self.data.split(test: 0.2, validation: 0.1, seed: 1)
    #expect(split.test.classCounts == [10, 6, 4])
    #expect(split.validation.classCounts == [5, 3, 2])
    #expect(split.train.classCounts == [35, 21, 14])
    let all = [split.train, split.validation, split.test].flatMap(\.inputs.floats)
    #expect(all.sorted() == (0..<100).map { Float($0) })
  }

  @Test("everything about a sample goes where the sample goes")
  func together() throws {
    let test = try Self.data.split(test: 0.3, seed: 4).test
    for (index, value) in test.inputs.floats.enumerated() {
      #expect(test.sampleNames[index] == "\(Int(value))")
      #expect(test.protectedAttributes["parity"]?[index] == "\(Int(value) % 2)")
      #expect(test.classIndices[index] == Self.data.classIndices[Int(value)])
    }
  }

  @Test("a seed decides; the test part does not depend on validation")
  func seeds() throws {
    let first = try Self.data.splitIndices(test: 0.2, seed: 1)
    #expect(try Self.data.splitIndices(test: 0.2, seed: 1) == first)
    #expect(try Self.data.splitIndices(test: 0.2, validation: 0.3, seed: 1).test == first.test)
    #expect(try Self.data.splitIndices(test: 0.2, seed: 2).test != first.test)
    #expect(first.validation.isEmpty)
  }

  @Test("sizes are exact where classes do not divide evenly")
  func sizes() throws {
    for share in [0.07, 0.29, 0.5] {
      for stratified in [true, false] {
        let split = try Self.data.splitIndices(test: share, seed: 3, stratified: stratified)
        #expect(split.test.count == Int((100 * share).rounded()))
        #expect(split.train.count + split.test.count == 100)
      }
    }
  }

  @Test("a part that would be empty is an error")
  func empty() {
    let error = #expect(throws: DatasetError.self) {
      try Self.data.prefix(3).split(test: 0.1, seed: 1)
    }
    #expect(
      error?.description == "numbers: the test part would be empty; the data hold only 3 samples")
  }
}

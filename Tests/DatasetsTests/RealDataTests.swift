import Datasets
import Tensors
import Testing

@Suite("Real data") struct RealDataTests {
  static func read(_ name: String) throws -> Dataset {
    try DatasetReader.read(Fixtures.path("data/\(name)"))
  }

  @Test("German credit: 700 good, 300 bad, 310 women")
  func credit() throws {
    let data = try Self.read("credit-g.arff")
    #expect(data.inputs.shape == [1000, 20] && data.classCounts == [700, 300])
    #expect(data.classNames[data.positiveClass ?? 0] == "bad")
    #expect(data.protectedAttributes["sex"]?.filter { $0 == "female" }.count == 310)
    #expect(data.protectedAttributes["foreign_worker"]?.filter { $0 == "no" }.count == 37)
    // The first applicant, as the file's first line has it.
    #expect(
      data.inputs.row(0).floats
        == [0, 6, 4, 3, 1169, 4, 4, 4, 2, 0, 4, 0, 67, 2, 1, 2, 2, 1, 1, 1])
    #expect(data.input.encodedShape == [61])
    #expect(data.input.decoded(data.input.encoded(data.inputs)) == data.inputs)
    #expect(data.input.feature(named: "age")?.isMutable == false)
  }

  @Test("Breast cancer: 212 malignant, 357 benign, mean radius 14.127")
  func breastCancer() throws {
    let data = try Self.read("wdbc.csv")
    #expect(data.inputs.shape == [569, 30] && data.classCounts == [212, 357])
    let radii = stride(from: 0, to: 569 * 30, by: 30).map { Double(data.inputs.floats[$0]) }
    // The mean that the data set's own description states is 14.127.
    #expect(abs(radii.reduce(0, +) / 569 - 14.127) < 5e-4)
  }

  @Test("MNIST: 500 of each digit, in [0, 1]")
  func mnist() throws {
    let data = try Self.read("mnist_5k.csv.gz")
    #expect(data.inputs.shape == [5000, 1, 28, 28])
    #expect(data.classCounts == [Int](repeating: 500, count: 10))
    #expect(data.inputs.floats.min() == 0 && data.inputs.floats.max() == 1)
    #expect(data.input.layout == .image && data.input.range == ValueRange(0...1))
  }

  @Test(
    "Series: their archives' sizes and classes",
    arguments: [
      ("ItalyPowerDemand_TRAIN.ts.gz", [67, 1, 24], 2),
      ("JapaneseVowels_eq_TRAIN.ts.gz", [270, 12, 25], 9),
      ("JapaneseVowels_eq_TEST.ts.gz", [370, 12, 25], 9),
    ])
  func series(name: String, shape: [Int], classes: Int) throws {
    let data = try Self.read(name)
    #expect(data.inputs.shape == Shape(shape) && data.classNames.count == classes)
    #expect(data.classCounts.allSatisfy { $0 > 0 })
  }
}

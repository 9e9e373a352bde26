import Foundation
import Tensors
import Testing

@testable import Assessments

@Suite("Data sheet")
struct DataSheetTests {
  private let input = SampleInputs.tableInput
  private let classNames = ["good", "bad"]

  /// The samples with some rows and labels replaced.
  private func changed(
    _ samples: LabelledSamples, rows: [Int: [Float]], labels: [Int: Int] = [:]
  ) -> LabelledSamples {
    var samples = samples
    for (row, values) in rows {
      samples.inputs.setRows([row], to: Tensor(values, shape: [1, values.count]))
    }
    for (row, label) in labels { samples.labels[row] = label }
    return samples
  }

  @Test("Of clean data nothing is found")
  func clean() {
    let training = SampleInputs.table(400, seed: 1)
    // The tolerance is so small that unrelated rows are none of each other's twins.
    let sheet = DataSheet(
      audited: SampleInputs.table(200, seed: 2), training: training, input: input,
      classNames: classNames)
    #expect(sheet.audited.count == 200 && sheet.audited.classCounts == [100, 100])
    #expect(sheet.training?.count == 400)
    #expect(sheet.duplicates.count == 0 && sheet.contradictions.count == 0)
    #expect(sheet.leaked?.count == 0 && sheet.trainingContradictions?.count == 0)
    #expect(sheet.nearlyLeaked?.count == 0)
    #expect(sheet.constantFeatures == [])
  }

  @Test("Planted copies are found with their twins, and their contradictions")
  func planted() {
    let training = SampleInputs.table(400, seed: 1)
    func row(_ index: Int) -> [Float] { training.inputs.row(index).floats }
    var near = row(9)
    near[0] += 0.5
    var far = row(9)
    far[0] += 100
    far[4] += far[4] > 0.05 ? -0.04 : 0.04
    let clean = SampleInputs.table(50, seed: 2)
    let audited = changed(
      clean,
      rows: [3: row(7), 4: row(8), 5: near, 6: far, 11: clean.inputs.row(10).floats],
      labels: [3: training.labels[7], 4: 1 - training.labels[8], 10: 0, 11: 1])
    let sheet = DataSheet(
      audited: audited, training: training, input: input, classNames: classNames)
    #expect(sheet.leaked?.first.map(\.sample) == [103, 104])
    #expect(sheet.leaked?.first.map(\.twin) == [107, 108])
    #expect(sheet.leaked?.first.map(\.hasSameLabel) == [true, false])
    #expect(sheet.trainingContradictions?.first.map(\.sample) == [104])
    #expect(sheet.nearlyLeaked?.first.map(\.sample) == [105])
    #expect(sheet.nearlyLeaked?.first.map(\.twin) == [109])
    #expect(sheet.duplicates.first.map { [$0.sample, $0.twin] } == [[111, 110]])
    #expect(sheet.contradictions.first.map(\.sample) == [110, 111])
  }

  @Test("The nearest row is the one that a comparison of all pairs finds")
  func nearRowsAgree() {
    let training = SampleInputs.table(300, seed: 1)
    let audited = SampleInputs.table(100, seed: 2)
    let space = CorruptionSpace(input, samples: training.inputs, reference: training.inputs)
    for tolerance in [0.1, 0.4] {
      let index = NearFeatures(audited.inputs, training.inputs, input, tolerance: tolerance)
      for position in 0..<100 {
        let own = audited.inputs.row(position).floats
        var best: (twin: Int, distance: Double)?
        for twin in 0..<300 {
          let other = training.inputs.row(twin).floats
          guard own[2] == other[2], own[3] == other[3] else { continue }
          let distance =
            [0, 1, 4].map { abs(Double(own[$0] - other[$0])) / space.deviations[$0] }
            .max() ?? 0
          if distance <= tolerance, distance < best?.distance ?? .infinity {
            best = (twin, distance)
          }
        }
        let found = index.nearest(position)
        #expect(found?.twin == best?.twin)
        #expect(abs((found?.distance ?? 0) - (best?.distance ?? 0)) < 1e-12)
      }
    }
  }

  @Test("The nearest image is the one that a comparison of all pairs finds")
  func nearImagesAgree() {
    let images = SampleInputs.images(260)
    let input = InputSpecification.image([1, 16, 16])
    let training = images.inputs.rows(0..<200)
    let audited = images.inputs.rows(200..<260)
    let index = NearArrays(audited, training, input, tolerance: 0.01)
    var foundCount = 0
    for position in 0..<60 {
      let own = audited.row(position).floats
      let distances = (0..<200).map { twin in
        zip(own, training.row(twin).floats).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / 256
      }
      let least = distances.min() ?? 1
      let found = index.nearest(position)
      foundCount += found == nil ? 0 : 1
      #expect((found != nil) == (least <= 0.01))
      if let found { #expect(abs(found.distance - least) < 1e-6) }
    }
    #expect(foundCount > 0 && foundCount < 60)
  }

  @Test("A nearly equal image is found, whatever its range, and an unrelated one is not")
  func nearImages() {
    let images = SampleInputs.images(120)
    let input = InputSpecification.image([1, 16, 16], range: ValueRange(0...255))
    let values = Tensor(images.inputs.floats.map { $0 * 255 }, shape: images.inputs.shape)
    let training = SampleInputs.labelled(values.rows(0..<100))
    var audited = SampleInputs.labelled(values.rows(100..<104))
    // 1 of 255 on every pixel is less than five thousandths of the range, 2 are more.
    for (row, step) in [(1, Float(1)), (2, 2)] {
      let moved = training.inputs.row(50 + row).floats.map { $0 + ($0 > 100 ? -step : step) }
      audited.inputs.setRows([row], to: Tensor(moved, shape: [1, 1, 16, 16]))
    }
    let sheet = DataSheet(
      audited: audited, training: training, input: input, classNames: classNames)
    #expect(sheet.nearlyLeaked?.first.map { [$0.sample, $0.twin] } == [[101, 151]])
    #expect(sheet.nearRule == .meanDifference && sheet.positionCount == 256)
  }

  @Test("Constant features and values outside training are named")
  func columns() {
    let features = [
      Feature(name: "a"), Feature(name: "b"),
      Feature(name: "c", kind: .categorical, categories: ["x", "y", "z"]),
    ]
    let training = SampleInputs.labelled(
      Tensor([1, 5, 0, 2, 5, 1, 3, 5, 0] as [Float], shape: [3, 3]))
    let audited = SampleInputs.labelled(
      Tensor([1, 5, 2, 4, 5, 0, 0.5, 5, 2] as [Float], shape: [3, 3]))
    let sheet = DataSheet(
      audited: audited, training: training, input: .table(features), classNames: classNames)
    #expect(sheet.constantFeatures == ["b"])
    #expect(sheet.outside.map(\.name) == ["a", "c"])
    #expect(sheet.outside[0].samples == [101, 102])
    #expect(sheet.outside[0].range == ValueRange(1...3))
    #expect(sheet.outside[1].categories == ["z"] && sheet.outside[1].count == 2)
  }

  @Test("Without training samples nothing is said of leaks")
  func withoutTraining() throws {
    let sheet = DataSheet(
      audited: SampleInputs.table(30), input: input, classNames: classNames)
    #expect(sheet.leaked == nil && sheet.nearlyLeaked == nil && sheet.training == nil)
    #expect(sheet.outside == [])
    let copy = try JSONDecoder().decode(DataSheet.self, from: JSONEncoder().encode(sheet))
    #expect(copy == sheet)
  }
}

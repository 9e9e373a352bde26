import Foundation
import Tensors
import Testing

@testable import Assessments

@Suite("What corruptions state of themselves")
struct CorruptionNoiseTests {
  private func random(_ sample: Int = 0) -> RandomStream {
    RandomStream(seed: 11, purpose: "test", sample: sample)
  }

  private func grid(_ value: Float, side: Int = 100) -> PixelGrid {
    PixelGrid([Float](repeating: value, count: side * side), shape: [1, side, side])
  }

  private func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (square / Double(values.count)).squareRoot())
  }

  // 10,000 values: the standard error of a standard deviation is σ / √20,000 = 0.7 %; four of it.
  private let tolerance = 0.028

  @Test("Noise has the standard deviation that is stated")
  func noise() {
    var stream = random()
    var grey = grid(0.5)
    GaussianNoise().corrupt(&grey, strength: 0.12, using: &stream)
    #expect(abs(moments(grey.values).deviation / 0.12 - 1) < tolerance)
    #expect(abs(moments(grey.values).mean - 0.5) < 4 * 0.12 / 100)
    grey = grid(0.4)
    SpeckleNoise().corrupt(&grey, strength: 0.2, using: &stream)
    #expect(abs(moments(grey.values).deviation / (0.2 * 0.4) - 1) < tolerance)
    // Counts of mean c x: variance x / c.
    grey = grid(0.4)
    ShotNoise().corrupt(&grey, strength: 12, using: &stream)
    #expect(abs(moments(grey.values).mean - 0.4) < 4 * (0.4 / 12).squareRoot() / 100)
    #expect(abs(moments(grey.values).deviation / (0.4 / 12).squareRoot() - 1) < 2 * tolerance)
  }

  @Test("Counts follow Poisson's distribution, term by term")
  func poisson() {
    for mean in [0.0, 0.3, 4, 60] {
      var (term, cumulative) = (exp(-mean), 0.0)
      for count in 0..<100 where term > 1e-12 {
        #expect(ShotNoise.count(mean: mean, cumulative + term / 2) == count)
        cumulative += term
        term *= mean / Double(count + 1)
      }
    }
    #expect(ShotNoise.count(mean: 3, 1.0.nextDown) < 60)
  }

  @Test("Shares are shares")
  func shares() {
    var stream = random()
    var grey = grid(0.5)
    ImpulseNoise().corrupt(&grey, strength: 0.17, using: &stream)
    let broken = grey.values.count { $0 != 0.5 }
    #expect(abs(Double(broken) - 1_700) < 4 * (10_000 * 0.17 * 0.83).squareRoot())
    let white = grey.values.count { $0 == 1 }
    #expect(abs(Double(white) - Double(broken) / 2) < 4 * (Double(broken) / 4).squareRoot())
    grey = grid(1)
    OcclusionPatch().corrupt(&grey, strength: 0.25, using: &stream)
    #expect(grey.values.count { $0 == 0.5 } == 2_500)
  }

  @Test("Errors of a table are of the stated size, and categories change for others")
  func table() throws {
    let samples = SampleInputs.table(4_000)
    let space = CorruptionSpace(
      SampleInputs.tableInput, samples: samples.inputs, reference: samples.inputs)
    let incomes = (0..<4_000).map { samples.inputs.floats[$0 * 5] }
    #expect(abs(space.deviations[0] - moments(incomes).deviation) < 1e-6 * space.deviations[0])
    var (errors, categories, slips) = ([Float](), 0, 0)
    for sample in 0..<4_000 {
      let clean = samples.inputs.row(sample).floats
      var (stream, row) = (random(sample), clean)
      MeasurementError().corrupt(&row, strength: 0.1, in: space, using: &stream)
      errors.append(row[0] - clean[0])
      (stream, row) = (random(sample), clean)
      CategoryErrors().corrupt(&row, strength: 0.2, in: space, using: &stream)
      categories += row[3] == clean[3] ? 0 : 1
      (stream, row) = (random(sample), clean)
      DigitSlips().corrupt(&row, strength: 0.05, in: space, using: &stream)
      slips += row == clean ? 0 : 1
    }
    // 4,000 errors: four standard errors of σ / √8,000.
    let ratio = moments(errors).deviation / (0.1 * space.deviations[0])
    #expect(abs(ratio - 1) < 4 / 8_000.squareRoot())
    #expect(abs(Double(categories) - 800) < 4 * (4_000 * 0.2 * 0.8).squareRoot())
    #expect(abs(Double(slips) - 200) < 4 * (4_000 * 0.05 * 0.95).squareRoot())
  }

  @Test("Coarser units are 1, 2 or 5 times a power of ten")
  func units() {
    let cases = [(0.7, 1.0), (1, 1), (1.01, 2), (3.2, 5), (51, 100), (0.012, 0.02), (0, 0)]
    for (size, unit) in cases { #expect(abs(CoarseValues.unit(atLeast: size) - unit) < 1e-12) }
  }

  @Test("A missing value becomes the median, a missing category the most frequent one")
  func typicalValues() {
    let input = InputSpecification.table([
      Feature(name: "a"), Feature(name: "b", kind: .categorical, categories: ["x", "y", "z"]),
    ])
    let inputs = Tensor([5, 2, 1, 0, 9, 2, 7, 1, 3, 2] as [Float], shape: [5, 2])
    let space = CorruptionSpace(input, samples: inputs, reference: inputs)
    var (row, stream) = ([100, 0] as [Float], random())
    MissingValues().corrupt(&row, strength: 1, in: space, using: &stream)
    #expect(row == [5, 2])
  }

  @Test("The cosine transform is orthonormal and sees a constant in its first entry alone")
  func cosineTransform() {
    let rows = BlockQuantisation.transform
    for (i, first) in rows.enumerated() {
      for (j, second) in rows.enumerated() {
        let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-14)
      }
    }
    let constant = BlockQuantisation.transformed(
      [Double](repeating: 3, count: 64), isInverse: false)
    #expect(abs(constant[0] - 24) < 1e-12)
    #expect(constant.dropFirst().allSatisfy { abs($0) < 1e-12 })
  }

  @Test("Fine steps leave a block as it is, coarse ones its mean")
  func quantisation() {
    let block = (0..<64).map { Double(($0 * 37) % 101) - 50 }
    let fine = BlockQuantisation.quantised(block, steps: [Double](repeating: 1e-9, count: 64))
    #expect(zip(block, fine).allSatisfy { abs($0 - $1) < 1e-7 })
    let coarse = BlockQuantisation.quantised(
      block, steps: [1e-9] + [Double](repeating: 1e9, count: 63))
    let mean = block.reduce(0, +) / 64
    #expect(coarse.allSatisfy { abs($0 - mean) < 1e-7 })
    // No coefficient moves by more than half its step, so the block by no more than their norm.
    let steps = BlockQuantisation.steps(quality: 15)
    let moved = zip(block, BlockQuantisation.quantised(block, steps: steps))
      .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(moved <= steps.reduce(0) { $0 + $1 * $1 / 4 } * (1 + 1e-12))
  }

  @Test("The steps of a quality are those of the Independent JPEG Group")
  func qualities() {
    // Quality 50 is the table itself; 100 is 1 everywhere; 25 is twice the table, up to 255.
    #expect(BlockQuantisation.steps(quality: 50) == BlockQuantisation.table)
    #expect(BlockQuantisation.steps(quality: 100) == [Double](repeating: 1, count: 64))
    let doubled = BlockQuantisation.table.map { min(2 * $0, 255) }
    #expect(BlockQuantisation.steps(quality: 25) == doubled)
  }

  @Test("Blurs keep a constant image, and a point's mass within the image")
  func blurs() {
    let blurs: [any ImageCorruption] = [
      DefocusBlur(), GaussianBlur(), MotionBlur(), ZoomBlur(), Pixelation(),
    ]
    for blur in blurs {
      let isLength = blur.unit == .pixels || blur.unit == .deviationInPixels
      let strength = isLength ? 2 : blur.severities[4]
      var (stream, flat) = (random(), grid(0.3, side: 20))
      blur.corrupt(&flat, strength: strength, using: &stream)
      #expect(flat.values.allSatisfy { abs($0 - 0.3) < 1e-5 }, "\(blur.kind)")
    }
    for kernel in [
      DefocusBlur.disc(radius: 2.3), MotionBlur.line(length: 5, angle: 0.7),
      PixelKernel.gaussian(deviation: 1.4, isVertical: false),
    ] {
      #expect(abs(kernel.taps.reduce(0) { $0 + Double($1.weight) } - 1) < 1e-6)
      // Centred: no blur moves the image.
      #expect(abs(kernel.taps.reduce(0) { $0 + Double($1.weight) * Double($1.x) }) < 1e-6)
      #expect(abs(kernel.taps.reduce(0) { $0 + Double($1.weight) * Double($1.y) }) < 1e-6)
    }
    let soft = PixelKernel.gaussian(deviation: 1.4, isVertical: false)
    let variance = soft.taps.reduce(0) { $0 + Double($1.weight) * Double($1.x * $1.x) }
    #expect(abs(variance - 1.96) < 0.01)
  }

  @Test("A convolution is the sum over its taps, pixel by pixel")
  func convolution() {
    let values = (0..<56).map { Float(($0 * 29) % 17) / 17 }
    let source = PixelGrid(values, shape: [1, 7, 8])
    var result = source
    let kernel = MotionBlur.line(length: 3, angle: 1)
    result.filter(kernel)
    for row in 0..<7 {
      for column in 0..<8 {
        let sum = kernel.taps.reduce(Float(0)) { total, tap in
          let y = min(max(row + tap.y, 0), 6)
          let x = min(max(column + tap.x, 0), 7)
          return total + tap.weight * values[y * 8 + x]
        }
        #expect(abs(result.values[row * 8 + column] - sum) < 1e-6)
      }
    }
  }

  @Test("A quarter turn and a move by whole pixels are exact")
  func geometry() {
    let values = (0..<25).map { Float($0) / 25 }
    var turned = PixelGrid(values, shape: [1, 5, 5])
    turned.warp { (y: $1, x: -$0) }
    for row in 0..<5 {
      for column in 0..<5 {
        #expect(turned.values[row * 5 + column] == values[column * 5 + 4 - row])
      }
    }
    var moved = PixelGrid(values, shape: [1, 5, 5])
    moved.warp { (y: $0 - 1, x: $1 - 2) }
    #expect(moved.values[1 * 5 + 2] == values[0])
    #expect(moved.values[4 * 5 + 4] == values[3 * 5 + 2])
  }

  @Test("Coarser pixels are the means of their cells")
  func pixelation() {
    // Six pixels in four cells of one and a half.
    let means = Pixelation.means(count: 6, 0.7)
    #expect(means[0].map(\.index) == [0, 1])
    #expect(abs(means[0][0].weight - 2 / 3) < 1e-6 && abs(means[0][1].weight - 1 / 3) < 1e-6)
    for cell in means { #expect(abs(cell.reduce(0) { $0 + $1.weight } - 1) < 1e-6) }
  }
}

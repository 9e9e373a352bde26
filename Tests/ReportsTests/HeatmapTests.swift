import Audits
import Foundation
import Images
import Tensors
import Testing

@testable import Reports

@Suite("Heatmaps")
struct HeatmapTests {
  @Test("Zero is white in the middle of an odd palette; its ends are equally far from it")
  func diverging() {
    let colours = Palette.diverging.colours
    #expect(colours.count % 2 == 1)
    #expect(colours[colours.count / 2] == [255, 255, 255])
    #expect(Palette.signed(0) == [255, 255, 255])
    #expect(Palette.signed(1) == colours.last && Palette.signed(-9) == colours.first)
    // Lightness falls on both sides, about equally, so that greyscale shows strength.
    let lightness = colours.map(Palette.lightness)
    let middle = colours.count / 2
    for step in 1...middle {
      #expect(lightness[middle + step] <= lightness[middle + step - 1])
      #expect(lightness[middle - step] <= lightness[middle - step + 1])
      #expect(abs(lightness[middle + step] - lightness[middle - step]) < 8)
    }
    // Red against blue: told apart by who cannot see red from green.
    #expect(Palette.signed(0.6)[0] > Palette.signed(0.6)[2] + 60)
    #expect(Palette.signed(-0.6)[2] > Palette.signed(-0.6)[0] + 60)
  }

  @Test("The sequential palette only darkens")
  func sequential() {
    let lightness = Palette.sequential.colours.map(Palette.lightness)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 > $1 || $0 == $1 })
    #expect(abs(lightness[0] - 100) < 1e-9 && lightness[255] < 20)
  }

  @Test("The scale is the 99.5th percentile of |a| over all panels, as counted by hand")
  func percentile() {
    // 0, −1, 2, …, 200 by magnitude: position 0.995 · 200 = 199.
    let first = (0...100).map { Double($0) * ($0 % 2 == 0 ? 1 : -1) }
    let second = (101...200).map(Double.init)
    let scale = HeatmapScale(panels: [first, second])
    #expect(scale.value == 199)
    #expect(!scale.isSequential)
    #expect(scale.clippedShare(of: second) == 0.01)
    #expect(HeatmapScale.percentile(of: [4, 1, 3, 2], 0.5) == 2.5)
  }

  @Test("Nothing, noise below the floor and what is not finite are refused, never stretched")
  func refusals() {
    #expect(HeatmapScale.refusal(of: [0, 0]) == .zero)
    #expect(HeatmapScale.refusal(of: [1, .nan]) == .notFinite)
    #expect(HeatmapScale.refusal(of: [1e-9, 0]) == .negligible(largest: 1e-9))
    #expect(HeatmapScale.refusal(of: [1e-3, 0]) == nil)
    // A weak map beside a strong one stays pale.
    let scale = HeatmapScale(panels: [[1, -1], [0.01, -0.01]])
    #expect(scale.colour(0.01).allSatisfy { $0 > 250 })
  }

  @Test("A map's pixels carry their colours, the strongest regions their outlines")
  func pixels() {
    let values = (0..<100).map { $0 == 44 ? 1.0 : ($0 == 77 ? -1.0 : 0) }
    let map = Heatmap(width: 10, height: 10, values: values)
    let scale = HeatmapScale(panels: [[1, -1]])
    let image = map.image(scale, enlargedBy: 8)
    #expect(image.width == 80 && image[4, 4] == [255, 255, 255])
    #expect(image[4 * 8 + 4, 4 * 8 + 4] == Palette.signed(1))
    #expect(image[7 * 8 + 4, 7 * 8 + 4] == Palette.signed(-1))
    func inked(_ x: Int, _ y: Int) -> Int {
      (0..<8).count { image[x * 8 + $0, y * 8] == [20, 20, 20] }
    }
    #expect(inked(4, 4) == 8)
    #expect((3...6).contains(inked(7, 7)))
    // Equal strengths everywhere: nothing stands out, nothing is marked.
    let flat = Heatmap(width: 4, height: 4, values: [Double](repeating: 0.5, count: 16))
    #expect(flat.strongest.allSatisfy { $0 == 0 })
  }

  @Test("The overlay leaves the input grey where nothing is attributed")
  func overlay() {
    let input = Image(width: 2, height: 1, channels: .grey, samples: [90, 90])
    let map = Heatmap(width: 2, height: 1, values: [0, 2])
    let image = map.overlay(on: input, HeatmapScale(panels: [[2]]), enlargedBy: 1)
    #expect(image[0, 0] == [90, 90, 90])
    let full = Palette.sequential(1).map { UInt8((90 * 0.1 + Double($0) * 0.9).rounded()) }
    #expect(image[1, 0] == full)
  }

  @Test("A plate holds its panels, and a colour bar from + over white to −")
  func plate() {
    let panel = Image(width: 60, height: 60, filledWith: [1, 2, 3])
    let scale = HeatmapScale(panels: [[0.25, -0.25]])
    let image = Plate.image([panel, panel], scale: scale)
    #expect(image[12 + 30, 12 + 30] == [1, 2, 3] && image[0, 0] == [255, 255, 255])
    let bar = 12 + 2 * 72 + 8
    #expect(image[bar, 13][0] < 140 && image[bar, 13][0] > image[bar, 13][2])
    #expect(image[bar, 12 + 58][2] > image[bar, 12 + 58][0])
    #expect(Plate.labels(scale) == ["+0.250", "0", "−0.250"])
    // The numbers are dots beside the bar.
    let dots = (12..<72).flatMap { y in (bar + 10..<image.width).map { image[$0, y] } }
    #expect(dots.contains([30, 30, 30]))
  }

  @Test("Heatmap files are named by their content and say what their captions say")
  func files() throws {
    let document = ReportDocument(title: "t", records: [SampleRecords.digits(robust: false)])
    let pictures = try document.pictures()
    #expect(try document.pictures() == pictures)
    #expect(Set(pictures.map(\.name)).count == pictures.count && pictures.count > 8)
    for picture in pictures {
      let file = try PNGFile(decoding: picture.bytes)
      #expect(file.texts.contains(PNGText("Description", picture.caption)))
      #expect(file.texts.contains { $0.keyword == "Model" && $0.text.hasPrefix("digits-normal") })
      #expect(picture.name.allSatisfy { $0.isASCII && $0 != "/" })
    }
    if let folder = ProcessInfo.processInfo.environment["ASSAY_PICTURES_OUT"] {
      for picture in pictures {
        try Data(picture.bytes).write(to: URL(filePath: folder).appending(path: picture.name))
      }
    }
  }

  @Test("Inputs use the valid range for black and white, not their own")
  func input() {
    let specification = InputSpecification.image([1, 1, 3], range: ValueRange(0...10))
    let image = InputPicture.image(
      of: Tensor([0, 5, 20] as [Float], shape: [1, 1, 3]), specification)
    #expect(image.samples == [0, 128, 255])
    let colour = InputPicture.image(
      of: Tensor([0, 1, 0.5] as [Float], shape: [3, 1, 1]), .image([3, 1, 1]))
    #expect(colour.channels == .rgb && colour.samples == [0, 255, 128])
  }
}

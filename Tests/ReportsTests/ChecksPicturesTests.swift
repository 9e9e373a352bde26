import Checks
import Images
import Tensors
import Testing

@testable import Reports

@Suite("Pictures of checks")
struct ChecksPicturesTests {
  @Test("Each worst case has a plate that says what it shows; names carry no text of the data")
  func plates() throws {
    let pictures = try SampleChecks.pictures.pictures.encoded()
    #expect(try SampleChecks.pictures.pictures.encoded() == pictures)
    #expect(pictures.map(\.name) == ["worst-1-sample-3-linf.png", "worst-2-sample-17-linf.png"])
    let file = try PNGFile(decoding: pictures[0].bytes)
    #expect(file.texts.contains(PNGText("Description", pictures[0].caption)))
    #expect(
      pictures[0].caption == "digit <3> (sample 3), good, is taken for bad with 75.0\u{A0}% "
        + "confidence at L∞ distance 0.0625 (pgd, ε 0.1)")
  }

  @Test("The plate shows clean, perturbed and their difference on a scale that all cases share")
  func pixels() throws {
    let pictures = try SampleChecks.pictures.pictures.encoded().map {
      try PNGFile(decoding: $0.bytes).image
    }
    // Panels of 168 pixels, 84 a pixel of the input, with 12 around them: the middle of the first.
    let places = [12 + 42, 12 + 180 + 42, 12 + 360 + 42]
    let first = places.map { pictures[0][$0, 12 + 42] }
    #expect(first[0] == [0, 0, 0])
    #expect(first[1] == [16, 16, 16])
    let scale = HeatmapScale(panels: [[0.0625, 0, 0, 0], [0.125, 0, 0, 0]])
    #expect(first[2] == scale.colour(0.0625) && pictures[1][places[2], 54] == scale.colour(0.125))
    // The second pixel is white in both inputs and did not change.
    #expect(
      places.map { pictures[0][$0 + 84, 54] } == [
        [255, 255, 255], [255, 255, 255], [255, 255, 255],
      ])
  }

  @Test("Other inputs have none")
  func tables() throws {
    #expect(try SampleChecks.failed.pictures.encoded() == [])
  }
}

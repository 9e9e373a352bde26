import Foundation
import ReportTemplates
import Testing

/// Contrast ratios as the Web Content Accessibility Guidelines define them.
///
/// - Source: WCAG 2.2, success criteria 1.4.3 (text, 4.5 : 1) and 1.4.11 (graphics, 3 : 1), with
///   relative luminance as defined there.
@Suite("Contrast")
struct StyleContrastTests {
  private func luminance(_ colour: String) throws -> Double {
    let number = try #require(UInt32(colour.dropFirst(), radix: 16))
    let channels = [number >> 16, number >> 8 & 255, number & 255].map { sample -> Double in
      let value = Double(sample) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  private func ratio(_ first: String, _ second: String) throws -> Double {
    let pair = try [luminance(first), luminance(second)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  /// The colours of the two schemes by name; dark ones replace some of the light ones.
  private func schemes() throws -> [[String: String]] {
    let style = try ReportTemplates.builtIn().style
    let blocks = style.matches(of: /:root \{([^}]*)\}/).map(\.1)
    #expect(blocks.count == 2)
    let colours = blocks.map { block in
      Dictionary(
        uniqueKeysWithValues: block.matches(of: /--([a-z0-9-]+): (#[0-9a-f]{6})/).map {
          (String($0.1), String($0.2))
        })
    }
    return [colours[0], colours[0].merging(colours[1]) { $1 }]
  }

  @Test("Black on white is 21 : 1, a colour on itself 1 : 1")
  func definition() throws {
    #expect(try abs(ratio("#000000", "#ffffff") - 21) < 1e-9)
    #expect(try ratio("#777777", "#777777") == 1)
    // #767676 is the lightest grey that passes on white.
    #expect(try ratio("#767676", "#ffffff") >= 4.5)
    #expect(try ratio("#777777", "#ffffff") < 4.5)
  }

  @Test("Text has 4.5 : 1 on every ground that it stands on, in both schemes")
  func text() throws {
    let pairs = [
      ("ink", "paper"), ("ink", "raised"), ("quiet", "paper"), ("quiet", "raised"),
      ("accent", "paper"), ("accent", "raised"), ("doubt", "paper"), ("good", "paper"),
      ("bad", "paper"), ("good", "good-tint"), ("bad", "bad-tint"), ("doubt", "doubt-tint"),
      ("quiet", "none-tint"), ("ink", "doubt-tint"), ("ink", "bad-tint"), ("quiet", "bad-tint"),
    ]
    for colours in try schemes() {
      for (text, ground) in pairs {
        let (first, second) = (try #require(colours[text]), try #require(colours[ground]))
        #expect(try ratio(first, second) >= 4.5, "\(text) on \(ground)")
      }
    }
  }

  @Test("Lines and bars have 3 : 1 on the page, in both schemes")
  func graphics() throws {
    for colours in try schemes() {
      let paper = try #require(colours["paper"])
      for name in ["s0", "s1", "s2", "s3", "s4", "positive", "negative", "quiet"] {
        #expect(try ratio(try #require(colours[name]), paper) >= 3, "\(name)")
      }
    }
  }
}

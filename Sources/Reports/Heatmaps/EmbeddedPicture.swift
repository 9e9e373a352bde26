import Foundation
import Images

/// A picture within the page itself.
enum EmbeddedPicture {
  /// An image element whose source is the picture's PNG bytes.
  ///
  /// - Throws: `PNGError` where libpng fails.
  static func markup(_ image: Image, alternative: String) throws -> Markup {
    let data = Data(try PNGFile(image).encoded()).base64EncodedString()
    return """
      <img src="data:image/png;base64,\(data)" width="\(image.width)" height="\(image.height)" \
      alt="\(alternative)"/>
      """
  }

  /// A panel: a framed picture over its name.
  static func panel(_ image: Image, name: String, alternative: String) throws -> Markup {
    """
    <span class="panel">\(try markup(Plate.framed(image), alternative: alternative))\
    <span class="panel-name">\(name)</span></span>
    """
  }

  /// A colour bar with its numbers as text.
  static func colourBar(_ scale: HeatmapScale, unit: String, height: Int) throws -> Markup {
    let bar = Plate.framed(Plate.colourBar(scale, width: 14, height: max(height, 56)))
    let labels = Plate.labels(scale).map { "<span>\($0)</span>" as Markup }
    return """
      <span class="panel scale"><span class="scale-box">\(try markup(bar, alternative: unit))\
      <span class="scale-numbers">\(labels)</span></span>\
      <span class="panel-name">\(unit)</span></span>
      """
  }

  /// A panel that says why there is no picture.
  static func neutral(reason: String, name: String) -> Markup {
    """
    <span class="panel"><span class="neutral">\(reason)</span>\
    <span class="panel-name">\(name)</span></span>
    """
  }
}

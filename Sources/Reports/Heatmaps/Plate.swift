import Images

/// Pictures side by side on white, with a colour bar: what a heatmap file shows.
enum Plate {
  private static let gap = 12
  private static let barWidth = 16

  /// The colours of a scale from its largest value at the top to its smallest.
  static func colourBar(_ scale: HeatmapScale, width: Int, height: Int) -> Image {
    let samples = (0..<height).flatMap { row -> [UInt8] in
      let top = 1 - Double(row) / Double(max(height - 1, 1))
      let value = scale.isSequential ? top : 2 * top - 1
      let colour = scale.colour(value * scale.value)
      return (0..<width).flatMap { _ in colour }
    }
    return Image(width: width, height: height, channels: .rgb, samples: samples)
  }

  /// The numbers beside a colour bar, top to bottom.
  static func labels(_ scale: HeatmapScale) -> [String] {
    let top = NumberText.signed(scale.value)
    return scale.isSequential
      ? [top, NumberText.signed(scale.value / 2), "0"]
      : [top, "0", NumberText.signed(-scale.value)]
  }

  /// Panels of equal height in a row, the colour bar with its numbers at the right.
  static func image(_ panels: [Image], scale: HeatmapScale) -> Image {
    let texts = labels(scale)
    // At least as high as three lines of numbers.
    let height = max(panels.map(\.height).max() ?? 1, 56)
    let textWidth = texts.map { BitmapFont.width(of: $0, scale: 2) }.max() ?? 0
    let panelWidth = panels.reduce(0) { $0 + $1.width + gap }
    var image = Image(
      width: gap + panelWidth + barWidth + 8 + textWidth + gap, height: height + 2 * gap,
      filledWith: [255, 255, 255])
    var left = gap
    for panel in panels {
      image.draw(framed(panel), atX: left, y: gap)
      left += panel.width + gap
    }
    image.draw(
      framed(colourBar(scale, width: barWidth, height: height)), atX: left, y: gap)
    left += barWidth + 8
    let lines = [gap, gap + (height - 14) / 2, gap + height - 14]
    for (text, top) in zip(texts, lines) {
      BitmapFont.draw(text, on: &image, atX: left, y: top, scale: 2)
    }
    return image
  }

  /// A grey panel with diagonal strokes: there is nothing to show here.
  static func neutral(width: Int, height: Int) -> Image {
    let samples = (0..<height).flatMap { y in
      (0..<width).flatMap { x -> [UInt8] in
        (x + y) % 12 < 2 ? [190, 190, 190] : [228, 228, 228]
      }
    }
    return Image(width: width, height: height, channels: .rgb, samples: samples)
  }

  /// The picture in colour with a thin grey edge, so that white areas end somewhere.
  static func framed(_ picture: Image) -> Image {
    var image = picture.rgb
    let edge: [UInt8] = [150, 150, 150]
    for x in 0..<image.width {
      image[x, 0] = edge
      image[x, image.height - 1] = edge
    }
    for y in 0..<image.height {
      image[0, y] = edge
      image[image.width - 1, y] = edge
    }
    return image
  }
}

/// The colours that stand for numbers.
struct Palette: Hashable, Sendable {
  /// Red, green and blue of each step.
  let colours: [[UInt8]]

  /// Blue for −1 over white for 0 to red for +1, in 255 steps, so that zero has one of its own.
  static let diverging = Palette(
    sides: [[5, 48, 97], [67, 147, 195], [255, 255, 255], [214, 96, 77], [103, 0, 31]],
    count: 255)

  /// White for 0 to dark violet for 1: one hue whose lightness only falls.
  static let sequential = Palette(
    sides: [[255, 255, 255], [158, 130, 196], [45, 10, 90]], count: 256)

  /// Black to white, for inputs.
  static let grey = Palette(sides: [[0, 0, 0], [255, 255, 255]], count: 256)

  /// Straight lines in sRGB between colours at equal distances.
  private init(sides: [[Double]], count: Int) {
    colours = (0..<count).map { step in
      let position = Double(step) / Double(count - 1) * Double(sides.count - 1)
      let index = min(Int(position), sides.count - 2)
      let fraction = position - Double(index)
      return zip(sides[index], sides[index + 1]).map { from, to in
        UInt8((from + (to - from) * fraction).rounded())
      }
    }
  }

  /// The colour of a number in [−1, 1] for the diverging palette; numbers beyond take the ends.
  static func signed(_ value: Double) -> [UInt8] {
    let middle = (diverging.colours.count - 1) / 2
    let step = (max(-1, min(1, value)) * Double(middle)).rounded()
    return diverging.colours[middle + Int(step)]
  }

  /// The colour of a number in [0, 1]; numbers beyond take the ends.
  func callAsFunction(_ value: Double) -> [UInt8] {
    colours[Int((max(0, min(1, value)) * Double(colours.count - 1)).rounded())]
  }

  /// The perceived lightness L* of a colour, 0 to 100.
  ///
  /// - Source: CIE 15:2004 with the sRGB transfer function (IEC 61966-2-1).
  static func lightness(_ colour: [UInt8]) -> Double {
    func linear(_ sample: UInt8) -> Double {
      let value = Double(sample) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055).power(2.4)
    }
    let luminance =
      0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    let cube = luminance > 216.0 / 24389 ? luminance.power(1.0 / 3) : nil
    return cube.map { 116 * $0 - 16 } ?? luminance * 24389 / 27
  }
}

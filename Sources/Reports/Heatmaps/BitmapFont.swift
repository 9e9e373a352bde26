import Images

/// Digits and signs of 5 × 7 dots, for the numbers beside colour bars.
enum BitmapFont {
  static let width = 5
  static let height = 7

  /// The dots of each character, a row of five bits a byte.
  private static let glyphs: [Character: [UInt8]] = [
    "0": [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
    "1": [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    "2": [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
    "3": [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
    "4": [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    "5": [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    "6": [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    "7": [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
    "8": [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    "9": [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
    "+": [0b00000, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0b00000],
    "−": [0b00000, 0b00000, 0b00000, 0b11111, 0b00000, 0b00000, 0b00000],
    ".": [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100],
    ",": [0b00000, 0b00000, 0b00000, 0b00000, 0b00110, 0b00100, 0b01000],
    "e": [0b00000, 0b00000, 0b01110, 0b10001, 0b11111, 0b10000, 0b01110],
  ]

  /// The width in pixels of a text.
  static func width(of text: String, scale: Int) -> Int { text.count * (width + 1) * scale - scale }

  /// Draws a text with its upper left corner at (x, y); characters without dots leave a gap.
  static func draw(_ text: String, on image: inout Image, atX x: Int, y: Int, scale: Int) {
    for (position, character) in text.enumerated() {
      let left = x + position * (width + 1) * scale
      for (row, bits) in (glyphs[character] ?? []).enumerated() {
        for column in 0..<width where bits & (1 << (width - 1 - column)) != 0 {
          let dot = Image(width: scale, height: scale, filledWith: [30, 30, 30])
          image.draw(dot, atX: left + column * scale, y: y + row * scale)
        }
      }
    }
  }
}

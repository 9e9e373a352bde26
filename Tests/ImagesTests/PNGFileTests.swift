import Testing

@testable import Images

@Suite("PNG files")
struct PNGFileTests {
  private func ramp(_ width: Int, _ height: Int, _ channels: Image.Channels) -> Image {
    let count = width * height * channels.rawValue
    return Image(
      width: width, height: height, channels: channels,
      samples: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) })
  }

  @Test(
    "A written file reads back with every sample and text", arguments: Image.Channels.allCases)
  func roundTrip(channels: Image.Channels) throws {
    let file = PNGFile(
      ramp(7, 5, channels), texts: [PNGText("Title", "plain"), PNGText("Caption", "ε = 0,3 · L∞")])
    let bytes = try file.encoded()
    #expect(try PNGFile(decoding: bytes) == file)
    #expect(try file.encoded() == bytes)
  }

  @Test("Files that Pillow 13 wrote are read to the pixels it was given")
  func pillow() throws {
    let colour = try PNGFile(decoding: bytes(Recorded.rgb))
    #expect(colour.image.channels == .rgb)
    #expect(colour.image.samples == (0..<18).map { UInt8($0 * 10) })
    #expect(colour.texts == [PNGText("Title", "hello"), PNGText("Description", "ε = 0.3")])
    let palette = try PNGFile(decoding: bytes(Recorded.palette)).image
    #expect(palette.samples == [0, 0, 255, 255, 0, 0])
    let alpha = try PNGFile(decoding: bytes(Recorded.greyAndAlpha)).image
    #expect(alpha.samples == [10, 10, 10, 255, 200, 200, 200, 128])
    #expect(try PNGFile(decoding: bytes(Recorded.sixteenBit)).image.samples == [0, 255])
  }

  @Test("Damaged, cut and foreign files are refused with a reason")
  func refusals() throws {
    let whole = bytes(Recorded.rgb)
    var flipped = whole
    flipped[whole.count - 20] ^= 0xFF
    for broken in [[], [1, 2, 3], Array(whole.prefix(60)), Array(whole.dropLast(3)), flipped] {
      #expect(throws: PNGError.self) { try PNGFile(decoding: broken) }
    }
    let unnamed = PNGFile(ramp(1, 1, .grey), texts: [PNGText("", "x")])
    #expect(throws: PNGError(.invalidKeyword, "")) { try unnamed.encoded() }
  }

  @Test("Enlarging repeats pixels, and alpha is laid over white")
  func pixels() {
    let image = Image(width: 2, height: 1, channels: .grey, samples: [3, 9])
    #expect(image.enlarged(by: 2).samples == [3, 3, 9, 9, 3, 3, 9, 9])
    let half = Image(width: 1, height: 1, channels: .rgba, samples: [0, 100, 255, 51])
    #expect(half.rgb.samples == [204, 224, 255])
  }

  private func bytes(_ hexadecimal: String) -> [UInt8] {
    stride(from: 0, to: hexadecimal.count, by: 2).compactMap { position in
      UInt8(hexadecimal.dropFirst(position).prefix(2), radix: 16)
    }
  }

  /// Written by Pillow 13.0: 3 × 2 colours 0, 10, … 170; indices 1, 0 into red, blue; two greys
  /// with alpha; 16-bit 0 and 65535.
  private enum Recorded {
    static let rgb = """
      89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000000b744558745469746c\
      650068656c6c6f0c0eefcb00000018695458744465736372697074696f6e0000000000ceb5203d20302e3368a8\
      24dc0000001749444154789c6364e01291939393939363898a8a82b00016bc029a872eb38c0000000049454e44\
      ae426082
      """
    static let palette = """
      89504e470d0a1a0a0000000d4948445200000002000000010103000000ceecedc900000006504c5445ff000000\
      00ff6ca1fd8e0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082
      """
    static let greyAndAlpha = """
      89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d49444154789c63e0\
      fa7fa20100053a0252f1b0ca320000000049454e44ae426082
      """
    static let sixteenBit = """
      89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d49444154789c6360\
      60f8ff1f00030201ffe6770bae0000000049454e44ae426082
      """
  }
}

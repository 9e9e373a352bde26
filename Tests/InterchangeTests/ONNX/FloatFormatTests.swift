import Execution
import Foundation
import Programs
import Tensors
import Testing

@testable import Interchange

@Suite("Numbers in narrow floating-point formats")
struct FloatFormatTests {
  /// A format, its smallest number, its largest with the number of its code, and an ulp beyond.
  struct Format: CustomTestStringConvertible {
    let type: ONNXElementType
    let smallest: Double
    let largest: Double
    let largestCode: Int
    /// Where the next number would be, were there one.
    let beyond: Double
    var testDescription: String { "\(type)" }
  }

  /// The figures of the papers' tables (arXiv:2209.05433 table 1, 2206.02915 table 2, 2310.10537
  /// table 1) and of IEEE 754.
  static let formats = [
    Format(
      type: .float16, smallest: 0x1p-24, largest: 65504, largestCode: 0x7BFF, beyond: 65536),
    Format(
      type: .bfloat16, smallest: 0x1p-133, largest: 0x1.FEp127, largestCode: 0x7F7F,
      beyond: 0x1p128),
    Format(type: .float8e4m3fn, smallest: 0x1p-9, largest: 448, largestCode: 0x7E, beyond: 480),
    Format(
      type: .float8e4m3fnuz, smallest: 0x1p-10, largest: 240, largestCode: 0x7F, beyond: 256),
    Format(
      type: .float8e5m2, smallest: 0x1p-16, largest: 57344, largestCode: 0x7B, beyond: 65536),
    Format(
      type: .float8e5m2fnuz, smallest: 0x1p-17, largest: 57344, largestCode: 0x7F, beyond: 65536),
    Format(type: .float4e2m1, smallest: 0.5, largest: 6, largestCode: 7, beyond: 8),
  ]

  /// The numbers of a format from 0 on by repeated addition: beyond those of the first exponent and
  /// as many before them, neighbours are twice as far apart whenever an exponent is used up.
  private static func numbers(_ format: Format) throws -> [Double] {
    let perExponent = 1 << (try #require(format.type.floatFormat)).mantissaBits
    var result = [0.0]
    var step = format.smallest
    for code in 1...format.largestCode {
      if code > 2 * perExponent, code % perExponent == 1 { step *= 2 }
      result.append(result[code - 1] + step)
    }
    return result
  }

  private static func cast(
    _ numbers: [Float], to type: ONNXElementType, saturates: Bool = true
  ) throws -> [Float] {
    let sketch = OperatorSketch(
      "Cast", opset: 24, [.input(.float, [numbers.count])],
      ["to": .int(Int(type.rawValue)), "saturate": .int(saturates ? 1 : 0)])
    return try sketch.results([Tensor(numbers)])[0].floats
  }

  @Test("every number stays, and halfway between two the even one is taken", arguments: formats)
  func rounding(_ format: Format) throws {
    let numbers = try Self.numbers(format)
    #expect(numbers.last == format.largest)
    var (inputs, expected): ([Float], [Float]) = ([], [])
    func add(_ input: Float, _ result: Double) {
      inputs += [input, -input]
      expected += [Float(result), Float(-result)]
    }
    for (code, number) in numbers.enumerated() {
      add(Float(number), number)
      guard code + 1 < numbers.count else { break }
      let next = numbers[code + 1]
      let middle = Float((number + next) / 2)
      add(middle, code % 2 == 0 ? number : next)
      add(middle.nextDown, number)
      add(middle.nextUp, next)
    }
    let results = try Self.cast(inputs, to: format.type)
    let wrong = results.indices.filter { results[$0] != expected[$0] }
    #expect(
      wrong.isEmpty,
      "\(wrong.prefix(4).map { "\(inputs[$0]): \(results[$0]), expected \(expected[$0])" })")
  }

  @Test("beyond the largest number there is infinity, NaN, or the largest", arguments: formats)
  func overflow(_ format: Format) throws {
    let largest = Float(format.largest)
    let middle = Float((format.largest + format.beyond) / 2)
    let inputs: [Float] = [middle.nextDown, middle.nextUp, -middle.nextUp, .infinity, .nan]
    let saturated = try Self.cast(inputs, to: format.type)
    let open = try Self.cast(inputs, to: format.type, saturates: false)
    switch format.type {
    case .float16, .bfloat16:
      #expect(saturated[..<4] == [largest, .infinity, -.infinity, .infinity])
      #expect(open[..<4] == saturated[..<4])
    case .float8e5m2:
      #expect(saturated[..<4] == [largest, largest, -largest, largest])
      #expect(open[..<4] == [largest, .infinity, -.infinity, .infinity])
    case .float4e2m1:
      #expect(saturated == [6, 6, -6, 6, 0])
      #expect(open == saturated)
    default:
      #expect(saturated[..<4] == [largest, largest, -largest, largest])
      #expect(open[0] == largest && open[1...].allSatisfy(\.isNaN))
    }
    if format.type != .float4e2m1 { #expect(saturated[4].isNaN && open[4].isNaN) }
  }

  @Test("codes of at most eight bits are read", arguments: formats.dropFirst(2))
  func codes(_ format: Format) throws {
    let numbers = try Self.numbers(format).map { Float($0) }
    let read = (0...format.largestCode).map { format.type.number(UInt8($0)) }
    #expect(read == numbers)
    let sign = format.type == .float4e2m1 ? 8 : 128
    let negative = (1...format.largestCode).map { format.type.number(UInt8($0 + sign)) }
    #expect(negative == numbers.dropFirst().map { -$0 })
  }

  @Test("codes that are no finite number are read as such")
  func specials() throws {
    func number(_ type: ONNXElementType, _ code: UInt8) -> Float { type.number(code) ?? 0 }
    #expect(number(.float8e5m2, 0x7C) == .infinity && number(.float8e5m2, 0xFC) == -.infinity)
    #expect(number(.float8e5m2, 0x7D).isNaN && number(.float8e4m3fn, 0x7F).isNaN)
    #expect(number(.float8e4m3fn, 0xFF).isNaN && number(.float8e4m3fnuz, 0x80).isNaN)
    #expect(number(.float8e5m2fnuz, 0x80).isNaN && number(.float8e8m0, 255).isNaN)
    #expect(number(.float8e8m0, 0) == 0x1p-127 && number(.float8e8m0, 127) == 1)
  }

  @Test("raw data of eight and four bits are read")
  func rawData() throws {
    var message = ONNXTensor()
    message.dims = [3]
    message.dataType = ONNXElementType.float8e4m3fn.rawValue
    message.rawData = Data([0x38, 0xC0, 0x7E])
    guard case .numbers(let bytes, _) = try message.contents(ExternalData(folder: nil)) else {
      Issue.record("no numbers")
      return
    }
    #expect(bytes.floats == [1, -2, 448])
    message.dataType = ONNXElementType.float4e2m1.rawValue
    message.rawData = Data([0x72, 0x0F])
    guard case .numbers(let halves, _) = try message.contents(ExternalData(folder: nil)) else {
      Issue.record("no numbers")
      return
    }
    #expect(halves.floats == [1, 6, -6])
  }

  @Test("the derivative of a cast is that of the identity in the format's range, 0 beyond")
  func derivative() throws {
    let sketch = OperatorSketch(
      "Cast", opset: 19, [.input(.float, [4])],
      ["to": .int(Int(ONNXElementType.float8e4m3fn.rawValue))])
    let gradient = try ReferenceBackend().compile(try sketch.program().differentiated())
    let x = Tensor([0.3, -1000, 440, .infinity] as [Float])
    let result = try gradient([x, Tensor([1, 2, 3, 4] as [Float])])
    #expect(result[1].floats == [1, 0, 3, 0])
  }

  @Test("scales are powers of two")
  func scales() throws {
    func cast(_ mode: String, saturates: Bool, _ numbers: [Float]) throws -> [Float] {
      let sketch = OperatorSketch(
        "Cast", opset: 24, [.input(.float, [numbers.count])],
        [
          "to": .int(Int(ONNXElementType.float8e8m0.rawValue)), "round_mode": .string(mode),
          "saturate": .int(saturates ? 1 : 0),
        ])
      return try sketch.results([Tensor(numbers)])[0].floats
    }
    let numbers: [Float] = [1, 1.25, 1.5, 1.75, 2, 0x1.fffffep-3, 3]
    #expect(try cast("up", saturates: true, numbers) == [1, 2, 2, 2, 2, 0.25, 4])
    #expect(try cast("down", saturates: true, numbers) == [1, 1, 1, 1, 2, 0.125, 2])
    #expect(try cast("nearest", saturates: true, numbers) == [1, 1, 2, 2, 2, 0.25, 4])
    let edges: [Float] = [0, .infinity, 0x1.8p127]
    #expect(try cast("up", saturates: true, edges) == [0x1p-127, 0x1p127, 0x1p127])
    #expect(try cast("nearest", saturates: false, edges).allSatisfy(\.isNaN))
  }
}

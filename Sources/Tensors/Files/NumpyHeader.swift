/// What stands before the elements of a `.npy` file.
///
/// - Source: NumPy enhancement proposal 1, and `numpy.lib.format` for versions 2 and 3.
struct NumpyHeader: Hashable, Sendable {
  var element: NumpyElement
  var isFortranOrder: Bool
  var shape: [Int]

  /// No header of a numeric array comes near this; a longer one is not read into memory.
  private static let longest = 1 << 16

  init(reading source: any ByteSource) throws {
    var prefix = [UInt8](repeating: 0, count: 8)
    let got = try prefix.withUnsafeMutableBytes { try source.fill($0) }
    guard got == 8, prefix.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw source.place.error(.notAnArray)
    }
    guard (1...3).contains(prefix[6]) else {
      throw source.place.error(.unsupportedVersion(Int(prefix[6])))
    }
    let sizeBytes = try source.bytes(prefix[6] == 1 ? 2 : 4)
    let length = sizeBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.longest else {
      throw source.place.error(.badHeader("it is \(length) bytes long"))
    }
    var parser = PythonLiteralParser(try source.bytes(length))
    guard case .dictionary(let fields) = parser.parse() else {
      throw source.place.error(.badHeader("it is not a Python dictionary"))
    }
    try self.init(fields, place: source.place)
  }

  private init(_ fields: [String: PythonLiteral], place: FilePlace) throws {
    guard case .text(let description) = fields["descr"] else {
      if fields["descr"] == nil { throw place.error(.badHeader("'descr' is missing")) }
      throw place.error(.unsupportedType("record"))
    }
    guard let element = NumpyElement(description) else {
      throw place.error(.unsupportedType(description))
    }
    guard case .bool(let isFortranOrder) = fields["fortran_order"] else {
      throw place.error(.badHeader("'fortran_order' is missing"))
    }
    guard case .tuple(let dimensions) = fields["shape"] else {
      throw place.error(.badHeader("'shape' is missing"))
    }
    self.element = element
    self.isFortranOrder = isFortranOrder
    shape = try dimensions.map { dimension in
      guard case .number(let number) = dimension, number >= 0 else {
        throw place.error(.badHeader("'shape' holds something that is not a length"))
      }
      return number
    }
  }

  /// The bytes of the elements, nil if no memory can hold them, stored or as a tensor.
  var byteCount: Int? {
    // Eight bytes an element, so that the tensor's own size cannot overflow either. A zero does
    // not excuse the other dimensions, because parts of a shape are multiplied as well.
    var total = 8
    for dimension in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: max(dimension, 1))
      guard !overflow else { return nil }
      total = product
    }
    return shape.contains(0) ? 0 : total / 8 * element.byteCount
  }

  /// The header of a tensor, padded so that its elements begin at a multiple of 64 bytes.
  static func bytes(elementType: ElementType, shape: [Int]) -> [UInt8] {
    let list = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let type = NumpyElement.description(of: elementType)
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(list)), }".utf8)
    let unpadded = 10 + text.count + 1
    text += [UInt8](repeating: UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
    text.append(UInt8(ascii: "\n"))
    var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(littleEndian: UInt16(text.count))
    return bytes + text
  }
}

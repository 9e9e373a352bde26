import Tensors

/// The type of an attribute's or a data set's elements.
enum HDF5Type: Hashable {
  /// IEEE 754 of two, four or eight bytes.
  case float(size: Int, isBigEndian: Bool)
  /// The upper half of a float of four bytes.
  case brainFloat
  case integer(size: Int, isSigned: Bool, isBigEndian: Bool)
  case fixedText(size: Int)
  /// Text of any length, which lies elsewhere in the file.
  case text
  case other(size: Int)

  /// - Throws: `InterchangeError.Fact` if the file is cut off.
  init(_ cursor: inout HDF5Cursor) throws {
    let kind = try cursor.number(1) & 15
    let bits = try cursor.number(3)
    let size = try cursor.number(4)
    let isBigEndian = bits & 1 != 0
    switch kind {
    case 0 where [1, 2, 4, 8].contains(size):
      self = .integer(size: size, isSigned: bits & 8 != 0, isBigEndian: isBigEndian)
    case 1:
      try cursor.skip(4)
      let layout = try [cursor.number(1), cursor.number(1), cursor.number(1), cursor.number(1)]
      let bias = try cursor.number(4)
      switch (size, layout, bias) {
      case (2, [10, 5, 0, 10], 15), (4, [23, 8, 0, 23], 127), (8, [52, 11, 0, 52], 1023):
        self = .float(size: size, isBigEndian: isBigEndian)
      case (2, [7, 8, 0, 7], 127) where !isBigEndian: self = .brainFloat
      default: self = .other(size: size)
      }
    case 3: self = .fixedText(size: size)
    // Keras writes bfloat16 as bytes without meaning.
    case 5 where size == 2: self = .brainFloat
    case 9 where bits & 15 == 1: self = .text
    default: self = .other(size: size)
    }
  }

  var size: Int {
    switch self {
    case .float(let size, _), .integer(let size, _, _), .fixedText(let size), .other(let size):
      size
    case .brainFloat: 2
    case .text: 16
    }
  }

  /// The type of tensors that loses nothing; nil if these are no numbers.
  var elementType: ElementType? {
    switch self {
    case .float(let size, _): size > 4 ? .float64 : .float32
    case .brainFloat: .float32
    case .integer(1, false, _): .uint8
    case .integer(let size, let isSigned, _):
      size < 4 || (size == 4 && isSigned) ? .int32 : .int64
    case .fixedText, .text, .other: nil
    }
  }
}

/// The dimensions of an attribute or a data set.
struct HDF5Space {
  let shape: Shape
  /// The number of elements.
  let count: Int

  /// - Throws: `InterchangeError.Fact` if there is no such shape.
  init(_ cursor: inout HDF5Cursor) throws {
    let version = try cursor.number(1)
    let rank = try cursor.number(1)
    try cursor.skip(1)
    let kind = try cursor.number(1)
    guard (1...2).contains(version), rank <= 32, version == 1 || kind < 2 else {
      throw HDF5File.damaged("an object has no shape")
    }
    if version == 1 { try cursor.skip(4) }
    let dimensions = try (0..<rank).map { _ in try cursor.number(8) }
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw HDF5File.damaged("no memory holds the shape \(dimensions)") }
      count = product
    }
    shape = Shape(dimensions)
    self.count = count
  }
}

import Foundation
import Tensors

/// The numbers of a tensor message or of a checkpoint's entry.
struct TensorFlowNumbers: Sendable {
  /// All elements, or a single one that fills the shape.
  let tensor: Tensor
  let shape: Shape
}

extension TensorFlowTensorShapeProto {
  /// The dimensions, checked for their product.
  ///
  /// - Throws: `InterchangeError.Fact` if they are not all known or cannot be counted.
  func checkedShape(_ label: String) throws -> Shape {
    var count = 1
    for size in dim.map(\.size) {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(size))
      guard !unknownRank, size >= 0, size < 1 << 48, !overflow, product < 1 << 56 else {
        throw InterchangeError.Fact.damaged(
          format: "TensorFlow", "\(label) has the impossible shape \(dim.map(\.size))")
      }
      // A dimension of 0 must not hide that the others overflow.
      count = max(product, 1)
    }
    return Shape(dim.map { Int($0.size) })
  }
}

extension TensorFlowTensorProto {
  /// More elements are not written out where a file repeats its last one.
  private static let largestFilling = 1 << 24

  /// Reads the tensor; no more memory is taken than its data have, or than a small filling needs.
  ///
  /// - Returns: The numbers, or nil if they are of a kind that Assay does not compute.
  /// - Throws: `InterchangeError.Fact` naming the tensor.
  func numbers(_ label: String) throws -> TensorFlowNumbers? {
    let shape = try tensorShape.checkedShape(label)
    guard let type = TensorFlowType(rawValue: dtype), type.representation != nil else { return nil }
    if !tensorContent.isEmpty {
      return TensorFlowNumbers(
        tensor: try Tensor(littleEndian: tensorContent, type, shape, label), shape: shape)
    }
    let given = typedNumbers(type)
    if given.count == shape.count {
      return TensorFlowNumbers(tensor: given.reshaped(to: shape), shape: shape)
    }
    guard given.count < shape.count else {
      throw InterchangeError.Fact.damaged(
        format: "TensorFlow", "\(label) has \(given.count) elements, but its shape is \(shape)")
    }
    if given.count == 1 { return TensorFlowNumbers(tensor: given.reshaped(to: []), shape: shape) }
    if given.count == 0 {
      return TensorFlowNumbers(
        tensor: Tensor(zeros: [], elementType: given.elementType), shape: shape)
    }
    guard shape.count <= Self.largestFilling else {
      throw InterchangeError.Fact.damaged(
        format: "TensorFlow",
        "\(label) writes \(given.count) elements, and repeats the last to fill \(shape)")
    }
    let places = (0..<shape.count).map { min($0, given.count - 1) }
    return TensorFlowNumbers(tensor: given.rows(places).reshaped(to: shape), shape: shape)
  }

  /// The elements of the typed fields, which one depends on the type.
  private func typedNumbers(_ type: TensorFlowType) -> Tensor {
    switch type {
    case .float: Tensor(floatVal)
    case .double: Tensor(doubleVal)
    case .int64: Tensor(int64Val)
    case .bool: Tensor(boolVal)
    case .uint8: Tensor(intVal.map { UInt8(truncatingIfNeeded: $0) })
    case .uint32: Tensor(uint32Val.map { Int64($0) })
    case .uint64: Tensor(uint64Val.map { Int64(truncatingIfNeeded: $0) })
    case .half:
      Tensor(halfVal.map { HalfPrecision.float(binary16: UInt16(truncatingIfNeeded: $0)) })
    case .bfloat16:
      Tensor(halfVal.map { HalfPrecision.float(bfloat16: UInt16(truncatingIfNeeded: $0)) })
    default: Tensor(intVal.map { Int64($0) })
    }
  }
}

extension Tensor {
  /// The elements of little-endian bytes.
  ///
  /// - Throws: `InterchangeError.Fact` naming the tensor if the bytes are not as many as its shape
  ///   needs, or are no numbers.
  init(
    littleEndian bytes: Data, _ type: TensorFlowType, _ shape: Shape, _ label: String
  ) throws {
    guard let size = type.byteCount, let representation = type.representation else {
      throw InterchangeError.Fact.damaged(
        format: "TensorFlow", "\(label) has elements of type \(type)")
    }
    guard bytes.count % size == 0, bytes.count / size == shape.count else {
      throw InterchangeError.Fact.damaged(
        format: "TensorFlow",
        "\(label) has \(bytes.count) bytes, but its shape \(shape) needs \(shape.count * size)")
    }
    func widened<Stored: FixedWidthInteger>(_ stored: Stored.Type) -> Tensor {
      bytes.withUnsafeBytes { source in
        Tensor(
          (0..<shape.count).map { index -> Int64 in
            let value = source.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
            return Int64(truncatingIfNeeded: Stored(littleEndian: value))
          }, shape: shape)
      }
    }
    switch type {
    case .half:
      self = Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(binary16:)), shape: shape)
    case .bfloat16:
      self = Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(bfloat16:)), shape: shape)
    case .int8: self = widened(Int8.self)
    case .int16: self = widened(Int16.self)
    case .uint16: self = widened(UInt16.self)
    case .int32: self = widened(Int32.self)
    case .uint32: self = widened(UInt32.self)
    case .uint64: self = widened(UInt64.self)
    default: self.init(bytes: bytes, shape: shape, elementType: representation)
    }
  }
}

import Foundation
import Tensors

/// The contents of a tensor message: numbers in a type that Assay has, or texts.
enum ONNXTensorContents: Sendable {
  case numbers(Tensor, ONNXElementType)
  case texts([String], shape: Shape)
  /// A tensor that can be read, but whose numbers Assay has no type for.
  case unsupported(String)
}

extension ONNXTensor {
  /// What errors call the tensor.
  var label: String { name.isEmpty ? "without a name" : "'\(name)'" }

  /// The tensor's dimensions, checked for their product.
  ///
  /// - Throws: `InterchangeError.Fact` if a dimension is negative or the elements cannot be counted.
  func checkedShape() throws -> Shape {
    var count = 1
    for dimension in dims {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(dimension))
      guard dimension >= 0, dimension < 1 << 48, !overflow, product < 1 << 56 else {
        throw damaged("has the impossible shape \(dims)")
      }
      // A dimension of 0 must not hide that the others overflow.
      count = dimension == 0 ? count : product
    }
    return Shape(dims.map(Int.init))
  }

  /// Reads the tensor; no more memory is taken than its data have.
  ///
  /// - Parameter external: Reads data that lie in other files.
  /// - Returns: What the tensor holds.
  /// - Throws: `InterchangeError.Fact` naming the tensor.
  func contents(_ external: ExternalData) throws -> ONNXTensorContents {
    let shape = try checkedShape()
    guard let type = ONNXElementType(rawValue: dataType) else {
      return .unsupported("tensor \(label) has elements of \(ONNXElementType.name(dataType))")
    }
    if type == .string {
      guard stringData.count == shape.count else { throw wrongCount(stringData.count, shape) }
      return .texts(stringData.map { String(decoding: $0, as: UTF8.self) }, shape: shape)
    }
    guard type.representation != nil else {
      return .unsupported("tensor \(label) has elements of type \(type)")
    }
    if dataLocation == 1 {
      let bytes = try external.bytes(of: self, type: type, count: shape.count)
      return .numbers(try numbers(in: bytes, type, shape), type)
    }
    if !rawData.isEmpty || shape.count == 0 {
      return .numbers(try numbers(in: rawData, type, shape), type)
    }
    return .numbers(try typedNumbers(type, shape), type)
  }

  /// The elements of little-endian bytes.
  private func numbers(in bytes: Data, _ type: ONNXElementType, _ shape: Shape) throws -> Tensor {
    guard let size = type.byteCount else { return try unpacked([UInt8](bytes), type, shape) }
    guard bytes.count % size == 0, bytes.count / size == shape.count else {
      throw damaged("has \(bytes.count) bytes, but its shape \(shape) needs \(shape.count * size)")
    }
    func widened<Stored: FixedWidthInteger, Wide: TensorScalar & FixedWidthInteger>(
      _ stored: Stored.Type, _ wide: Wide.Type
    ) -> Tensor {
      bytes.withUnsafeBytes { source in
        Tensor(
          (0..<shape.count).map { index -> Wide in
            let value = source.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
            return Wide(truncatingIfNeeded: Stored(littleEndian: value))
          }, shape: shape)
      }
    }
    switch type {
    case .float16:
      return Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(binary16:)), shape: shape)
    case .bfloat16:
      return Tensor(HalfPrecision.words(bytes).map(HalfPrecision.float(bfloat16:)), shape: shape)
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
      return Tensor(bytes.map { type.number($0) ?? .nan }, shape: shape)
    case .int8: return widened(Int8.self, Int32.self)
    case .int16: return widened(Int16.self, Int32.self)
    case .uint16: return widened(UInt16.self, Int32.self)
    case .uint32: return widened(UInt32.self, Int64.self)
    case .uint64: return widened(UInt64.self, Int64.self)
    default:
      return Tensor(bytes: bytes, shape: shape, elementType: type.representation ?? .float32)
    }
  }

  /// The elements of the typed fields, which one depends on the type.
  private func typedNumbers(_ type: ONNXElementType, _ shape: Shape) throws -> Tensor {
    func check(_ count: Int) throws {
      guard count == shape.count else { throw wrongCount(count, shape) }
    }
    switch type {
    case .float:
      try check(floatData.count)
      return Tensor(floatData, shape: shape)
    case .double:
      try check(doubleData.count)
      return Tensor(doubleData, shape: shape)
    case .int64:
      try check(int64Data.count)
      return Tensor(int64Data, shape: shape)
    case .uint32, .uint64:
      try check(uint64Data.count)
      return Tensor(uint64Data.map { Int64(truncatingIfNeeded: $0) }, shape: shape)
    case .int4, .uint4, .int2, .uint2, .float4e2m1:
      return try unpacked(int32Data.map { UInt8(truncatingIfNeeded: $0) }, type, shape)
    default: break
    }
    try check(int32Data.count)
    switch type {
    case .float16:
      return Tensor(
        int32Data.map { HalfPrecision.float(binary16: UInt16(truncatingIfNeeded: $0)) },
        shape: shape)
    case .bfloat16:
      return Tensor(
        int32Data.map { HalfPrecision.float(bfloat16: UInt16(truncatingIfNeeded: $0)) },
        shape: shape)
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
      return Tensor(
        int32Data.map { type.number(UInt8(truncatingIfNeeded: $0)) ?? .nan }, shape: shape)
    case .bool: return Tensor(int32Data.map { $0 != 0 }, shape: shape)
    case .uint8:
      return Tensor(int32Data.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
    default: return Tensor(int32Data, shape: shape)
    }
  }

  /// Numbers of two or four bits, the first in the lowest bits of each byte.
  private func unpacked(
    _ bytes: [UInt8], _ type: ONNXElementType, _ shape: Shape
  ) throws -> Tensor {
    let bits = type == .int2 || type == .uint2 ? 2 : 4
    let perByte = 8 / bits
    guard bytes.count == (shape.count + perByte - 1) / perByte else {
      throw wrongCount(bytes.count * perByte, shape)
    }
    let isSigned = type == .int4 || type == .int2
    let mask = Int32(1) << bits - 1
    let codes = (0..<shape.count).map { index in
      Int32(bytes[index / perByte]) >> (index % perByte * bits) & mask
    }
    if type == .float4e2m1 {
      return Tensor(codes.map { FloatFormat.e2m1.number(UInt8($0)) }, shape: shape)
    }
    return Tensor(
      codes.map { isSigned && $0 > mask / 2 ? $0 - mask - 1 : $0 }, shape: shape)
  }

  private func wrongCount(_ count: Int, _ shape: Shape) -> InterchangeError.Fact {
    damaged("has \(count) elements, but its shape is \(shape)")
  }

  func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "ONNX", "tensor \(label) \(reason)")
  }
}

import CHDF5
import Foundation
import Tensors

extension HDF5File {
  /// The numbers of a data set: floats of two bytes become float32, whole numbers the nearest type
  /// that loses nothing.
  ///
  /// - Throws: `InterchangeError.Fact`, before memory is taken for numbers that are not there.
  func tensor(_ path: String) throws -> Tensor {
    try HDF5Library.exclusively {
      guard let dataset = try open(path) else {
        throw HDF5Library.damaged("there is no data set '\(path)'")
      }
      defer { H5Oclose(dataset) }
      guard H5Iget_type(dataset) == H5I_DATASET else {
        throw HDF5Library.damaged("'\(path)' is no data set")
      }
      let type = try HDF5Library.check(H5Dget_type(dataset), "'\(path)' has no type")
      defer { H5Tclose(type) }
      let shape = try shape(of: dataset, path)
      try checkStorage(of: dataset, shape, elementSize: H5Tget_size(type), path)
      if H5Tget_size(type) == 2, H5Tget_class(type) == H5T_OPAQUE {
        return try brainFloats(dataset, type, shape, path)
      }
      return try numbers(dataset, type, shape, path)
    }
  }

  private func shape(of dataset: hid_t, _ path: String) throws -> Shape {
    let space = try HDF5Library.check(H5Dget_space(dataset), "'\(path)' has no shape")
    defer { H5Sclose(space) }
    let rank = Int(H5Sget_simple_extent_ndims(space))
    guard (0...32).contains(rank), H5Sget_simple_extent_type(space) != H5S_NULL else {
      throw HDF5Library.damaged("'\(path)' has no shape")
    }
    var dimensions = [hsize_t](repeating: 0, count: rank)
    guard rank == 0 || H5Sget_simple_extent_dims(space, &dimensions, nil) >= 0,
      let sizes = dimensions.map({ Int(exactly: $0) }) as? [Int]
    else { throw HDF5Library.damaged("'\(path)' has no shape") }
    return Shape(sizes)
  }

  /// Checks that the file is long enough for the elements, and that it holds them itself.
  private func checkStorage(
    of dataset: hid_t, _ shape: Shape, elementSize: Int, _ path: String
  ) throws {
    var total = elementSize
    for dimension in shape.dimensions {
      let (product, overflow) = total.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw tooLarge(path, shape) }
      total = product
    }
    let settings = try HDF5Library.check(
      H5Dget_create_plist(dataset), "'\(path)' cannot be read")
    defer { H5Pclose(settings) }
    let layout = H5Pget_layout(settings)
    guard H5Pget_external_count(settings) == 0, layout != H5D_VIRTUAL else {
      throw HDF5Library.unsupported("the numbers of '\(path)' lie in other files")
    }
    let stored = Int(clamping: H5Dget_storage_size(dataset))
    let isCompressed = layout == H5D_CHUNKED && H5Pget_nfilters(settings) > 0
    // Deflate, the usual filter, expands at most 1032 times.
    let limit = stored.multipliedReportingOverflow(by: isCompressed ? 1032 : 1).partialValue
    guard stored <= byteCount, total <= limit else { throw tooLarge(path, shape) }
    guard layout == H5D_CHUNKED else { return }
    var chunk = [hsize_t](repeating: 0, count: max(shape.rank, 1))
    let rank = Int(H5Pget_chunk(settings, Int32(chunk.count), &chunk))
    let chunkSize = chunk.reduce(Double(elementSize)) { $0 * Double($1) }
    guard rank == shape.rank, chunkSize <= 1032 * Double(byteCount) else {
      throw tooLarge(path, shape)
    }
  }

  private func tooLarge(_ path: String, _ shape: Shape) -> InterchangeError.Fact {
    HDF5Library.damaged("the file is too short for the data set '\(path)' of shape \(shape)")
  }

  private func numbers(
    _ dataset: hid_t, _ type: hid_t, _ shape: Shape, _ path: String
  ) throws -> Tensor {
    let size = H5Tget_size(type)
    let elementType: ElementType
    switch H5Tget_class(type) {
    case H5T_FLOAT where size <= 8: elementType = size > 4 ? .float64 : .float32
    case H5T_INTEGER where size <= 8:
      let isSigned = H5Tget_sign(type) == H5T_SGN_2
      if size == 1, !isSigned {
        elementType = .uint8
      } else {
        elementType = size < 4 || (size == 4 && isSigned) ? .int32 : .int64
      }
    default:
      throw HDF5Library.unsupported("the data set '\(path)' does not hold numbers of a known type")
    }
    let result = Tensor(zeros: shape, elementType: elementType)
    guard shape.count > 0 else { return result }
    guard
      H5Dread(dataset, elementType.native, 0, 0, 0, result.storage.pointer) >= 0
    else { throw HDF5Library.damaged("the data set '\(path)' is cut off or damaged") }
    return result
  }

  /// Floats of two bytes as Keras writes bfloat16, for which HDF5 has no type.
  private func brainFloats(
    _ dataset: hid_t, _ type: hid_t, _ shape: Shape, _ path: String
  ) throws -> Tensor {
    var bytes = Data(count: 2 * shape.count)
    let status = bytes.withUnsafeMutableBytes { H5Dread(dataset, type, 0, 0, 0, $0.baseAddress) }
    guard status >= 0 else {
      throw HDF5Library.damaged("the data set '\(path)' is cut off or damaged")
    }
    return Tensor(
      HalfPrecision.words(bytes).map(HalfPrecision.float(bfloat16:)), shape: shape)
  }
}

extension ElementType {
  /// The library's name of the type in memory.
  fileprivate var native: hid_t {
    switch self {
    case .float32: CHDF5NativeFloat()
    case .float64: CHDF5NativeDouble()
    case .int64: CHDF5NativeInt64()
    case .int32: CHDF5NativeInt32()
    case .uint8, .bool: CHDF5NativeUInt8()
    }
  }
}

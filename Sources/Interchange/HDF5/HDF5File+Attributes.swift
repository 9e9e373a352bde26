import CHDF5
import Foundation

extension HDF5File {
  /// More values than an attribute has; long lists are spread over several attributes.
  private static let largestCount = 65_536

  /// The text of an attribute: a scalar is a list of one; nil if there is no such attribute.
  ///
  /// - Throws: `InterchangeError.Fact` if it is damaged or not text.
  func strings(_ name: String, of path: String) throws -> [String]? {
    try attribute(name, of: path) { attribute, type, count in
      guard H5Tget_class(type) == H5T_STRING else {
        throw HDF5Library.damaged("the attribute '\(name)' of '\(path)' is not text")
      }
      return H5Tis_variable_str(type) > 0
        ? try variableStrings(attribute, type, count) : try fixedStrings(attribute, type, count)
    }
  }

  /// The whole numbers of an attribute; nil if there is no such attribute.
  ///
  /// - Throws: `InterchangeError.Fact` if it is damaged or of another kind.
  func integers(_ name: String, of path: String) throws -> [Int]? {
    try attribute(name, of: path) { attribute, type, count in
      guard H5Tget_class(type) == H5T_INTEGER else {
        throw HDF5Library.damaged("the attribute '\(name)' of '\(path)' is no whole number")
      }
      var numbers = [Int64](repeating: 0, count: count)
      guard H5Aread(attribute, CHDF5NativeInt64(), &numbers) >= 0 else { throw unreadable(name) }
      return numbers.map(Int.init)
    }
  }

  /// Opens an attribute and hands over its identifier, its type in memory and its size.
  private func attribute<Value>(
    _ name: String, of path: String, _ body: (hid_t, hid_t, Int) throws -> [Value]
  ) throws -> [Value]? {
    try HDF5Library.exclusively {
      guard let object = try open(path) else { return nil }
      defer { H5Oclose(object) }
      guard H5Aexists(object, name) > 0 else { return nil }
      let attribute = try HDF5Library.check(H5Aopen(object, name, 0), "'\(name)' cannot be read")
      defer { H5Aclose(attribute) }
      let stored = try HDF5Library.check(H5Aget_type(attribute), "'\(name)' has no type")
      defer { H5Tclose(stored) }
      let type = try HDF5Library.check(
        H5Tget_native_type(stored, H5T_DIR_ASCEND), "'\(name)' has no type")
      defer { H5Tclose(type) }
      let space = try HDF5Library.check(H5Aget_space(attribute), "'\(name)' has no size")
      defer { H5Sclose(space) }
      let count = Int(H5Sget_simple_extent_npoints(space))
      guard H5Aget_storage_size(attribute) <= byteCount,
        (0...min(byteCount, Self.largestCount)).contains(count)
      else { throw unreadable(name) }
      return count == 0 ? [] : try body(attribute, type, count)
    }
  }

  private func fixedStrings(_ attribute: hid_t, _ type: hid_t, _ count: Int) throws -> [String] {
    let length = H5Tget_size(type)
    let (total, overflow) = length.multipliedReportingOverflow(by: count)
    guard length > 0, !overflow, total <= byteCount else { throw unreadable("text") }
    var bytes = [UInt8](repeating: 0, count: total)
    guard H5Aread(attribute, type, &bytes) >= 0 else { throw unreadable("text") }
    return (0..<count).map { index in
      let text = bytes[index * length..<(index + 1) * length]
      return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Strings of any length, for which the library takes memory that is given back.
  private func variableStrings(
    _ attribute: hid_t, _ type: hid_t, _ count: Int
  ) throws -> [String] {
    let space = try HDF5Library.check(H5Aget_space(attribute), "text has no size")
    defer { H5Sclose(space) }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    guard H5Aread(attribute, type, &pointers) >= 0 else { throw unreadable("text") }
    defer { H5Dvlen_reclaim(type, space, 0, &pointers) }
    return pointers.map { $0.map { String(cString: $0) } ?? "" }
  }

  private func unreadable(_ name: String) -> InterchangeError.Fact {
    HDF5Library.damaged("the attribute '\(name)' cannot be read")
  }
}

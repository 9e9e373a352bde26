package import Foundation

extension Data {
  /// The bytes that the fuzzer hands over; it gives no address for none.
  package init(bytes start: UnsafePointer<UInt8>?, count: Int) {
    self = start.map { Data(bytes: UnsafeRawPointer($0), count: count) } ?? Data()
  }
}

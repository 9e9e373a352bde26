import CHDF5
import Foundation

/// The HDF5 library, which is not safe for threads: one caller at a time.
enum HDF5Library {
  private static let lock = NSLock()

  /// Set up once: no code is loaded because a file asks for it.
  private static let isReady = H5open() >= 0 && H5PLset_loading_state(0) >= 0

  /// Runs `body` while no one else uses the library.
  static func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
    lock.lock()
    defer { lock.unlock() }
    guard isReady else {
      throw InterchangeError.Fact.unreadable(reason: "the HDF5 library does not start")
    }
    // The library prints its errors, thread by thread, unless it is told not to.
    H5Eset_auto2(0, nil, nil)
    return try body()
  }

  /// An identifier, if the library gave one.
  static func check(_ identifier: hid_t, _ reason: @autoclosure () -> String) throws -> hid_t {
    guard identifier >= 0 else { throw damaged(reason()) }
    return identifier
  }

  static func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "HDF5", reason)
  }

  static func unsupported(_ reason: String) -> InterchangeError.Fact {
    .unsupported(format: "HDF5", [reason])
  }
}

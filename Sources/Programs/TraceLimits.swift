import Tensors

/// What a program may ask for that is traced from a file: a kilobyte can declare any size.
package struct TraceLimits: Sendable {
  /// The bytes of one value for one sample.
  package var valueBytes = 1 << 34
  /// The equations that a program may have.
  package var equationCount = 4_000_000

  package init() {}

  /// Checks a type for one sample, N being 1.
  ///
  /// - Throws: `TypeError` with what was asked for.
  func check(_ type: ValueType) throws {
    let bytes = type.shape.bound(batch: 1).count.multipliedReportingOverflow(
      by: type.elementType.byteCount)
    guard !bytes.overflow, bytes.partialValue <= valueBytes else {
      throw TypeError(
        "a value of type \(type) would take more than \(valueBytes >> 30) GiB a sample")
    }
  }

  /// Checks the number of equations before one is added.
  func check(equationCount count: Int) throws {
    guard count < equationCount else {
      throw TypeError("the network unfolds to more than \(equationCount) operations")
    }
  }
}

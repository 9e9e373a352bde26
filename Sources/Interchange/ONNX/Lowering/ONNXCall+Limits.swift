/// Files state any numbers: what is computed from them while a network is lowered stays within 64
/// bits and within memory.
extension ONNXCall {
  /// A number no further from 0 than 2⁶⁰, so that a few of them can be added: larger ones mean "as
  /// far as there is".
  static func bounded(_ number: Int) -> Int { min(max(number, -1 << 60), 1 << 60) }

  /// A real number as a whole one.
  ///
  /// - Throws: `NodeError` if it is none, or too large to compute with.
  func whole(_ number: Double) throws -> Int {
    guard number.magnitude < 0x1p53 else { throw error("\(number) is no number of elements") }
    return Int(number)
  }

  /// Counts the numbers of a table that is about to be laid out, against what all nodes may.
  ///
  /// - Throws: `NodeError` if there are too many of them.
  func requireTable(_ sizes: [Int]) throws {
    let count = try product(sizes)
    try require(count >= 0, "no tensor has \(sizes) elements")
    try require(
      lowering.countTable(count),
      "would lay out a table of \(count) numbers; Assay makes up to "
        + "\(ONNXLowering.largestTableCount) of them for all nodes together")
  }
}

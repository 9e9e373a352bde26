/// Positions spread evenly over a list.
package enum EvenSpread {
  /// ⌊i · total / count⌋ for i below count; all positions where there are no more than that.
  package static func positions(_ count: Int, of total: Int) -> [Int] {
    let count = min(count, total)
    return (0..<count).map { $0 * total / count }
  }
}

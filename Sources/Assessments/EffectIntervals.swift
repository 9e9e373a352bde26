/// The intervals of a number between which its effect is measured, about equally full.
struct EffectIntervals: Hashable, Sendable {
  /// Ascending; the first is the smallest value.
  let ends: [Double]
  /// The interval of each sample: above one end, up to the next; the first holds the smallest too.
  let members: [Int]

  /// Intervals between given ends.
  ///
  /// - Precondition: every value lies between the first and the last of at least two ends.
  init(ends: [Double], of values: [Double]) {
    self.ends = ends
    members = values.map { value in
      precondition(
        ends.count > 1 && value >= ends[0] && value <= ends[ends.count - 1],
        "expected a value between \(ends.first ?? .nan) and \(ends.last ?? .nan), got \(value)")
      return max(1, Self.firstIndex(in: ends, atLeast: value)) - 1
    }
  }

  /// Intervals that end at quantiles of the values, about ten samples or more in each.
  ///
  /// The quantiles are observed values (Hyndman and Fan 1996, type 1). Equal ones become one, and
  /// an interval with a single sample is joined to its neighbour. Nil where all values are equal.
  ///
  /// - Parameters:
  ///   - values: At least two.
  ///   - limit: There are at most so many intervals.
  init?(of values: [Double], limit: Int) {
    let sorted = values.sorted()
    let count = max(1, min(limit, values.count / 10))
    var ends = [sorted[0]]
    for index in 1...count {
      let end = sorted[(sorted.count * index + count - 1) / count - 1]
      if end > ends[ends.count - 1] { ends.append(end) }
    }
    guard ends.count > 1 else { return nil }
    self.init(ends: Self.joiningSingles(ends, of: values), of: values)
  }

  var counts: [Int] {
    members.reduce(into: Array(repeating: 0, count: ends.count - 1)) { $0[$1] += 1 }
  }

  /// The share of the samples at each end: half of each interval's at either.
  var weights: [Double] {
    let shares = counts.map { Double($0) / Double(2 * members.count) }
    return zip([0] + shares, shares + [0]).map { $0 + $1 }
  }

  private static func joiningSingles(_ ends: [Double], of values: [Double]) -> [Double] {
    var ends = ends
    while ends.count > 2,
      let single = EffectIntervals(ends: ends, of: values).counts.firstIndex(of: 1)
    {
      // The last interval gives up its lower end: the largest value must stay.
      ends.remove(at: min(single + 1, ends.count - 2))
    }
    return ends
  }

  private static func firstIndex(in sorted: [Double], atLeast value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

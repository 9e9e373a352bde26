import Tensors

extension RowDecoder {
  /// Finds the means and medians that missing values are filled with.
  ///
  /// A mean takes no memory; a median holds its column's values.
  mutating func findFillings(in rows: DelimitedReader, pending: Record?) throws {
    var rows = rows
    var record = pending ?? Record()
    var hasRow = try pending != nil || rows.next(into: &record)
    let wanted = features.indices.filter {
      features[$0].column.missing == .mean || features[$0].column.missing == .median
    }
    var statistics = wanted.map { ColumnStatistics(policy: features[$0].column.missing) }
    while hasRow {
      try checkWidth(record)
      for (place, index) in wanted.enumerated() {
        let column = layout.features[index]
        let value = try features[index].value(record, column) { error(record, column, $0) }
        if case .number(let number) = value { statistics[place].add(number) }
      }
      hasRow = try rows.next(into: &record)
    }
    for (place, index) in wanted.enumerated() {
      let column = features[index].column
      guard let value = statistics[place].value else {
        throw request.error(
          column: column.column, .noValuesToImpute(policy: column.missing.rawValue))
      }
      // A whole number must stay one.
      fillings[index] = column.feature.isDiscrete ? value.rounded() : value
    }
  }
}

/// The mean or the median of one column.
struct ColumnStatistics {
  let policy: MissingPolicy
  private var sum = 0.0
  private var count = 0
  private var values: [Double] = []

  init(policy: MissingPolicy) { self.policy = policy }

  mutating func add(_ value: Double) {
    sum += value
    count += 1
    if policy == .median { values.append(value) }
  }

  /// Nil without values; the median of an even number is the mean of the middle two.
  var value: Double? {
    guard count > 0 else { return nil }
    guard policy == .median else { return sum / Double(count) }
    let sorted = values.sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

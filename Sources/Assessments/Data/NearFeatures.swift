import Tensors

/// Rows of a table by their categories, and among those by one number.
struct NearFeatures: NearIndex {
  private let audited: [Float]
  private let training: [Float]
  private let width: Int
  /// The columns of numbers, with one over their tolerated difference.
  private let numbers: [(column: Int, scale: Double)]
  private let categories: [Int]
  private let tolerance: Double
  /// The column by which rows are sorted; nil if there is no number.
  private let key: Int?
  /// The rows of each combination of categories, by the key, and those keys.
  private let groups: [[Float]: (rows: [Int], keys: [Float])]

  init(_ audited: Tensor, _ training: Tensor, _ input: InputSpecification, tolerance: Double) {
    let features = input.features
    let (first, second) = (
      audited.converted(to: .float32).floats, training.converted(to: .float32).floats
    )
    let width = features.count
    let rows = 0..<training.shape[0]
    let space = CorruptionSpace(input, samples: training, reference: training)
    // A number that never varies in training must be the same, as a category must.
    let numbers = space.input.features.indices.filter {
      features[$0].isNumber && space.deviations[$0] > 0
    }
    let categories = features.indices.filter { !numbers.contains($0) }
    // The number of most distinct values tells rows apart best.
    let key = numbers.max { left, right in
      let counts = [left, right].map { column in
        Set(rows.map { second[$0 * width + column] }).count
      }
      return counts[0] < counts[1]
    }
    var groups: [[Float]: (rows: [Int], keys: [Float])] = [:]
    let members = Dictionary(grouping: rows) { row in
      categories.map { second[row * width + $0] }
    }
    for (combination, group) in members {
      guard let key else { continue }
      let sorted = group.sorted {
        (second[$0 * width + key], $0) < (second[$1 * width + key], $1)
      }
      groups[combination] = (sorted, sorted.map { second[$0 * width + key] })
    }
    self.audited = first
    self.training = second
    self.width = width
    self.categories = categories
    self.tolerance = tolerance
    self.numbers = numbers.map { ($0, 1 / space.deviations[$0]) }
    self.key = key
    self.groups = groups
  }

  func nearest(_ position: Int) -> (twin: Int, distance: Double)? {
    let start = position * width
    guard let key, let group = groups[categories.map { audited[start + $0] }],
      let scale = numbers.first(where: { $0.column == key })?.scale
    else { return nil }
    let value = audited[start + key]
    let reach = Float(tolerance / scale)
    var best: (twin: Int, distance: Double)?
    var place = group.keys.firstIndex(from: (value - reach).nextDown)
    while place < group.keys.count, group.keys[place] <= (value + reach).nextUp {
      let twin = group.rows[place]
      if let distance = distance(position, twin, upTo: best?.distance ?? tolerance),
        best.map({ (distance, twin) < ($0.distance, $0.twin) }) ?? true
      {
        best = (twin, distance)
      }
      place += 1
    }
    return best
  }

  /// The largest difference in standard deviations; nil if it is more than the limit.
  private func distance(_ position: Int, _ twin: Int, upTo limit: Double) -> Double? {
    var largest = 0.0
    for (column, scale) in numbers {
      let difference = audited[position * width + column] - training[twin * width + column]
      largest = max(largest, abs(Double(difference)) * scale)
      if largest > limit { return nil }
    }
    return largest
  }
}

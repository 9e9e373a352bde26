/// Samples told apart by slices and outcomes alone: whoever shares all of them shares a profile.
///
/// There are far fewer profiles than samples, and fewer outcomes still, so that the rates of a
/// resample are short sums.
struct OutcomeProfiles: Sendable {
  /// The profile of each sample.
  let profiles: [Int]
  let criteria: [GroupAssessment.Criterion]
  /// By profile: the outcome.
  private let outcomes: [Int]
  /// By partition and profile: the slice.
  private let slices: [[Int]]
  /// By outcome, by criterion: whether the criterion is defined for it, and holds, as 0 or 1.
  private let isMember: [Int]
  private let holds: [Int]

  /// Profiles have one slice of each partition and one outcome of each criterion.
  init(_ samples: GroupedOutcomes, _ partitions: [SamplePartition]) {
    let table = OutcomeTable(samples)
    var distinct = Numbering<[Bool?]>()
    var places = Numbering<[Int]>()
    profiles = (0..<samples.count).map { sample in
      let outcome = distinct.number(of: table.outcomes(of: sample))
      return places.number(of: partitions.map { $0.slices[sample] } + [outcome])
    }
    outcomes = places.values.map { $0[partitions.count] }
    slices = partitions.indices.map { partition in places.values.map { $0[partition] } }
    isMember = distinct.values.flatMap { $0.map { $0 == nil ? 0 : 1 } }
    holds = distinct.values.flatMap { $0.map { $0 == true ? 1 : 0 } }
    criteria = table.criteria
  }

  /// How often each profile occurs among samples, of which some may occur more than once.
  func occurrences(of samples: some Sequence<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: outcomes.count)
    for sample in samples { counts[profiles[sample]] += 1 }
    return counts
  }

  /// The counts of a partition's slices when profiles occur so often.
  func counts(partition: Int, sliceCount: Int, _ occurrences: [Int]) -> SliceCounts {
    let width = criteria.count
    let outcomeCount = isMember.count / width
    var cells = [Int](repeating: 0, count: sliceCount * outcomeCount)
    for (profile, occurrence) in occurrences.enumerated() {
      cells[slices[partition][profile] * outcomeCount + outcomes[profile]] += occurrence
    }
    var counts = SliceCounts(sliceCount: sliceCount, criterionCount: width)
    for (cell, occurrence) in cells.enumerated() where occurrence > 0 {
      let (slice, outcome) = cell.quotientAndRemainder(dividingBy: outcomeCount)
      for criterion in 0..<width {
        let source = outcome * width + criterion
        counts.members[slice * width + criterion] += occurrence * isMember[source]
        counts.successes[slice * width + criterion] += occurrence * holds[source]
      }
    }
    return counts
  }
}

/// Numbers for values, in the order in which they are first met.
private struct Numbering<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}

/// Of how many samples of each slice each criterion is defined, and for how many it holds.
struct SliceCounts: Hashable, Sendable {
  var members: [Int]
  var successes: [Int]
  let criterionCount: Int

  init(sliceCount: Int, criterionCount: Int) {
    members = Array(repeating: 0, count: sliceCount * criterionCount)
    successes = members
    self.criterionCount = criterionCount
  }

  private var sliceCount: Int { criterionCount == 0 ? 0 : members.count / criterionCount }

  func count(_ slice: Int, _ criterion: Int) -> Int { members[slice * criterionCount + criterion] }

  func successCount(_ slice: Int, _ criterion: Int) -> Int {
    successes[slice * criterionCount + criterion]
  }

  func rate(_ slice: Int, _ criterion: Int) -> Double? {
    let count = count(slice, criterion)
    return count == 0 ? nil : Double(successCount(slice, criterion)) / Double(count)
  }

  /// Over all slices.
  func total(_ criterion: Int) -> (successes: Int, count: Int) {
    (0..<sliceCount).reduce((0, 0)) { sum, slice in
      (sum.0 + successCount(slice, criterion), sum.1 + count(slice, criterion))
    }
  }
}

/// What each criterion says of each sample.
private struct OutcomeTable {
  let criteria: [GroupAssessment.Criterion]
  private let samples: GroupedOutcomes
  private let selected: [Bool]?

  init(_ samples: GroupedOutcomes) {
    self.samples = samples
    selected =
      samples.accepted
      ?? samples.positiveClass.map { positive in samples.predicted.map { $0 == positive } }
    criteria =
      [.init(kind: .cleanAccuracy)]
      + samples.threats.map { .init(kind: .robustAccuracy, threat: $0.name) }
      + (selected == nil ? [] : [.init(kind: .selectionRate)])
      + (selected == nil || samples.positiveClass == nil
        ? [] : [.init(kind: .truePositiveRate), .init(kind: .falsePositiveRate)])
  }

  /// In the order of the criteria; nil where one is not defined.
  func outcomes(of sample: Int) -> [Bool?] {
    let label = samples.labels[sample]
    let accuracies =
      [label == samples.predicted[sample]] + samples.threats.map { $0.isRobust[sample] }
    guard let isSelected = selected?[sample] else { return accuracies }
    guard let positive = samples.positiveClass else { return accuracies + [isSelected] }
    let rates = label == positive ? [isSelected, nil] : [nil, isSelected]
    return accuracies + [isSelected] + rates
  }
}

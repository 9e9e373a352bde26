/// The slices that one attribute or two part the samples into.
struct SamplePartition: Sendable {
  let attributes: [String]
  /// The values of each slice, one an attribute.
  let values: [[String]]
  /// The slice of each sample.
  let slices: [Int]

  /// Every attribute, in the order in which samples first state them, then every pair of two.
  static func all(_ outcomes: GroupedOutcomes) -> [SamplePartition] {
    var names: [String] = []
    for attribute in outcomes.attributes.joined() where !names.contains(attribute.name) {
      names.append(attribute.name)
    }
    let single = names.map { SamplePartition($0, outcomes) }
    let pairs = single.indices.flatMap { first in
      single[(first + 1)...].map { SamplePartition(single[first], $0) }
    }
    return single + pairs
  }

  /// All samples in one slice.
  init(wholeOf count: Int) {
    attributes = []
    values = [[]]
    slices = Array(repeating: 0, count: count)
  }

  private init(_ attribute: String, _ outcomes: GroupedOutcomes) {
    let stated = outcomes.attributes.map { sample in
      sample.first { $0.name == attribute }?.value ?? GroupedOutcomes.notStated
    }
    let names = Set(stated).sorted(by: Self.precedes)
    let positions = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    attributes = [attribute]
    values = names.map { [$0] }
    slices = stated.compactMap { positions[$0] }
  }

  /// The combinations of two partitions' values that occur, in their order.
  private init(_ first: SamplePartition, _ second: SamplePartition) {
    let codes = zip(first.slices, second.slices).map { $0 * second.values.count + $1 }
    let occurring = Set(codes).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(occurring, occurring.indices))
    attributes = first.attributes + second.attributes
    values = occurring.map { code in
      first.values[code / second.values.count] + second.values[code % second.values.count]
    }
    slices = codes.compactMap { positions[$0] }
  }

  /// Numbers by size, then words; what is not stated comes last.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    guard left != GroupedOutcomes.notStated, right != GroupedOutcomes.notStated else {
      return left != GroupedOutcomes.notStated && right == GroupedOutcomes.notStated
    }
    switch (Double(left), Double(right)) {
    case (let left?, let right?) where left != right: return left < right
    case (_?, nil): return true
    case (nil, _?): return false
    default: return left < right
    }
  }
}

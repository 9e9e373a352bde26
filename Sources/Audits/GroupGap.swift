/// How far the clean accuracies of groups lie apart.
package struct GroupGap: Sendable {
  private let groups: [Int]
  private let isCorrect: [Bool]
  private let groupCount: Int

  /// The groups that a protected attribute's values make.
  package init(_ predictions: [PredictionFinding], _ attribute: String) {
    let values = predictions.map { $0.group(of: attribute) }
    let names = Set(values).sorted()
    let codes = Dictionary(
      names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    groups = values.map { codes[$0] ?? 0 }
    isCorrect = predictions.map(\.isCorrect)
    groupCount = names.count
  }

  /// The largest difference between two groups' accuracies; nil where there are not two groups.
  package func largest(of indices: [Int]) -> Double? {
    var correct = [Int](repeating: 0, count: groupCount)
    var all = correct
    for index in indices {
      all[groups[index]] += 1
      if isCorrect[index] { correct[groups[index]] += 1 }
    }
    let rates = zip(correct, all).filter { $1 > 0 }.map { Double($0) / Double($1) }
    guard rates.count > 1, let low = rates.min(), let high = rates.max() else { return nil }
    return high - low
  }
}

extension PredictionFinding {
  /// The sample's value of a protected attribute; where it states none, that is a group of its own.
  package func group(of attribute: String) -> String {
    groups.value(of: attribute)
  }
}

import Audits

/// Two records cut to the samples that both hold with the same input and label.
///
/// The predictions of both are in sample order, so that equal positions are equal samples. Classes
/// are in the first record's order.
struct CommonRecords {
  let first: AuditRecord
  let second: AuditRecord
  let overlap: RecordComparison.Overlap

  /// The common samples of two records.
  ///
  /// - Throws: `ComparisonError` if there are none.
  init(_ first: AuditRecord, _ second: AuditRecord) throws {
    let second = second.withClasses(inOrderOf: first.model.classNames)
    let others = Dictionary(
      second.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { earlier, _ in earlier })
    let shared = first.predictions.filter { others[$0.sample] != nil }
    let sameInput = shared.filter { others[$0.sample]?.input == $0.input }
    let common = Set(
      sameInput.filter { others[$0.sample]?.label == $0.label }.map(\.sample))
    overlap = RecordComparison.Overlap(
      count: common.count, otherInput: shared.count - sameInput.count,
      otherLabel: sameInput.count - common.count,
      onlyFirst: first.predictions.count - shared.count,
      onlySecond: second.predictions.count - shared.count)
    guard !common.isEmpty else {
      throw ComparisonError.noCommonSamples(
        first: first.run.id, second: second.run.id, sameId: shared.count)
    }
    self.first = first.restricted(to: common)
    self.second = second.restricted(to: common)
  }

  var count: Int { overlap.count }

  /// Each sample's predictions by both models.
  var pairs: [(first: PredictionFinding, second: PredictionFinding)] {
    zip(first.predictions, second.predictions).map { (first: $0, second: $1) }
  }
}

extension AuditRecord {
  /// The record without the findings of other samples.
  fileprivate func restricted(to samples: Set<Int>) -> AuditRecord {
    var record = self
    record.predictions = predictions.filter { samples.contains($0.sample) }
      .sorted { $0.sample < $1.sample }
    record.findings = findings.filter { samples.contains($0.sample) }
    record.explanations = explanations.filter { samples.contains($0.sample) }
    return record
  }

  /// The record with its classes renumbered, if they are the same ones in another order.
  ///
  /// Other names mean the same classes under other words: their numbers are left as they are.
  fileprivate func withClasses(inOrderOf names: [String]) -> AuditRecord {
    let own = model.classNames
    guard own != names, own.count == names.count, Set(own) == Set(names),
      Set(own).count == own.count
    else { return self }
    let order = names.compactMap { own.firstIndex(of: $0) }
    let numbers = own.compactMap { names.firstIndex(of: $0) }
    func renumbered(_ index: Int) -> Int {
      numbers.indices.contains(index) ? numbers[index] : index
    }
    func reordered(_ values: [Float]) -> [Float] {
      values.count == order.count ? order.map { values[$0] } : values
    }
    var record = self
    record.model.classNames = names
    for index in predictions.indices {
      record.predictions[index].label = renumbered(predictions[index].label)
      record.predictions[index].predicted = renumbered(predictions[index].predicted)
      record.predictions[index].probabilities = reordered(predictions[index].probabilities)
    }
    for index in findings.indices {
      record.findings[index].predicted = renumbered(findings[index].predicted)
      record.findings[index].probabilities = reordered(findings[index].probabilities)
    }
    for index in explanations.indices {
      record.explanations[index].target = renumbered(explanations[index].target)
    }
    return record
  }
}

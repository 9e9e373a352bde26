import Assessments
import Audits
import Tensors

/// Warnings that forbid believing the robust accuracy.
struct UnbelievableFigures: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    record.warnings.filter(\.isVeto).map { warning in
      SevereFinding(
        magnitude: 0, key: "finding.veto", values: [], recorded: warning.raised)
    }
  }
}

/// Requirements that were not met, by how far they were missed relative to the threshold.
struct FailedGates: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    record.gates.filter { $0.verdict == .failed }.map { gate in
      let miss = abs((gate.value ?? gate.threshold) - gate.threshold)
      return SevereFinding(
        magnitude: gate.threshold == 0 ? miss : miss / abs(gate.threshold), key: "finding.gate",
        values: [NamedValue("value", Estimate(gate).sentence)], recorded: gate.requirement)
    }
  }
}

/// A run that did not reach its end.
struct StoppedRun: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    record.run.isComplete
      ? [] : [SevereFinding(magnitude: 0, key: "finding.incomplete", values: [])]
  }
}

/// Gaps between groups whose whole interval lies above zero, where nobody tested them together; the
/// intervals are not adjusted for the number of attributes.
struct GroupGaps: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard record.assessments.groups == nil else { return [] }
    return record.measures.compactMap { measure in
      guard measure.kind == .groupGap, let value = measure.value, let lower = measure.lower,
        lower > 0
      else { return nil }
      return SevereFinding(
        magnitude: value, key: "finding.gap",
        values: [
          NamedValue("group", measure.group), NamedValue("value", Estimate(measure).sentence),
        ], section: "performance")
    }
  }
}

/// The smallest verified change that broke a correctly classified sample, a norm each.
///
/// Distances in different norms are compared as shares of the largest ε that attacks may use in each.
struct SmallestChanges: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    Robustness(record).norms.compactMap { norm in
      let radius = record.largestEpsilon(norm) ?? 0
      guard let worst = WorstCases(record, norm: norm, limit: 1).cases.first, radius > 0 else {
        return nil
      }
      return SevereFinding(
        magnitude: -worst.finding.distance / radius, key: "finding.break",
        values: [
          NamedValue("name", worst.prediction.name),
          NamedValue("class", record.className(worst.prediction.label)),
          NamedValue("taken", record.className(worst.finding.predicted)),
          NamedValue("norm", norm.symbol),
          NamedValue("distance", NumberText.decimal(worst.finding.distance)),
          NamedValue("scale", words.scale(record.scale(norm))),
          NamedValue("epsilon", NumberText.plain(radius)),
        ], section: "robustness")
    }
  }
}

/// Methods of explanation that did no better than a random attribution.
struct WithdrawnExplanations: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    let withdrawn = QualitySummary.all(record).filter(\.isWithdrawn).map(\.method)
    guard !withdrawn.isEmpty else { return [] }
    return [
      SevereFinding(
        magnitude: Double(withdrawn.count), key: "finding.withdrawn",
        values: [NamedValue("methods", withdrawn.joined(separator: ", "))], section: "trust")
    ]
  }
}

/// How far the stated probabilities were from what came true.
struct CalibrationErrors: FindingSource {
  func findings(in record: AuditRecord, _ words: Words) -> [SevereFinding] {
    guard let measure = record.measure(.expectedCalibrationError), let value = measure.value,
      !record.predictions.isEmpty
    else { return [] }
    return [
      SevereFinding(
        magnitude: value, key: "finding.calibration",
        values: [NamedValue("value", Estimate(measure).sentence)], section: "calibration")
    ]
  }
}

extension Estimate {
  /// "71.2 % (62.1–79.0 %)".
  var sentence: String { text + (interval.map { " (\($0))" } ?? "") }
}

import Audits
import Tensors

extension RecordEvidence {
  var noAccuracy: Shortfall? {
    let isThere = !record.predictions.isEmpty && hasInterval(record.measure(.cleanAccuracy))
    return isThere ? nil : shortfall(.noAccuracy)
  }

  var noCalibration: Shortfall? {
    let isThere =
      !record.predictions.isEmpty && hasInterval(record.measure(.expectedCalibrationError))
      && hasInterval(record.measure(.brierScore))
    return isThere ? nil : shortfall(.noCalibration)
  }

  /// Every protected attribute of the samples needs a gap with its interval.
  var noGroups: Shortfall? {
    let attributes = Set(record.predictions.flatMap(\.groups).map(\.name)).sorted()
    guard !attributes.isEmpty else { return shortfall(.noGroups) }
    let without = attributes.filter { !hasInterval(record.measure(.groupGap, group: $0)) }
    return without.isEmpty ? nil : shortfall(.noGap, without.joined(separator: ", "))
  }

  /// An attack that is neither a control nor a probe, a curve with intervals, and no veto.
  var noAttack: Shortfall? {
    let norms = Robustness(record).norms.filter { norm in
      record.attacks.contains { $0.norm == norm && !$0.isControl && !$0.isProbe }
        && record.robustAccuracies(norm).contains(where: hasInterval)
    }
    guard !norms.isEmpty else { return shortfall(.noAttack) }
    let vetoes = record.warnings.filter(\.isVeto).map(\.name)
    return vetoes.isEmpty ? nil : shortfall(.veto, vetoes.joined(separator: ", "))
  }

  /// An attribution that the report shows, with its completeness error.
  var noExplanations: Shortfall? {
    let chosen = ExplanationCases(record).cases.flatMap(\.explanations)
    guard !chosen.isEmpty else { return shortfall(.noExplanations) }
    let withdrawn = Set(QualitySummary.all(record).filter(\.isWithdrawn).map(\.method))
    let shown = chosen.filter { !withdrawn.contains($0.method) }
    guard !shown.isEmpty else {
      return shortfall(.withdrawn, withdrawn.sorted().joined(separator: ", "))
    }
    let isComplete = shown.contains { $0.isConverged && $0.completenessError != nil }
    return isComplete ? nil : shortfall(.noCompleteness)
  }

  /// Every method needs its figures beside those of the controls.
  var noQuality: Shortfall? {
    let summaries = QualitySummary.all(record)
    guard !summaries.isEmpty else { return shortfall(.noExplanations) }
    let without = summaries.filter(\.figures.isEmpty).map(\.method)
    return without.isEmpty ? nil : shortfall(.noQuality, without.joined(separator: ", "))
  }

  /// Gates were stated, and each has passed or failed.
  var noVerdicts: Shortfall? {
    guard !record.gates.isEmpty else { return shortfall(.noGates) }
    let undecided = record.gates.filter {
      $0.verdict == .inconclusive || $0.verdict == .notMeasured
    }
    return undecided.isEmpty
      ? nil : shortfall(.undecidedGates, undecided.map(\.requirement).joined(separator: "; "))
  }

  /// Checksums of model and data, the command and the environment.
  var noProvenance: Shortfall? {
    let isThere =
      !record.model.sha256.isEmpty && !record.data.sha256.isEmpty && !record.run.command.isEmpty
      && !record.run.environment.isEmpty
    return isThere ? nil : shortfall(.noProvenance)
  }

  private func hasInterval(_ measure: Measure?) -> Bool {
    measure?.value != nil && measure?.lower != nil && measure?.upper != nil
  }
}

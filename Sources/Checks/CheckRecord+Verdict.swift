import Audits

extension CheckRecord {
  /// How a check ends, worst first.
  public enum Outcome: String, Codable, Hashable, Sendable {
    case failed, inconclusive, passed
  }

  /// Failed if a gate failed, else inconclusive if one stands undecided, each as its gate wants it.
  public var outcome: Outcome {
    let outcomes = gates.map(\.outcome)
    if outcomes.contains(.failed) { return .failed }
    return outcomes.contains(.inconclusive) ? .inconclusive : .passed
  }

  /// The verdict in one sentence: the last line of what the program prints.
  public var sentence: String {
    let models = "\(candidate.name) against \(baseline.name)"
    switch outcome {
    case .failed:
      let failed = gates.filter { $0.outcome == .failed }
      let first = failed.first.map { "\($0.requirement): \($0.reason)" } ?? ""
      let more = failed.count > 1 ? " (and \(failed.count - 1) more)" : ""
      return "FAILED: \(models): \(first)\(more)."
    case .inconclusive:
      let open = gates.filter { $0.outcome == .inconclusive }
      let first = open.first.map { "\($0.requirement): \($0.reason)" } ?? ""
      let more = open.count > 1 ? " (and \(open.count - 1) more)" : ""
      return "INCONCLUSIVE: \(models): \(first)\(more)."
    case .passed:
      let improved = gates.filter(\.isImproved)
      let better =
        improved.first.map { gate in
          " Improved: \(gate.reason)\(improved.count > 1 ? " (and \(improved.count - 1) more)" : "")."
        } ?? ""
      let count = gates.count == 1 ? "the gate holds" : "all \(gates.count) gates hold"
      return "PASSED: \(models): \(count).\(better)"
    }
  }
}

extension CheckedGate {
  /// What the verdict means for the exit code.
  public var outcome: CheckRecord.Outcome {
    switch verdict {
    case .passed: .passed
    case .failed: .failed
    case .inconclusive, .notMeasured:
      switch meaning {
      case .pass: .passed
      case .fail: .failed
      case .inconclusive: .inconclusive
      }
    }
  }
}

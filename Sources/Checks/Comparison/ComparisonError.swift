/// Why two audits cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No sample is the same in both; `sameId` of them share an id but not input and label.
  case noCommonSamples(first: String, second: String, sameId: Int)

  public var description: String {
    switch self {
    case .noCommonSamples(let first, let second, let sameId):
      let reason =
        sameId == 0
        ? "no sample of one is in the other"
        : "\(sameId) share their number, but not their input and label"
      return "the runs \(first) and \(second) have no samples in common: \(reason); compare audits "
        + "of the same part of the same data"
    }
  }
}

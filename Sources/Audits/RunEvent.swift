/// Something that happened to a run, as the ledger saw it.
public struct RunEvent: Codable, Hashable, Sendable {
  /// What happened.
  public enum Action: String, Codable, Hashable, Sendable, CaseIterable {
    /// The plan, its thresholds included, was stored; nothing was measured yet.
    case begun
    case resumed
    case completed
    /// Shards were joined to it.
    case merged
    /// The whole audit was run again; the detail says whether it found the same.
    case repeated
    case signed
  }

  /// ISO 8601, UTC.
  public var moment: String
  public var action: Action
  public var detail: String

  public init(moment: String, action: Action, detail: String = "") {
    self.moment = moment
    self.action = action
    self.detail = detail
  }
}

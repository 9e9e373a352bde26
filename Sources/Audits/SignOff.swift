/// What one person decided about a run, signed.
///
/// Ed25519 (RFC 8032) over `statement`, which holds the Merkle root of everything that was recorded: a
/// signature says what was seen.
public struct SignOff: Codable, Hashable, Sendable {
  /// What was decided.
  public enum Decision: String, Codable, Hashable, Sendable, CaseIterable {
    case approve
    /// Approved under the conditions that the remarks state.
    case conditions
    case reject
  }

  /// "validator", "developer", "approver".
  public var role: String
  public var name: String
  public var decision: Decision
  /// Conditions, reasons or dissent, in the signer's words.
  public var remarks: String
  /// ISO 8601, UTC.
  public var moment: String
  /// The Merkle root that was signed, 64 hexadecimal digits.
  public var root: String
  /// The raw 32 bytes in base64.
  public var publicKey: String
  /// The raw 64 bytes in base64.
  public var signature: String

  public init(
    role: String, name: String, decision: Decision, remarks: String, moment: String, root: String,
    publicKey: String, signature: String
  ) {
    self.role = role
    self.name = name
    self.decision = decision
    self.remarks = remarks
    self.moment = moment
    self.root = root
    self.publicKey = publicKey
    self.signature = signature
  }
}

public import Audits

/// The text that a person signs: what was decided about which state of which run.
///
/// A line a field, in a fixed order, the name before a colon. In values a backslash, a line feed and a
/// carriage return are written \\, \n and \r: no value can pass for another field, and two different
/// statements have different texts.
public struct SignOffStatement: Hashable, Sendable {
  public let run: String
  /// The Merkle root, 64 hexadecimal digits.
  public let root: String
  public let role: String
  public let name: String
  public let decision: SignOff.Decision
  /// ISO 8601, UTC.
  public let moment: String
  public let remarks: String

  /// - Throws: `AttestationError` if a name, a role, or the words of conditions are missing.
  public init(
    run: String, root: String, role: String, name: String, decision: SignOff.Decision,
    moment: String, remarks: String
  ) throws {
    for (field, value) in [("role", role), ("name", name)] where value.isBlank {
      throw AttestationError.emptyField(field)
    }
    if decision == .conditions, remarks.isBlank {
      throw AttestationError.noRemarks(decision: decision.rawValue)
    }
    self.init(
      unchecked: run, root: root, role: role, name: name, decision: decision, moment: moment,
      remarks: remarks)
  }

  fileprivate init(
    unchecked run: String, root: String, role: String, name: String,
    decision: SignOff.Decision, moment: String, remarks: String
  ) {
    self.run = run
    self.root = root
    self.role = role
    self.name = name
    self.decision = decision
    self.moment = moment
    self.remarks = remarks
  }

  /// What is signed, as UTF-8.
  public var text: String {
    let fields = [
      ("run", run), ("root", root), ("role", role), ("name", name),
      ("decision", decision.rawValue), ("moment", moment), ("remarks", remarks),
    ]
    return "Assay sign-off 1\n" + fields.map { "\($0): \($1.onOneLine)\n" }.joined()
  }
}

extension SignOff {
  /// What was signed, if it was signed about a run.
  public func statement(about run: String) -> SignOffStatement {
    SignOffStatement(
      unchecked: run, root: root, role: role, name: name, decision: decision, moment: moment,
      remarks: remarks)
  }
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

  fileprivate var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

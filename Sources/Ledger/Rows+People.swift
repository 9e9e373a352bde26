import Audits
import GRDB

/// What people wrote about the model of a run.
struct StatementRow: LedgerRow {
  static let table = ChainedTable("statements", key: ["position"])
  var run: String
  var position: Int
  var subject: String
  var question: String
  var text: String
}

/// Something that happened to a run.
struct EventRow: LedgerRow {
  static let table = ChainedTable("events", key: ["position"])
  var run: String
  var position: Int
  /// ISO 8601, UTC.
  var moment: String
  var action: String
  var detail: String
}

/// What one person decided about a run, signed.
struct SignOffRow: LedgerRow {
  static let table = ChainedTable("sign_offs", key: ["position"])
  var run: String
  var position: Int
  var role: String
  var name: String
  var decision: String
  var remarks: String
  /// ISO 8601, UTC.
  var moment: String
  var root: String
  var publicKey: String
  var signature: String
}

/// The manifest that a signature is over: it says what has changed since.
struct ManifestRow: LedgerRow {
  static let table = ChainedTable("manifests", key: ["root"])
  var run: String
  /// The Merkle root, 64 hexadecimal digits.
  var root: String
  /// As JSON.
  var contents: String
}

extension StatementRow {
  init(_ statement: HumanStatement, run: String, position: Int) {
    self.init(
      run: run, position: position, subject: statement.subject.rawValue,
      question: statement.question, text: statement.text)
  }

  func statement(path: String) throws -> HumanStatement {
    guard let subject = HumanStatement.Subject(rawValue: subject) else {
      throw LedgerError(path: path, .corrupt("statement \(position)"))
    }
    return HumanStatement(subject: subject, question: question, text: text)
  }
}

extension EventRow {
  init(_ event: RunEvent, run: String, position: Int) {
    self.init(
      run: run, position: position, moment: event.moment, action: event.action.rawValue,
      detail: event.detail)
  }

  func event(path: String) throws -> RunEvent {
    guard let action = RunEvent.Action(rawValue: action) else {
      throw LedgerError(path: path, .corrupt("event \(position)"))
    }
    return RunEvent(moment: moment, action: action, detail: detail)
  }
}

extension SignOffRow {
  init(_ signOff: SignOff, run: String, position: Int) {
    self.init(
      run: run, position: position, role: signOff.role, name: signOff.name,
      decision: signOff.decision.rawValue, remarks: signOff.remarks, moment: signOff.moment,
      root: signOff.root, publicKey: signOff.publicKey, signature: signOff.signature)
  }

  func signOff(path: String) throws -> SignOff {
    guard let decision = SignOff.Decision(rawValue: decision) else {
      throw LedgerError(path: path, .corrupt("sign-off \(position)"))
    }
    return SignOff(
      role: role, name: name, decision: decision, remarks: remarks, moment: moment, root: root,
      publicKey: publicKey, signature: signature)
  }
}

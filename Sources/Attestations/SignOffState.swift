public import Audits

/// What a signature is worth for a state of a run.
public enum SignOffState: String, Codable, Hashable, Sendable, CaseIterable {
  /// It is over exactly this state.
  case current
  /// It is genuine, but over another state: what people wrote has changed since.
  case earlier
  /// It is not the named key's over what the sign-off says.
  case forged
}

extension SignOff {
  /// What the signature is worth for the state that a manifest describes.
  public func state(for manifest: Manifest) -> SignOffState {
    guard isGenuine(about: manifest.run) else { return .forged }
    return root == manifest.root ? .current : .earlier
  }
}

/// The sign-offs of a run, held against the state that it is in.
public struct SignOffCheck: Sendable {
  private let record: AuditRecord
  private let manifest: Manifest
  private let signed: [Manifest]
  private let trusted: [VerificationKey]

  /// - Parameters:
  ///   - record: The run.
  ///   - manifest: Of the state that the run is in.
  ///   - signed: The manifests that were stored when the run was signed.
  ///   - trusted: The keys that may sign; empty: whoever signed is only named.
  public init(
    _ record: AuditRecord, manifest: Manifest, signed: [Manifest], trusted: [VerificationKey]
  ) {
    self.record = record
    self.manifest = manifest
    self.signed = signed
    self.trusted = trusted
  }

  /// A step a sign-off, up to the first that fails.
  public func addSteps(to verification: inout VerificationResult) {
    guard !record.signOffs.isEmpty else {
      return verification.take { VerificationStep("signatures", .skipped, "nobody has signed") }
    }
    for signOff in record.signOffs { verification.take { step(signOff) } }
  }

  private func step(_ signOff: SignOff) -> VerificationStep {
    let subject = "signature of \(signOff.name), \(signOff.role)"
    func fails(_ detail: String) -> VerificationStep {
      VerificationStep(subject, .fails, count: 1, detail)
    }
    guard let key = signOff.key, signOff.isGenuine(about: record.run.id) else {
      return fails("it is not the signature of the named key over what the sign-off says")
    }
    guard trusted.isEmpty || trusted.contains(key) else {
      return fails("it was made with the key \(key.fingerprint), which is none of the trusted ones")
    }
    let words = "'\(signOff.decision.rawValue)', key \(key.fingerprint)"
    guard signOff.root != manifest.root else {
      return VerificationStep(subject, .agrees, count: 1, "\(words), over root \(manifest.root)")
    }
    return change(since: signOff).map(fails)
      ?? VerificationStep(
        subject, .agrees, count: 1,
        "\(words), of an earlier state (root \(signOff.root)): \(later(than: signOff))")
  }

  /// What was changed since a sign-off that must not change; nil where nothing was.
  private func change(since signOff: SignOff) -> String? {
    guard let before = state(signedBy: signOff) else {
      return "the manifest of the signed state, root \(signOff.root), is missing or changed"
    }
    return before.firstDifference(from: manifest) { !$0.mayChange }.map {
      "'\($0)' is not what was signed"
    }
  }

  private func later(than signOff: SignOff) -> String {
    let before = state(signedBy: signOff)
    let leaf = before?.firstDifference(from: manifest) { $0.mayChange && !$0.isFigure }
    return leaf.map { "'\($0)' changed since" } ?? "this program draws the figures otherwise"
  }

  private func state(signedBy signOff: SignOff) -> Manifest? {
    signed.first { $0.root == signOff.root && $0.isSound && $0.run == record.run.id }
  }
}

extension Manifest.Leaf {
  /// Whether a run may get another value after it was signed.
  ///
  /// People write more, and another version of the program draws otherwise. Everything else is fixed
  /// when the run is complete.
  fileprivate var mayChange: Bool { isFigure || name == "statements" }
}

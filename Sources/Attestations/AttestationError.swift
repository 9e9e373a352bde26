/// Why something cannot be signed, or a key or a manifest cannot be read.
public enum AttestationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are no private key that signatures are made with.
  case notPrivateKey(file: String)
  /// The key is locked with a password.
  case lockedKey(file: String)
  case notPublicKey(file: String)
  case notManifest
  /// Conditions or a rejection without a word about why.
  case noRemarks(decision: String)
  case emptyField(String)

  public var description: String {
    switch self {
    case .notPrivateKey(let file):
      "\(file) is no Ed25519 private key; give a PEM file as 'openssl genpkey -algorithm ed25519' "
        + "writes it, or the 32 bytes of the seed in base64, or make one with: assay sign --new-key "
        + "FILE"
    case .lockedKey(let file):
      "\(file) is locked with a password; unlock it with: openssl pkey -in \(file) -out UNLOCKED"
    case .notPublicKey(let file):
      "\(file) is no Ed25519 public key; give the .pub file that belongs to the key, or what "
        + "'openssl pkey -pubout' writes"
    case .notManifest: "it is no manifest of Assay"
    case .noRemarks(let decision):
      "the decision '\(decision)' needs words; state them with --remarks"
    case .emptyField(let field): "a sign-off needs a \(field); state it with --\(field)"
    }
  }
}

public import Audits
import Crypto
import Foundation

/// A public key that sign-offs are verified with.
public struct VerificationKey: Hashable, Sendable {
  /// 32 bytes.
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The key in base64; nil where the text is no 32 bytes.
  init?(base64: String) {
    guard let bytes = KeyText.raw(base64) else { return nil }
    self.bytes = bytes
  }

  /// Reads a key: PEM as openssl writes it (SubjectPublicKeyInfo), or the 32 bytes in base64.
  ///
  /// - Parameters:
  ///   - text: What the file holds.
  ///   - file: What errors name.
  /// - Throws: `AttestationError` if it is no such key.
  public init(text: String, file: String) throws {
    let bytes =
      KeyText.block("PUBLIC KEY", in: text).flatMap {
        KeyText.key(in: $0, after: KeyText.publicPrefix)
      } ?? KeyText.raw(text)
    guard let bytes else { throw AttestationError.notPublicKey(file: file) }
    self.bytes = bytes
  }

  var base64: String { Data(bytes).base64EncodedString() }

  /// The key in PEM (SubjectPublicKeyInfo), as openssl reads it.
  public var pem: String { KeyText.pem("PUBLIC KEY", KeyText.publicPrefix + bytes) }

  /// What people compare: the first 16 bytes of the SHA-256 of the key, four digits a group.
  public var fingerprint: String {
    let digits = String(bytes.sha256.prefix(32))
    return stride(from: 0, to: digits.count, by: 4).map { start in
      String(digits.dropFirst(start).prefix(4))
    }.joined(separator: " ")
  }

  /// Whether a signature is this key's over a message.
  func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
      // Bytes that are no key have signed nothing.
      return false
    }
    return key.isValidSignature(signature, for: message)
  }
}

extension SignOff {
  /// The key that the sign-off names; nil where it names none.
  public var key: VerificationKey? { VerificationKey(base64: publicKey) }

  /// Whether the named key signed exactly this, about this run.
  public func isGenuine(about run: String) -> Bool {
    guard let key, let signature = Data(base64Encoded: signature) else { return false }
    return key.accepts(Array(signature), of: Array(statement(about: run).text.utf8))
  }
}

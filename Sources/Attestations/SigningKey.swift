public import Audits
import Crypto
import Foundation

/// A private key that sign-offs are made with.
///
/// Ed25519 (RFC 8032): the same key and statement always give the same signature.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// A new key.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// The key of a seed.
  ///
  /// - Precondition: the seed has 32 bytes.
  init(seed: [UInt8]) {
    precondition(seed.count == 32, "expected 32 bytes, got \(seed.count)")
    do {
      key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    } catch {
      preconditionFailure("expected that every 32 bytes are a key, got \(error)")
    }
  }

  /// Reads a key: PEM as openssl writes it (PKCS #8), or the seed in base64.
  ///
  /// - Parameters:
  ///   - text: What the file holds.
  ///   - file: What errors name.
  /// - Throws: `AttestationError` if it is no such key.
  public init(text: String, file: String) throws {
    guard KeyText.block("ENCRYPTED PRIVATE KEY", in: text) == nil else {
      throw AttestationError.lockedKey(file: file)
    }
    let seed =
      KeyText.block("PRIVATE KEY", in: text).flatMap {
        KeyText.key(in: $0, after: KeyText.privatePrefix)
      } ?? KeyText.raw(text)
    guard let seed else { throw AttestationError.notPrivateKey(file: file) }
    self.init(seed: seed)
  }

  /// The key in PEM (PKCS #8), as openssl reads it.
  public var pem: String {
    KeyText.pem("PRIVATE KEY", KeyText.privatePrefix + Array(key.rawRepresentation))
  }

  public var publicKey: VerificationKey {
    VerificationKey(bytes: Array(key.publicKey.rawRepresentation))
  }

  /// Signs bytes.
  ///
  /// - Throws: an error where the library fails.
  func signature(of message: [UInt8]) throws -> [UInt8] {
    Array(try key.signature(for: message))
  }

  /// Signs a statement.
  ///
  /// - Throws: an error where the library fails.
  public func sign(_ statement: SignOffStatement) throws -> SignOff {
    SignOff(
      role: statement.role, name: statement.name, decision: statement.decision,
      remarks: statement.remarks, moment: statement.moment, root: statement.root,
      publicKey: publicKey.base64,
      signature: Data(try signature(of: Array(statement.text.utf8))).base64EncodedString())
  }
}

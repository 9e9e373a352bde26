import Audits
import Foundation
import Testing

@testable import Attestations

@Suite("Signatures")
struct SigningTests {
  /// RFC 8032, section 7.1, tests 1 to 3.
  private static let vectors: [(seed: String, key: String, message: String, signature: String)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
        + "46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
        + "d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
        + "6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  private static func bytes(_ digits: String) -> [UInt8] {
    stride(from: 0, to: digits.count, by: 2).compactMap { start in
      UInt8(digits.dropFirst(start).prefix(2), radix: 16)
    }
  }

  @Test("keys and signatures are those of RFC 8032", arguments: 0..<3)
  func standard(index: Int) throws {
    let vector = Self.vectors[index]
    let key = SigningKey(seed: Self.bytes(vector.seed))
    let message = Self.bytes(vector.message)
    #expect(key.publicKey.bytes.hexadecimal == vector.key)
    #expect(try key.signature(of: message).hexadecimal == vector.signature)
    let signature = Self.bytes(vector.signature)
    #expect(key.publicKey.accepts(signature, of: message))
    #expect(!key.publicKey.accepts(signature, of: message + [0]))
  }

  /// Made by: openssl genpkey -algorithm ed25519; openssl pkey -pubout.
  private static let privatePEM = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIERX1hExnHwMDxNg2FiIAAqiblBaJ0lzDIawAOU5aluo
    -----END PRIVATE KEY-----

    """
  private static let publicPEM = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEADdDdQZQl4+Nq4xy1fIt+/Ub/Fv6hIAhEgUeZ8/0z3f8=
    -----END PUBLIC KEY-----

    """

  private static func statement() throws -> SignOffStatement {
    try SignOffStatement(
      run: "abc123def456", root: "00ff", role: "validator", name: "J\\D", decision: .conditions,
      moment: "2026-01-01T00:00:00Z", remarks: "one\ntwo: \r")
  }

  @Test("keys of openssl are read and written, and the statement signs as openssl signs it")
  func openssl() throws {
    let key = try SigningKey(text: Self.privatePEM, file: "key")
    #expect(key.pem == Self.privatePEM && key.publicKey.pem == Self.publicPEM)
    #expect(try VerificationKey(text: Self.publicPEM, file: "key") == key.publicKey)
    #expect(key.publicKey.fingerprint == "f2c2 47e7 26a3 68ea 9b2a a11b ff7a 0dd0")
    let statement = try Self.statement()
    #expect(
      statement.text == #"""
        Assay sign-off 1
        run: abc123def456
        root: 00ff
        role: validator
        name: J\\D
        decision: conditions
        moment: 2026-01-01T00:00:00Z
        remarks: one\ntwo: \r

        """#)
    // openssl pkeyutl -sign -rawin over this text.
    #expect(
      try key.sign(statement).signature
        == "LDryACt663VrOXutH6ZjTs15njFQPgUYJJmxOo1bFazQNXXLEVro+94R1QTpKLZ6HSLpxdmg5E/MAYXb20XaCg=="
    )
  }

  @Test("a seed in base64 is a key, and a new key comes back from its own PEM")
  func otherForms() throws {
    let seed = Self.bytes(Self.vectors[0].seed)
    let key = try SigningKey(text: " \(Data(seed).base64EncodedString())\n", file: "key")
    #expect(key.publicKey.bytes.hexadecimal == Self.vectors[0].key)
    let raw = try VerificationKey(text: key.publicKey.base64, file: "key")
    #expect(raw == key.publicKey)
    let new = SigningKey()
    #expect(try SigningKey(text: new.pem, file: "key").publicKey == new.publicKey)
    #expect(SigningKey().publicKey != new.publicKey)
    let windows = Self.privatePEM.replacing("\n", with: "\r\n")
    #expect(try SigningKey(text: windows, file: "key").pem == Self.privatePEM)
  }

  @Test(
    "what is no such key is refused with what to do",
    arguments: [
      "", "no key", "AAAA", Self.publicPEM,
      // Of another algorithm: openssl genpkey -algorithm x25519.
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VuBCIEILApunMlEtonJ6TpaQzbj6LDf8EnlXp9vPyfkMf112h7
      -----END PRIVATE KEY-----
      """,
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIERX\n-----END PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----",
    ])
  func refusals(text: String) {
    #expect(throws: AttestationError.notPrivateKey(file: "key")) {
      try SigningKey(text: text, file: "key")
    }
  }

  @Test("a locked key and a private key in a public one's place are named")
  func namedRefusals() {
    let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
    #expect(throws: AttestationError.lockedKey(file: "key")) {
      try SigningKey(text: locked, file: "key")
    }
    #expect(throws: AttestationError.notPublicKey(file: "key")) {
      try VerificationKey(text: Self.privatePEM, file: "key")
    }
  }

  @Test("a signature stands for every field, and for the run")
  func fields() throws {
    let key = SigningKey(seed: Self.bytes(Self.vectors[0].seed))
    let signOff = try key.sign(try Self.statement())
    #expect(signOff.isGenuine(about: "abc123def456") && signOff.key == key.publicKey)
    #expect(!signOff.isGenuine(about: "abc123def457"))
    let other = SigningKey(seed: Self.bytes(Self.vectors[1].seed)).publicKey.base64
    let changes: [(inout SignOff) -> Void] = [
      { $0.role = "validator " }, { $0.name = "J\\\\D" }, { $0.decision = .approve },
      { $0.remarks = "one\\ntwo: \r" }, { $0.moment = "2026-01-01T00:00:01Z" },
      { $0.root = "00fe" }, { $0.publicKey = other }, { $0.publicKey = "" },
      { $0.signature = "" }, { $0.signature = String($0.signature.reversed()) },
      { ($0.name, $0.remarks) = ("", "J\\D\nremarks: " + $0.remarks) },
    ]
    for (index, change) in changes.enumerated() {
      var changed = signOff
      change(&changed)
      #expect(!changed.isGenuine(about: "abc123def456"), "\(index)")
    }
  }

  @Test("conditions need words, and people a name and a role")
  func missingWords() {
    func statement(
      _ role: String, _ name: String, _ decision: SignOff.Decision, _ remarks: String
    ) throws -> SignOffStatement {
      try SignOffStatement(
        run: "r", root: "00", role: role, name: name, decision: decision, moment: "",
        remarks: remarks)
    }
    #expect(throws: AttestationError.emptyField("role")) { try statement(" ", "n", .approve, "") }
    #expect(throws: AttestationError.emptyField("name")) { try statement("r", "", .approve, "") }
    #expect(throws: AttestationError.noRemarks(decision: "conditions")) {
      try statement("r", "n", .conditions, "\n")
    }
    #expect(throws: Never.self) { try statement("r", "n", .reject, "") }
  }
}

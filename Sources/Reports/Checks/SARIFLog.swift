import Foundation

/// The part of a SARIF 2.1.0 log that a check fills.
///
/// - Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020 with
///   errata 01, 2023.
struct SARIFLog: Codable, Hashable, Sendable {
  var schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  enum Level: String, Codable, Hashable, Sendable {
    case error, warning, note
  }

  struct Run: Codable, Hashable, Sendable {
    var tool: Tool
    var invocations: [Invocation]
    var results: [Result]
  }

  struct Tool: Codable, Hashable, Sendable {
    var driver: Driver
  }

  struct Driver: Codable, Hashable, Sendable {
    var name: String
    var version: String
    var rules: [Rule]
  }

  /// A `reportingDescriptor`: what results of one kind mean.
  struct Rule: Codable, Hashable, Sendable {
    struct Configuration: Codable, Hashable, Sendable {
      var level: Level
    }

    var id: String
    var shortDescription: Text
    var fullDescription: Text
    var help: Text
    var defaultConfiguration: Configuration
  }

  struct Invocation: Codable, Hashable, Sendable {
    struct Notification: Codable, Hashable, Sendable {
      var level: Level
      var message: Text
    }

    var executionSuccessful: Bool
    var toolExecutionNotifications: [Notification]
  }

  struct Result: Codable, Hashable, Sendable {
    var ruleId: String
    var ruleIndex: Int
    var level: Level
    var message: Text
    var locations: [Location]
    var partialFingerprints: [String: String]
  }

  struct Location: Codable, Hashable, Sendable {
    var physicalLocation: PhysicalLocation
  }

  struct PhysicalLocation: Codable, Hashable, Sendable {
    struct ArtifactLocation: Codable, Hashable, Sendable {
      var uri: String
    }

    struct Region: Codable, Hashable, Sendable {
      var startLine: Int
    }

    var artifactLocation: ArtifactLocation
    var region: Region?
  }

  /// A plain text message; the one place where text is escaped for SARIF.
  struct Text: Codable, Hashable, Sendable {
    var text: String

    /// Braces are doubled, as placeholders use them (3.11.5), and a bracket never meets a
    /// parenthesis, so that no text becomes a link (3.11.6).
    init(_ plain: String) {
      text = plain.replacing("{", with: "{{").replacing("}", with: "}}")
        .replacing("](", with: "] (")
    }
  }
}

extension SARIFLog.Location {
  init(_ place: CheckLocations.Place) {
    physicalLocation = SARIFLog.PhysicalLocation(
      artifactLocation: .init(uri: Self.reference(to: place.file)),
      region: place.line.map { .init(startLine: $0) })
  }

  /// A path as a URI reference: relative ones stay relative to the repository.
  static func reference(to path: String) -> String {
    var encoded = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, unreserved.contains(Character(scalar)) {
        encoded.unicodeScalars.append(scalar)
      } else {
        encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return path.hasPrefix("/") ? "file://" + encoded : encoded
  }

  /// The characters that a path keeps (RFC 3986, 2.3).
  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
}

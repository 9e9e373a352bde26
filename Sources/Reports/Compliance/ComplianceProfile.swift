public import Foundation
import ReportTemplates

/// The evidence that one law, guidance or standard asks for: dated data.
public struct ComplianceProfile: Codable, Hashable, Sendable {
  /// "eu-ai-act".
  public var name: String
  public var title: String
  /// The date of the text that the clauses refer to, as precise as it is known: "2024-06-13".
  public var asOf: String
  /// The title of that text.
  public var source: String
  /// What a reader of the whole must know; empty where there is nothing.
  public var note: String
  public var items: [EvidenceItem]

  /// The profile of JSON text.
  ///
  /// - Parameters:
  ///   - data: The text, in UTF-8.
  ///   - name: What the text is called in an error: a file, a built-in name.
  /// - Throws: `ComplianceProfileError` where it is no profile.
  public init(decoding data: Data, of name: String) throws {
    do {
      self = try JSONDecoder().decode(ComplianceProfile.self, from: data)
    } catch {
      throw ComplianceProfileError(file: name, problem: "it cannot be read (\(error))")
    }
    if let problem { throw ComplianceProfileError(file: name, problem: problem) }
  }

  /// The built-in profile of a name, or else the profile in a file.
  ///
  /// - Throws: an error that lists the built-in names where there is neither, and
  ///   `ComplianceProfileError` where the file is no profile.
  public static func named(_ nameOrPath: String) throws -> ComplianceProfile {
    let isBuiltIn = ComplianceProfiles.all.contains { $0.name == nameOrPath }
    if !isBuiltIn, FileManager.default.fileExists(atPath: nameOrPath) {
      let data: Data
      do {
        data = try Data(contentsOf: URL(filePath: nameOrPath))
      } catch {
        throw ComplianceProfileError(
          file: nameOrPath, problem: "it cannot be opened (\(error.localizedDescription))")
      }
      return try ComplianceProfile(decoding: data, of: nameOrPath)
    }
    let source = try ComplianceProfiles.source(named: nameOrPath)
    return try ComplianceProfile(decoding: source.contents, of: source.name)
  }

  /// Every built-in profile.
  ///
  /// - Throws: `ComplianceProfileError` where one is no profile.
  public static func builtIn() throws -> [ComplianceProfile] {
    try ComplianceProfiles.all.map { try ComplianceProfile(decoding: $0.contents, of: $0.name) }
  }

  /// What is wrong with the items; nil where nothing is.
  private var problem: String? {
    guard !items.isEmpty else { return "it has no items" }
    var seen: Set<String> = []
    for item in items {
      guard seen.insert(item.id).inserted else { return "the id '\(item.id)' is there twice" }
      guard !item.evidence.isEmpty else { return "\(item.id) asks for no evidence" }
      if let human = item.measurements.first(where: \.isHuman) {
        return "\(item.id) has \(human.rawValue) among its measurements; it belongs under 'human'"
      }
      if let measured = item.human.first(where: { !$0.isHuman }) {
        return "\(item.id) has \(measured.rawValue) under 'human'; it belongs under 'measurements'"
      }
    }
    return nil
  }
}

/// What one clause asks for.
public struct EvidenceItem: Codable, Hashable, Sendable {
  /// "EU-1": unique within a profile.
  public var id: String
  public var clause: String
  /// What evidence is asked for, in this project's own words.
  public var asks: String
  public var measurements: [Evidence]
  public var human: [Evidence]
  /// Whether somebody has compared the clause's number and words with the text.
  public var confirmed: Bool

  /// Everything that the item asks for.
  public var evidence: [Evidence] { measurements + human }
}

/// A file that is no compliance profile.
public struct ComplianceProfileError: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var problem: String

  public var description: String { "compliance profile \(file): \(problem)" }
}

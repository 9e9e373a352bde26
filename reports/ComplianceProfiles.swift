package import Foundation

/// The compliance profiles that were compiled into the program: dated data, no code.
package enum ComplianceProfiles {
  /// A profile as it is stored: its name and its JSON text.
  package struct Source: Hashable, Sendable {
    package var name: String
    package var contents: Data

    fileprivate init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      contents = Data(bytes)
    }
  }

  /// Every built-in profile, in the order in which they are listed.
  package static let all = [
    Source("eu-ai-act", PackageResources.eu_ai_act_json),
    Source("sr-26-2", PackageResources.sr_26_2_json),
    Source("reg-b", PackageResources.reg_b_json),
    Source("nist-ai-rmf", PackageResources.nist_ai_rmf_json),
    Source("fda", PackageResources.fda_json),
    Source("iso-24029", PackageResources.iso_24029_json),
    Source("iso-42001", PackageResources.iso_42001_json),
  ]

  /// The built-in profile of a name.
  ///
  /// - Throws: `UnknownComplianceProfile` for any other name.
  package static func source(named name: String) throws -> Source {
    guard let source = all.first(where: { $0.name == name }) else {
      throw UnknownComplianceProfile(name: name, known: all.map(\.name))
    }
    return source
  }
}

/// A name that is neither that of a built-in profile nor that of a file.
package struct UnknownComplianceProfile: Error, Hashable, Sendable, CustomStringConvertible {
  package var name: String
  package var known: [String]

  package var description: String {
    "no compliance profile and no file is called '\(name)'; name a file, or one of "
      + known.joined(separator: ", ")
  }
}

import Foundation

/// What a pipeline begins with: a configuration of the check, and a job for each service.
package enum PipelineTemplates {
  /// `assay.yaml`, with the marks of `Marks` where its values belong.
  package static var check: String { text(PackageResources.assay_yaml) }
  /// A workflow of GitHub Actions, complete as it is.
  package static var gitHub: String { text(PackageResources.github_yml) }
  /// A job of GitLab CI/CD, complete as it is.
  package static var gitLab: String { text(PackageResources.gitlab_yml) }

  /// What is put into the configuration.
  package struct Marks: Hashable, Sendable {
    package var model: String
    package var data: String
    /// all, train or test.
    package var part: String
    package var suite: String
    /// A norm and a radius of the suite: "linf-0.1".
    package var threat: String

    package init(model: String, data: String, part: String, suite: String, threat: String) {
      self.model = model
      self.data = data
      self.part = part
      self.suite = suite
      self.threat = threat
    }

    fileprivate subscript(name: Substring) -> String? {
      switch name {
      case "model": model
      case "data": data
      case "part": part
      case "suite": suite
      case "threat": threat
      default: nil
      }
    }
  }

  /// The configuration with every mark replaced by its value, as YAML.
  package static func check(_ marks: Marks) -> String {
    // One pass, so that a value that looks like a mark stays what it is.
    var result = ""
    var rest = check[...]
    while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
      let name = rest[open.upperBound..<close.lowerBound]
      guard let value = marks[name] else {
        preconditionFailure("expected a mark that has a value, got {{\(name)}}")
      }
      result += rest[..<open.lowerBound] + quoted(value)
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  /// A value as a YAML scalar: in double quotes unless it cannot be taken for anything else.
  ///
  /// What is written in double quotes has JSON's escapes (YAML 1.2.2, 7.3.1).
  private static func quoted(_ value: String) -> String {
    let isPlain =
      value.first?.isLetter == true && !keywords.contains(value.lowercased())
      && value.unicodeScalars.allSatisfy(plain.contains)
    if isPlain { return value }
    let escaped = value.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}":
        "\\u" + hexadecimal(scalar)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }

  /// What YAML takes for a truth value or for nothing.
  private static let keywords: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/".unicodeScalars)

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

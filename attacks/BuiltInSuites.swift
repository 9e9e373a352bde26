public import Attacks
import ConfigurationFiles
import Foundation

/// The suites that the program brings along; files of the user come first.
public enum BuiltInSuites {
  /// The names of the built-in suites.
  public static let names = ["quick", "standard", "tabular"]

  /// The YAML text of a built-in suite, nil where there is none of that name.
  public static func text(named name: String) -> String? {
    switch name {
    case "quick": String(decoding: PackageResources.quick_yaml, as: UTF8.self)
    case "standard": String(decoding: PackageResources.standard_yaml, as: UTF8.self)
    case "tabular": String(decoding: PackageResources.tabular_yaml, as: UTF8.self)
    default: nil
    }
  }

  /// The suite of a name or a file.
  ///
  /// A path is read as it is. A name is looked for as `attacks/NAME.yaml` in the working directory,
  /// then among the built-in suites.
  ///
  /// - Throws: `ConfigurationError` if there is no such suite, or it is not one.
  public static func suite(_ nameOrFile: String) throws -> Suite {
    let isPath = nameOrFile.contains("/") || nameOrFile.hasSuffix(".yaml")
    let file = isPath ? nameOrFile : "attacks/\(nameOrFile).yaml"
    if isPath || FileManager.default.fileExists(atPath: file) { return try Suite(file: file) }
    guard let text = text(named: nameOrFile) else {
      throw ConfigurationError(
        place: ConfigurationPlace(file: nameOrFile, line: 0, column: 0),
        .invalid(
          "there is no suite of this name\(Suggestion.text(for: nameOrFile, among: names))"))
    }
    return try Suite(yaml: text, file: "built-in suite '\(nameOrFile)'")
  }
}

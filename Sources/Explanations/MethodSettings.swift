import Foundation
public import Models

extension AttributionMethod {
  /// The method with some settings replaced; names are written `maximum-steps` or `maximumSteps`.
  ///
  /// - Throws: `ExplanationError` for a name that the method does not know, or an unfit value.
  public init(settings: [String: SettingValue]) throws {
    let defaults = Self()
    var values = defaults.settingValues
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      let key = name.camelCased
      guard defaults.settingNames.contains(key) else {
        throw ExplanationError.unknownSetting(
          method: Self.name, name: name.kebabCased,
          known: defaults.settingNames.map(\.kebabCased))
      }
      values[key] = value.interpreted
      do {
        self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(values))
      } catch is DecodingError {
        throw ExplanationError.invalidSetting(
          method: Self.name, name: name, expected: defaults.options(of: key),
          got: value.text)
      }
    }
    self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(values))
    try validate()
  }

  /// Every setting by its name in suites, in order; what is left to the method reads "automatic".
  public var parameters: [Attribution.Parameter] {
    let values = settingValues
    return settingNames.map {
      Attribution.Parameter(
        name: $0.kebabCased, value: values[$0]?.text ?? "automatic")
    }
  }

  /// The names of the stored properties, those without a value included.
  private var settingNames: [String] { Mirror(reflecting: self).children.compactMap(\.label) }

  private var settingValues: [String: SettingValue] {
    do {
      return try JSONDecoder().decode(
        [String: SettingValue].self, from: JSONEncoder().encode(self))
    } catch {
      preconditionFailure("expected \(Self.name) to consist of scalar settings: \(error)")
    }
  }

  /// What a setting may be, in words.
  private func options(of key: String) -> String {
    let child = Mirror(reflecting: self).children.first { $0.label == key }
    return (child?.value as? any SettingOptions).map { type(of: $0).options } ?? "another value"
  }

  /// Checks a count among the settings.
  static func expect(_ value: Int, atLeast minimum: Int, _ name: String) throws {
    guard value < minimum else { return }
    throw ExplanationError.invalidSetting(
      method: Self.name, name: name.kebabCased, expected: "at least \(minimum)", got: "\(value)")
  }

  /// Checks a number among the settings.
  static func expect(
    _ value: Double, in range: ClosedRange<Double>, _ name: String
  ) throws {
    guard !range.contains(value) else { return }
    throw ExplanationError.invalidSetting(
      method: Self.name, name: name.kebabCased,
      expected: "a number in [\(range.lowerBound), \(range.upperBound)]", got: "\(value)")
  }
}

extension SettingValue {
  /// A text that reads as a number or a truth value as what it reads as: "50" from a command line.
  fileprivate var interpreted: SettingValue {
    if case .string(let word) = self { SettingValue(word: word) } else { self }
  }
}

/// A type of settings that says in words what its values are.
protocol SettingOptions {
  static var options: String { get }
}

extension Int: SettingOptions { static var options: String { "a whole number" } }
extension Double: SettingOptions { static var options: String { "a number" } }
extension Bool: SettingOptions { static var options: String { "true or false" } }
extension Baseline: SettingOptions { static var options: String { forms } }
extension Optional: SettingOptions where Wrapped: SettingOptions {
  static var options: String { Wrapped.options }
}

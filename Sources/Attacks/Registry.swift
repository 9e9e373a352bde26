import Foundation
public import Models

/// All attacks, cheap ones first: a new method is a file and a line here.
public enum AttackRegistry {
  public static let all: [any Attack.Type] = [
    FastGradientSignMethod.self,
    RandomNoise.self,
    MomentumIterativeMethod.self,
    BasicIterativeMethod.self,
    ProjectedGradientDescent.self,
    SquareAttack.self,
  ]

  /// An attack with some of its settings changed.
  ///
  /// - Throws: `AttackError` for an unknown name or setting, or a value that makes no sense.
  public static func attack(
    named name: String, settings: [String: SettingValue] = [:]
  ) throws -> any Attack {
    guard let type = all.first(where: { $0.name == name }) else {
      let names = all.map { $0.name }
      throw AttackError.unknownAttack(
        name: name, suggestion: NearestName.to(name, among: names))
    }
    return try make(type, settings)
  }

  /// The settings of an attack by name, as `attack(named:settings:)` takes them.
  public static func settings(of attack: some Attack) throws -> [String: SettingValue] {
    try JSONDecoder().decode(
      [String: SettingValue].self, from: JSONEncoder().encode(attack))
  }

  private static func make<Method: Attack>(
    _ type: Method.Type, _ settings: [String: SettingValue]
  ) throws -> Method {
    for name in settings.keys.sorted() where !type.settingNames.contains(name) {
      throw AttackError.unknownSetting(
        attack: type.name, name: name, suggestion: NearestName.to(name, among: type.settingNames))
    }
    let values = try self.settings(of: type.init()).merging(settings) { $1 }
    let attack: Method
    do {
      attack = try JSONDecoder().decode(type, from: JSONEncoder().encode(values))
    } catch let error as DecodingError {
      throw invalidSetting(error, of: type.name, in: values)
    }
    try attack.validate()
    return attack
  }

  private static func invalidSetting(
    _ error: DecodingError, of attack: String, in values: [String: SettingValue]
  ) -> AttackError {
    let (context, expected): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        (context, SettingValue.words(for: type))
      case .dataCorrupted(let context): (context, "a whole number")
      case .keyNotFound(_, let context): (context, "a value")
      @unknown default:
        (DecodingError.Context(codingPath: [], debugDescription: ""), "another value")
      }
    let name = context.codingPath.first?.stringValue ?? "?"
    let choices = Objective.allCases.map(\.rawValue).joined(separator: ", ")
    return .invalidSetting(
      attack: attack, name: name,
      expected: name == "objective" ? "one of \(choices)" : expected,
      got: values[name].map { "\($0)" } ?? "nothing")
  }
}

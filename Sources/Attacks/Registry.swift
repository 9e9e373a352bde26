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
    AutoProjectedGradientDescent.self,
    SquareAttack.self,
    SimpleBlackBoxAttack.self,
  ]

  /// The attacks that work on every classifier, gradient or not.
  public static var namesWithoutGradient: [String] {
    all.filter { !$0.needsGradient }.map { $0.name }
  }

  /// An attack with some of its settings changed.
  ///
  /// - Throws: `AttackError` for an unknown name or setting, or a value that makes no sense.
  public static func attack(
    named name: String, settings: [String: SettingValue] = [:]
  ) throws -> any Attack {
    guard let type = all.first(where: { $0.name == name }) else {
      throw AttackError.unknownAttack(name: name, known: all.map { $0.name })
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
        attack: type.name, name: name, known: type.settingNames)
    }
    let defaults = try self.settings(of: type.init())
    func decoded(_ changes: [String: SettingValue]) throws -> Method {
      let values = defaults.merging(changes) { $1 }
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(values))
    }
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      do {
        _ = try decoded([name: value])
      } catch let error as DecodingError {
        throw AttackError.invalidSetting(
          attack: type.name, name: name, expected: expectation(error, of: name), got: "\(value)")
      }
    }
    let attack = try decoded(settings)
    try attack.validate()
    return attack
  }

  /// What a setting should have been, in words.
  private static func expectation(_ error: DecodingError, of name: String) -> String {
    if name == "objective" {
      return "one of \(Objective.allCases.map(\.rawValue).joined(separator: ", "))"
    }
    return switch error {
    case .typeMismatch(let type, _), .valueNotFound(let type, _): SettingValue.words(for: type)
    // A number that the decoder understood, but that has a fraction.
    case .dataCorrupted: "a whole number"
    default: "another value"
    }
  }
}

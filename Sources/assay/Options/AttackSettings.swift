import ArgumentParser
import Models

/// The parameters of all attacks as options; a method refuses those that it does not have.
struct AttackSettings: ParsableArguments {
  @Option(help: "The number of gradient steps.") var steps: Int?
  @Option(help: "The length of a step in input units.") var stepSize: Double?
  @Option(help: "The length of a step as a fraction of the radius.") var relativeStep: Double?
  @Option(help: "How many independent tries a sample gets.") var restarts: Int?
  @Flag(inversion: .prefixedNo, help: "Whether to start at a random point of the ball.")
  var randomStart: Bool?
  @Option(help: "What is raised: cross-entropy, margin, dlr or logit.") var objective: String?
  @Option(help: "How much of the momentum a step keeps.") var decay: Double?
  @Option(help: "How many queries a sample gets.") var queries: Int?
  @Option(help: "How many random points a sample gets.") var draws: Int?
  @Option(help: "The share of the positions that the first random windows cover.")
  var share: Double?

  /// The settings that the command line states, under the names that methods know.
  var values: [String: SettingValue] {
    let stated: [(String, SettingValue?)] = [
      ("steps", steps.map(SettingValue.int)),
      ("step-size", stepSize.map(SettingValue.double)),
      ("relative-step", relativeStep.map(SettingValue.double)),
      ("restarts", restarts.map(SettingValue.int)),
      ("random-start", randomStart.map(SettingValue.bool)),
      ("objective", objective.map(SettingValue.string)),
      ("decay", decay.map(SettingValue.double)),
      ("queries", queries.map(SettingValue.int)),
      ("draws", draws.map(SettingValue.int)),
      ("share", share.map(SettingValue.double)),
    ]
    return Dictionary(
      uniqueKeysWithValues: stated.compactMap { name, value in
        value.map { (name, $0) }
      })
  }
}

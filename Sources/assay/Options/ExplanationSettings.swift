import ArgumentParser
import Models

/// The parameters of all explanations as options; a method refuses those that it does not have.
struct ExplanationSettings: ParsableArguments {
  @Option(help: "The number of gradients along a path; stated, it is not doubled.")
  var steps: Int?
  @Option(help: "left, right, midpoint, trapezoid, gauss-legendre or bisection.")
  var quadrature: String?
  @Option(help: "The number of gradients that doubling begins with.") var initialSteps: Int?
  @Option(help: "The number of gradients at which doubling gives up.") var maximumSteps: Int?
  @Option(
    help: """
      What attributions are measured from: zero, mean, minimum, maximum, blur, value:0.5, uniform:5, or \
      samples of --background: nearest:5, random:5.
      """)
  var baseline: String?
  @Option(help: "How many noisy copies are averaged.") var samples: Int?
  @Option(help: "The noise as a fraction of the input's range.") var noise: Double?
  @Option(help: "What SmoothGrad reports of the noisy copies: mean, square or variance.")
  var statistic: String?
  @Flag(inversion: .prefixedNo, help: "Whether noisy copies are kept in the valid range.")
  var clips: Bool?
  @Option(help: "The side of the window that is covered.") var window: Int?
  @Option(help: "The distance between windows.") var stride: Int?

  /// The settings that the command line states, under the names that methods know.
  var values: [String: SettingValue] {
    let stated: [(String, SettingValue?)] = [
      ("steps", steps.map(SettingValue.int)), ("quadrature", quadrature.map(SettingValue.string)),
      ("baseline", baseline.map(SettingValue.string)), ("samples", samples.map(SettingValue.int)),
      ("initial-steps", initialSteps.map(SettingValue.int)),
      ("maximum-steps", maximumSteps.map(SettingValue.int)),
      ("statistic", statistic.map(SettingValue.string)), ("clips", clips.map(SettingValue.bool)),
      ("noise", noise.map(SettingValue.double)), ("window", window.map(SettingValue.int)),
      ("stride", stride.map(SettingValue.int)),
    ]
    return Dictionary(
      uniqueKeysWithValues: stated.compactMap { name, value in
        value.map { (name, $0) }
      })
  }
}

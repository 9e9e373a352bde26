import ArgumentParser
import Models

/// The parameters of all explanations as options; a method refuses those that it does not have.
struct ExplanationSettings: ParsableArguments {
  @Option(help: "The number of gradients along a path; stated, it is not doubled.")
  var steps: Int?
  @Option(help: "left, right, midpoint, trapezoid or gauss-legendre.") var quadrature: String?
  @Option(help: "What attributions are measured from: zero, mean, blur, training, …")
  var baseline: String?
  @Option(help: "How many noisy copies are averaged.") var samples: Int?
  @Option(help: "The noise as a fraction of the input's range.") var noise: Double?
  @Option(help: "The side of the window that is covered.") var window: Int?
  @Option(help: "The distance between windows.") var stride: Int?

  /// The settings that the command line states, under the names that methods know.
  var values: [String: SettingValue] {
    let stated: [(String, SettingValue?)] = [
      ("steps", steps.map(SettingValue.int)), ("quadrature", quadrature.map(SettingValue.string)),
      ("baseline", baseline.map(SettingValue.string)), ("samples", samples.map(SettingValue.int)),
      ("noise", noise.map(SettingValue.double)), ("window", window.map(SettingValue.int)),
      ("stride", stride.map(SettingValue.int)),
    ]
    return Dictionary(
      uniqueKeysWithValues: stated.compactMap { name, value in
        value.map { (name, $0) }
      })
  }
}

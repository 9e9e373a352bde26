import ConfigurationFiles
import Foundation

/// How the learning rate changes: a factor of the configured rate.
public enum LearningRateSchedule: Hashable, Sendable, Codable {
  case constant
  /// `factor` to the power of ⌊epoch / every⌋.
  case step(every: Int, factor: Double)
  /// Multiplied by `factor` at the beginning of each of these epochs.
  case multiStep(epochs: [Int], factor: Double)
  /// `factor` to the power of the epoch.
  case exponential(factor: Double)
  /// Half a cosine wave from 1 down to `minimum`, a little every step.
  ///
  /// Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5, without restarts.
  case cosine(minimum: Double)
  /// Up from 1 / 25 to 1 in the first 30 % of all steps, then down to 1 / 250,000, both as cosines.
  ///
  /// Smith and Topin 2018, arXiv:1708.07120, with PyTorch's defaults.
  case oneCycle
  /// Multiplied by `factor` when the validation loss has not fallen for `patience` epochs.
  case plateau(factor: Double, patience: Int)

  /// The factor for one step.
  ///
  /// - Parameters:
  ///   - step: The number of updates before this one.
  ///   - stepsPerEpoch: The number of updates in an epoch.
  ///   - epochs: The number of epochs in all.
  ///   - reductions: How often a plateau has been met.
  /// - Returns: What the configured rate is multiplied by.
  public func factor(step: Int, stepsPerEpoch: Int, epochs: Int, reductions: Int = 0) -> Double {
    let epoch = step / max(stepsPerEpoch, 1)
    let total = max(stepsPerEpoch * epochs, 1)
    switch self {
    case .constant: return 1
    case .step(let every, let factor): return pow(factor, Double(epoch / every))
    case .multiStep(let milestones, let factor):
      return pow(factor, Double(milestones.filter { $0 <= epoch }.count))
    case .exponential(let factor): return pow(factor, Double(epoch))
    case .cosine(let minimum):
      return Self.cosine(from: 1, to: minimum, Double(step) / Double(total))
    case .oneCycle:
      let peak = 0.3 * Double(total) - 1
      let last = Double(total) - 1
      if Double(step) <= peak { return Self.cosine(from: 1.0 / 25, to: 1, Double(step) / peak) }
      return Self.cosine(from: 1, to: 1.0 / 250_000, (Double(step) - peak) / (last - peak))
    case .plateau(let factor, _): return pow(factor, Double(reductions))
    }
  }

  private static func cosine(from start: Double, to end: Double, _ progress: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * min(max(progress, 0), 1))) / 2
  }
}

extension LearningRateSchedule {
  private enum Name: String, CaseIterable {
    case constant, step, exponential, cosine, plateau
    case multiStep = "multi-step"
    case oneCycle = "one-cycle"
  }

  /// Reads `cosine`, `step: {every: 10, factor: 0.1}`, `multi-step: {epochs: [30, 60]}`, ….
  init(_ node: ConfigurationNode) throws {
    let (nameNode, settings) = try node.named()
    switch try nameNode.choice(of: Name.self) {
    case .constant:
      _ = try settings.settings(keys: [])
      self = .constant
    case .step:
      let keys = try settings.mapping(keys: ["every", "factor"])
      self = .step(
        every: try keys.required("every").integer(in: 1...),
        factor: try keys.number("factor", in: 0...1) ?? 0.1)
    case .multiStep:
      let keys = try settings.mapping(keys: ["epochs", "factor"])
      self = .multiStep(
        epochs: try keys.required("epochs").items.map { try $0.integer(in: 1...) },
        factor: try keys.number("factor", in: 0...1) ?? 0.1)
    case .exponential:
      let keys = try settings.mapping(keys: ["factor"])
      self = .exponential(factor: try keys.required("factor").number(in: 0...1))
    case .cosine:
      let keys = try settings.settings(keys: ["minimum"])
      self = .cosine(minimum: try keys?.number("minimum", in: 0...1) ?? 0)
    case .oneCycle:
      _ = try settings.settings(keys: [])
      self = .oneCycle
    case .plateau:
      let keys = try settings.settings(keys: ["factor", "patience"])
      self = .plateau(
        factor: try keys?.number("factor", in: 0...1) ?? 0.1,
        patience: try keys?.integer("patience", in: 0...) ?? 10)
    }
  }
}

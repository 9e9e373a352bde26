import Foundation
import Tensors

// Kinds after Um et al. 2017, arXiv:1706.00527 (jittering, scaling); strengths are ours.

/// A corruption of `[channels, length]`.
protocol SequenceCorruption: Corruption {}

extension SequenceCorruption {
  package func suits(_ input: InputSpecification) -> Bool {
    input.layout == .sequence && input.audited.shape.rank == 2
  }
}

/// Noise of a sensor: v + N(0, (s σ)²), σ the standard deviation of the channel, or of the array.
struct Jitter: Corruption {
  let kind = CorruptionKind.jitter
  let unit = CorruptionUnit.deviationOfFeature

  func suits(_ input: InputSpecification) -> Bool {
    input.layout == .array || (input.layout == .sequence && input.audited.shape.rank == 2)
  }

  func strengths(in space: CorruptionSpace) -> [Double] { [0.05, 0.1, 0.2, 0.3, 0.5] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let noise = random.normals(sample.count)
    let perGroup = sample.count / space.deviations.count
    for index in sample.indices {
      sample[index] += Float(strength * space.deviations[index / perGroup]) * noise[index]
    }
  }
}

/// Noise of one size everywhere: uniform, with the standard deviation s σ of all values.
struct UniformNoise: Corruption {
  let kind = CorruptionKind.uniformNoise
  let unit = CorruptionUnit.deviationOfFeature

  func suits(_ input: InputSpecification) -> Bool { input.layout == .array }

  func strengths(in space: CorruptionSpace) -> [Double] { [0.05, 0.1, 0.2, 0.3, 0.5] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    // A uniform number of half-width w has the standard deviation w / √3.
    let halfWidth = strength * space.deviations[0] * 3.0.squareRoot()
    for index in sample.indices {
      sample[index] += Float(halfWidth * (2 * random.uniform() - 1))
    }
  }
}

/// A sensor of another gain: each channel times 1 + s N(0, 1).
struct ChannelScaling: SequenceCorruption {
  let kind = CorruptionKind.scaling
  let unit = CorruptionUnit.deviationOfValue

  func strengths(in space: CorruptionSpace) -> [Double] { [0.05, 0.1, 0.15, 0.2, 0.3] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let length = space.input.shape[1]
    for start in stride(from: 0, to: sample.count, by: length) {
      let factor = Float(1 + strength * random.normal())
      for index in start..<start + length { sample[index] *= factor }
    }
  }
}

/// A sensor that drifts: a straight line from 0 to ± s σ is added to each channel.
struct BaselineDrift: SequenceCorruption {
  let kind = CorruptionKind.baselineDrift
  let unit = CorruptionUnit.deviationOfFeature

  func strengths(in space: CorruptionSpace) -> [Double] { [0.25, 0.5, 1, 1.5, 2] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let length = space.input.shape[1]
    for channel in 0..<space.input.shape[0] {
      let side = random.uniform() < 0.5 ? -1.0 : 1
      let end = side * strength * space.deviations[channel]
      for step in 0..<length {
        sample[channel * length + step] += Float(end * Double(step) / Double(max(length - 1, 1)))
      }
    }
  }
}

/// A signal that is lost for a while: a stretch of all channels becomes the channel's mean.
struct SignalLoss: SequenceCorruption {
  let kind = CorruptionKind.signalLoss
  let unit = CorruptionUnit.shareOfLength

  func strengths(in space: CorruptionSpace) -> [Double] { [0.02, 0.05, 0.1, 0.2, 0.3] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let length = space.input.shape[1]
    let lost = OcclusionPatch.covered(length, share: strength, place: random.uniform())
    for channel in 0..<space.input.shape[0] {
      for step in lost { sample[channel * length + step] = Float(space.means[channel]) }
    }
  }
}

/// A recording that began too early or too late; the first or last value is held.
struct TimeShift: SequenceCorruption {
  let kind = CorruptionKind.timeShift
  let unit = CorruptionUnit.steps

  /// 1, 2, 5, 10 and 15 % of the length: between steps, values are interpolated.
  func strengths(in space: CorruptionSpace) -> [Double] {
    [0.01, 0.02, 0.05, 0.1, 0.15].map { $0 * Double(space.input.shape[1]) }
  }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let length = space.input.shape[1]
    let shift = random.uniform() < 0.5 ? -strength : strength
    let source = sample
    for channel in 0..<space.input.shape[0] {
      for step in 0..<length {
        let place = min(max(Double(step) - shift, 0), Double(length - 1))
        let first = channel * length + Int(place)
        let next = min(first + 1, channel * length + length - 1)
        let share = Float(place - place.rounded(.down))
        sample[channel * length + step] = source[first] * (1 - share) + source[next] * share
      }
    }
  }
}

package import Tensors

/// A random stream for each sample of a batch, whatever batch the sample is in.
package struct SampleRandom: Sendable {
  private let seed: UInt64
  private let purpose: String
  private let samples: [Int]
  private let restart: Int

  package init(seed: UInt64, purpose: String, samples: [Int], restart: Int = 0) {
    self.seed = seed
    self.purpose = purpose
    self.samples = samples
    self.restart = restart
  }

  /// The streams of one step, in the order of the samples.
  package func streams(step: Int = 0) -> [RandomStream] {
    samples.map {
      RandomStream(seed: seed, purpose: purpose, sample: $0, restart: restart, step: step)
    }
  }

  /// A row per sample, each drawn from its own stream: `[N] + sample`.
  package func rows(
    _ sample: Shape, step: Int = 0, drawing draw: (inout RandomStream) -> [Float]
  ) -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(samples.count * sample.count)
    for var stream in streams(step: step) { values += draw(&stream) }
    return Tensor(values, shape: [samples.count] + sample)
  }
}

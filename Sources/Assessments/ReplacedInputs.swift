import Foundation
import Models
import Tensors

/// Samples on their way through a model, some of their raw values replaced.
struct ReplacedInputs: Sendable {
  let model: any Classifier
  let samples: LabelledSamples
  let threads: Int
  /// Raw values, row-major.
  let values: [Float]

  init(_ model: any Classifier, _ samples: LabelledSamples, threads: Int) {
    self.model = model
    self.samples = samples
    self.threads = threads
    values = samples.inputs.converted(to: .float32).floats
  }

  /// The number of raw values of a sample.
  var size: Int { samples.inputs.shape.sample.count }

  /// A value of each sample.
  func column(_ position: Int) -> [Double] {
    (0..<samples.count).map { Double(values[$0 * size + position]) }
  }

  /// The model's answers to samples as they are.
  func answers() throws -> [LogitRow] {
    var rows: [LogitRow] = []
    try visit(count: samples.count, part: "none", sample: { $0 }, replace: { _, _ in }) {
      rows.append($1)
    }
    return rows
  }

  /// Visits the model's answers to many changed samples, in order.
  ///
  /// They are made and answered some megabytes at a time, so that memory stays bounded.
  ///
  /// - Parameters:
  ///   - count: The number of changed samples.
  ///   - part: What is changed, for errors.
  ///   - sample: The row of the sample that a changed one is made from.
  ///   - replace: Changes the raw values of a copy.
  ///   - visit: Reads the answer.
  /// - Throws: `GlobalExplanationError` if a logit is not finite, `ExecutionError` if the model
  ///   cannot be run.
  func visit(
    count: Int, part: String, sample: (Int) -> Int,
    replace: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    visit: (Int, LogitRow) throws -> Void
  ) throws {
    let rowsPerCall = max(threads * model.microBatch, (1 << 22) / max(size, 1))
    for start in stride(from: 0, to: count, by: rowsPerCall) {
      let range = start..<min(start + rowsPerCall, count)
      let raw = changed(range, sample: sample, replace: replace)
      let logits = try model.verifiedLogits(model.input.encoded(raw), threads: threads)
      let (scalars, width) = (logits.doubles, logits.shape[1])
      for (row, index) in range.enumerated() {
        let answer = LogitRow(logits: scalars[row * width..<(row + 1) * width])
        guard answer.isFinite else {
          throw GlobalExplanationError.notFinite(
            sample: samples.samples[sample(index)], part: part)
        }
        try visit(index, answer)
      }
    }
  }

  private func changed(
    _ range: Range<Int>, sample: (Int) -> Int,
    replace: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    var raw = Tensor(zeros: [range.count] + model.input.shape)
    raw.withUnsafeMutableScalars(of: Float.self) { target in
      for (row, index) in range.enumerated() {
        let copy = UnsafeMutableBufferPointer(rebasing: target[row * size..<(row + 1) * size])
        let origin = sample(index) * size
        for position in 0..<size { copy[position] = values[origin + position] }
        replace(index, copy)
      }
    }
    return raw
  }
}

/// The logits of one sample.
struct LogitRow: Sendable {
  let logits: ArraySlice<Double>

  var isFinite: Bool { logits.allSatisfy(\.isFinite) }

  /// The first class with the largest logit.
  var predicted: Int {
    var best = logits.startIndex
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best - logits.startIndex
  }

  /// −log of a class's probability, in nats.
  func logLoss(_ target: Int) -> Double { logSum { _ in true } - self[target] }

  func probability(_ target: Int) -> Double { exp(-logLoss(target)) }

  /// log(p / (1 − p)) of a class's probability: its logit less the log-sum-exp of the others.
  func logOdds(_ target: Int) -> Double { self[target] - logSum { $0 != target } }

  private subscript(target: Int) -> Double { logits[logits.startIndex + target] }

  /// log Σ exp z over the classes of which the condition holds.
  private func logSum(over isIncluded: (Int) -> Bool) -> Double {
    let chosen = logits.enumerated().filter { isIncluded($0.offset) }.map(\.element)
    let largest = chosen.max() ?? 0
    return largest + log(chosen.reduce(0) { $0 + exp($1 - largest) })
  }
}

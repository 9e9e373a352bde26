import Explanations
import Models
import Tensors

extension ReasonCodes {
  /// What replacing the reasons' features changes, beside controls; nil without any to compare.
  ///
  /// - Parameters:
  ///   - applicant: Its position among the audited.
  ///   - chosen: The reasons' features.
  ///   - contributions: Those of all features.
  /// - Returns: The mean rises of the log-odds over the reference applicants.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func lift(
    _ applicant: Int, _ chosen: [Int], _ contributions: [Double]
  ) throws -> ReasonLift? {
    guard !chosen.isEmpty, chosen.count < contributions.count else { return nil }
    let ascending = contributions.indices.sorted {
      (abs(contributions[$0]), $0) < (abs(contributions[$1]), $1)
    }
    let least = Array(ascending.prefix(chosen.count))
    let sets = starts.encoded.indices.flatMap { reference in
      [chosen, drawn(chosen.count, applicant: applicant, reference: reference), least]
    }
    let members = FeatureCells(model.input).members
    let (start, references) = (audited.encoded[applicant], starts.encoded)
    let table = try model.sweepLogits(count: sets.count) { index, point in
      for position in start.indices { point[position] = start[position] }
      for feature in sets[index] {
        for position in members[feature] { point[position] = references[index / 3][position] }
      }
    }
    let rises = (0..<3).map { kind in
      let sum = references.indices.reduce(0) { $0 + logOdds(table[3 * $1 + kind]) }
      return sum / Double(references.count) - audited.scores[applicant]
    }
    return ReasonLift(reasons: rises[0], random: rises[1], least: rises[2])
  }

  /// So many features, others for each applicant and reference applicant.
  private func drawn(_ count: Int, applicant: Int, reference: Int) -> [Int] {
    var random = RandomStream(
      seed: subject.seed, purpose: "reason codes/control", sample: audited.samples[applicant],
      step: reference)
    return Array(model.input.features.indices.shuffled(using: &random).prefix(count))
  }
}

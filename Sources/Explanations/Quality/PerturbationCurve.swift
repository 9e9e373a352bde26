import Foundation
import Models
import Tensors

/// The target's probability while an input is removed, or put back, in the order of a ranking.
public struct PerturbationCurve: Codable, Hashable, Sendable {
  /// What happens to the cells, the highest attribution first.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// They are replaced by the baseline: the faster the probability falls, the better.
    case deletion
    /// They replace the baseline: the faster the probability rises, the better.
    case insertion
  }

  /// The fraction of the cells that were changed: from 0 to 1.
  public var fractions: [Double]
  /// The target's probability there.
  public var probabilities: [Double]

  public init(fractions: [Double], probabilities: [Double]) {
    self.fractions = fractions
    self.probabilities = probabilities
  }

  /// The area under the curve by the trapezoid rule, in [0, 1].
  public var area: Double {
    (1..<max(fractions.count, 1)).reduce(0) { sum, index in
      let width = fractions[index] - fractions[index - 1]
      return sum + width * (probabilities[index] + probabilities[index - 1]) / 2
    }
  }
}

/// Removes or inserts cells in the order of a ranking and asks the model after each step.
///
/// - Source: Petsiuk et al. 2018, arXiv:1806.07421, section 4.1.
struct CellFlipping {
  let cells: FeatureCells
  let inputs: [Float]
  /// One baseline a sample.
  let origins: [Float]
  let classes: [Int]
  /// How many cells have been changed at each point of the curve.
  let counts: [Int]

  /// The curves of all samples have equally spaced points, as far as cells can be counted.
  init(
    _ request: AttributionRequest, origins: Tensor, cells: FeatureCells, steps: Int
  ) {
    self.cells = cells
    inputs = request.inputs.floats
    self.origins = origins.floats
    classes = request.classes
    let steps = min(steps, cells.count)
    counts = (0...steps).map { ($0 * cells.count + steps / 2) / steps }
  }

  /// A curve a sample.
  ///
  /// - Parameters:
  ///   - kind: Whether cells are removed or inserted.
  ///   - scores: The attribution of each sample's cells.
  ///   - model: The model that is asked.
  /// - Returns: The curves in the order of the samples.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func curves(
    _ kind: PerturbationCurve.Kind, scores: [[Double]], on model: some Classifier
  ) throws -> [PerturbationCurve] {
    let size = inputs.count / classes.count
    let ranks = scores.map(Self.positions)
    let logits = try model.sweepLogits(count: classes.count * counts.count) { index, point in
      let sample = index / counts.count
      for (cell, members) in cells.members.enumerated() {
        let isChanged = ranks[sample][cell] < counts[index % counts.count]
        let source = isChanged == (kind == .deletion) ? origins : inputs
        for element in members { point[element] = source[sample * size + element] }
      }
    }
    let fractions = counts.map { Double($0) / Double(cells.count) }
    return classes.indices.map { sample in
      let probabilities = counts.indices.map { step in
        Self.probability(of: classes[sample], logits: logits[sample * counts.count + step])
      }
      return PerturbationCurve(fractions: fractions, probabilities: probabilities)
    }
  }

  /// The position of each cell in the ranking.
  private static func positions(_ scores: [Double]) -> [Int] {
    var positions = [Int](repeating: 0, count: scores.count)
    for (position, cell) in VectorComparison.descendingOrder(scores).enumerated() {
      positions[cell] = position
    }
    return positions
  }

  /// The softmax; the logistic function of a single logit.
  static func probability(of target: Int, logits: ArraySlice<Double>) -> Double {
    let chosen = logits[logits.startIndex + target]
    if logits.count == 1 { return 1 / (1 + exp(-chosen)) }
    return 1 / logits.reduce(0) { $0 + exp($1 - chosen) }
  }
}

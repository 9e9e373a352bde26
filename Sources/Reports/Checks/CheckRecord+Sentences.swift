import Audits
import Checks
import Tensors

extension CheckRecord {
  /// The newly broken samples of every norm, the nearest first.
  var newlyBroken: [(norm: Norm, broken: ReplayCase)] {
    replay.flatMap { group in
      group.cases.filter { $0.outcome == .newlyBroken }.map { (norm: group.norm, broken: $0) }
    }
    .sorted { left, right in
      let (first, second) = (left.broken.orderedDistance, right.broken.orderedDistance)
      guard first == second else { return first < second }
      return (left.broken.sample, left.norm.rawValue) < (right.broken.sample, right.norm.rawValue)
    }
  }

  /// What became of a newly broken sample.
  func sentence(_ norm: Norm, _ broken: ReplayCase) -> String {
    "\(broken.name) (sample \(broken.sample), \(className(broken.label))) is newly broken: the "
      + "baseline withstands the known adversarial examples of this sample, the candidate takes "
      + "one at \(norm.symbol) distance \(NumberText.decimal(broken.distance)) for "
      + "\(className(broken.predicted)). \(broken.attack) found it against \(broken.model)."
  }

  /// What a worst case shows.
  func caption(_ worst: WorstCase) -> String {
    "\(worst.name) (sample \(worst.sample)), \(className(worst.label)), is taken for "
      + "\(className(worst.predicted)) with \(NumberText.percent(worst.confidence)) confidence at "
      + "\(worst.norm.symbol) distance \(NumberText.decimal(worst.distance)) "
      + "(\(worst.attack), ε \(NumberText.plain(worst.epsilon)))"
  }
}

extension BudgetUse {
  /// What the fresh attacks were allowed and what they used.
  var useSentence: String {
    "Budget of the fresh attacks: \(limit). Used: \(NumberText.count(forwardPasses)) forward and "
      + "\(NumberText.count(backwardPasses)) backward passes."
  }

  /// What the budget did not reach, nil where it sufficed.
  var exhaustionSentence: String? {
    guard isExhausted else { return nil }
    let places = unfinished.map { part in
      "\(NumberText.count(part.samples.count)) "
        + "\(part.samples.count == 1 ? "sample" : "samples") at \(part.norm.symbol) "
        + NumberText.plain(part.epsilon)
    }
    return "The budget ran out before \(DisplayText.list(places, limit: 12)) "
      + "could be attacked: nothing is known of them there."
  }
}

extension ReplayCase {
  fileprivate var orderedDistance: Double { distance.isNaN ? .infinity : distance }
}

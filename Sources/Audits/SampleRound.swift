import Tensors

/// A sample under all attacks at one radius.
struct SampleRound: Hashable {
  let sample: Int
  let norm: Norm
  let epsilon: Double

  struct Radius: Hashable, Comparable {
    let norm: Norm
    let epsilon: Double

    static func < (left: Radius, right: Radius) -> Bool {
      (left.norm.rawValue, left.epsilon) < (right.norm.rawValue, right.epsilon)
    }
  }

  var radius: Radius { Radius(norm: norm, epsilon: epsilon) }
}

/// What the attacks at one radius found about one sample.
struct RoundFindings {
  /// The gradient attacks that the plan has for this norm, controls left out.
  private let planned: Set<String>
  /// In the order of the plan.
  private var whiteBox: [AttackFinding] = []
  private var blackBox: [AttackFinding] = []
  private(set) var blackBoxBreakers: [String] = []

  init(planned: Set<String>) { self.planned = planned }

  mutating func add(_ finding: AttackFinding, of attack: AttackDescription) {
    if attack.isWhiteBox {
      whiteBox.append(finding)
    } else {
      blackBox.append(finding)
      if finding.outcome == .broken { blackBoxBreakers.append(attack.method) }
    }
  }

  /// Whether every gradient attack tried the sample, and left it.
  ///
  /// What breaks a sample before they had their turn says nothing about them: a known adversarial
  /// example, which is tried first, or a search that the plan has between them.
  var isLeftByWhiteBox: Bool {
    !whiteBox.isEmpty && whiteBox.allSatisfy { $0.outcome != .broken }
      && planned.isSubset(of: whiteBox.map(\.attack))
  }

  var isBrokenByWhiteBox: Bool { whiteBox.contains { $0.outcome == .broken } }
  var isBroken: Bool { contains { $0.outcome == .broken } }

  /// Whether an attack without gradients broke what those with gradients had left.
  var isMissed: Bool { isLeftByWhiteBox && !blackBoxBreakers.isEmpty }

  /// Whether no gradient attack had a gradient to follow.
  var isFlat: Bool {
    isLeftByWhiteBox && whiteBox.allSatisfy { $0.flags.contains(AttackFlag.zeroGradient) }
  }

  /// Whether gradient attacks had gradients to follow, and none of them came any higher.
  var isStuck: Bool {
    isLeftByWhiteBox && !isFlat
      && whiteBox.allSatisfy {
        $0.flags.contains(AttackFlag.noRise) || $0.flags.contains(AttackFlag.zeroGradient)
      }
  }

  /// Whether the last gradient attack ended too early.
  var isRising: Bool {
    isLeftByWhiteBox && whiteBox.last?.flags.contains(AttackFlag.stillRising) == true
  }

  var isUndefined: Bool { contains { $0.flags.contains(AttackFlag.notFinite) } }
  var isRejected: Bool { contains { $0.outcome == .rejected } }
  var isFalselyClaimed: Bool {
    contains { $0.outcome == .survived && $0.flags.contains(AttackFlag.falseClaim) }
  }

  private func contains(_ isConcerned: (AttackFinding) -> Bool) -> Bool {
    (whiteBox + blackBox).contains(where: isConcerned)
  }
}

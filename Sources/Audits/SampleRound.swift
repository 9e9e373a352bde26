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
  /// In the order of the plan.
  private var whiteBox: [AttackFinding] = []
  private var blackBox: [AttackFinding] = []
  private(set) var blackBoxBreakers: [String] = []

  mutating func add(_ finding: AttackFinding, of attack: AttackDescription) {
    if attack.isWhiteBox {
      whiteBox.append(finding)
    } else {
      blackBox.append(finding)
      if finding.outcome == .broken { blackBoxBreakers.append(attack.method) }
    }
  }

  /// Whether gradient attacks tried the sample and left it.
  var isLeftByWhiteBox: Bool {
    !whiteBox.isEmpty && whiteBox.allSatisfy { $0.outcome != .broken }
  }

  /// Whether an attack without gradients broke what those with gradients had left.
  var isMissed: Bool { isLeftByWhiteBox && !blackBoxBreakers.isEmpty }

  /// Whether no gradient attack had a gradient to follow.
  var isFlat: Bool {
    isLeftByWhiteBox && whiteBox.allSatisfy { $0.flags.contains(AttackFlag.zeroGradient) }
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

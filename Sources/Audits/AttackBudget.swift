import Models

/// What attacks may cost before an audit stops attacking.
public enum AttackBudget: Hashable, Sendable {
  /// The time since the first attack began. What is found then depends on the machine.
  case time(seconds: Double)
  /// The gradients that attacks took, over all samples.
  case gradients(Int)

  /// "2 min", "90 s", "200,000 gradients".
  public var words: String {
    switch self {
    case .gradients(let count): return "\(Self.grouped(count)) gradients"
    case .time(let seconds):
      let minutes = seconds / 60
      return minutes >= 1 && minutes == minutes.rounded()
        ? "\(minutes.words) min" : "\(seconds.words) s"
    }
  }

  /// A budget as people write it; nil if it is none.
  public init?(_ text: String) {
    let words = text.split(separator: " ")
    if words.count == 2, words[1] == "gradients" {
      guard let count = Int(words[0].replacing("_", with: "").replacing(",", with: "")), count > 0
      else { return nil }
      self = .gradients(count)
      return
    }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard words.count == 1, let unit = text.last.flatMap({ units[$0] }),
      let number = Double(text.dropLast()), number > 0, number.isFinite
    else { return nil }
    self = .time(seconds: number * unit)
  }

  private static func grouped(_ count: Int) -> String {
    let digits = Array(String(count))
    return digits.indices.map { index in
      let isBoundary = index > 0 && (digits.count - index).isMultiple(of: 3)
      return (isBoundary ? "," : "") + String(digits[index])
    }.joined()
  }
}

/// How much of a budget is spent.
struct BudgetMeter {
  private let budget: AttackBudget?
  private let start = ContinuousClock.now
  private var gradients = 0

  init(_ budget: AttackBudget?) { self.budget = budget }

  mutating func add(_ findings: [AttackFinding]) {
    for finding in findings { gradients += finding.passes.backward }
  }

  var isSpent: Bool {
    switch budget {
    case nil: false
    case .gradients(let limit): gradients >= limit
    case .time(let seconds): (ContinuousClock.now - start) / .seconds(1) >= seconds
    }
  }
}

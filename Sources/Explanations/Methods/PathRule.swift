import Tensors

/// How the mean gradient along a path is found.
enum PathRule: RawRepresentable, Codable, Hashable, CaseIterable, SettingOptions {
  /// Midpoints of pieces that are halved where they miss most of the output's change.
  case bisection
  /// A fixed rule, its number of nodes doubled until the error is accepted.
  case nodes(Quadrature)

  init?(rawValue: String) {
    guard let rule = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = rule
  }

  var rawValue: String {
    switch self {
    case .bisection: "bisection"
    case .nodes(let quadrature): quadrature.rawValue
    }
  }

  static var allCases: [PathRule] { [.bisection] + Quadrature.allCases.map(PathRule.nodes) }
  static var options: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }

  var minimumCount: Int {
    switch self {
    case .bisection: 1
    case .nodes(let quadrature): quadrature.minimumCount
    }
  }
}

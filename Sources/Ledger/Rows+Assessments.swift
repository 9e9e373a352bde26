import Assessments
import Foundation
import GRDB

/// The result of one assessment of a run, as JSON.
struct AssessmentRow: LedgerRow {
  static let table = ChainedTable("assessments", key: ["kind"])
  var run: String
  var kind: AssessmentKind
  var contents: String
}

/// Which property of `Assessments` a row holds, by its name.
enum AssessmentKind: String, Codable, CaseIterable, DatabaseValueConvertible {
  case calibration, groups, corruptions, dataSheet, drift, importance, effects, reasonCodes
  case counterfactuals

  /// What was measured, as JSON; nil where nothing was.
  func contents(of assessments: Assessments) throws -> String? {
    func text(_ value: (some Encodable)?) throws -> String? {
      guard let value else { return nil }
      return try StoredJSON.text(value)
    }
    return switch self {
    case .calibration: try text(assessments.calibration)
    case .groups: try text(assessments.groups)
    case .corruptions: try text(assessments.corruptions)
    case .dataSheet: try text(assessments.dataSheet)
    case .drift: try text(assessments.drift)
    case .importance: try text(assessments.importance)
    case .effects: try text(assessments.effects)
    case .reasonCodes: try text(assessments.reasonCodes)
    case .counterfactuals: try text(assessments.counterfactuals)
    }
  }

  /// Puts what a row holds where it belongs.
  func read(_ contents: String, into assessments: inout Assessments) throws {
    func value<Value: Decodable>() throws -> Value {
      try StoredJSON.value(Value.self, of: contents)
    }
    switch self {
    case .calibration: assessments.calibration = try value()
    case .groups: assessments.groups = try value()
    case .corruptions: assessments.corruptions = try value()
    case .dataSheet: assessments.dataSheet = try value()
    case .drift: assessments.drift = try value()
    case .importance: assessments.importance = try value()
    case .effects: assessments.effects = try value()
    case .reasonCodes: assessments.reasonCodes = try value()
    case .counterfactuals: assessments.counterfactuals = try value()
    }
  }
}

extension [AssessmentRow] {
  /// A row for each assessment that was made.
  init(_ assessments: Assessments, run: String) throws {
    self = try AssessmentKind.allCases.compactMap { kind in
      try kind.contents(of: assessments).map {
        AssessmentRow(run: run, kind: kind, contents: $0)
      }
    }
  }

  /// What the rows say together.
  func assessments(path: String) throws -> Assessments {
    var assessments = Assessments()
    for row in self {
      do {
        try row.kind.read(row.contents, into: &assessments)
      } catch is DecodingError {
        throw LedgerError(path: path, .corrupt("the assessment '\(row.kind.rawValue)'"))
      }
    }
    return assessments
  }
}

extension ConfigurationNode {
  /// The value as a whole number within a range.
  package func integer(in range: some RangeExpression<Int> = Int.min...) throws -> Int {
    guard case .scalar(let text, false) = content,
      let value = Int(text.replacing("_", with: "")), range.contains(value)
    else { throw expected("a whole number\(Self.words(for: range))") }
    return value
  }

  /// The value as a finite number within a range.
  package func number(
    in range: some RangeExpression<Double> = (-Double.infinity)...
  ) throws -> Double {
    guard case .scalar(let text, false) = content, let value = Double(text), value.isFinite,
      range.contains(value)
    else { throw expected("a number\(Self.words(for: range))") }
    return value
  }

  package func boolean() throws -> Bool {
    guard case .scalar(let text, false) = content else { throw expected("true or false") }
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw expected("true or false")
    }
  }

  package func string() throws -> String {
    guard case .scalar(let text, _) = content else { throw expected("a text") }
    return text
  }

  /// The value as one of an enumeration's names.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    of type: Choice.Type
  ) throws -> Choice {
    let names = Choice.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = content else {
      throw expected("one of \(names.joined(separator: ", "))")
    }
    guard let choice = Choice(rawValue: text.spelt(as: names)) else {
      throw error(.unknownName(text, known: names))
    }
    return choice
  }

  /// The values of a list; a single value is a list of one.
  package var items: [ConfigurationNode] {
    switch content {
    case .list(let items): items
    case .null: []
    case .scalar, .mapping: [self]
    }
  }

  private static func words<Bound>(for range: some RangeExpression<Bound>) -> String {
    switch range {
    case let range as ClosedRange<Bound>: " in \(range.lowerBound)…\(range.upperBound)"
    case let range as PartialRangeFrom<Bound>:
      "\(range.lowerBound)" == "-inf" || "\(range.lowerBound)" == "\(Int.min)"
        ? "" : ", \(range.lowerBound) or more"
    case let range as Range<Bound>: " from \(range.lowerBound) to below \(range.upperBound)"
    default: " in \(range)"
    }
  }
}

import Tensors

/// The equation of an Einstein sum: which label each axis has.
///
///     "bij,bjk->bik"    "...ii->...i"    "ij,j"
///
/// A label is a letter, or for the axes under an ellipsis a number, counted from the last.
struct EinsumEquation {
  enum Label: Hashable, Comparable {
    case unnamed(fromEnd: Int)
    case letter(Character)

    /// The order of an implicit result: the axes of the ellipsis, then letters by the alphabet.
    static func < (left: Label, right: Label) -> Bool {
      switch (left, right) {
      case (.unnamed(let left), .unnamed(let right)): left > right
      case (.unnamed, .letter): true
      case (.letter, .unnamed): false
      case (.letter(let left), .letter(let right)): left < right
      }
    }
  }

  var operands: [[Label]]
  var result: [Label]

  /// Reads an equation between operands with these numbers of axes.
  ///
  /// - Throws: `NodeError` if the equation is none, or is one of other operands.
  init(_ text: String, ranks: [Int]) throws {
    let compact = text.filter { !$0.isWhitespace }
    let sides = compact.split(separator: "->", omittingEmptySubsequences: false)
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard sides.count <= 2, terms.count == ranks.count else {
      throw NodeError(
        reason: "the equation '\(text)' does not describe \(ranks.count) operands")
    }
    operands = try zip(terms, ranks).map { term, rank in
      let letters = try Self.letters(term, in: text)
      let named = letters.count { $0 != nil }
      guard letters.contains(nil) ? named <= rank : named == rank else {
        throw NodeError(reason: "'\(term)' in '\(text)' does not name \(rank) axes")
      }
      return Self.labels(letters, unnamed: rank - named)
    }
    let unnamed = operands.joined().reduce(0) { count, label in
      if case .unnamed(let fromEnd) = label { max(count, fromEnd + 1) } else { count }
    }
    if sides.count == 2 {
      result = Self.labels(try Self.letters(sides[1], in: text), unnamed: unnamed)
    } else {
      let counts = operands.joined().reduce(into: [Label: Int]()) { $0[$1, default: 0] += 1 }
      result = counts.keys.filter { label in
        guard case .unnamed = label else { return counts[label] == 1 }
        return true
      }.sorted()
    }
    guard Set(result).count == result.count, Set(result).isSubset(of: operands.joined()) else {
      throw NodeError(
        reason: "the result of '\(text)' repeats an axis or has one that no operand has")
    }
  }

  /// The letters of a term; nil is the ellipsis.
  private static func letters(_ term: Substring, in text: String) throws -> [Character?] {
    var letters: [Character?] = []
    var rest = term
    while let first = rest.first {
      if rest.hasPrefix("..."), !letters.contains(nil) {
        letters.append(nil)
        rest = rest.dropFirst(3)
      } else {
        guard first.isLetter else {
          throw NodeError(reason: "the equation '\(text)' contains '\(first)'")
        }
        letters.append(first)
        rest = rest.dropFirst()
      }
    }
    return letters
  }

  private static func labels(_ letters: [Character?], unnamed: Int) -> [Label] {
    letters.flatMap { letter in
      letter.map { [.letter($0)] } ?? (0..<unnamed).reversed().map { .unnamed(fromEnd: $0) }
    }
  }
}

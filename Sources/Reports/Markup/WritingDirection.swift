/// Text that strangers may have chosen, kept from turning round what is written beside it.
///
/// Arabic and Hebrew names stand between sentences that run from left to right, and what a reader
/// sees must not depend on them. Such text is isolated; characters that override the direction of
/// what follows have no use in a name and become U+FFFD.
///
/// - Source: Unicode Standard Annex 9, sections 2.2 to 2.4.
enum WritingDirection {
  /// The text with its isolates closed, and isolated itself where it runs from right to left.
  ///
  /// Text without any such character is returned as it is.
  static func isolated(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isIsolate($0) || runsLeft($0) }) else {
      return text
    }
    var depth = 0
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == closing {
        result.append(depth > 0 ? closing : "\u{FFFD}")
        depth = max(0, depth - 1)
      } else {
        depth += isIsolate(scalar) ? 1 : 0
        result.append(scalar)
      }
    }
    result.append(contentsOf: repeatElement(closing, count: depth))
    let isOpen = text.unicodeScalars.contains(where: runsLeft) && !isOneIsolate(result)
    return String(isOpen ? [opening] + result + [closing] : result)
  }

  /// Whether the scalar overrides or embeds a direction until it is taken back.
  static func isOverride(_ scalar: Unicode.Scalar) -> Bool {
    ("\u{202A}"..."\u{202E}").contains(scalar)
  }

  /// Whether the text is one isolate from its first scalar to its last.
  private static func isOneIsolate(_ text: String.UnicodeScalarView) -> Bool {
    guard let first = text.first, isIsolate(first), first != closing else { return false }
    var depth = 0
    for (index, scalar) in zip(text.indices, text) {
      depth += scalar == closing ? -1 : (isIsolate(scalar) ? 1 : 0)
      if depth == 0 { return text.index(after: index) == text.endIndex }
    }
    return false
  }

  private static let opening: Unicode.Scalar = "\u{2068}"
  private static let closing: Unicode.Scalar = "\u{2069}"

  private static func isIsolate(_ scalar: Unicode.Scalar) -> Bool {
    ("\u{2066}"..."\u{2069}").contains(scalar)
  }

  /// Whether the scalar belongs to a block of scripts that run from right to left.
  private static func runsLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\u{590}"..."\u{8FF}", "\u{200F}", "\u{FB1D}"..."\u{FDFF}", "\u{FE70}"..."\u{FEFE}",
      "\u{10800}"..."\u{10FFF}", "\u{1E800}"..."\u{1EFFF}":
      true
    default: false
    }
  }
}

/// How a language writes numbers: a value of its words, so that nothing depends on a locale.
struct NumberStyle: Hashable, Sendable {
  /// Before the decimals: "." in English, "," in German.
  var decimalMark: String
  /// Between groups of three digits.
  var groupMark: String
  /// Between the numbers of a list.
  var listMark: String
  /// What stands between the ends of an interval: "to".
  var rangeWord: String
  /// What is written for a value that is not a number.
  var undefined: String

  /// How machine-readable outputs and the checks write numbers, whatever the report's language.
  static let english = NumberStyle(
    decimalMark: ".", groupMark: ",", listMark: ", ", rangeWord: "to", undefined: "not a number")
}

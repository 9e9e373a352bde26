extension String {
  /// "maximumSteps" as "maximum-steps".
  var kebabCased: String {
    reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }

  /// "maximum-steps" or "maximum_steps" as "maximumSteps".
  var camelCased: String {
    let words = split { $0 == "-" || $0 == "_" }
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}

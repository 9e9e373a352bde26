/// Why there is no page: what a browser is told instead.
struct PageProblem: Error, Hashable, Sendable {
  /// The HTTP status.
  var status: Int
  /// One sentence for the reader.
  var sentence: String

  /// What was asked for makes no sense.
  static func badRequest(_ sentence: String) -> PageProblem {
    PageProblem(status: 400, sentence: sentence)
  }

  /// There is nothing of the name.
  static func notFound(_ sentence: String) -> PageProblem {
    PageProblem(status: 404, sentence: sentence)
  }
}

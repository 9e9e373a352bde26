/// The path and the query of a request, decoded.
struct RequestTarget: Hashable, Sendable {
  /// The decoded parts of the path: ["runs", "4be1", "findings"].
  let path: [String]
  /// The decoded entries of the query, in order.
  let query: [Entry]

  /// A name and its value in a query.
  struct Entry: Hashable, Sendable {
    let name: String
    let value: String
  }

  /// No page needs a longer one.
  private static let limit = 4_096

  /// - Returns: nil where the text is no path, is too long, or holds bytes that are no text.
  init?(_ target: String) {
    guard target.hasPrefix("/"), target.utf8.count <= Self.limit else { return nil }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for part in parts[0].split(separator: "/") {
      guard let text = PercentEncoding.decoded(part) else { return nil }
      path.append(text)
    }
    var query: [Entry] = []
    for entry in parts.count == 2 ? parts[1].split(separator: "&") : [] {
      let pair = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decodedForm(pair[0]),
        let value = PercentEncoding.decodedForm(pair.count == 2 ? pair[1] : "")
      else { return nil }
      query.append(Entry(name: name, value: value))
    }
    self.path = path
    self.query = query
  }

  /// The values of a name, empty ones left out: a form sends every field.
  func values(_ name: String) -> [String] {
    query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
  }

  /// The address of a path with a query.
  static func address(_ path: [String], _ query: [Entry] = []) -> String {
    let place = "/" + path.map(PercentEncoding.encoded).joined(separator: "/")
    guard !query.isEmpty else { return place }
    let entries = query.map {
      PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value)
    }
    return place + "?" + entries.joined(separator: "&")
  }
}

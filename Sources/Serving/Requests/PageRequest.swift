/// What a browser asks for, before anything of it is believed.
package struct PageRequest: Sendable {
  package var method: String
  /// Path and query as they came: "/runs/4be1?page=2".
  package var target: String
  /// The name of the host that the browser believes to talk to, with its port.
  package var host: String?
  /// The header `Cookie`.
  package var cookies: String?

  package init(
    method: String = "GET", target: String, host: String? = nil, cookies: String? = nil
  ) {
    self.method = method
    self.target = target
    self.host = host
    self.cookies = cookies
  }

  /// The value of a cookie; the first where there are several.
  func cookie(named name: String) -> String? {
    (cookies ?? "").split(separator: ";").lazy.compactMap { part -> String? in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, pair[0].filter({ $0 != " " }) == name else { return nil }
      return String(pair[1])
    }.first
  }
}

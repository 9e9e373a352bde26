/// Who is answered.
package struct AccessRules: Sendable {
  package let token: AccessToken
  /// The address that was asked for on the command line.
  package let host: String

  package init(token: AccessToken = AccessToken(), host: String = "127.0.0.1") {
    self.token = token
    self.host = host
  }

  /// Whether only this machine can reach the server.
  package var isLoopback: Bool { Self.isLoopback(host) }

  /// The address of the first page with the secret in it.
  func address(port: Int) -> String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "http://\(name):\(port)/?token=\(token.value)"
  }

  /// What becomes of a request.
  enum Decision: Hashable, Sendable {
    case allowed
    /// The request holds the secret in its address: it moves into a cookie.
    case moved(to: String)
    case refused(Refusal)
  }

  /// Why a request is refused.
  enum Refusal: String, Hashable, Sendable {
    case method, host, token
  }

  /// - Parameters:
  ///   - request: The request.
  ///   - target: Its path and query; nil where they are none.
  /// - Returns: Whether the request may be answered.
  func decision(on request: PageRequest, _ target: RequestTarget?) -> Decision {
    // A page elsewhere can make a browser send requests here under another name (DNS rebinding).
    guard let name = Self.name(ofHost: request.host ?? ""), isKnown(name) else {
      return .refused(.host)
    }
    guard request.method == "GET" || request.method == "HEAD" else { return .refused(.method) }
    if let target, let shown = target.query.first(where: { $0.name == "token" })?.value {
      guard token.matches(shown) else { return .refused(.token) }
      // Addresses end up in histories and referrers.
      return .moved(
        to: RequestTarget.address(target.path, target.query.filter { $0.name != "token" }))
    }
    let isKnown = request.cookie(named: token.cookieName).map(token.matches) ?? false
    return isKnown ? .allowed : .refused(.token)
  }

  /// The cookie that holds the secret until the browser closes.
  var cookie: PageResponse.Header {
    PageResponse.Header(
      "Set-Cookie", "\(token.cookieName)=\(token.value); Path=/; HttpOnly; SameSite=Strict")
  }

  private func isKnown(_ name: String) -> Bool {
    Self.isLoopback(name) || name == host.lowercased()
  }

  private static func isLoopback(_ name: String) -> Bool {
    ["127.0.0.1", "localhost", "::1"].contains(name.lowercased())
  }

  /// Whether a text is a name or an IP address, without a port.
  package static func isHost(_ text: String) -> Bool {
    name(ofHost: text.contains(":") ? "[\(text)]" : text) == text.lowercased()
  }

  /// The name in "name:port", "[name]:port" or "name"; nil where the text is none of them.
  static func name(ofHost text: String) -> String? {
    let match = text.lowercased().wholeMatch(
      of: #/(?:\[([0-9a-f:.]+)\]|([0-9a-z.\-_]+))(?::[0-9]{1,5})?/#)
    return (match?.output.1 ?? match?.output.2).map(String.init)
  }
}

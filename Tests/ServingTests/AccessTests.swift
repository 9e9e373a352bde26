import Testing

@testable import Serving

@Suite("Access to served pages")
struct AccessTests {
  private let visitor: Visitor

  init() throws { visitor = try Visitor() }

  private var token: AccessToken { visitor.site.access.token }

  private func response(
    _ target: String, method: String = "GET", host: String? = "localhost:1", cookies: String? = nil
  ) -> PageResponse {
    visitor.site.response(
      to: PageRequest(method: method, target: target, host: host, cookies: cookies))
  }

  @Test("a secret is 128 bits in hexadecimal digits, and another one each time")
  func secrets() {
    let values = (0..<50).map { _ in AccessToken().value }
    #expect(Set(values).count == 50)
    #expect(values.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test(
    "only the whole secret matches", arguments: ["", "0", "ab12", "ab13", "AB12", "ab1", "ab123"])
  func comparison(text: String) {
    #expect(AccessToken(value: "ab12", name: "00000000").matches(text) == (text == "ab12"))
  }

  @Test("the secret in an address moves into a cookie, and the address loses it")
  func moving() {
    let answer = response("/runs/a%20b/findings?page=2&token=\(token.value)&group=x%26y")
    #expect(answer.status == 303)
    #expect(answer["Location"] == "/runs/a%20b/findings?page=2&group=x%26y")
    #expect(
      answer["Set-Cookie"]
        == "\(token.cookieName)=\(token.value); Path=/; HttpOnly; SameSite=Strict")
    #expect(response("/?token=\(token.value)")["Location"] == "/")
  }

  @Test(
    "without the secret there is a plain page and nothing of the ledger",
    arguments: [
      "/", "/style.css", "/runs/aaaa00000001", "/nothing", "nonsense", "/?token=0", "/?token",
    ])
  func refusal(target: String) throws {
    for cookies in [nil, "x=\(token.value)", "\(token.cookieName)=0", token.value] {
      let answer = response(target, cookies: cookies)
      #expect(answer.status == 403)
      let page = try ServedPage(answer)
      #expect(!page.source.contains("aaaa0000") && page.all("h1")[0].text == "Not allowed")
    }
  }

  @Test("the cookie is found among others")
  func cookies() {
    #expect(response("/", cookies: "a=b; \(visitor.cookie); c=d").status == 200)
  }

  @Test(
    "other names of the host are refused, with the secret too",
    arguments: ["evil.example", "127.0.0.1.evil.example:80", "", "localhost:1:2", "[::2]:80"])
  func foreignHosts(host: String) {
    let answer = response("/?token=\(token.value)", host: host, cookies: visitor.cookie)
    #expect(answer.status == 403 && answer["Set-Cookie"] == nil)
  }

  @Test(
    "this machine is known under its own names",
    arguments: ["127.0.0.1", "localhost:99", "LOCALHOST", "[::1]:8080"])
  func ownHosts(host: String) {
    #expect(response("/", host: host, cookies: visitor.cookie).status == 200)
    #expect(response("/", host: nil, cookies: visitor.cookie).status == 403)
  }

  @Test("a host that was asked for is known, and is no loopback")
  func givenHost() {
    let rules = AccessRules(token: token, host: "audit.example")
    let request = PageRequest(
      target: "/", host: "audit.example:80", cookies: visitor.cookie)
    #expect(rules.decision(on: request, RequestTarget("/")) == .allowed)
    #expect(!rules.isLoopback && visitor.site.access.isLoopback)
    #expect(
      AccessRules(token: token, host: "::1").address(port: 5)
        == "http://[::1]:5/?token=\(token.value)")
  }

  @Test(
    "hosts are names and addresses without ports",
    arguments: [
      ("localhost", true), ("0.0.0.0", true), ("::1", true), ("a.example", true), ("", false),
      ("localhost:80", false), ("a b", false), ("[::1]", false), ("a/b", false),
    ])
  func hostNames(text: String, isHost: Bool) { #expect(AccessRules.isHost(text) == isHost) }

  @Test(
    "only reading is answered", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
  func methods(method: String) {
    let answer = response("/", method: method, cookies: visitor.cookie)
    #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD")
    #expect(response("/", method: "HEAD", cookies: visitor.cookie).status == 200)
  }

  @Test(
    "every answer forbids what pages do not need",
    arguments: [
      "/", "/style.css", "/nothing", "/runs/aaaa00000001/report.html", "/?token=0", "/compare",
    ])
  func protection(target: String) {
    let answer = visitor(target)
    #expect(
      answer["Content-Security-Policy"]
        == "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'")
    #expect(answer["X-Content-Type-Options"] == "nosniff")
    #expect(answer["Referrer-Policy"] == "no-referrer")
    #expect(answer["Cache-Control"] == "no-store")
    #expect(answer["Cross-Origin-Opener-Policy"] == "same-origin")
    #expect(answer["Cross-Origin-Resource-Policy"] == "same-origin")
  }
}

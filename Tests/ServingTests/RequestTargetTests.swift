import Testing

@testable import Serving

@Suite("Addresses")
struct RequestTargetTests {
  @Test("paths and queries are decoded")
  func decoding() {
    let target = RequestTarget("/runs/a%2Fb/?x=1%26+2&empty=&flag&x=%C3%A4")
    #expect(target?.path == ["runs", "a/b"])
    #expect(target?.values("x") == ["1& 2", "ä"])
    #expect(target?.values("empty") == [] && target?.values("flag") == [])
  }

  @Test(
    "what is no address is refused",
    arguments: ["", "runs", "http://x/", "/%", "/%2", "/%zz", "/%+1", "/%ff", "/?x=%80", "/?%c3=1"])
  func nonsense(text: String) { #expect(RequestTarget(text) == nil) }

  @Test("addresses that are too long are refused")
  func length() {
    #expect(RequestTarget("/" + String(repeating: "a", count: 4_095)) != nil)
    #expect(RequestTarget("/" + String(repeating: "a", count: 4_096)) == nil)
  }

  @Test(
    "what is written is read again",
    arguments: ["plain", "a b+c&d=e?f#g/h%", "ä€😀", "\u{202E}x", "\n\0\""])
  func roundTrip(text: String) {
    let entry = RequestTarget.Entry(name: text, value: text)
    let address = RequestTarget.address(["runs", text], [entry])
    #expect(address.allSatisfy { $0.isASCII && !$0.isWhitespace && $0 != "\"" })
    #expect(RequestTarget(address)?.path == ["runs", text])
    #expect(RequestTarget(address)?.query == [entry])
  }
}

import Foundation
import Ledger
import ReportTemplates
import Testing

@testable import Serving

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("The server", .serialized)
struct LocalServerTests {
  private static let browser = "/usr/bin/chromium"

  /// Serves a site on a free port while the body runs, and sees that it stops.
  private func serving(
    _ site: Site, _ body: @Sendable @escaping (_ address: String) async throws -> Void
  ) async throws {
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    let server = Task {
      defer { continuation.finish() }
      try await LocalServer(site, port: 0).run { continuation.yield($0) }
    }
    var iterator = addresses.makeAsyncIterator()
    let address = try #require(await iterator.next(isolation: nil), "the server did not start")
    do {
      try await body(address)
    } catch {
      server.cancel()
      throw error
    }
    server.cancel()
    // Returns only once the port is closed.
    _ = await server.result
  }

  private func answer(
    _ address: String, _ session: URLSession, method: String = "GET", host: String? = nil
  ) async throws -> (body: Data, response: HTTPURLResponse) {
    var request = URLRequest(url: try #require(URL(string: address)))
    request.httpMethod = method
    if let host { request.setValue(host, forHTTPHeaderField: "Host") }
    let (body, response) = try await session.data(for: request)
    return (body, try #require(response as? HTTPURLResponse))
  }

  @Test("the address that is announced opens the pages, and nothing else does")
  func requests() async throws {
    let site = try Visitor().site
    try await serving(site) { address in
      let session = URLSession(configuration: .ephemeral)
      let root = String(address.prefix { $0 != "?" })
      #expect(root.hasPrefix("http://127.0.0.1:"))
      #expect(try await answer(root, session).response.statusCode == 403)
      // The answer to the secret is a cookie and another address, which the session follows.
      let first = try await answer(address, session)
      #expect(first.response.statusCode == 200)
      #expect(first.response.url?.absoluteString == root)
      #expect(String(decoding: first.body, as: UTF8.self).contains("aaaa00000001"))
      let file = try await answer(root + "runs/aaaa00000001/findings.csv", session)
      #expect(file.response.value(forHTTPHeaderField: "Content-Type") == "text/csv; charset=utf-8")
      #expect(String(decoding: file.body, as: UTF8.self).hasPrefix("sample,name,"))
      let head = try await answer(root, session, method: "HEAD")
      #expect(head.response.statusCode == 200 && head.body.isEmpty)
      #expect(try await answer(root, session, method: "POST").response.statusCode == 405)
      #expect(try await answer(root, session, host: "x.example").response.statusCode == 403)
    }
  }

  @Test("a port that is taken is an error")
  func takenPort() async throws {
    let site = try Visitor().site
    try await serving(site) { address in
      let port = try #require(URL(string: address)?.port)
      let error = await #expect(throws: LocalServerError.self) {
        try await LocalServer(site, port: port).run { _ in }
      }
      #expect(error?.port == port && error?.host == "127.0.0.1")
    }
  }

  @Test(
    "a browser shows runs, filtered findings, a sample and a comparison",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: browser), "there is no \(browser)"))
  func browsing() async throws {
    let site = try Visitor().site
    try await serving(site) { address in
      let key = try #require(address.split(separator: "?").last)
      let root = String(address.prefix { $0 != "?" })
      func page(_ target: String) async throws -> String {
        try await shown(root + target + (target.contains("?") ? "&" : "?") + key)
      }
      let runs = try await page("")
      #expect(runs.contains("<h1>Runs</h1>") && runs.contains("bbbb00000001"))
      let findings = try await page("runs/aaaa00000001/findings?outcome=broken")
      #expect(findings.contains("18 of 108 findings"))
      #expect(findings.contains("<option value=\"broken\" selected=\"selected\">"))
      let sample = try await page("runs/aaaa00000001/samples/3")
      #expect(sample.contains("<h1>row 103</h1>") && sample.contains("data:image/png;base64,"))
      let comparison = try await page("compare?run=aaaa00000001&run=aaaa00000002")
      #expect(comparison.contains("This comparison as JSON"))
    }
  }

  /// The page as a browser has it after loading.
  private func shown(_ address: String) async throws -> String {
    let profile = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID())")
    let process = Process()
    process.executableURL = URL(filePath: Self.browser)
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(profile.path)",
      "--dump-dom", address,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try FileManager.default.removeItem(at: profile)
    #expect(process.terminationStatus == 0)
    return String(decoding: text, as: UTF8.self)
  }
}

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A site on a port of this machine.
package struct LocalServer: Sendable {
  private let site: Site
  private let port: Int

  /// - Parameters:
  ///   - site: What is answered; its rules name the host to listen on.
  ///   - port: The port; 0 for one that is free.
  package init(_ site: Site, port: Int) {
    precondition((0...65_535).contains(port), "expected a port from 0 to 65535, got \(port)")
    self.site = site
    self.port = port
  }

  /// Serves until the process is asked to end (SIGINT, SIGTERM) or the task is cancelled.
  ///
  /// Requests that have begun are answered first.
  ///
  /// - Parameter started: Receives the address with the secret as soon as the port is open.
  /// - Throws: `LocalServerError` if the port cannot be opened.
  package func run(started: @escaping @Sendable (String) -> Void) async throws {
    let access = site.access
    let isRunning = Atomic(false)
    var logger = Logger(label: "assay")
    logger.logLevel = .error
    let application = Application(
      responder: SiteResponder(site: site),
      configuration: ApplicationConfiguration(address: .hostname(access.host, port: port)),
      onServerRunning: { channel in
        isRunning.store(true, ordering: .relaxed)
        started(access.address(port: channel.localAddress?.port ?? 0))
      }, logger: logger)
    do {
      try await application.runService()
    } catch {
      guard !isRunning.load(ordering: .relaxed), !(error is CancellationError) else { throw error }
      throw LocalServerError(host: access.host, port: port, reason: "\(error)")
    }
  }
}

/// Why a server did not start.
package struct LocalServerError: Error, Hashable, Sendable, CustomStringConvertible {
  package var host: String
  package var port: Int
  package var reason: String

  package var description: String {
    "cannot listen on \(host), port \(port) (\(reason)); choose another with --port or --host"
  }
}

/// Requests and responses between Hummingbird and the site.
private struct SiteResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let site: Site

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let page = site.response(
      to: PageRequest(
        method: request.method.rawValue, target: request.head.path ?? "/",
        host: request.head.authority, cookies: request.headers[.cookie]))
    var headers = HTTPFields()
    for header in page.headers {
      guard let name = HTTPField.Name(header.name) else {
        preconditionFailure("expected the name of a header, got '\(header.name)'")
      }
      headers[name] = header.value
    }
    let response = Response(
      status: HTTPResponse.Status(code: page.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.body)))
    return request.method == .head ? response.createHeadResponse() : response
  }
}

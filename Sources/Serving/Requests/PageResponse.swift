/// What a browser is answered.
package struct PageResponse: Hashable, Sendable {
  /// A name and its value.
  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var status: Int
  package var headers: [Header]
  package var body: [UInt8]

  /// An answer with the headers that every answer has.
  init(status: Int = 200, type: String, body: [UInt8], headers: [Header] = []) {
    self.status = status
    self.headers = [Header("Content-Type", type)] + headers + Self.protection
    self.body = body
  }

  /// A page.
  static func page(_ source: String, status: Int = 200) -> PageResponse {
    PageResponse(status: status, type: "text/html; charset=utf-8", body: Array(source.utf8))
  }

  /// A file to keep.
  static func download(_ body: [UInt8], name: String, type: String) -> PageResponse {
    PageResponse(
      type: type, body: body,
      headers: [Header("Content-Disposition", "attachment; filename=\"\(safe(name))\"")])
  }

  /// Another address in place of this one.
  static func redirect(to address: String, headers: [Header] = []) -> PageResponse {
    PageResponse(
      status: 303, type: "text/plain; charset=utf-8", body: [],
      headers: [Header("Location", address)] + headers)
  }

  /// The value of a header; nil where there is none.
  package subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

  /// Nothing runs, nothing comes from elsewhere, nothing is framed, kept or told to others.
  private static let protection = [
    Header(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"),
    Header("X-Content-Type-Options", "nosniff"),
    Header("Referrer-Policy", "no-referrer"),
    Header("Cache-Control", "no-store"),
    Header("Cross-Origin-Opener-Policy", "same-origin"),
    Header("Cross-Origin-Resource-Policy", "same-origin"),
    Header("Cross-Origin-Embedder-Policy", "require-corp"),
  ]

  /// A name that every file system takes and no header breaks at.
  private static func safe(_ name: String) -> String {
    String(
      name.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "-" })
  }
}

import Foundation
import Ledger
import ReportTemplates
import Testing

@testable import Serving

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A site with its own key, asked as a browser asks.
struct Visitor {
  let site: Site

  init(_ site: Site) { self.site = site }

  init() throws { try self.init(ServedRecords.ledger()) }

  init(_ ledger: Ledger, language: String = "en") throws {
    site = Site(ledger, templates: try .builtIn(language: language), access: AccessRules())
  }

  var cookie: String { "\(site.access.token.cookieName)=\(site.access.token.value)" }

  func callAsFunction(_ target: String, method: String = "GET") -> PageResponse {
    site.response(
      to: PageRequest(method: method, target: target, host: "127.0.0.1:4000", cookies: cookie))
  }

  /// A page that must be there, well formed and accessible.
  func page(_ target: String) throws -> ServedPage {
    let response = self(target)
    #expect(response.status == 200, "\(target)")
    return try ServedPage(response)
  }
}

/// The elements of a page in order; parsing throws where it is not well formed.
struct ServedPage {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text: String
  }

  let source: String
  let elements: [Element]

  init(_ response: PageResponse) throws {
    source = String(decoding: response.body, as: UTF8.self)
    let reader = Reader()
    let parser = XMLParser(data: Data(response.body))
    parser.delegate = reader
    try #require(parser.parse(), "line \(parser.lineNumber) of \(source)")
    elements = reader.elements
    expectReadable()
  }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  func links(_ text: String) -> [String] {
    all("a").filter { $0.text == text }.compactMap { $0.attributes["href"] }
  }

  /// Nothing runs, nothing is styled in place, and the page can be read without seeing it.
  private func expectReadable() {
    #expect(!elements.contains { ["script", "style", "iframe"].contains($0.name) })
    for element in elements {
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" })
      for name in ["href", "src", "action"] {
        guard let place = element.attributes[name] else { continue }
        #expect(["/", "#", "d"].contains(place.prefix(1)) && !place.hasPrefix("//"))
      }
    }
    #expect(all("h1").count == 1)
    #expect(ReportTemplates.languages.contains(all("html").first?.attributes["lang"] ?? ""))
    let labels = Set(all("label").compactMap { $0.attributes["for"] })
    for field in elements where ["select", "input"].contains(field.name) {
      let isLabelled =
        field.attributes["aria-label"] != nil
        || field.attributes["id"].map(labels.contains) == true
      #expect(isLabelled)
    }
    #expect(all("th").allSatisfy { $0.attributes["scope"] != nil })
    #expect(all("img").allSatisfy { $0.attributes["alt"]?.isEmpty == false })
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    private var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(Element(name: name, attributes: attributes, text: ""))
      open.append(elements.count - 1)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      for index in open { elements[index].text += text }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }
  }
}

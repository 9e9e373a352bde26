import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a well-formed document in order; parsing throws where it is not well formed.
struct Outline {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// The text directly and indirectly within.
    var text: String
    /// The names of the elements around it, outermost first.
    var path: [String]
  }

  let elements: [Element]

  init(xml: Data) throws {
    let reader = Reader()
    let parser = XMLParser(data: xml)
    parser.delegate = reader
    guard parser.parse() else {
      let reason = parser.parserError.map { "\($0)" } ?? "unknown"
      throw Malformed(line: parser.lineNumber, reason: reason)
    }
    elements = reader.elements
  }

  struct Malformed: Error {
    var line: Int
    var reason: String
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    private var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      let path = open.map { elements[$0].name }
      elements.append(Element(name: name, attributes: attributes, text: "", path: path))
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

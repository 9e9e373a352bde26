import Testing

/// What every page of the program must be.
extension Outline {
  /// Nothing in the page runs, and nothing comes from elsewhere.
  func expectSelfContained(_ html: String) {
    #expect(!elements.contains { ["script", "link", "iframe"].contains($0.name) })
    for element in elements {
      for (name, value) in element.attributes where ["src", "href"].contains(name) {
        #expect(value.hasPrefix("data:image/png;base64,") || value.hasPrefix("#"))
      }
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
    }
    #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("http://"))
    #expect(!html.contains("https://"))
  }

  /// The page can be read without seeing it.
  func expectAccessible(language: String = "en") {
    #expect(elements[0].attributes["lang"] == language)
    // Headings never skip a level going down.
    let levels = elements.compactMap { element -> Int? in
      element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
    }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (level, next) in zip(levels, levels.dropFirst()) { #expect(next <= level + 1) }
    for element in elements {
      switch element.name {
      case "th": #expect(element.attributes["scope"] != nil)
      case "img": #expect(element.attributes["alt"]?.isEmpty == false)
      case "table": #expect(element.path.last == "div")
      default: break
      }
    }
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let labels = elements.compactMap { $0.attributes["aria-labelledby"] }
      .flatMap { $0.split(separator: " ") }
    #expect(labels.allSatisfy { ids.contains(String($0)) })
    let targets = elements.compactMap { $0.attributes["href"] }
    #expect(targets.allSatisfy { ids.contains(String($0.dropFirst())) })
  }
}

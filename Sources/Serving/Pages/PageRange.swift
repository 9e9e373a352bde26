import Reports

/// A part of a list that stands on one page.
struct PageRange: Hashable, Sendable {
  static let size = 50

  /// From 1.
  let number: Int
  let total: Int

  /// How many pages there are; at least one.
  var count: Int { max(1, (total + Self.size - 1) / Self.size) }

  /// The positions of what is shown.
  var positions: Range<Int> {
    (number - 1) * Self.size..<min(number * Self.size, total)
  }

  /// The page that a query asks for; the first where it asks for none.
  ///
  /// - Throws: `PageProblem` where there is no such page.
  init(_ target: RequestTarget, total: Int, _ words: Words) throws {
    self.total = total
    let values = target.values("page")
    guard let value = values.first else {
      number = 1
      return
    }
    let last = max(1, (total + Self.size - 1) / Self.size)
    guard values.count == 1, let number = Int(value), (1...last).contains(number) else {
      throw PageProblem.badRequest(
        words(
          "serve.problem.number",
          ["value": values.joined(separator: ", "), "count": NumberText.count(last)]))
    }
    self.number = number
  }

  /// Links to the pages before and after this one, around what stands on this one.
  func around(
    _ content: Markup, _ path: [String], _ query: [RequestTarget.Entry], _ words: Words
  ) -> [Markup] {
    let name = words("serve.pages")
    return [
      links(named: name, path, query, words), content,
      links(named: words("serve.below", ["name": name]), path, query, words),
    ]
  }

  private func links(
    named name: String, _ path: [String], _ query: [RequestTarget.Entry], _ words: Words
  ) -> Markup {
    guard count > 1 else { return .empty }
    func link(_ key: String, _ page: Int, _ relation: Markup) -> Markup {
      let entries = query + [RequestTarget.Entry(name: "page", value: String(page))]
      let address = RequestTarget.address(path, entries)
      return "<li><a rel=\"\(relation)\" href=\"\(address)\">\(words(key))</a></li>"
    }
    let place = words(
      "serve.pages.place",
      ["number": NumberText.count(number), "count": NumberText.count(count)])
    return """
      <nav class="pages" aria-label="\(name)"><ul>\
      \(number > 1 ? link("serve.pages.previous", number - 1, "prev") : .empty)\
      <li aria-current="page">\(place)</li>\
      \(number < count ? link("serve.pages.next", number + 1, "next") : .empty)</ul></nav>
      """
  }
}

import Audits
import Testing

@testable import Serving

@Suite("Findings pages")
struct FindingsPageTests {
  private let visitor: Visitor
  private let path = "/runs/aaaa00000001/findings"
  private let record = ServedRecords.pictures

  init() throws { visitor = try Visitor() }

  private func rows(_ page: ServedPage) -> [[String]] {
    let cells = page.elements.filter {
      $0.name == "td" || $0.name == "th" && $0.attributes["scope"] == "row"
    }
    return stride(from: 0, to: cells.count, by: 9).map { start in
      cells[start..<start + 9].map(\.text)
    }
  }

  @Test("fifty findings stand on a page, and the pages hold all of them")
  func paging() throws {
    // 54 of 60 samples are right, and two attacks try each of those.
    let first = try visitor.page(path)
    #expect(
      first.all("p")[0].text
        == "108 of 108 findings, on 54 samples: 18 broken, 90 withstood, 0 rejected.")
    #expect(rows(first).count == 50)
    #expect(first.links("Next page") == ["\(path)?page=2", "\(path)?page=2"])
    let last = try visitor.page(path + "?page=3")
    #expect(rows(last).count == 8 && last.links("Next page").isEmpty)
    #expect(last.links("Previous page").first == "\(path)?page=2")
  }

  @Test(
    "a filter leaves what it names",
    arguments: [
      ("attack=pgd%2Flinf", 54), ("norm=l2", 54), ("epsilon=0.1", 108), ("outcome=broken", 18),
      ("outcome=rejected", 0), ("class=0", 60), ("predicted=1&outcome=broken", 10),
      ("norm=linf&outcome=survived&class=1", 16), ("attack=&norm=&sort=sample", 108),
    ])
  func filters(query: String, count: Int) throws {
    let page = try visitor.page("\(path)?\(query)")
    #expect(page.all("p")[0].text.hasPrefix("\(count) of 108 findings"))
    #expect(rows(page).count == min(count, 50))
  }

  @Test("groups are a filter where samples have them")
  func groups() throws {
    let page = try visitor.page("/runs/bbbb00000001/findings?group=age+group%3A+under+25")
    // Samples 0, 3, 6 of 12; 9 is misclassified.
    #expect(page.all("p")[0].text.hasPrefix("6 of 22 findings, on 3 samples"))
    #expect(!(try visitor.page(path)).all("select").contains { $0.attributes["id"] == "group" })
  }

  @Test("by distance, the nearest break comes first and the unbroken last")
  func order() throws {
    let page = try visitor.page(path + "?sort=distance&norm=linf")
    let distances = rows(page).map { $0[8] }
    let broken = distances.prefix(18).compactMap(Double.init)
    #expect(broken.count == 18 && broken == broken.sorted())
    #expect(distances.dropFirst(18).allSatisfy { $0 == "–" })
    #expect(rows(page)[0][0] == "row 157")
  }

  @Test(
    "values that are no choice are refused in a sentence",
    arguments: [
      "attack=x", "norm=l7", "epsilon=0.3", "epsilon=nan", "outcome=BROKEN", "class=2",
      "class=-1", "predicted=9", "group=x", "sort=x", "page=0", "page=4", "page=1&page=2",
      "norm=l2&norm=linf", "page=99999999999999999999",
    ])
  func refusals(query: String) throws {
    let answer = visitor("\(path)?\(query)")
    #expect(answer.status == 400)
    #expect(try ServedPage(answer).all("h1")[0].text == "This cannot be shown")
  }

  @Test("the form keeps what was chosen, and pages keep the filter")
  func form() throws {
    let page = try visitor.page(path + "?norm=linf&sort=distance")
    let chosen = page.all("option").filter { $0.attributes["selected"] != nil }
    #expect(chosen.map(\.text) == ["L∞", "distance, smallest first"])
    #expect(page.links("Next page").first == "\(path)?norm=linf&sort=distance&page=2")
  }

  @Test("the file holds the findings of the filter")
  func file() throws {
    let answer = visitor("/runs/aaaa00000001/findings.csv?outcome=broken")
    #expect(
      answer["Content-Disposition"] == "attachment; filename=\"findings-aaaa00000001.csv\"")
    let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\r\n")
    #expect(lines.count == 19)
    #expect(lines[1] == "0,row 100,good,good,pgd/linf,linf,0.1,broken,bad,0.1,,,0,0,")
  }
}

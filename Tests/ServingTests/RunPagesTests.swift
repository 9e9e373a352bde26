import Audits
import Foundation
import Ledger
import Reports
import Testing

@testable import Serving

@Suite("Run and sample pages")
struct RunPagesTests {
  private let visitor: Visitor

  init() throws { visitor = try Visitor() }

  @Test("runs are listed newest first, with verdicts and a choice of two")
  func list() throws {
    let page = try visitor.page("/")
    let ids = page.all("input").compactMap { $0.attributes["value"] }
    #expect(ids == ["bbbb00000001", "aaaa00000002", "aaaa00000001"])
    #expect(page.all("form")[0].attributes["action"] == "/compare")
    #expect(page.all("a").contains { $0.attributes["href"] == "/runs/bbbb00000001" })
    #expect(page.source.contains("image data"))
    let empty = try Visitor(Ledger()).page("/")
    #expect(empty.source.contains("No runs yet."))
  }

  @Test("a run shows its numbers, and every link of it leads somewhere")
  func run() throws {
    let page = try visitor.page("/runs/aaaa00000001")
    #expect(page.source.contains("clean accuracy is at least 90 %"))
    let places = page.all("a").compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("/") }
    #expect(places.count >= 7)
    for place in places { #expect(visitor(place).status == 200, "\(place)") }
  }

  @Test("a run is known by its beginning and as the latest; another is not found")
  func names() throws {
    #expect(try visitor.page("/runs/bbbb").source.contains("Trial of tables"))
    #expect(try visitor.page("/runs/latest").source.contains("Trial of tables"))
    #expect(visitor("/runs/aaaa").status == 400)
    let missing = visitor("/runs/%3Cscript%3E")
    #expect(missing.status == 404)
    #expect(try ServedPage(missing).source.contains("&lt;script&gt;"))
  }

  @Test("samples are listed, all or mistakes alone")
  func samples() throws {
    let all = try visitor.page("/runs/aaaa00000001/samples?page=2")
    #expect(all.all("p")[0].text == "60 samples, 6 of them misclassified.")
    #expect(all.links("row 150").count == 1 && all.links("row 149").isEmpty)
    let wrong = try visitor.page("/runs/aaaa00000001/samples?show=mistakes")
    #expect(wrong.all("th").filter { $0.attributes["scope"] == "row" }.count == 6)
    #expect(visitor("/runs/aaaa00000001/samples?show=x").status == 400)
  }

  @Test("a picture is shown with what attacks changed and how it is explained")
  func picture() throws {
    let page = try visitor.page("/runs/aaaa00000001/samples/3")
    // The input; clean, perturbed, difference and bar; input, map, bar and overlay.
    #expect(page.all("img").count == 9)
    #expect(page.source.contains("Taken for good (50.0") && page.source.contains("saliency"))
    let previous = page.links("Previous: row 102")
    #expect(previous == Array(repeating: "/runs/aaaa00000001/samples/2", count: 2))
    #expect(page.links("Next: row 104").first == "/runs/aaaa00000001/samples/4")
    let first = try visitor.page("/runs/aaaa00000001/samples/0")
    #expect(!first.source.contains("Previous:"))
  }

  @Test("a row is shown with its features, changes and contributions")
  func row() throws {
    let page = try visitor.page("/runs/bbbb00000001/samples/3")
    #expect(page.all("table").count == 4)
    #expect(page.source.contains("under 25") && page.source.contains("income"))
    let mistake = try visitor.page("/runs/bbbb00000001/samples/9")
    #expect(mistake.source.contains("No attack was given this sample"))
  }

  @Test(
    "samples that do not exist are not found", arguments: ["60", "-1", "x", "1e1", "%00", "3/4"])
  func missingSamples(number: String) {
    #expect(visitor("/runs/aaaa00000001/samples/\(number)").status == 404)
  }

  @Test("two runs are compared, the earlier one first, whichever was chosen first")
  func comparison() throws {
    let page = try visitor.page("/compare?run=aaaa00000002&run=aaaa00000001")
    #expect(page.all("h1")[0].text.contains("aaaa00000001"))
    let other = try visitor.page("/compare?run=aaaa00000001&run=aaaa00000002")
    #expect(page.source == other.source)
    #expect(page.links("Runs") == ["/"])
    let file = visitor(page.links("This comparison as JSON")[0])
    #expect(file["Content-Type"] == "application/json")
    for query in ["", "?run=latest", "?run=aaaa00000001&run=aaaa00000001", "?run=latest&run=bbbb"] {
      #expect(visitor("/compare\(query)").status == 400, "\(query)")
    }
    // Other samples: nothing to compare.
    #expect(visitor("/compare?run=latest&run=aaaa00000001").status == 400)
    #expect(visitor("/compare?run=latest&run=none").status == 404)
  }

  @Test("downloads have the bytes of the report")
  func downloads() throws {
    let record = try visitor.site.ledger.record(of: "aaaa00000001")
    let document = ReportDocument(title: record.run.title, records: [record])
    func body(_ name: String) -> [UInt8] { visitor("/runs/aaaa00000001/\(name)").body }
    #expect(body("report.html") == Array(try document.html().utf8))
    #expect(body("summary.html") == Array(try document.summary().utf8))
    #expect(body("model-card.md") == Array(try document.modelCard().utf8))
    #expect(body("report.json") == (try document.json().encoded()))
    #expect(body("gates.xml") == document.junit.encoded())
    #expect(visitor("/runs/aaaa00000001/other.html").status == 404)
  }

  @Test("heatmaps are shown and saved")
  func heatmaps() throws {
    let page = try visitor.page("/runs/aaaa00000001/heatmaps")
    let places = page.all("a").compactMap { $0.attributes["href"] }.filter {
      $0.hasSuffix(".png")
    }
    #expect(places.count == page.all("img").count && !places.isEmpty)
    let file = visitor(places[0])
    #expect(file["Content-Type"] == "image/png")
    #expect(file.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(visitor("/runs/aaaa00000001/heatmaps/x.png").status == 404)
  }

  @Test("hostile text stays text on every page")
  func hostileText() throws {
    let hostile = "<script>alert(1)</script>\" onload=\"x\u{0}{{body}} {name} =1+1"
    var record = ServedRecords.rows
    record.run.title = hostile
    record.model.name = hostile
    record.data.name = hostile
    record.model.classNames = [hostile, "bad"]
    record.predictions[3].name = hostile
    record.predictions[3].groups = [NamedValue(hostile, hostile)]
    let visitor = try Visitor(ServedRecords.ledger([record]))
    let pages = [
      "/", "/runs/latest", "/runs/latest/findings", "/runs/latest/samples",
      "/runs/latest/samples/3", "/nothing?<script>",
    ]
    for page in pages {
      let shown = try ServedPage(visitor(page))
      #expect(!shown.source.contains("<script"))
    }
  }
}

import Audits
import Foundation
import Testing

@testable import Reports

/// axe-core's judgement of pages in a browser, where a Python with it and Chromium are there.
@Suite("Accessibility")
struct AccessibilityTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let isInstalled: Bool = {
    let modules = try? run([
      "-c", "import axe_playwright_python, shutil; shutil.which('chromium') or exit(2)",
    ])
    guard modules?.status != 0 else { return true }
    print("Pages are not checked by axe-core: scripts/setup-tests installs it and Chromium")
    return false
  }()

  /// Runs the tests' Python: `ASSAY_PYTHON`, or what is called python3.
  private static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    let python = ProcessInfo.processInfo.environment["ASSAY_PYTHON"] ?? "python3"
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private func check(_ html: String) throws -> (status: Int32, text: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID()).html")
    try Data(html.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try Self.run([Self.root.appending(path: "scripts/check-page").path, file.path])
  }

  @Test(
    "axe-core finds nothing in the report, light or dark, on a desktop or a phone",
    .enabled(if: isInstalled, "needs chromium and a Python with axe-playwright-python"))
  func report() throws {
    let document = ReportDocument(
      title: "Demonstration", records: SampleRecords.all,
      profiles: [try ComplianceProfile.named("eu-ai-act")])
    let outcome = try check(try document.html())
    #expect(outcome.status == 0, "\(outcome.text)")
  }

  @Test(
    "A name of ten thousand characters does not push the page beyond the screen",
    .enabled(if: isInstalled, "needs chromium and a Python with axe-playwright-python"))
  func longNames() throws {
    var record = SampleRecords.credit(robust: false)
    let name = String(repeating: "x", count: 10_000)
    record.model.name = name
    record.data.name = name
    record.model.classNames[0] = name
    record.gates[0].requirement = name
    record.predictions[0].name = name
    let outcome = try check(try ReportDocument(title: name, records: [record]).html())
    #expect(outcome.status == 0, "\(outcome.text)")
  }

  @Test(
    "The check sees what is wrong: contrast, a heading left out, a table too wide for the page",
    .enabled(if: isInstalled, "needs chromium and a Python with axe-playwright-python"))
  func faults() throws {
    let page = """
      <!DOCTYPE html><html lang="en"><head><title>t</title></head><body><main><h1>a</h1><h3>b</h3>
      <p style="color: #aaaaaa; background: #ffffff">pale</p><div style="width: 3000px">wide</div>
      </main></body></html>
      """
    let outcome = try check(page)
    #expect(outcome.status == 1)
    for fault in ["color-contrast", "heading-order", "wider than the screen"] {
      #expect(outcome.text.contains(fault), "\(fault)")
    }
  }
}

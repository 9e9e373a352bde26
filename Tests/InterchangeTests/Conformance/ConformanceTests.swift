import Foundation
import Interchange
import NativeBackend
import Testing

/// The standard's own cases, held against the lists of those that must pass.
@Suite("Conformance")
struct ConformanceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A list beside this file, and where its cases lie.
  struct Listing: Sendable, CustomTestStringConvertible {
    let list: String
    let folder: URL

    var testDescription: String { list }

    var names: [String] {
      get throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: list)
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
          .map(String.init).filter { !$0.hasPrefix("#") }
      }
    }
  }

  private static let listings = [
    Listing(list: "opset17.txt", folder: URL(filePath: "/usr/share/libonnx-testdata/data/node")),
    Listing(list: "newest.txt", folder: root.appending(path: ".build-python/cases/node")),
    Listing(list: "networks.txt", folder: root.appending(path: ".build-python/cases/light")),
    Listing(list: "pretrained.txt", folder: root.appending(path: "fixtures/onnx/pretrained")),
  ]

  @Test("every listed case passes on the native backend", arguments: listings)
  func listedCases(listing: Listing) throws {
    guard FileManager.default.fileExists(atPath: listing.folder.path) else {
      // Not everyone can fetch the cases: scripts/setup-tests says why.
      print(
        "Note: \(listing.folder.path) does not exist; the cases of \(listing.list) are skipped.")
      return
    }
    var failures: [String] = []
    for name in try listing.names {
      let outcome = ConformanceCase(folder: listing.folder.appending(path: name))
        .run(on: NativeBackend())
      if outcome != .passed { failures.append("\(name): \(outcome)") }
    }
    #expect(failures == [])
    #expect(try listing.names.count >= 7)
  }

  @Test("no case gives a wrong answer: what is not computed is refused", arguments: listings)
  func wrongAnswers(listing: Listing) throws {
    guard FileManager.default.fileExists(atPath: listing.folder.path) else { return }
    var wrong: [String] = []
    let listed = Set(try listing.names)
    for item in try ConformanceCase.all(under: listing.folder) where !listed.contains(item.name) {
      if case .failed(let reason) = item.run(on: NativeBackend()) {
        wrong.append("\(item.name): \(reason)")
      }
    }
    #expect(wrong == [])
  }
}

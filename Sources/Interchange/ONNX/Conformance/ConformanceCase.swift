package import Execution
package import Foundation

/// A folder in the layout of the standard's own test data: a model with inputs and the outputs that
/// they must give.
///
///     model.onnx
///     test_data_set_0/input_0.pb, …, output_0.pb, …
///     tol.json                               ({"rtol": …, "atol": …}, optional)
///
/// An expected output belongs to the output of the model that its tensor is named after, or, where
/// there is none of that name, to the one with its number: texts and maps may be left out.
package struct ConformanceCase: Sendable {
  /// What became of a case.
  package enum Outcome: Hashable, Sendable {
    case passed
    /// The first difference.
    case failed(String)
    /// Why Assay does not read or run the model.
    case refused(String)
  }

  package let folder: URL
  package var name: String { folder.lastPathComponent }

  package init(folder: URL) { self.folder = folder }

  /// The cases under a folder, which may be one itself, in the order of their names.
  package static func all(under folder: URL) throws -> [ConformanceCase] {
    let manager = FileManager.default
    func isCase(_ url: URL) -> Bool { !modelPaths(in: url).isEmpty }
    if isCase(folder) { return [ConformanceCase(folder: folder)] }
    let children = try manager.contentsOfDirectory(atPath: folder.path).sorted()
    return try children.flatMap { child -> [ConformanceCase] in
      let url = folder.appending(path: child)
      var isDirectory: ObjCBool = false
      guard manager.fileExists(atPath: url.path, isDirectory: &isDirectory), isDirectory.boolValue
      else { return [] }
      return try all(under: url)
    }
  }

  /// The model of a case: `model.onnx`, or the file that `MODEL` names.
  private static func modelPaths(in folder: URL) -> [String] {
    let plain = folder.appending(path: "model.onnx").path
    if FileManager.default.fileExists(atPath: plain) { return [plain] }
    guard
      let text = try? String(contentsOf: folder.appending(path: "MODEL"), encoding: .utf8)
    else { return [] }
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let candidates = [
      folder, folder.deletingLastPathComponent(),
      folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "models"),
    ].map { $0.appending(path: name).path }
    return candidates.filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Runs the case with all of its data sets.
  package func run(on backend: any Backend) -> Outcome {
    do {
      guard let path = Self.modelPaths(in: folder).first else { return .refused("has no model") }
      let file = try ONNXFile(path: path)
      for dataSet in try dataSets() {
        if let difference = try dataSet.firstDifference(of: file, on: backend) {
          return .failed("\(dataSet.name): \(difference)")
        }
      }
      return .passed
    } catch let error as InterchangeError {
      return .refused("\(error.fact)")
    } catch {
      return .refused("\(error)")
    }
  }

  private func dataSets() throws -> [ConformanceData] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("test_data_set_") }.sorted()
    guard !names.isEmpty else {
      throw InterchangeError.Fact.request("there is no folder test_data_set_0 with data")
    }
    let tolerance = try ConformanceTolerance(folder: folder)
    return names.map {
      ConformanceData(folder: folder.appending(path: $0), tolerance: tolerance)
    }
  }
}

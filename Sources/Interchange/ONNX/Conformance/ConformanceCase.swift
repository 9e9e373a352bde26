package import Execution
package import Foundation
import Programs
import SwiftProtobuf
import Tensors

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

/// How far a number x may be from the expected e.
///
///     |x − e| ≤ absolute + relative |e|
struct ConformanceTolerance: Decodable {
  var relative: Double
  var absolute: Double

  enum CodingKeys: String, CodingKey {
    case relative = "rtol"
    case absolute = "atol"
  }

  /// The file of a case, or the tolerances of the standard's own runner.
  init(folder: URL) throws {
    let path = folder.appending(path: "tol.json")
    guard FileManager.default.fileExists(atPath: path.path) else {
      (relative, absolute) = (1e-3, 1e-7)
      return
    }
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
  }

  func accepts(_ value: Double, _ expected: Double) -> Bool {
    if value == expected || (value.isNaN && expected.isNaN) { return true }
    return abs(value - expected) <= absolute + relative * abs(expected)
  }
}

/// Inputs and expected outputs.
struct ConformanceData {
  let folder: URL
  let tolerance: ConformanceTolerance
  var name: String { folder.lastPathComponent }

  /// The first difference between what the model makes and what it should.
  func firstDifference(of file: ONNXFile, on backend: any Backend) throws -> String? {
    let inputs = try tensors("input").map(\.tensor)
    let outputs = try tensors("output")
    guard inputs.count <= file.inputs.count, outputs.count <= file.outputs.count else {
      return "has \(inputs.count) inputs and \(outputs.count) outputs, the model takes "
        + "\(file.inputs.count) and makes \(file.outputs.count)"
    }
    let names = zip(file.outputs, outputs).map { port, output in
      file.outputs.contains { $0.name == output.name } ? output.name : port.name
    }
    var request = NetworkRequest(outputs: names)
    for (port, tensor) in zip(file.inputs, inputs) {
      request.shapes[port.name] = tensor.shape
      request.values[port.name] = tensor
    }
    let network = try file.network(request)
    let arguments = network.program.inputs.compactMap { port in
      request.values[port.name]?.converted(to: port.type.elementType)
    }
    let executable = try backend.compile(network.program.simplified())
    let results = try executable(arguments)
    for (index, result) in results.enumerated() {
      if let difference = tolerance.firstDifference(result, outputs[index].tensor) {
        return "output '\(names[index])': \(difference)"
      }
    }
    return nil
  }

  private func tensors(_ kind: String) throws -> [(name: String, tensor: Tensor)] {
    var result: [(name: String, tensor: Tensor)] = []
    while true {
      let url = folder.appending(path: "\(kind)_\(result.count).pb")
      guard FileManager.default.fileExists(atPath: url.path) else { return result }
      let label = "\(folder.lastPathComponent)/\(url.lastPathComponent)"
      guard let message = try? ONNXTensor(serializedBytes: Data(contentsOf: url)) else {
        throw InterchangeError.Fact.request("\(label) holds no tensor")
      }
      switch try message.contents(ExternalData(folder: folder)) {
      case .numbers(let tensor, _): result.append((message.name, tensor))
      case .texts: throw InterchangeError.Fact.request("\(label) is text and not numbers")
      case .unsupported(let reason): throw InterchangeError.Fact.request("\(label): \(reason)")
      }
    }
  }
}

extension Program {
  /// The program as it is run: what follows from constants is computed once.
  fileprivate func simplified() throws -> Program {
    try simplified(evaluating: ReferenceBackend.evaluate)
  }
}

extension ConformanceTolerance {
  func firstDifference(_ result: Tensor, _ expected: Tensor) -> String? {
    guard result.shape == expected.shape else {
      return "has shape \(result.shape), expected \(expected.shape)"
    }
    // Quantised tensors are real numbers that are whole.
    guard result.elementType == expected.elementType || result.elementType.isFloatingPoint else {
      return "has elements of \(result.elementType), expected \(expected.elementType)"
    }
    if result.elementType == .int64 {
      let pairs = zip(result.scalars(of: Int64.self), expected.scalars(of: Int64.self))
      return pairs.enumerated().first { $1.0 != $1.1 }.map {
        "element \($0.offset) is \($0.element.0), expected \($0.element.1)"
      }
    }
    let pairs = zip(result.doubles, expected.doubles)
    return pairs.enumerated().first { !accepts($1.0, $1.1) }.map {
      "element \($0.offset) is \($0.element.0), expected \($0.element.1)"
    }
  }
}

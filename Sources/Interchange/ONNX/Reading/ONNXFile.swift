package import Foundation
import SwiftProtobuf
import Tensors

/// An ONNX model: a graph of operators, read and checked, not yet lowered.
///
/// - Source: https://onnx.ai/onnx/repo-docs/IR.html
package struct ONNXFile: Sendable {
  /// The model without the data of its initialisers.
  let model: ONNXModel
  /// The weights of the main graph by name.
  let initializers: [String: ONNXTensorContents]
  let external: URL?
  /// The files with data of initialisers.
  package let companions: [String]

  /// The versions of the operators that Assay knows.
  static let opsets = 1...28

  /// Reads a model; the memory that is taken is bounded by the sizes of its files.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package init(path: String) throws {
    let url = URL(fileURLWithPath: path)
    do {
      var model = try Self.model(at: url)
      try self.init(taking: &model, folder: url.deletingLastPathComponent())
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    }
  }

  /// Reads the bytes of a model.
  ///
  /// - Throws: `InterchangeError.Fact`.
  package init(_ bytes: Data, folder: URL? = nil) throws {
    var model = try Self.model(of: bytes)
    try self.init(taking: &model, folder: folder)
  }

  /// The message in a file, which is mapped into memory only while it is decoded.
  private static func model(at url: URL) throws -> ONNXModel {
    let bytes: Data
    do { bytes = try Data(contentsOf: url, options: .alwaysMapped) } catch {
      let exists = FileManager.default.fileExists(atPath: url.path)
      throw InterchangeError.Fact.unreadable(
        reason: exists ? "no permission, or not a file" : "there is no such file")
    }
    return try model(of: bytes)
  }

  private static func model(of bytes: Data) throws -> ONNXModel {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      return try ONNXModel(serializedBytes: bytes, options: options)
    } catch {
      throw InterchangeError.Fact.damaged(
        format: "ONNX", "it is cut off, or another kind of file (\(error))")
    }
  }

  /// Checks a model that was decoded already.
  ///
  /// - Throws: `InterchangeError.Fact`.
  init(_ model: ONNXModel, folder: URL? = nil) throws {
    var model = model
    try self.init(taking: &model, folder: folder)
  }

  /// Takes the weights out of a message that nothing else holds, so that each is freed once it is
  /// decoded.
  private init(taking model: inout ONNXModel, folder: URL?) throws {
    guard model.hasGraph, !model.graph.output.isEmpty else {
      throw InterchangeError.Fact.damaged(format: "ONNX", "it has no graph with outputs")
    }
    let data = ExternalData(folder: folder)
    initializers = try Self.takeInitializers(&model, data)
    companions = data.paths
    self.model = model
    external = folder
    try checkOpset()
  }

  /// Decodes the weights one by one, so that no more than one is in memory twice.
  private static func takeInitializers(
    _ model: inout ONNXModel, _ external: ExternalData
  ) throws -> [String: ONNXTensorContents] {
    var tensors = model.graph.initializer
    model.graph.initializer = []
    var result: [String: ONNXTensorContents] = [:]
    result.reserveCapacity(tensors.count)
    for index in tensors.indices {
      let name = tensors[index].name
      guard result[name] == nil else {
        throw InterchangeError.Fact.damaged(format: "ONNX", "two initialisers are called '\(name)'")
      }
      result[name] = try tensors[index].contents(external)
      tensors[index] = ONNXTensor()
    }
    var written = 0
    for sparse in model.graph.sparseInitializer {
      let contents = try sparse.contents(external)
      if case .numbers(let tensor, _) = contents { written += tensor.count }
      guard written <= ONNXSparseTensor.largestCount else {
        throw InterchangeError.Fact.damaged(
          format: "ONNX",
          "its sparse tensors have more than \(ONNXSparseTensor.largestCount) elements")
      }
      result[sparse.values.name] = contents
    }
    model.graph.sparseInitializer = []
    return result
  }

  /// The version of the default domain's operators.
  package var opset: Int {
    let versions = model.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }
    return versions.map { Int(clamping: $0.version) }.max() ?? 1
  }

  /// The texts that the file carries along.
  package var metadata: [String: String] {
    Dictionary(
      model.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private func checkOpset() throws {
    // A model of another domain's operators alone need not name this one.
    guard model.opsetImport.contains(where: { ["", "ai.onnx"].contains($0.domain) }) else { return }
    guard Self.opsets.contains(opset) else {
      throw InterchangeError.Fact.unsupported(
        format: "ONNX",
        [
          "opset \(opset): Assay knows \(Self.opsets.lowerBound) to \(Self.opsets.upperBound); "
            + "export again with opset_version=17, or convert with onnx.version_converter"
        ])
    }
  }
}

extension ONNXSparseTensor {
  /// The elements that are written out at most, zeros included.
  static let largestCount = 1 << 26

  /// The tensor with its zeros written out.
  func contents(_ external: ExternalData) throws -> ONNXTensorContents {
    var whole = ONNXTensor()
    whole.dims = dims
    whole.name = values.name
    let shape = try whole.checkedShape()
    guard case .numbers(let numbers, let type) = try values.contents(external),
      case .numbers(let places, _) = try indices.contents(external), type == .float,
      shape.count <= Self.largestCount
    else {
      throw InterchangeError.Fact.unsupported(
        format: "ONNX",
        ["the sparse tensor \(values.label): write it as a dense one, of float32, when exporting"])
    }
    var result = [Float](repeating: 0, count: shape.count)
    for (index, position) in try positions(places, in: shape, count: numbers.count).enumerated() {
      result[position] = numbers.floats[index]
    }
    return .numbers(Tensor(result, shape: shape), type)
  }

  /// Where the values lie in the whole, row-major.
  private func positions(_ places: Tensor, in shape: Shape, count: Int) throws -> [Int] {
    let numbers = places.converted(to: .int64).scalars(of: Int64.self).map(Int.init)
    let width = places.shape.rank == 2 ? shape.rank : 1
    guard numbers.count == count * width else {
      throw values.damaged("is sparse, but does not say where its values lie")
    }
    return try (0..<count).map { entry in
      let position =
        width == 1
        ? numbers[entry]
        : zip(numbers[entry * width..<(entry + 1) * width], shape.strides).reduce(0) {
          $0 &+ $1.0 &* $1.1
        }
      guard (0..<shape.count).contains(position) else {
        throw values.damaged("is sparse, with a value outside of its shape \(shape)")
      }
      return position
    }
  }
}

package import Foundation
package import Programs
import SwiftProtobuf
package import Tensors

/// Writes programs as ONNX models.
///
/// - Source: https://onnx.ai/onnx/repo-docs/IR.html
package enum ONNXModelFile {
  /// The version of the operators: the first whose scattering adds.
  static let opset: Int64 = 18
  /// The version of the format: the first with functions, which opset 18 still belongs to.
  static let formatVersion: Int64 = 8
  /// A message of protobuf ends at 2 GiB; larger weights go into a file beside the model.
  static let largestMessage = 1_900_000_000

  /// Writes a program; the file appears under its name only once it is complete.
  ///
  /// Equal contents make equal bytes. Weights of 1.9 GB or more in all lie in a second file, called
  /// like the model with the ending `.weights`, which must stay beside it.
  ///
  /// - Parameters:
  ///   - program: What the model computes; the batch size N becomes the dimension "N".
  ///   - parameters: Inputs that always have the same value: they become weights under their names.
  ///   - metadata: Texts that the file carries along.
  ///   - path: Where the file is to lie.
  /// - Throws: `InterchangeError` if ONNX has no way to say what the program does, or the file
  ///   cannot be written.
  package static func write(
    program: Program, parameters: [String: Tensor] = [:], metadata: [String: String] = [:],
    to path: String
  ) throws {
    try write(
      program: program, parameters: parameters, metadata: metadata, to: path,
      largestMessage: largestMessage)
  }

  static func write(
    program: Program, parameters: [String: Tensor], metadata: [String: String], to path: String,
    largestMessage: Int
  ) throws {
    do {
      var (model, weights) = try model(of: program, parameters: parameters, metadata: metadata)
      let isSplit = weights.reduce(0) { $0 + $1.tensor.bytes.count } >= largestMessage
      let external = isSplit ? path + ".weights" : nil
      model.graph.initializer = try initializers(weights, in: external)
      var options = BinaryEncodingOptions()
      options.useDeterministicOrdering = true
      let bytes: Data = try model.serializedBytes(options: options)
      try AtomicFile.write(to: path) { file in try bytes.withUnsafeBytes { try file.write($0) } }
    } catch let error as ArrayFileError {
      throw InterchangeError(path: path, .cannotWrite(reason: "\(error.fact)"))
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    }
  }

  /// The file as bytes, all weights within.
  ///
  /// - Throws: `InterchangeError.Fact` if ONNX has no way to say what the program does, or the
  ///   `BinaryEncodingError` of a model that is too large for a message.
  package static func bytes(of program: Program) throws -> Data {
    var (model, weights) = try model(of: program, parameters: [:], metadata: [:])
    model.graph.initializer = try initializers(weights, in: nil)
    return try model.serializedBytes()
  }

  /// The model without its weights, and these.
  static func model(
    of program: Program, parameters: [String: Tensor], metadata: [String: String]
  ) throws -> (ONNXModel, [ONNXGraphWriter.Weight]) {
    let export = try ONNXExport(program, parameters: parameters)
    try export.writeAll()
    var model = ONNXModel()
    model.irVersion = formatVersion
    model.producerName = "Assay"
    model.graph = export.graph.message
    model.graph.name = metadata["name"] ?? "network"
    model.opsetImport = [ONNXOperatorSet(domain: "", version: opset)]
    if export.graph.usesFunctions {
      model.opsetImport.append(
        ONNXOperatorSet(domain: ONNXExportedFunctions.domain, version: 1))
      model.functions = [ONNXExportedFunctions.logarithmOnePlus]
    }
    model.metadataProps = metadata.sorted { $0.key < $1.key }.map { ONNXEntry($0.key, $0.value) }
    return (model, export.graph.weights)
  }

  /// The weights as messages, with their data or, if a path is given, with their places in a file
  /// that is written there.
  private static func initializers(
    _ weights: [ONNXGraphWriter.Weight], in path: String?
  ) throws -> [ONNXTensor] {
    guard let path else { return weights.map { ONNXTensor($0.tensor, name: $0.name) } }
    let location = URL(fileURLWithPath: path).lastPathComponent
    var messages: [ONNXTensor] = []
    try AtomicFile.write(to: path) { file in
      for weight in weights {
        var message = ONNXTensor(typeOf: weight.tensor, name: weight.name)
        message.dataLocation = 1
        message.externalData = [
          ONNXEntry("location", location), ONNXEntry("offset", "\(file.offset)"),
          ONNXEntry("length", "\(weight.tensor.bytes.count)"),
        ]
        messages.append(message)
        try file.write(weight.tensor.bytes)
      }
    }
    return messages
  }
}

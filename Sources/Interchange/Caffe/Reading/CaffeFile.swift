package import Foundation
import SwiftProtobuf
import Tensors

/// A Caffe network: the layers of a prototxt with the weights of a caffemodel, read and checked.
///
/// - Source: Jia et al. 2014, arXiv:1408.5093; https://caffe.berkeleyvision.org/tutorial/layers.html
package struct CaffeFile: Sendable {
  /// The layers that classify, in the order in which they run.
  let layers: [CaffeLayerParameter]
  /// The weights by the name of the layer.
  let weights: [String: [Tensor]]
  package let inputs: [NetworkPort]
  package internal(set) var companions: [String] = []
  /// What a reader of a report should know, in sentences.
  let notes: [String]

  /// Reads both files of a network.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package init(prototxt: String, caffemodel: String) throws {
    let (text, weights) = try (Self.bytes(prototxt), Self.bytes(caffemodel))
    let net = try Self.inFile(prototxt) { try Self.net(text: text) }
    let stored = try Self.inFile(caffemodel) { try Self.weights(weights) }
    self = try Self.inFile(prototxt) { try CaffeFile(net, weights: stored) }
  }

  /// Reads the bytes of both files.
  ///
  /// - Throws: `InterchangeError.Fact`.
  package init(prototxt: Data, caffemodel: Data) throws {
    self = try CaffeFile(Self.net(text: prototxt), weights: Self.weights(caffemodel))
  }

  private init(_ net: CaffeNetParameter, weights: [String: [Tensor]]) throws {
    let all = try net.allLayers().filter(\.runsWhenTesting)
    let sources = all.filter(\.isSource)
    inputs = net.declaredInputs() + sources.flatMap { $0.inputPorts() }
    layers = all.filter { !$0.isSource }.compactMap { $0.withoutLoss() }
    notes = sources.compactMap(\.transformationNote)
    self.weights = weights
    let names = inputs.map(\.name)
    for name in Set(names) where names.filter({ $0 == name }).count > 1 {
      throw InterchangeError.Fact.damaged(format: "Caffe", "two inputs are called '\(name)'")
    }
  }

  private static func inFile<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    }
  }

  private static func bytes(_ path: String) throws -> Data {
    do { return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw InterchangeError(
        path: path,
        .unreadable(reason: exists ? "no permission, or not a file" : "there is no such file"))
    }
  }

  private static func net(text: Data) throws -> CaffeNetParameter {
    var options = TextFormatDecodingOptions()
    options.ignoreUnknownFields = true
    guard let string = String(data: text, encoding: .utf8) else {
      throw InterchangeError.Fact.damaged(format: "Caffe", "the network is not text")
    }
    do {
      return try CaffeNetParameter(textFormatString: string, options: options)
    } catch {
      throw InterchangeError.Fact.damaged(
        format: "Caffe", "the text does not describe a network (\(error))")
    }
  }

  /// The weights that a caffemodel has for each layer that has any.
  private static func weights(_ bytes: Data) throws -> [String: [Tensor]] {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let net: CaffeNetParameter
    do {
      net = try CaffeNetParameter(serializedBytes: bytes, options: options)
    } catch {
      throw InterchangeError.Fact.damaged(
        format: "Caffe", "it is cut off, or another kind of file (\(error))")
    }
    var result: [String: [Tensor]] = [:]
    for layer in net.layer.map({ ($0.name, $0.blobs) }) + net.layers.map({ ($0.name, $0.blobs) })
    where !layer.1.isEmpty {
      guard result[layer.0] == nil else {
        throw InterchangeError.Fact.damaged(
          format: "Caffe", "two layers with weights are called '\(layer.0)'")
      }
      result[layer.0] = try layer.1.enumerated().map { index, blob in
        try blob.tensor("\(layer.0)[\(index)]")
      }
    }
    return result
  }
}

extension CaffeBlobProto {
  /// The numbers of a blob under the shape that it states.
  ///
  /// - Throws: `InterchangeError.Fact` naming the blob if they do not fit.
  func tensor(_ label: String) throws -> Tensor {
    let dimensions =
      hasShape ? shape.dim.map(Int.init) : [num, channels, height, width].map(Int.init)
    let count = data.isEmpty ? doubleData.count : data.count
    var product = 1
    for dimension in dimensions {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw Self.damaged(label, "has the impossible shape \(dimensions)")
      }
      product = next
    }
    guard product == count else {
      throw Self.damaged(label, "has \(count) numbers, but its shape is \(dimensions)")
    }
    return Tensor(data.isEmpty ? doubleData.map { Float($0) } : data, shape: Shape(dimensions))
  }

  private static func damaged(_ label: String, _ reason: String) -> InterchangeError.Fact {
    .damaged(format: "Caffe", "the blob \(label) \(reason)")
  }
}

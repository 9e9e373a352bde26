import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Caffe layers")
struct CaffeLayerTests {
  /// A network of one input and these layers, without weights.
  private func network(
    _ layers: String, shape: [Int], outputs: [String]? = nil
  ) throws -> ImportedNetwork {
    let dimensions = shape.map { "dim: \($0)" }.joined(separator: " ")
    let text = """
      layer { name: "x" type: "Input" top: "x" input_param { shape { \(dimensions) } } }
      \(layers)
      """
    return try CaffeFile(prototxt: Data(text.utf8), caffemodel: Data())
      .network(NetworkRequest(outputs: outputs))
  }

  private func refusal(_ layers: String, shape: [Int] = [1, 2, 4, 4]) -> String {
    do {
      _ = try network(layers, shape: shape)
      return ""
    } catch { return "\(error)" }
  }

  /// Pooling as pooling_layer.cpp computes it, one window at a time.
  private static func pooled(
    _ values: [Double], size: Int, kernel: Int, stride: Int, padding: Int, averages: Bool
  ) -> [Double] {
    let free = Double(size + 2 * padding - kernel)
    var count = Int((free / Double(stride)).rounded(.up)) + 1
    if padding > 0, (count - 1) * stride >= size + padding { count -= 1 }
    func window(_ index: Int) -> (elements: Range<Int>, area: Int) {
      let start = index * stride - padding
      let end = min(start + kernel, size + padding)
      return (max(start, 0)..<min(end, size), end - start)
    }
    return (0..<count).flatMap { row in
      (0..<count).map { column in
        let (rows, columns) = (window(row), window(column))
        let elements = rows.elements.flatMap { y in columns.elements.map { values[y * size + $0] } }
        guard averages else { return elements.max() ?? -.infinity }
        return elements.reduce(0, +) / Double(rows.area * columns.area)
      }
    }
  }

  @Test(
    "pool with Caffe's rounding and divisors",
    arguments: [
      (4, 2, 2, 0), (5, 2, 2, 0), (5, 3, 2, 1), (6, 3, 2, 1), (6, 2, 3, 1), (7, 3, 3, 2),
      (4, 2, 3, 1), (8, 5, 4, 2), (3, 3, 1, 1), (3, 4, 2, 3), (9, 2, 4, 0),
    ])
  func pooling(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) throws {
    let input = SampleValues.distinct([1, 1, size, size], .float32)
    for (method, averages) in [("MAX", false), ("AVE", true)] {
      let network = try network(
        """
        layer { name: "y" type: "Pooling" bottom: "x" top: "y" pooling_param {
          pool: \(method) kernel_size: \(kernel) stride: \(stride) pad: \(padding) } }
        """, shape: [1, 1, size, size])
      let expected = Self.pooled(
        input.doubles, size: size, kernel: kernel, stride: stride, padding: padding,
        averages: averages)
      let result = try #require(network.outputs(["x": input])["y"])
      #expect(result.count == expected.count)
      #expect(zip(result.doubles, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("round the number of windows down if a network asks for it")
  func roundMode() throws {
    let network = try network(
      """
      layer { name: "y" type: "Pooling" bottom: "x" top: "y"
        pooling_param { kernel_size: 2 stride: 2 round_mode: FLOOR } }
      """, shape: [1, 1, 5, 5])
    #expect(network.program.outputTypes[0].shape == [Shape.batch, 1, 2, 2])
  }

  @Test("multiply, compare, cut and repeat values")
  func combinations() throws {
    let network = try network(
      """
      layer { name: "cut" type: "Slice" bottom: "x" top: "a" top: "b" slice_param { axis: 1 } }
      layer { name: "p" type: "Eltwise" bottom: "a" bottom: "b" top: "p"
        eltwise_param { operation: PROD } }
      layer { name: "m" type: "Eltwise" bottom: "a" bottom: "b" top: "m"
        eltwise_param { operation: MAX } }
      layer { name: "s" type: "Scale" bottom: "a" bottom: "b" top: "s" scale_param { axis: 0 } }
      layer { name: "small" type: "Pooling" bottom: "x" top: "small"
        pooling_param { kernel_size: 2 stride: 2 } }
      layer { name: "c" type: "Crop" bottom: "x" bottom: "small" top: "c"
        crop_param { axis: 2 offset: 1 } }
      """, shape: [1, 2, 4, 4])
    let x = SampleValues.distinct([1, 2, 4, 4], .float32)
    let (a, b) = (x.doubles.prefix(16), x.doubles.suffix(16))
    let results = try network.outputs(["x": x])
    #expect(results["p"]?.doubles == zip(a, b).map { $0 * $1 })
    #expect(results["s"]?.doubles == zip(a, b).map { $0 * $1 })
    #expect(
      results["c"]?.doubles.prefix(4) == [x.doubles[5], x.doubles[6], x.doubles[9], x.doubles[10]])
    #expect(results["m"]?.doubles == zip(a, b).map { max($0, $1) })
  }

  @Test("become an activation where a training has a loss")
  func losses() throws {
    let text = """
      layer { name: "data" type: "Data" top: "data" top: "label" transform_param { scale: 0.5 } }
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "data" bottom: "label" top: "loss" }
      layer { name: "accuracy" type: "Accuracy" bottom: "data" bottom: "label" top: "accuracy" }
      """
    let file = try CaffeFile(prototxt: Data(text.utf8), caffemodel: Data())
    #expect(file.outputs.map(\.name) == ["loss"])
    let network = try file.network(NetworkRequest(shapes: ["data": [Shape.batch, 3]]))
    #expect(network.origins == [.softmax(of: 0)])
    #expect(
      network.notes == ["Caffe prepares 'data' before the network sees it: multiply by 0.5."])
  }

  @Test("that are not possible are refused in a sentence")
  func refusals() {
    #expect(
      refusal(
        """
        layer { name: "a" type: "LSTM" bottom: "x" top: "a" }
        layer { name: "b" type: "SPP" bottom: "a" top: "b" }
        """) == """
          this Caffe file asks for what Assay does not support:
            - LSTM at layer 'a'
            - SPP at layer 'b'
          """)
    #expect(
      refusal(
        """
        layer { name: "y" type: "Convolution" bottom: "x" top: "y"
          convolution_param { num_output: 2 kernel_size: 3 } }
        """)
        == "layer 'y' (Convolution): the caffemodel has 0 blobs for it, and blob 0 is needed")
    #expect(
      refusal(
        """
        layer { name: "y" type: "Pooling" bottom: "x" top: "y" pooling_param { pool: STOCHASTIC
          kernel_size: 2 } }
        """)
        == "layer 'y' (Pooling): STOCHASTIC pooling draws at random; use MAX or AVE")
    #expect(
      refusal(
        """
        layer { name: "y" type: "BatchNorm" bottom: "x" top: "y"
          batch_norm_param { use_global_stats: false } }
        """)
        == "layer 'y' (BatchNorm): use_global_stats is false: it would mix the samples of a batch; "
        + "remove the setting")
    #expect(
      refusal(#"layer { name: "y" type: "ReLU" bottom: "z" top: "y" }"#)
        == "layer 'y' (ReLU): uses 'z', which nothing makes")
    #expect(refusal("layer { ").hasPrefix("is no valid Caffe file: the text does not describe"))
  }
}

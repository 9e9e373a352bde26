import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Programs written as ONNX files")
struct ExportTests {
  private static func temporaryFolder() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "assay-export-\(UUID().uuidString)")
  }

  private static func outputs(
    of program: Program, _ inputs: [Tensor], batch: Int = 1
  ) throws -> [Tensor] {
    let executable = try ReferenceBackend().compile(program.bound(batch: batch))
    return try executable(inputs)
  }

  /// The cases that can be written.
  private static func cases(_ type: ElementType) -> [PrimitiveCase] {
    PrimitiveCase.all(type).filter { $0.primitive.name.description != "randomUniform" }
  }

  @Test(
    "every primitive is read again with the same bits", arguments: [ElementType.float32, .float64])
  func primitives(type: ElementType) throws {
    let folder = Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for example in Self.cases(type) {
      let result = try example.result(on: ReferenceBackend())
      let written = try ConformanceCase.write(
        example.program(), inputs: example.operands, outputs: [result], to: folder)
      let program = try written.program()
      let again = try Self.outputs(of: program, example.operands)
      #expect(again[0].hasSameBits(as: result), "\(example): \(Difference(again[0], result))")
    }
  }

  @Test("networks are read again with the same bits, for every batch size", arguments: [1, 3])
  func networks(batch: Int) throws {
    for network in try ExportedNetwork.all() {
      let folder = Self.temporaryFolder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let (written, results) = try Self.write(network, batch: batch, to: folder)
      let again = try Self.outputs(
        of: written.program(), network.inputs(batch: batch), batch: batch)
      for (index, name) in network.program.outputNames.enumerated() {
        #expect(
          again[index].hasSameBits(as: results[index]),
          "\(network), \(name): \(Difference(again[index], results[index]))")
      }
    }
  }

  private static func write(
    _ network: ExportedNetwork, batch: Int, to folder: URL
  ) throws -> (ConformanceCase, [Tensor]) {
    let inputs = network.inputs(batch: batch)
    let program = try network.program.binding(network.parameters)
    let results = try outputs(of: program, inputs, batch: batch)
    let written = try ConformanceCase.write(
      network.program, parameters: network.parameters, inputs: inputs, outputs: results, to: folder)
    return (written, results)
  }

  /// What ONNX leaves open: which of several numbers is the largest if one of them is NaN.
  private static func isOpen(_ example: PrimitiveCase) -> Bool {
    let orderings = ["argMax", "argSort", "reduceMaximum", "maxPool", "maxPoolIndices"]
    return example.name.contains("NaN")
      && orderings.contains(example.primitive.name.description)
  }

  @Test(
    "onnxruntime agrees within 1e-5, and the standard's checker has nothing to say",
    .enabled(
      if: Python.hasRuntime,
      "needs a Python with onnx and onnxruntime: name it in ASSAY_PYTHON"))
  func runtime() throws {
    let folder = Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, example) in Self.cases(.float32).enumerated() where !Self.isOpen(example) {
      _ = try ConformanceCase.write(
        example.program(), inputs: example.operands,
        outputs: [example.result(on: ReferenceBackend())],
        to: folder.appending(path: "\(index)-\(example.primitive.name)"))
    }
    for network in try ExportedNetwork.all() {
      for batch in [1, 3] {
        _ = try Self.write(
          network, batch: batch, to: folder.appending(path: "\(network)-\(batch)"))
      }
    }
    let (status, text) = try Python.run(["scripts/check-exports", folder.path])
    #expect(status == 0, "\(text)")
    #expect(text.contains(" 0 have no kernel"), "\(text)")
  }

  @Test("a classifier is two Gemm nodes and what lies between, nothing else")
  func plainNodes() throws {
    let network = try ExportedNetwork.classifier()
    let folder = Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try Self.write(network, batch: 2, to: folder).0.file()
    #expect(file.operatorCounts == ["Gemm": 2, "Relu": 1])
    #expect(file.inputs.map(\.description) == ["float[N, 5]"])
    #expect(file.outputs.map(\.description) == ["float[N, 3]"])
    #expect(Set(file.initializers.keys) == Set(network.parameters.keys))
  }

  @Test("convolutions take their biases in, and nothing else that is added")
  func biases() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, 2, 4]))
    let program = try Program.trace([port]) { values in
      let x = values[0]
      let kernel = x.constant(SampleValues.uniform([2, 2, 1], .float32))
      func product() -> Value { x.convolved(with: kernel, ConvolutionGeometry(rank: 1)) }
      let twice = product()
      return [
        ("biased", x.constant(SampleValues.uniform([2, 1], .float32)) + product()),
        ("residual", product() + x), ("scalar", product() + 1), ("shared", twice + twice),
      ]
    }
    let (model, _) = try ONNXModelFile.model(of: program, parameters: [:], metadata: [:])
    #expect(
      model.graph.node.map { "\($0.opType) \($0.input.count)" } == [
        "Conv 2", "Conv 3", "Conv 2", "Add 2", "Conv 2", "Add 2", "Add 2",
      ])
  }

  @Test("means of windows are AveragePool, other sums convolutions with ones")
  func pooling() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [1, 2, 6, 6]))
    let windows = WindowGeometry(rank: 2, size: 2)
    let program = try Program.trace([port]) { values in
      let sum = values[0].builder.append(.windowSum(windows), values)
      return [
        ("mean", values[0].averagePooled(windows, countsPadding: true)), ("third", sum / 3),
      ]
    }
    let (model, _) = try ONNXModelFile.model(of: program, parameters: [:], metadata: [:])
    #expect(model.graph.node.map(\.opType) == ["Conv", "AveragePool", "Div"])
  }
}

extension ConformanceCase {
  func file() throws -> ONNXFile {
    try ONNXFile(path: folder.appending(path: "model.onnx").path)
  }

  /// The program that the model is read as, with the shapes that it declares.
  fileprivate func program() throws -> Program {
    try file().network(NetworkRequest()).program
  }
}

extension Tensor {
  /// Whether type, shape and all bits agree; any NaN is like any other.
  fileprivate func hasSameBits(as other: Tensor) -> Bool {
    guard elementType == other.elementType, shape == other.shape else { return false }
    if elementType == .int64 { return self == other }
    return zip(doubles, other.doubles).allSatisfy {
      $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
    }
  }
}

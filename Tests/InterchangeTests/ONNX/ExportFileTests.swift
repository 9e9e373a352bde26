import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("The files that programs are written to")
struct ExportFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func program(
    _ types: [ValueType], outputs: [String] = ["y"], _ function: ([Value]) -> Value
  ) throws -> Program {
    let ports = types.enumerated().map { Program.Port(name: "x\($0)", type: $1) }
    return try Program.trace(ports) { values in
      let result = function(values)
      return outputs.map { ($0, result) }
    }
  }

  @Test("have the same bytes each time, and carry texts along")
  func equalBytes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let network = try ExportedNetwork.convolutional()
    let metadata = ["name": "Ziffern", "task": "{\"classes\": 5}", "note": ""]
    for name in ["a.onnx", "b.onnx"] {
      try ONNXModelFile.write(
        program: network.program, parameters: network.parameters, metadata: metadata,
        to: path(name))
    }
    #expect(FileManager.default.contentsEqual(atPath: path("a.onnx"), andPath: path("b.onnx")))
    let file = try ONNXFile(path: path("a.onnx"))
    #expect(file.metadata == metadata)
    #expect(file.model.graph.name == "Ziffern")
  }

  @Test("keep weights that a message cannot hold in a second file")
  func externalData() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let network = try ExportedNetwork.convolutional()
    try ONNXModelFile.write(
      program: network.program, parameters: network.parameters, metadata: [:],
      to: path("m.onnx"), largestMessage: 1000)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "m.onnx", "m.onnx.weights",
      ])
    let file = try ONNXFile(path: path("m.onnx"))
    for (name, tensor) in network.parameters {
      guard case .numbers(let read, _) = file.initializers[name] else {
        Issue.record("\(name) is not there")
        continue
      }
      #expect(read == tensor)
    }
  }

  @Test("name outputs that are inputs, constants, or each other")
  func outputNames() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let port = Program.Port(name: "x", type: ValueType(.float32, [2]))
    let program = try Program.trace([port]) { values in
      let sum = values[0] + values[0].constant(Tensor([1, 2] as [Float]))
      return [
        ("same", values[0]), ("sum", sum), ("again", sum),
        ("fixed", values[0].constant(Tensor([3, 4] as [Float]))),
      ]
    }
    try ONNXModelFile.write(program: program, to: path("m.onnx"))
    let file = try ONNXFile(path: path("m.onnx"))
    #expect(file.outputs.map(\.name) == ["same", "sum", "again", "fixed"])
    #expect(file.operatorCounts == ["Identity": 3, "Add": 1])
  }

  @Test("are refused in a sentence")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    func message(
      _ program: Program, _ parameters: [String: Tensor] = [:], to name: String = "m.onnx"
    ) -> String {
      let error = #expect(throws: InterchangeError.self) {
        try ONNXModelFile.write(program: program, parameters: parameters, to: path(name))
      }
      return error.map { "\($0.fact)" } ?? ""
    }
    let random = try program([ValueType(.int64, [2])]) {
      $0[0].builder.append(.randomUniform([3]), $0)
    }
    #expect(
      message(random)
        == "value %1 (randomUniform) cannot be written as ONNX: "
        + "ONNX has no random numbers that come out the same everywhere")
    let sum = try program([ValueType(.float32, [2])]) { $0[0] + 1 }
    #expect(
      message(sum, ["x0": Tensor(1)])
        == "the parameter 'x0' has type float32[], but the program's input has type float32[2]")
    #expect(
      message(sum, ["w": Tensor(1)])
        == "the parameter 'w' has type float32[], but the program has no input of that name")
    let clash = try program([ValueType(.float32, [2])], outputs: ["x0"]) { $0[0] + 1 }
    #expect(
      message(clash)
        == "two inputs or outputs are called 'x0': ONNX needs different names")
    let unsized = try program([ValueType(.float32, [])]) { $0[0].broadcast(to: [Shape.batch]) }
    #expect(
      message(unsized)
        == "no input has the batch size as a dimension, so that an ONNX file could not tell it")
    #expect(message(sum, to: "missing/m.onnx") == "cannot be written: No such file or directory")
  }
}

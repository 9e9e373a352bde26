package import Foundation
package import Programs
import SwiftProtobuf
package import Tensors

extension ConformanceCase {
  /// Writes a program, inputs and the outputs that they give as a case, for other programs to check.
  ///
  /// - Parameters:
  ///   - program: What the model computes.
  ///   - parameters: Inputs that become weights under their names.
  ///   - metadata: Texts that the model carries along.
  ///   - inputs: The values of the other inputs, in their order.
  ///   - outputs: The values of the outputs.
  ///   - folder: Is made if there is none.
  /// - Returns: The case.
  /// - Throws: `InterchangeError` if the program cannot be written, or the error of the file system.
  package static func write(
    _ program: Program, parameters: [String: Tensor] = [:], metadata: [String: String] = [:],
    inputs: [Tensor], outputs: [Tensor], to folder: URL
  ) throws -> ConformanceCase {
    let data = folder.appending(path: "test_data_set_0")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    try ONNXModelFile.write(
      program: program, parameters: parameters, metadata: metadata,
      to: folder.appending(path: "model.onnx").path)
    let ports = program.inputs.filter { parameters[$0.name] == nil }.map(\.name)
    for (kind, names, tensors) in [
      ("input", ports, inputs), ("output", program.outputNames, outputs),
    ] {
      for (index, (name, tensor)) in zip(names, tensors).enumerated() {
        let bytes: Data = try ONNXTensor(tensor, name: name).serializedBytes()
        try bytes.write(to: data.appending(path: "\(kind)_\(index).pb"))
      }
    }
    return ConformanceCase(folder: folder)
  }
}

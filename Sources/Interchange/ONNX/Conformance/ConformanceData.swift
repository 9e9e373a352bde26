import Execution
import Foundation
import Programs
import SwiftProtobuf
import Tensors

/// A tensor of a case's data.
struct ConformanceTensor {
  let name: String
  let tensor: Tensor
  let type: ONNXElementType
}

/// Inputs and expected outputs.
struct ConformanceData {
  let folder: URL
  let tolerance: ConformanceTolerance
  var name: String { folder.lastPathComponent }

  /// The first difference between what the model makes and what it should.
  func firstDifference(of file: ONNXFile, on backend: any Backend) throws -> String? {
    let inputs = try tensors("input", ports: file.model.graph.input)
    let outputs = try tensors("output", ports: file.model.graph.output)
    guard inputs.count <= file.inputs.count, outputs.count <= file.outputs.count else {
      return "has \(inputs.count) inputs and \(outputs.count) outputs, the model takes "
        + "\(file.inputs.count) and makes \(file.outputs.count)"
    }
    let names = zip(file.outputs, outputs).map { port, output in
      file.outputs.contains { $0.name == output.name } ? output.name : port.name
    }
    var request = NetworkRequest(outputs: names)
    for (port, input) in zip(file.inputs, inputs) {
      request.shapes[port.name] = input.tensor.shape
      request.values[port.name] = input.tensor
    }
    let network = try file.network(request)
    let arguments = network.program.inputs.compactMap { port in
      request.values[port.name]?.converted(to: port.type.elementType)
    }
    let executable = try backend.compile(network.program.simplified())
    let results = try executable(arguments)
    for (index, result) in results.enumerated() {
      if let difference = tolerance.firstDifference(result, outputs[index]) {
        return "output '\(names[index])': \(difference)"
      }
    }
    return nil
  }

  private func tensors(_ kind: String, ports: [ONNXValueInfo]) throws -> [ConformanceTensor] {
    var result: [ConformanceTensor] = []
    while true {
      let url = folder.appending(path: "\(kind)_\(result.count).pb")
      guard FileManager.default.fileExists(atPath: url.path) else { return result }
      let label = "\(folder.lastPathComponent)/\(url.lastPathComponent)"
      guard var message = try? ONNXTensor(serializedBytes: Data(contentsOf: url)) else {
        throw InterchangeError.Fact.request("\(label) holds no tensor")
      }
      if result.count < ports.count { message.readBits(as: ports[result.count]) }
      switch try message.contents(ExternalData(folder: folder)) {
      case .numbers(let tensor, let type):
        result.append(ConformanceTensor(name: message.name, tensor: tensor, type: type))
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

extension ONNXTensor {
  /// Takes the type of a port of half precision whose bits are written as whole numbers: some of
  /// the standard's own cases hold bfloat16 like that.
  fileprivate mutating func readBits(as port: ONNXValueInfo) {
    let wanted = port.type.tensorType.elemType
    if dataType == ONNXElementType.uint16.rawValue, wanted == ONNXElementType.bfloat16.rawValue {
      dataType = wanted
    }
  }
}

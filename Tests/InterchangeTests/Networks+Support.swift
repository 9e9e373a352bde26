import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

/// Where the fixtures lie.
enum NetworkFixtures {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func arrays(_ name: String) throws -> [String: Tensor] {
    try NumpyArchive.read(path(name))
  }
}

extension ImportedNetwork {
  /// The outputs by name.
  func outputs(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let arguments = try program.inputs.map { port in
      try #require(inputs[port.name]).converted(to: port.type.elementType)
    }
    let bound = try program.bound(batch: arguments.first?.shape.dimensions.first ?? 1)
    let executable = try ReferenceBackend().compile(bound)
    let results = try executable(arguments)
    return Dictionary(uniqueKeysWithValues: zip(bound.outputNames, results))
  }

  /// Compares the derivative of the first output in an input with central differences.
  func checkGradient(at inputs: [String: Tensor], in name: String) throws {
    let arguments = try program.inputs.map { port in
      let tensor = try #require(inputs[port.name])
      return port.type.elementType.isFloatingPoint ? tensor.converted(to: .float64) : tensor
    }
    let position = try #require(program.inputs.firstIndex { $0.name == name })
    let batch = arguments[position].shape.dimensions.first ?? 1
    let bound = try program.inDoublePrecision().bound(batch: batch)
    let seed = SampleValues.nonzero(bound.outputTypes[0].shape, .float64)
    let function = try ReferenceBackend().compile(bound)
    let gradient = try ReferenceBackend().compile(
      bound.differentiated(withRespectTo: [position]))
    let result = try #require(try gradient(arguments + [seed]).last)
    let expected = try CentralDifferences.gradient(
      of: function, at: arguments, withRespectTo: position, seed: seed)
    #expect(
      Difference(result, expected).isWithin(absolute: 1e-7, relative: 1e-7),
      "\(Difference(result, expected))")
  }
}

extension Program {
  /// The program with float64 numbers in place of float32 ones.
  func inDoublePrecision() throws -> Program {
    func wide(_ type: ElementType) -> ElementType { type == .float32 ? .float64 : type }
    let ports = inputs.map {
      Port(name: $0.name, type: ValueType(wide($0.type.elementType), $0.type.shape))
    }
    return try Program.trace(ports) { arguments in
      var values = arguments
      let builder = values[0].builder
      for equation in equations {
        let primitive: Primitive =
          switch equation.primitive {
          case .constant(let tensor): .constant(tensor.converted(to: wide(tensor.elementType)))
          case .convert(let type): .convert(wide(type))
          case .iota(let type, let shape, let axis): .iota(wide(type), shape, axis: axis)
          default: equation.primitive
          }
        values.append(builder.append(primitive, equation.operands.map { values[$0] }))
      }
      return zip(outputNames, outputs).map { (name: $0, value: values[$1]) }
    }
  }
}

/// Damaged copies of a file: cut off, or with some bits of a byte turned.
enum DamagedFiles {
  static func cut(_ bytes: Data, every step: Int) -> [Data] {
    stride(from: 0, to: bytes.count, by: step).map { bytes.prefix($0) }
  }

  static func flipped(_ bytes: Data, every step: Int, by mask: UInt8) -> [Data] {
    stride(from: step / 2, to: bytes.count, by: step).map { index in
      var copy = bytes
      copy[copy.startIndex + index] ^= mask
      return copy
    }
  }
}

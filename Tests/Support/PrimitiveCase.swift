package import Execution
package import Programs
package import Tensors

/// One primitive with attributes and operands: what every backend must agree on.
package struct PrimitiveCase: Sendable, Encodable {
  /// The primitive's name and what is special about the case.
  package let name: String
  package let primitive: Primitive
  package let operands: [Tensor]
  /// Whether the operands are far enough from kinks and ties for a check of derivatives.
  package let isDifferentiable: Bool

  package init(
    _ primitive: Primitive, _ operands: [Tensor], _ note: String = "",
    isDifferentiable: Bool = true
  ) {
    let types = operands.map { ValueType($0.elementType, $0.shape) }
    let result = (try? primitive.resultType(of: types)).map { " : \($0)" } ?? " : ill-typed"
    let attributes = primitive.attributes
    name =
      "\(primitive.name)(\(types.map(\.description).joined(separator: ", ")))"
      + (attributes.isEmpty ? "" : " {\(attributes)}") + result
      + (note.isEmpty ? "" : ", \(note)")
    self.primitive = primitive
    self.operands = operands
    self.isDifferentiable = isDifferentiable
  }

  /// The program that applies the primitive to inputs of the operands' types.
  package func program() throws -> Program {
    let ports = operands.enumerated().map { index, operand in
      Program.Port(name: "x\(index)", type: ValueType(operand.elementType, operand.shape))
    }
    let builder = ProgramBuilder()
    let values = ports.map { builder.input($0.name, $0.type) }
    return try builder.program([("y", builder.append(primitive, values))])
  }

  /// What a backend computes.
  package func result(on backend: any Backend) throws -> Tensor {
    let executable = try backend.compile(program())
    return try executable(operands)[0]
  }

  /// Every case, with floating-point operands of one element type.
  package static func all(_ type: ElementType) -> [PrimitiveCase] {
    sources(type) + unary(type) + binary(type) + selections(type) + integers + shapes(type)
      + indexing(type) + ordering(type) + reductions(type) + matrixProducts(type)
      + convolutions(type) + windows(type)
  }
}

extension PrimitiveCase: CustomStringConvertible {
  package var description: String { name }
}

/// The primitives without attributes; a new primitive does not compile until it is listed here.
package enum PrimitiveFamily: CaseIterable {
  case constant, dimension, iota, randomUniform, unary, binary, compare, select, convert
  case stopGradient, broadcast, reshape, transpose, slice, pad, concatenate, reverse
  case gather, scatterAdd, gatherElements, scatterAddElements, argMax, argSort
  case reduce, cumulativeSum, matrixMultiply
  case convolution, convolutionInputGradient, convolutionKernelGradient
  case maxPool, maxPoolIndices, windowSum, windowSumGradient

  package init(_ primitive: Primitive) {
    self =
      switch primitive {
      case .constant: .constant
      case .dimension: .dimension
      case .iota: .iota
      case .randomUniform: .randomUniform
      case .unary: .unary
      case .binary: .binary
      case .compare: .compare
      case .select: .select
      case .convert: .convert
      case .stopGradient: .stopGradient
      case .broadcast: .broadcast
      case .reshape: .reshape
      case .transpose: .transpose
      case .slice: .slice
      case .pad: .pad
      case .concatenate: .concatenate
      case .reverse: .reverse
      case .gather: .gather
      case .scatterAdd: .scatterAdd
      case .gatherElements: .gatherElements
      case .scatterAddElements: .scatterAddElements
      case .argMax: .argMax
      case .argSort: .argSort
      case .reduce: .reduce
      case .cumulativeSum: .cumulativeSum
      case .matrixMultiply: .matrixMultiply
      case .convolution: .convolution
      case .convolutionInputGradient: .convolutionInputGradient
      case .convolutionKernelGradient: .convolutionKernelGradient
      case .maxPool: .maxPool
      case .maxPoolIndices: .maxPoolIndices
      case .windowSum: .windowSum
      case .windowSumGradient: .windowSumGradient
      }
  }
}

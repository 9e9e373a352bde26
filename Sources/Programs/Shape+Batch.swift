public import Tensors

extension Shape {
  /// The symbolic batch size N.
  ///
  /// A prime larger than any concrete dimension may be: a dimension is symbolic if and only if it
  /// is a multiple of it, and then stands for that multiple of N (samples times heads, say).
  public static let batch = Int(Int32.max)

  /// The shape with N replaced by a number.
  package func bound(batch: Int) -> Shape {
    Shape(dimensions.map { Shape.bind($0, batch: batch) })
  }

  package static func bind(_ dimension: Int, batch: Int) -> Int {
    dimension != 0 && dimension % Shape.batch == 0
      ? dimension / Shape.batch * batch : dimension
  }

  package var isSymbolic: Bool { dimensions.contains(where: Shape.isSymbolic) }

  package static func isSymbolic(_ dimension: Int) -> Bool {
    dimension != 0 && dimension % Shape.batch == 0
  }

  /// A dimension as text: a number, or a multiple of N.
  package static func text(_ dimension: Int) -> String {
    guard Shape.isSymbolic(dimension) else { return String(dimension) }
    let factor = dimension / Shape.batch
    return factor == 1 ? "N" : "\(factor)N"
  }

  package var symbolicDescription: String {
    "[\(dimensions.map(Shape.text).joined(separator: ", "))]"
  }
}

extension Program {
  /// Whether any shape contains the symbolic batch size.
  public var isSymbolic: Bool {
    inputs.contains { $0.type.shape.isSymbolic }
      || equations.contains { $0.isSymbolic }
  }

  /// The program for batches of one size.
  ///
  /// - Throws: `ProgramError` if an equation holds for no such batch.
  public func bound(batch: Int) throws -> Program {
    guard isSymbolic else { return self }
    return try Program(
      inputs: inputs.map {
        Port(
          name: $0.name,
          type: ValueType($0.type.elementType, $0.type.shape.bound(batch: batch)))
      },
      equations: equations.map {
        Equation(
          primitive: $0.primitive.bound(batch: batch), operands: $0.operands,
          type: ValueType($0.type.elementType, $0.type.shape.bound(batch: batch)))
      },
      outputs: outputs, outputNames: outputNames)
  }
}

extension Equation {
  /// Whether the result's shape, or the dimension that it states, depends on the batch size.
  package var isSymbolic: Bool {
    if case .dimension(let size) = primitive { return Shape.isSymbolic(size) }
    return type.shape.isSymbolic
  }
}

extension Primitive {
  fileprivate func bound(batch: Int) -> Primitive {
    func bind(_ dimensions: [Int]) -> [Int] { dimensions.map { Shape.bind($0, batch: batch) } }
    switch self {
    case .dimension(let size): return .dimension(Shape.bind(size, batch: batch))
    case .iota(let type, let shape, let axis):
      return .iota(type, shape.bound(batch: batch), axis: axis)
    case .randomUniform(let shape): return .randomUniform(shape.bound(batch: batch))
    case .broadcast(let shape, let axes):
      return .broadcast(shape.bound(batch: batch), axes: axes)
    case .reshape(let shape): return .reshape(shape.bound(batch: batch))
    case .slice(let starts, let limits, let strides):
      return .slice(starts: bind(starts), limits: bind(limits), strides: strides)
    case .pad(let low, let high, let interior, let value):
      return .pad(low: bind(low), high: bind(high), interior: interior, value: value)
    case .scatterAdd(let axis, let count):
      return .scatterAdd(axis: axis, count: Shape.bind(count, batch: batch))
    case .scatterAddElements(let axis, let count):
      return .scatterAddElements(axis: axis, count: Shape.bind(count, batch: batch))
    case .constant, .unary, .binary, .compare, .select, .convert, .stopGradient, .transpose,
      .concatenate, .reverse, .gather, .gatherElements, .argMax, .argSort, .reduce,
      .cumulativeSum, .matrixMultiply, .convolution, .convolutionInputGradient,
      .convolutionKernelGradient, .maxPool, .maxPoolIndices, .windowSum, .windowSumGradient:
      return self
    }
  }
}

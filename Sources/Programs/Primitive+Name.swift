extension Primitive {
  /// A primitive without its attributes: the key of a table of rules.
  public struct Name: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    package init(_ description: String) { self.description = description }

    /// The name of a function of one element.
    public static func unary(_ function: UnaryFunction) -> Name { Name(function.rawValue) }
    /// The name of a function of two elements.
    public static func binary(_ function: BinaryFunction) -> Name { Name(function.rawValue) }

    public static let relu = unary(.relu)
    public static let maxPool = Name("maxPool")
    public static let matrixMultiply = Name("matrixMultiply")
    public static let convolution = Name("convolution")
    public static let windowSum = Name("windowSum")
  }

  /// The name under which printed programs, error messages and tables of rules know the primitive.
  public var name: Name {
    switch self {
    case .constant: Name("constant")
    case .dimension: Name("dimension")
    case .iota: Name("iota")
    case .randomUniform: Name("randomUniform")
    case .unary(let function): .unary(function)
    case .binary(let function): .binary(function)
    case .compare(let comparison): Name(comparison.rawValue)
    case .select: Name("select")
    case .convert: Name("convert")
    case .stopGradient: Name("stopGradient")
    case .broadcast: Name("broadcast")
    case .reshape: Name("reshape")
    case .transpose: Name("transpose")
    case .slice: Name("slice")
    case .pad: Name("pad")
    case .concatenate: Name("concatenate")
    case .reverse: Name("reverse")
    case .gather: Name("gather")
    case .scatterAdd: Name("scatterAdd")
    case .gatherElements: Name("gatherElements")
    case .scatterAddElements: Name("scatterAddElements")
    case .argMax: Name("argMax")
    case .argSort: Name("argSort")
    case .reduce(.sum, _): Name("reduceSum")
    case .reduce(.maximum, _): Name("reduceMaximum")
    case .cumulativeSum: Name("cumulativeSum")
    case .matrixMultiply: .matrixMultiply
    case .convolution: .convolution
    case .convolutionInputGradient: Name("convolutionInputGradient")
    case .convolutionKernelGradient: Name("convolutionKernelGradient")
    case .maxPool: .maxPool
    case .maxPoolIndices: Name("maxPoolIndices")
    case .windowSum: .windowSum
    case .windowSumGradient: Name("windowSumGradient")
    }
  }
}

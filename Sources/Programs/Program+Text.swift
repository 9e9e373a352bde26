import Tensors

extension Program: CustomStringConvertible {
  /// The program as text: a line per equation.
  ///
  ///     program(%0 x: float32[N, 4]) {
  ///       %1 = constant() {8 elements} : float32[2, 4]
  ///       %2 = matrixMultiply(%0, %1) {transposeRight} : float32[N, 2]
  ///       return %2 as logits
  ///     }
  public var description: String {
    let ports = inputs.enumerated().map { "%\($0.offset) \($0.element.name): \($0.element.type)" }
    let lines = equations.enumerated().map { index, equation in
      let operands = equation.operands.map { "%\($0)" }.joined(separator: ", ")
      let attributes = equation.primitive.attributes
      return "  %\(inputs.count + index) = \(equation.primitive.name)(\(operands))"
        + (attributes.isEmpty ? "" : " {\(attributes)}") + " : \(equation.type)"
    }
    let results = zip(outputs, outputNames).map { "%\($0.0) as \($0.1)" }
    return
      (["program(\(ports.joined(separator: ", "))) {"] + lines
      + ["  return \(results.joined(separator: ", "))", "}"]).joined(separator: "\n")
  }
}

extension Primitive {
  /// The attributes in the text form of an equation.
  package var attributes: String {
    switch self {
    case .constant(let tensor):
      return tensor.count == 1 ? "\(tensor.doubles[0])" : "\(tensor.count) elements"
    case .dimension(let size): return Shape([size]).symbolicDescription
    case .iota(_, _, let axis), .concatenate(let axis), .gather(let axis),
      .gatherElements(let axis), .argMax(let axis):
      return "axis \(axis)"
    case .unary, .binary, .compare, .select, .stopGradient, .reshape, .convert, .randomUniform:
      return ""
    case .broadcast(_, let axes), .reverse(let axes), .reduce(_, let axes):
      return "axes \(axes)"
    case .transpose(let permutation): return "permutation \(permutation)"
    case .slice(let starts, let limits, let strides):
      return "\(starts) to \(Shape(limits).symbolicDescription) by \(strides)"
    case .pad(let low, let high, let interior, let value):
      return "low \(low), high \(high), interior \(interior), value \(value)"
    case .scatterAdd(let axis, let count), .scatterAddElements(let axis, let count):
      return "axis \(axis), count \(count)"
    case .argSort(let axis, let descending):
      return "axis \(axis)\(descending ? ", descending" : "")"
    case .cumulativeSum(let axis, let exclusive, let reverse):
      return "axis \(axis)\(exclusive ? ", exclusive" : "")\(reverse ? ", reverse" : "")"
    case .matrixMultiply(let left, let right):
      return [left ? "transposeLeft" : nil, right ? "transposeRight" : nil].compactMap(\.self)
        .joined(separator: ", ")
    case .convolution(let geometry): return geometry.attributes
    case .convolutionInputGradient(let geometry, let spatial):
      return "\(geometry.attributes), spatial \(spatial)"
    case .convolutionKernelGradient(let geometry, let window):
      return "\(geometry.attributes), window \(window)"
    case .maxPool(let windows), .maxPoolIndices(let windows), .windowSum(let windows):
      return windows.attributes
    case .windowSumGradient(let windows, let spatial):
      return "\(windows.attributes), spatial \(spatial)"
    }
  }
}

extension ConvolutionGeometry {
  fileprivate var attributes: String {
    "strides \(strides), padding \(paddingLow) \(paddingHigh), dilations \(dilations), "
      + "groups \(groups)"
  }
}

extension WindowGeometry {
  fileprivate var attributes: String {
    "size \(size), strides \(strides), padding \(paddingLow) \(paddingHigh), "
      + "dilations \(dilations)"
  }
}

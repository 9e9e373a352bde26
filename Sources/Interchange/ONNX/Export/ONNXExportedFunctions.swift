/// Functions that models bring along, for primitives that the standard's operators cannot give
/// without loss.
///
/// Other programs compute the function's body. Assay knows the name and reads the primitive.
enum ONNXExportedFunctions {
  static let domain = "assay"

  /// The function log(1 + x), exact near 0, by what rounding leaves of x.
  ///
  ///     u = 1 + x,   log(u) · x / (u − 1),   x where u = 1,   log(u) where u = x
  ///
  /// - Source: Goldberg 1991, What Every Computer Scientist Should Know About Floating-Point
  ///   Arithmetic, theorem 4.
  static let logarithmOnePlus: ONNXFunction = {
    var function = ONNXFunction()
    function.name = "LogarithmOnePlus"
    function.domain = domain
    function.input = ["x"]
    function.output = ["y"]
    function.opsetImport = [ONNXOperatorSet(domain: "", version: ONNXModelFile.opset)]
    function.node = [
      ONNXNode("Constant", [], ["number"], [.float("value_float", 1)]),
      ONNXNode("CastLike", ["number", "x"], ["one"]),
      ONNXNode("Add", ["x", "one"], ["u"]),
      ONNXNode("Sub", ["u", "one"], ["rounded"]),
      ONNXNode("Equal", ["u", "one"], ["isTiny"]),
      ONNXNode("Equal", ["u", "x"], ["isLarge"]),
      ONNXNode("Where", ["isTiny", "one", "rounded"], ["divisor"]),
      ONNXNode("Div", ["x", "divisor"], ["quotient"]),
      ONNXNode("Where", ["isLarge", "one", "quotient"], ["correction"]),
      ONNXNode("Log", ["u"], ["logarithm"]),
      ONNXNode("Mul", ["logarithm", "correction"], ["product"]),
      ONNXNode("Where", ["isTiny", "x", "product"], ["y"]),
    ]
    return function
  }()
}

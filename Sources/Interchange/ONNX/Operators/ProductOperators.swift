import Programs
import Tensors

/// Products of matrices, and determinants.
enum ProductOperators {
  static let all: [ONNXOperator] =
    [
      .value("MatMul") { call in
        let (left, right) = try call.unified(0, 1)
        return try call.multiplied(left, right)
      },
      .value("Gemm", lower: general),
      ONNXOperator("MatMulInteger") { call in
        let left = try call.withoutZeroPoint(0, zeroPoint: 2) { $0.expanded(axis: 1) }
        let right = try call.withoutZeroPoint(1, zeroPoint: 3) { $0 }
        let (first, second) = Value.sameReal(left, right)
        return [call.integerResult(try call.multiplied(first, second))]
      },
      .value("Det", lower: determinant),
    ] + EinsumOperators.all

  /// α A B + β C, either matrix transposed where that is asked for.
  private static func general(_ call: ONNXCall) throws -> Value {
    let (left, right) = try call.unified(0, 1)
    let (transposesLeft, transposesRight) = (try call.flag("transA"), try call.flag("transB"))
    let (alpha, beta) = (
      try call.float("alpha", default: 1), try call.float("beta", default: 1)
    )
    try call.require(
      left.shape.rank == 2 && right.shape.rank == 2,
      "expects two matrices, got \(left.type) and \(right.type)")
    let type = left.elementType
    let product = left.exactly.matrixMultiplied(
      by: right.exactly, transposeLeft: transposesLeft, transposeRight: transposesRight)
    let scaled = alpha == 1 ? product : product * alpha
    guard let offset = call.optionalInput(2), beta != 0 else { return scaled.converted(to: type) }
    let summand = offset.converted(to: product.elementType)
    return (scaled + (beta == 1 ? summand : summand * beta)).converted(to: type)
  }

  /// The expansion along the first row of each minor, every minor of the last rows computed once.
  ///
  ///     |A| = Σ_j (−1)ʲ a_0j |A without row 0 and column j|
  ///
  /// It has no pivots: its derivative is the matrix of cofactors everywhere.
  private static func determinant(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let rank = value.shape.rank
    try call.require(
      rank >= 2 && value.shape[rank - 1] == value.shape[rank - 2],
      "\(value.type) holds no square matrices")
    let order = value.shape[rank - 1]
    try call.require(
      (1...8).contains(order), "determinants are computed up to an order of 8, not \(order)")
    // The minors of the last rows by the set of their columns.
    var minors: [Int: Value] = [0: value.scalar(1)]
    for row in (0..<order).reversed() {
      let elements = (0..<order).map {
        value.select(axis: rank - 2, row).select(axis: rank - 2, $0)
      }
      var larger: [Int: Value] = [:]
      for columns in 0..<(1 << order) where columns.nonzeroBitCount == order - row {
        let members = (0..<order).filter { columns & (1 << $0) != 0 }
        let terms = members.enumerated().compactMap { position, column in
          minors[columns & ~(1 << column)].map { minor in
            let term = elements[column] * minor
            return position.isMultiple(of: 2) ? term : -term
          }
        }
        larger[columns] = terms.dropFirst().reduce(terms[0], +)
      }
      minors = larger
    }
    return minors[(1 << order) - 1] ?? value.scalar(1)
  }
}

extension ONNXCall {
  /// The product by the rules of NumPy: leading axes broadcast, a vector is a row on the left and
  /// a column on the right.
  func multiplied(_ left: Value, _ right: Value) throws -> Value {
    let ranks = (left.shape.rank, right.shape.rank)
    try require(
      ranks.0 >= 1 && ranks.1 >= 1, "expects no scalars, got \(left.type) and \(right.type)")
    let row = ranks.0 == 1 ? left.expanded(axis: 0) : left
    let column = ranks.1 == 1 ? right.expanded(axis: 1) : right
    let product = row.exactly.matrixMultiplied(by: column.exactly)
      .converted(to: left.elementType)
    let rank = product.shape.rank
    let added: [Int] = (ranks.0 == 1 ? [rank - 2] : []) + (ranks.1 == 1 ? [rank - 1] : [])
    return product.reshaped(to: product.shape.reduced(over: added, keepingDimensions: false))
  }

  /// A quantised input minus what stands for zero in it, exact as real numbers; `place` gives a
  /// vector of zero points the axes that it is for.
  func withoutZeroPoint(
    _ index: Int, zeroPoint: Int, place: (Value) -> Value
  ) throws -> Value {
    let value = try input(index).exactly
    guard let point = optionalInput(zeroPoint) else { return value }
    let numbers = point.converted(to: value.elementType)
    return value - (numbers.shape.rank == 1 && numbers.shape[0] > 1 ? place(numbers) : numbers)
  }

  /// A sum of products of whole numbers, which stays real if derivatives may pass through it.
  func integerResult(_ value: Value) -> Operand {
    let isReal = (0..<2).contains { (optionalInput($0)?.elementType.isFloatingPoint) == true }
    return Operand(isReal ? value : value.converted(to: .int32), .int32)
  }
}

extension Value {
  /// The value itself if it is real, and as real numbers of double precision otherwise.
  var exactly: Value { elementType.isFloatingPoint ? self : converted(to: .float64) }
}

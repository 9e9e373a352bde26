import Foundation

/// Items on a line, so that their places differ as their distances do.
package enum ClassicalScaling {
  /// The first principal coordinate of each item.
  ///
  ///     B = −½ J D² J,   J = I − 1/n,   coordinates = √λ v  of B's largest eigenvalue λ
  ///
  /// An eigenvector has no sign of its own: the first item that is not at 0 gets a negative place.
  ///
  /// - Source: Torgerson 1952, "Multidimensional scaling: I. Theory and method", Psychometrika 17.
  package static func firstCoordinates(of distances: [[Double]]) -> [Double] {
    let n = distances.count
    precondition(
      distances.allSatisfy { $0.count == n },
      "expected a square matrix, got rows of \(distances.map(\.count))")
    let squares = distances.map { $0.map { $0 * $0 } }
    let means = squares.map { $0.reduce(0, +) / Double(max(n, 1)) }
    let mean = means.reduce(0, +) / Double(max(n, 1))
    let centred = (0..<n).map { row in
      (0..<n).map { -0.5 * (squares[row][$0] - means[row] - means[$0] + mean) }
    }
    let (values, vectors) = SymmetricEigenvectors.all(of: centred)
    guard let largest = values.indices.max(by: { values[$0] < values[$1] }), values[largest] > 0
    else { return [Double](repeating: 0, count: n) }
    let places = vectors.map { $0[largest] * values[largest].squareRoot() }
    let sign = places.first { abs($0) > 1e-9 }.map { $0 > 0 ? -1.0 : 1 } ?? 1
    return places.map { $0 * sign }
  }
}

/// Eigenvalues and eigenvectors of small symmetric matrices by Jacobi's rotations.
///
/// - Source: Golub and Van Loan 2013, Matrix Computations, section 8.5.
private enum SymmetricEigenvectors {
  /// All of them; a column of `vectors` each.
  static func all(of matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
    let n = matrix.count
    var a = matrix
    var vectors = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }
    let size = a.joined().reduce(0) { max($0, abs($1)) }
    // Convergence is quadratic; some ten sweeps serve any matrix.
    for _ in 0..<60 {
      var largest = 0.0
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where abs(a[p][q]) > size * 1e-15 {
          largest = max(largest, abs(a[p][q]))
          rotate(&a, &vectors, p, q)
        }
      }
      if largest == 0 { break }
    }
    return (a.indices.map { a[$0][$0] }, vectors)
  }

  /// The rotation in the plane of p and q that makes their common element 0.
  private static func rotate(
    _ a: inout [[Double]], _ vectors: inout [[Double]], _ p: Int, _ q: Int
  ) {
    let ratio = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for k in a.indices {
      (a[k][p], a[k][q]) = (
        cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q]
      )
    }
    for k in a.indices {
      (a[p][k], a[q][k]) = (
        cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k]
      )
      (vectors[k][p], vectors[k][q]) = (
        cosine * vectors[k][p] - sine * vectors[k][q],
        sine * vectors[k][p] + cosine * vectors[k][q]
      )
    }
  }
}

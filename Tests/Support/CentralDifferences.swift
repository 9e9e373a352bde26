package import Execution
import Programs
package import Tensors

/// The gradient of Σ seed · f(x) in one operand, from values of f alone.
///
///     f′(x) ≈ (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h
///
/// Of fourth order: with h = 2⁻¹⁰ both the truncation and the rounding of float64 functions of
/// order 1 stay near 1e−12. The operand must be farther than 2h from every kink.
package enum CentralDifferences {
  private static let step = 0x1p-10

  /// Differentiates the first output of a function of float64 tensors.
  package static func gradient(
    of function: any Executable, at operands: [Tensor], withRespectTo position: Int, seed: Tensor
  ) throws -> Tensor {
    let origin = operands[position].scalars(of: Double.self)
    let seeds = seed.scalars(of: Double.self)
    func value(_ index: Int, _ distance: Double) throws -> Double {
      var moved = origin
      moved[index] += distance
      var arguments = operands
      arguments[position] = Tensor(moved, shape: operands[position].shape)
      let result = try function(arguments)[0].scalars(of: Double.self)
      return zip(seeds, result).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let slopes = try origin.indices.map { index in
      let near = try value(index, step) - value(index, -step)
      let far = try value(index, 2 * step) - value(index, -2 * step)
      return (8 * near - far) / (12 * step)
    }
    return Tensor(slopes, shape: operands[position].shape)
  }
}

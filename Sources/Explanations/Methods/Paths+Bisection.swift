import Models
import Tensors

/// A piece of a path with the gradient at its middle.
private struct Piece {
  let start: Double
  let end: Double
  /// The target's logit at the start, the middle and the end.
  let outputs: (start: Double, middle: Double, end: Double)
  let gradient: [Float]
  /// By how much the gradient at the middle misses the change of the output over the piece.
  let error: Double
}

extension Paths {
  /// The integral along one path, its pieces halved where their errors are largest.
  ///
  /// The gradient of a rectifier network jumps at kinks. Equal steps halve the error of a kink only
  /// when all of them are doubled; halving the pieces that contain kinks costs two gradients each.
  /// Which pieces these are is known, since completeness holds on every piece:
  ///
  ///     errorᵢ = (bᵢ − aᵢ) (x − x′)·∂F/∂x(middle) − (F(bᵢ) − F(aᵢ));   Σ errorᵢ = delta
  func bisected(
    _ path: Int, initialSteps: Int, maximumSteps: Int
  ) throws -> PathIntegral {
    var pieces = try initialPieces(path, count: initialSteps)
    var steps = initialSteps
    while true {
      let integral = integral(path, average: average(pieces), steps: steps)
      let limit = min(16, (maximumSteps - steps) / 2)
      if integral.isConverged || limit < 1 { return integral }
      let chosen = Set(Self.worst(pieces, tolerance: integral.tolerance, limit: limit))
      let halves = chosen.sorted().flatMap { Self.halves(of: pieces[$0]) }
      let kept = pieces.indices.filter { !chosen.contains($0) }.map { pieces[$0] }
      pieces = kept + (try evaluated(halves, path))
      steps += halves.count
    }
  }

  /// The ends of a piece and the outputs there, before its gradient is known.
  private typealias Ends = (start: Double, end: Double, outputs: (Double, Double))

  private func initialPieces(
    _ path: Int, count: Int
  ) throws -> [Piece] {
    let position = { (index: Int) in Double(index) / Double(count) }
    let target = request.classes[path / perSample]
    let logits = try space.sweepLogits(count: count + 1) { index, point in
      write(path, position(index), to: point)
    }
    let outputs = (0...count).map { logits[$0, target] }
    return try evaluated(
      (0..<count).map { (position($0), position($0 + 1), (outputs[$0], outputs[$0 + 1])) },
      path)
  }

  private func evaluated(
    _ ends: [Ends], _ path: Int
  ) throws -> [Piece] {
    let direction = direction(path)
    var pieces: [Piece] = []
    try space.sweepGradients(
      count: ends.count, target: { _ in request.classes[path / perSample] },
      point: { write(path, (ends[$0].start + ends[$0].end) / 2, to: $1) },
      visit: { index, output, gradient in
        let (start, end, outputs) = ends[index]
        let slope = direction.indices.reduce(0) { $0 + direction[$1] * Double(gradient[$1]) }
        pieces.append(
          Piece(
            start: start, end: end, outputs: (outputs.0, output, outputs.1),
            gradient: Array(gradient),
            error: (end - start) * slope - (outputs.1 - outputs.0)))
      })
    return pieces
  }

  private func average(_ pieces: [Piece]) -> [Double] {
    var sum = [Double](repeating: 0, count: pieces.first?.gradient.count ?? 0)
    sum.withUnsafeMutableBufferPointer { sum in
      for piece in pieces {
        piece.gradient.withUnsafeBufferPointer { sum.add(piece.end - piece.start, times: $0) }
      }
    }
    return sum
  }

  /// The pieces with the largest errors, so many that the others miss half of what is tolerated.
  private static func worst(_ pieces: [Piece], tolerance: Double, limit: Int) -> [Int] {
    let errors = pieces.map { abs($0.error) }
    let order = VectorComparison.descendingOrder(errors)
    var rest = errors.reduce(0, +)
    var chosen: [Int] = []
    for index in order where chosen.count < limit && (chosen.isEmpty || rest > tolerance / 2) {
      chosen.append(index)
      rest -= errors[index]
    }
    return chosen
  }

  private static func halves(of piece: Piece) -> [Ends] {
    let middle = (piece.start + piece.end) / 2
    return [
      (piece.start, middle, (piece.outputs.start, piece.outputs.middle)),
      (middle, piece.end, (piece.outputs.middle, piece.outputs.end)),
    ]
  }
}

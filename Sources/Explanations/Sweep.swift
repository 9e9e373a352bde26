package import Models
package import Tensors

extension DifferentiableClassifier {
  /// Visits the gradient of a class's logit at many points, one micro-batch at a time, in order.
  ///
  /// Points are written straight into the micro-batch, so that a sweep over thousands of points
  /// takes no more memory than one call.
  ///
  /// - Parameters:
  ///   - count: The number of points.
  ///   - target: The class at each point.
  ///   - rules: The table of backward rules, with the name under which it is kept.
  ///   - point: Writes a point, an encoded sample.
  ///   - visit: Reads the logit and its gradient there.
  /// - Throws: `ExecutionError` if the model cannot be run.
  package func sweepGradients(
    count: Int, target: (Int) -> Int, rules: NamedRules = .gradient,
    point: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    visit: (_ index: Int, _ logit: Double, _ gradient: UnsafeBufferPointer<Float>) -> Void
  ) throws {
    try sweep(
      count: count, over: input.encodedShape, target: target, point: point, visit: visit
    ) { points, classes in
      let found = try gradient(
        of: .logit, classes: classes, at: points, rules: rules.rules, named: rules.name)
      return [found.gradient, found.value]
    }
  }

  /// The same with any function from points and classes to gradients and logits, a row each.
  func sweep(
    count: Int, over shape: Shape, target: (Int) -> Int,
    point: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    visit: (_ index: Int, _ logit: Double, _ gradient: UnsafeBufferPointer<Float>) -> Void,
    gradients: (_ points: Tensor, _ classes: Tensor) throws -> [Tensor]
  ) throws {
    for start in stride(from: 0, to: count, by: microBatch) {
      let range = start..<min(start + microBatch, count)
      let points = Tensor.points(range, of: shape, point: point)
      let found = try gradients(points, Tensor(range.map { Int64(target($0)) }))
      let logits = found[1].doubles
      let size = found[0].shape.sample.count
      found[0].withUnsafeScalars(of: Float.self) { scalars in
        for (row, index) in range.enumerated() {
          visit(
            index, logits[row],
            UnsafeBufferPointer(rebasing: scalars[row * size..<(row + 1) * size]))
        }
      }
    }
  }
}

extension Classifier {
  /// The logits at many points.
  ///
  /// Each point, an encoded sample, is written in its place.
  package func sweepLogits(
    count: Int, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> LogitTable {
    try LogitTable(count: count, over: input.encodedShape, point: point) { try logits($0) }
  }

  /// The logit of each input's class.
  package func targetLogits(_ inputs: Tensor, classes: [Int]) throws -> [Double] {
    var table = LogitTable()
    table.append(try logits(inputs))
    return classes.indices.map { table[$0, classes[$0]] }
  }
}

extension Tensor {
  /// Points of a sweep, each written in its place.
  fileprivate static func points(
    _ range: Range<Int>, of shape: Shape, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let size = shape.count
    var points = Tensor(zeros: [range.count] + shape)
    points.withUnsafeMutableScalars(of: Float.self) { scalars in
      for (row, index) in range.enumerated() {
        point(
          index, UnsafeMutableBufferPointer(rebasing: scalars[row * size..<(row + 1) * size]))
      }
    }
    return points
  }
}

/// Logits of many points in double precision.
package struct LogitTable {
  private var values: [Double] = []
  private var width = 0

  /// An empty table, for logits that are known already.
  fileprivate init() {}

  /// The logits at points that are written a part at a time: a call's memory is bounded.
  init(
    count: Int, over shape: Shape, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    logits: (Tensor) throws -> Tensor
  ) throws {
    // A classifier cuts its own micro-batches.
    let perCall = 256
    for start in stride(from: 0, to: count, by: perCall) {
      append(
        try logits(Tensor.points(start..<min(start + perCall, count), of: shape, point: point)))
    }
  }

  /// The logit of a class at a point.
  package subscript(point: Int, target: Int) -> Double {
    precondition(target < width, "expected a class below \(width), got \(target)")
    return values[point * width + target]
  }

  /// The logits of all classes at a point.
  package subscript(point: Int) -> ArraySlice<Double> {
    values[point * width..<(point + 1) * width]
  }

  /// Adds logits `[N, classes]`.
  fileprivate mutating func append(_ logits: Tensor) {
    width = logits.shape[1]
    values += logits.doubles
  }
}

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
    let size = input.encodedShape.count
    for start in stride(from: 0, to: count, by: microBatch) {
      let range = start..<min(start + microBatch, count)
      let points = batch(range, point: point)
      let classes = Tensor(range.map { Int64(target($0)) })
      let found = try gradient(
        of: .logit, classes: classes, at: points, rules: rules.rules, named: rules.name)
      let logits = found.value.doubles
      found.gradient.withUnsafeScalars(of: Float.self) { scalars in
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
    // Bounds the memory of a call; a classifier cuts its own micro-batches.
    let perCall = 256
    var table = LogitTable()
    for start in stride(from: 0, to: count, by: perCall) {
      let points = batch(start..<min(start + perCall, count), point: point)
      table.append(try logits(points))
    }
    return table
  }

  /// The logit of each input's class.
  package func targetLogits(_ inputs: Tensor, classes: [Int]) throws -> [Double] {
    var table = LogitTable()
    table.append(try logits(inputs))
    return classes.indices.map { table[$0, classes[$0]] }
  }

  fileprivate func batch(
    _ range: Range<Int>, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let size = input.encodedShape.count
    var points = Tensor(zeros: [range.count] + input.encodedShape)
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

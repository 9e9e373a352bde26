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
  /// The logits `[count, classes]` at many points, row-major in double precision.
  ///
  /// Each point, an encoded sample, is written in its place.
  package func sweepLogits(
    count: Int, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> [Double] {
    // Bounds the memory of a call; a classifier cuts its own micro-batches.
    let perCall = 256
    var logits: [Double] = []
    logits.reserveCapacity(count * classCount)
    for start in stride(from: 0, to: count, by: perCall) {
      let points = batch(start..<min(start + perCall, count), point: point)
      logits += try self.logits(points).doubles
    }
    return logits
  }

  /// The logit of each input's class.
  package func targetLogits(_ inputs: Tensor, classes: [Int]) throws -> [Double] {
    let logits = try self.logits(inputs)
    let (values, width) = (logits.doubles, logits.shape[1])
    return classes.indices.map { values[$0 * width + classes[$0]] }
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

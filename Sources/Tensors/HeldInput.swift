/// A further input of a model that comes with each sample and that nobody changes: the mask of a
/// sentence, the age beside a picture.
public struct HeldInput: Codable, Hashable, Sendable {
  /// The name under which the model and the data know it.
  public var name: String
  /// The shape of one sample's values.
  public var shape: Shape

  public init(name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

extension InputSpecification {
  /// The same samples with further inputs held behind them.
  ///
  /// A sample stays one array: each held input takes rows of its own at the end of the first axis
  /// (columns of a table, channels of an image), row-major, the last row filled up with zeros. So
  /// whatever selects, stores or batches samples takes their held values along.
  ///
  /// - Precondition: nothing is held so far, and samples have at least one axis.
  public func holding(_ inputs: [HeldInput]) -> InputSpecification {
    precondition(heldInputs.isEmpty && shape.rank > 0, "expected samples that hold nothing")
    guard !inputs.isEmpty else { return self }
    let rows = inputs.map { rowCount(of: $0) }
    let names = zip(inputs, rows).flatMap { held, count in
      count == 1 ? [held.name] : (0..<count).map { "\(held.name) \($0)" }
    }
    return InputSpecification(
      layout: layout, shape: [shape[0] + names.count] + shape.sample,
      features: features.isEmpty
        ? [] : features + names.map { Feature(name: $0, isMutable: false) },
      range: range, heldInputs: inputs)
  }

  /// What a sample is without its held inputs.
  public var audited: InputSpecification {
    guard !heldInputs.isEmpty else { return self }
    return InputSpecification(
      layout: layout, shape: [shape[0] - heldRowCount] + shape.sample,
      features: Array(features.dropLast(heldRowCount)), range: range)
  }

  /// The positions of an encoded sample that are held: its end.
  public var heldPositions: Range<Int> {
    let count = encodedShape.count
    return count - heldRowCount * encodedShape.sample.count..<count
  }

  /// The rows of an encoded sample's first axis that a held input takes.
  ///
  /// - Precondition: the specification holds it.
  public func heldRows(of name: String) -> Range<Int> {
    var start = encodedShape[0] - heldRowCount
    for held in heldInputs {
      let end = start + rowCount(of: held)
      if held.name == name { return start..<end }
      start = end
    }
    preconditionFailure("expected one of \(heldInputs.map(\.name)), got \(name)")
  }

  /// Raw samples with their held values behind them.
  ///
  /// - Parameters:
  ///   - samples: `[N] + audited.shape`, float32.
  ///   - values: What each held input is, `[N] + shape`, float32, in the order of `heldInputs`.
  /// - Returns: `[N] + shape`.
  public func packed(_ samples: Tensor, holding values: [Tensor]) -> Tensor {
    precondition(
      samples.shape.sample == audited.shape && values.count == heldInputs.count,
      "expected [N] + \(audited.shape) and \(heldInputs.count) held inputs, got \(samples.shape)")
    let parts = [samples] + values
    let scalars = parts.map { $0.floats }
    let widths = [audited.shape.count] + heldInputs.map { rowCount(of: $0) * shape.sample.count }
    var result = Tensor(zeros: [samples.shape[0]] + shape)
    let size = shape.count
    result.withUnsafeMutableScalars(of: Float.self) { target in
      for sample in 0..<samples.shape[0] {
        var start = sample * size
        for (part, width) in zip(parts.indices, widths) {
          let count = parts[part].shape.sample.count
          for element in 0..<count {
            target[start + element] = scalars[part][sample * count + element]
          }
          start += width
        }
      }
    }
    return result
  }

  private var heldRowCount: Int { heldInputs.reduce(0) { $0 + rowCount(of: $1) } }

  /// How many rows a held input takes.
  private func rowCount(of held: HeldInput) -> Int {
    let width = max(shape.sample.count, 1)
    return max(1, (held.shape.count + width - 1) / width)
  }
}

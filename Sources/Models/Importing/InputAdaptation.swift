import Interchange
import Programs
import Tensors

/// How a sample of the data becomes the input of a network.
struct InputAdaptation: Hashable {
  /// What happens to the axes of a sample.
  enum Step: Hashable {
    case keep
    /// The first axis of the sample becomes its last.
    case moveChannels
    /// The elements under another shape.
    case reshape
    /// One-hot blocks become the codes of their categories.
    case decode
  }

  let step: Step
  /// The shape of one sample as the network takes it, its batch axis left out.
  let networkShape: Shape
  /// The size of the batch axis: nil if it is open; 0 stands for an input without one.
  let batch: Int?

  /// Finds out how samples fit an input.
  ///
  /// - Throws: `ModelError` if they do not.
  init(
    _ port: NetworkPort, for sample: InputSpecification,
    arrangement: ImportOptions.Arrangement
  ) throws {
    let shape = sample.encodedShape
    guard let dimensions = port.dimensions else {
      // Without a shape in the file the data decide.
      self.init(
        step: arrangement == .channelsLast ? .moveChannels : .keep,
        networkShape: arrangement == .channelsLast ? shape.withChannelsLast : shape,
        batch: arrangement == .unbatched ? 0 : nil)
      return
    }
    let candidates = Self.candidates(dimensions, sample, arrangement)
    guard let first = candidates.first else {
      throw ModelError(
        .data(
          "the input '\(port.name)' is \(port), but a sample is \(sample.shape)"
            + (sample.shape == shape ? "" : " (\(shape) with one-hot categories)")
            + "; give the data another shape, or say how its axes lie with --layout"))
    }
    self = first
  }

  private init(step: Step, networkShape: Shape, batch: Int?) {
    self.step = step
    self.networkShape = networkShape
    self.batch = batch
  }

  private typealias Dimensions = [NetworkPort.Dimension]

  private static func candidates(
    _ dimensions: Dimensions, _ sample: InputSpecification,
    _ arrangement: ImportOptions.Arrangement
  ) -> [InputAdaptation] {
    let shape = sample.encodedShape
    let rest = Array(dimensions.dropFirst())
    var batch: Int?
    if case .fixed(let size) = dimensions.first { batch = size }
    var result: [InputAdaptation] = []
    func add(_ step: Step, _ networkShape: Shape, _ batch: Int?) {
      result.append(InputAdaptation(step: step, networkShape: networkShape, batch: batch))
    }
    if arrangement != .unbatched, !dimensions.isEmpty {
      if arrangement != .channelsLast, rest.accept(shape) { add(.keep, shape, batch) }
      if arrangement != .channelsFirst, shape.rank > 1, rest.accept(shape.withChannelsLast) {
        add(.moveChannels, shape.withChannelsLast, batch)
      }
      if let filled = rest.filled(count: shape.count) { add(.reshape, filled, batch) }
      if sample.shape != shape, let filled = rest.filled(count: sample.shape.count) {
        add(.decode, filled, batch)
      }
    }
    if arrangement == .unbatched || arrangement == .automatic, dimensions.accept(shape) {
      add(.keep, shape, 0)
    }
    return result
  }

  /// What a reader should know about the adaptation; nil if there is nothing.
  func note(for sample: InputSpecification) -> String? {
    switch step {
    case .keep: nil
    case .moveChannels:
      "The network takes positions before channels: samples are rearranged inside the model."
    case .reshape:
      "The network takes samples of shape \(networkShape): those of \(sample.encodedShape) are "
        + "reshaped inside the model, in row-major order."
    case .decode:
      "The network takes categories as codes: one-hot blocks become codes inside the model."
    }
  }

  /// Samples `[N] + encodedShape` as `[N] + networkShape`.
  func callAsFunction(_ inputs: Value, _ sample: InputSpecification) -> Value {
    switch step {
    case .keep: return inputs
    case .moveChannels:
      return inputs.transposed([0] + Array(2..<inputs.shape.rank) + [1])
    case .reshape:
      return inputs.reshaped(to: [Shape.batch] + networkShape)
    case .decode:
      let codes = inputs.multiplied(by: sample.codeMatrix)
      return codes.reshaped(to: [Shape.batch] + networkShape)
    }
  }
}

extension Shape {
  fileprivate var withChannelsLast: Shape {
    rank < 2 ? self : Shape(Array(dimensions.dropFirst()) + [dimensions[0]])
  }
}

extension [NetworkPort.Dimension] {
  /// Whether a shape has these dimensions, as far as they are known.
  fileprivate func accept(_ shape: Shape) -> Bool {
    count == shape.rank
      && zip(self, shape.dimensions).allSatisfy { dimension, size in
        if case .fixed(let fixed) = dimension { return fixed == size }
        return true
      }
  }

  /// The dimensions with so many elements, if at most one of them is open.
  fileprivate func filled(count: Int) -> Shape? {
    var known = 1
    var open: Int?
    var sizes = [Int](repeating: 1, count: self.count)
    for (axis, dimension) in enumerated() {
      guard case .fixed(let size) = dimension else {
        if open != nil { return nil }
        open = axis
        continue
      }
      let (product, overflow) = known.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { return nil }
      (known, sizes[axis]) = (product, size)
    }
    guard let open else { return known == count ? Shape(sizes) : nil }
    guard count % known == 0 else { return nil }
    sizes[open] = count / known
    return Shape(sizes)
  }
}

extension InputSpecification {
  /// The matrix that turns encoded rows of a table into raw ones: `[encoded, features]`.
  fileprivate var codeMatrix: Tensor {
    let columns = encodedColumns
    var entries = [Float](repeating: 0, count: columns.count * features.count)
    for (row, column) in columns.enumerated() {
      entries[row * features.count + column.feature] = column.category.map { Float($0) } ?? 1
    }
    return Tensor(entries, shape: [columns.count, features.count])
  }
}

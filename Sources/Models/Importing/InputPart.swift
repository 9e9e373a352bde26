import Interchange
import Programs
import Tensors

/// An input of a network, and the part of a sample that it takes.
struct InputPart {
  /// Where in a sample its values are.
  enum Source: Hashable {
    /// What is audited.
    case audited
    /// One feature of a table that the network takes feature by feature: its encoded columns.
    case feature(Range<Int>)
    /// Rows of a held input, whose derivative nobody asks for.
    case held(Range<Int>)
  }

  let port: NetworkPort
  let source: Source
  /// What the part of a sample is.
  let specification: InputSpecification
  let adaptation: InputAdaptation

  /// - Throws: `ModelError` if such values do not fit the input.
  init(
    _ port: NetworkPort, _ source: Source, _ specification: InputSpecification,
    arrangement: ImportOptions.Arrangement
  ) throws {
    self.port = port
    self.source = source
    self.specification = specification
    adaptation = try InputAdaptation(port, for: specification, arrangement: arrangement)
  }

  var isHeld: Bool {
    if case .held = source { return true }
    return false
  }

  /// The shape for which the network is lowered.
  ///
  /// - Parameter isMapped: Whether it is lowered for one sample, else for N.
  /// - Returns: Nil if there are no N samples, for want of an axis.
  func shape(isMapped: Bool) -> Shape? {
    switch adaptation.batch {
    case 0: isMapped ? adaptation.networkShape : nil
    case let rows: [isMapped ? rows ?? 1 : Shape.batch] + adaptation.networkShape
    }
  }

  /// The part of samples `[N] + encodedShape` as the lowered network takes it.
  ///
  /// - Parameters:
  ///   - samples: The samples.
  ///   - sample: What these are.
  ///   - scaling: The normalisation of what is audited.
  ///   - type: What the network takes; one that is mapped has a batch axis of its own.
  ///   - isMapped: Whether it is mapped over samples.
  /// - Returns: A value of that type.
  func value(
    of samples: Value, _ sample: InputSpecification, scaling: InputScaling?, as type: ValueType,
    isMapped: Bool
  ) -> Value {
    var result = adaptation(values(in: samples, sample, scaling: scaling), specification)
    let rows = adaptation.batch ?? 1
    if isMapped, rows > 0 {
      result = result.expanded(axis: 1)
      if rows > 1 { result = result.broadcast(to: type.shape) }
    }
    return result.converted(to: type.elementType)
  }

  /// The part of samples in their own form: `[N] + specification.encodedShape`.
  func values(
    in samples: Value, _ sample: InputSpecification, scaling: InputScaling? = nil
  ) -> Value {
    switch source {
    case .audited:
      let audited = samples.firstRows(specification.encodedShape[0])
      return scaling?(audited) ?? audited
    case .feature(let columns):
      let audited = samples.audited(sample)
      return (scaling?(audited) ?? audited).slice(axis: 1, columns)
    case .held(let rows):
      return samples.slice(axis: 1, rows).stoppingGradient().flattened()
        .slice(axis: 1, 0..<specification.shape.count)
        .reshaped(to: [Shape.batch] + specification.shape)
    }
  }
}

extension Value {
  /// Encoded samples without what they hold.
  func audited(_ sample: InputSpecification) -> Value {
    firstRows(sample.audited.encodedShape[0])
  }

  fileprivate func firstRows(_ count: Int) -> Value {
    count == shape[1] ? self : slice(axis: 1, 0..<count)
  }

  /// Samples with held values behind them, each `[N] + shape`, as `InputSpecification.packed`.
  func packed(_ values: [Value], as sample: InputSpecification) -> Value {
    let rest = sample.encodedShape.sample
    let parts = zip(sample.heldInputs, values).map { held, value in
      let rows = sample.heldRows(of: held.name).count
      let flat = value.converted(to: .float32).reshaped(to: [Shape.batch, held.shape.count])
      let missing = rows * rest.count - held.shape.count
      return flat.padded(low: [0, 0], high: [0, missing])
        .reshaped(to: [Shape.batch, rows] + rest)
    }
    return .concatenated([self] + parts, axis: 1)
  }
}

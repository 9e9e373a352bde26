public import Programs
public import Tensors

/// The normalisation that becomes part of a model: (x − offset) / scale.
public struct InputScaling: Hashable, Sendable, Codable {
  /// How the offset and scale are found.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    /// Tables and series: `standard`; images with a range: `range`; anything else: `none`.
    case automatic
    case none
    /// Mean and standard deviation of the training data, a column or channel at a time.
    case standard
    /// The valid range, or where there is none that of the training data, to [0, 1].
    case range
  }

  /// Both broadcast over `[N] + encodedShape`.
  public var offset: Tensor
  public var scale: Tensor

  public init(offset: Tensor, scale: Tensor) {
    self.offset = offset
    self.scale = scale
  }

  /// Normalised inputs; the inputs themselves where the scaling is the identity.
  public func callAsFunction(_ inputs: Value) -> Value {
    var result = inputs
    if offset.doubles.contains(where: { $0 != 0 }) {
      result = result - inputs.builder.constant(offset)
    }
    if scale.doubles.contains(where: { $0 != 1 }) {
      // A product, not a quotient: the reciprocal is rounded once, here.
      result = result * inputs.builder.constant(scale.mapped(float: { 1 / $0 }, double: { 1 / $0 }))
    }
    return result
  }

  /// Fits the scaling to encoded training data.
  ///
  /// One-hot and binary columns stay as they are, and so does a column that never changes.
  public init(_ method: Method, fitting inputs: Tensor, of input: InputSpecification) {
    let method = method == .automatic ? Self.automaticMethod(for: input) : method
    let shape = Self.shape(for: input)
    guard method != .none else {
      offset = Tensor(zeros: shape)
      scale = Tensor(repeating: 1, shape: shape)
      return
    }
    let moments = Moments(inputs, groups: shape.count)
    var offsets = [Float](repeating: 0, count: shape.count)
    var scales = [Float](repeating: 1, count: shape.count)
    for group in 0..<shape.count {
      guard Self.isScaled(group, of: input) else { continue }
      var (center, width) = (moments.means[group], moments.deviations[group])
      if method == .range {
        let valid = Self.range(group, of: input)
        center = valid?.lower ?? moments.minima[group]
        width = (valid?.upper ?? moments.maxima[group]) - center
      }
      offsets[group] = Float(center)
      scales[group] = width > 0 ? Float(width) : 1
    }
    offset = Tensor(offsets, shape: shape)
    scale = Tensor(scales, shape: shape)
  }

  private static func automaticMethod(for input: InputSpecification) -> Method {
    switch input.layout {
    case .table, .sequence: .standard
    case .image: input.range?.lower != nil && input.range?.upper != nil ? .range : .standard
    case .array: .none
    }
  }

  /// A number per column of a table or per channel of anything else.
  private static func shape(for input: InputSpecification) -> Shape {
    let encoded = input.encodedShape
    if encoded.rank <= 1 { return encoded }
    return Shape([encoded[0]] + Array(repeating: 1, count: encoded.rank - 1))
  }

  private static func feature(_ group: Int, of input: InputSpecification) -> Feature? {
    if input.layout == .table { return input.features[input.encodedColumns[group].feature] }
    return input.features.isEmpty ? nil : input.features[group]
  }

  private static func isScaled(_ group: Int, of input: InputSpecification) -> Bool {
    guard let kind = feature(group, of: input)?.kind else { return true }
    return kind == .continuous || kind == .integer
  }

  private static func range(_ group: Int, of input: InputSpecification) -> ValueRange? {
    feature(group, of: input)?.validRange ?? input.range
  }
}

/// Mean, standard deviation and extremes of each column or channel, in double precision.
package struct Moments {
  package private(set) var means: [Double]
  package private(set) var deviations: [Double]
  package private(set) var minima: [Double]
  package private(set) var maxima: [Double]

  /// - Parameters:
  ///   - inputs: Samples `[N] + shape`.
  ///   - groups: How many columns or channels a sample has.
  package init(_ inputs: Tensor, groups: Int) {
    let values = inputs.converted(to: .float32).floats
    let size = inputs.shape.sample.count / max(groups, 1)
    let count = Double(inputs.shape[0] * size)
    means = [Double](repeating: 0, count: groups)
    deviations = means
    minima = [Double](repeating: .infinity, count: groups)
    maxima = [Double](repeating: -.infinity, count: groups)
    for (index, value) in values.enumerated() {
      let group = index / size % groups
      means[group] += Double(value)
      minima[group] = min(minima[group], Double(value))
      maxima[group] = max(maxima[group], Double(value))
    }
    for group in 0..<groups { means[group] /= max(count, 1) }
    for (index, value) in values.enumerated() {
      let group = index / size % groups
      let distance = Double(value) - means[group]
      deviations[group] += distance * distance
    }
    for group in 0..<groups { deviations[group] = (deviations[group] / max(count, 1)).squareRoot() }
  }
}

import Tensors

/// The input that stands for "nothing there": what attributions are measured from.
///
/// Written as text in suites and records: `zero`, `mean`, `minimum`, `maximum`, `blur:3.5`,
/// `value:0.5`, `uniform:8`, `nearest:5`, `random:10`.
public enum Baseline: Hashable, Sendable {
  case zero
  /// One number everywhere, in the input's units.
  case value(Double)
  /// The mean of the training samples; of a one-hot block, the categories' frequencies.
  case mean
  /// The smallest valid value of each element, else the smallest of the training samples.
  case minimum
  /// The largest valid value of each element, else the largest of the training samples.
  case maximum
  /// The image after a Gaussian filter of standard deviation σ in pixels; nil: side / 8.
  case blur(sigma: Double?)
  /// Values uniform between `minimum` and `maximum`, drawn several times.
  case uniform(count: Int)
  /// The closest training samples other than the sample itself.
  case nearest(count: Int)
  /// Training samples drawn without replacement.
  case random(count: Int)

  /// The baseline with every setting explicit.
  func resolved(for input: InputSpecification) -> Baseline {
    guard case .blur(nil) = self, input.layout == .image else { return self }
    return .blur(sigma: Double(min(input.shape[1], input.shape[2])) / 8)
  }
}

extension Baseline: LosslessStringConvertible {
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) : nil
    guard parts.count == 1 || (parts.count == 2 && number?.isFinite == true) else { return nil }
    let count = number.map { Int(exactly: $0) ?? 0 }
    switch (parts[0], number) {
    case ("zero", nil): self = .zero
    case ("mean", nil): self = .mean
    case ("minimum", nil): self = .minimum
    case ("maximum", nil): self = .maximum
    case ("value", let value?): self = .value(value)
    case ("blur", let sigma) where sigma ?? 1 > 0: self = .blur(sigma: sigma)
    case ("uniform", _) where count ?? 1 >= 1: self = .uniform(count: count ?? 8)
    case ("nearest", _) where count ?? 1 >= 1: self = .nearest(count: count ?? 5)
    case ("random", _) where count ?? 1 >= 1: self = .random(count: count ?? 10)
    default: return nil
    }
  }

  /// Whether there is one baseline a sample, not several to average over.
  var isSingle: Bool {
    switch self {
    case .uniform(let count), .nearest(let count), .random(let count): count == 1
    case .zero, .value, .mean, .minimum, .maximum, .blur: true
    }
  }

  public var description: String {
    switch self {
    case .zero: "zero"
    case .value(let value): "value:\(value)"
    case .mean: "mean"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .blur(let sigma): sigma.map { "blur:\($0)" } ?? "blur"
    case .uniform(let count): "uniform:\(count)"
    case .nearest(let count): "nearest:\(count)"
    case .random(let count): "random:\(count)"
    }
  }

  /// What a suite may say, for messages.
  static let forms =
    "zero, mean, minimum, maximum, blur[:sigma], value:number, uniform[:count], nearest[:count] "
    + "or random[:count]"
}

extension Baseline: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let baseline = Baseline(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: Baseline.forms)
    }
    self = baseline
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

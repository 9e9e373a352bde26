import Programs
import Tensors

/// What the classifiers and regressors of "ai.onnx.ml" do to their scores at last.
enum PostTransform: String {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  case softmaxZero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  init(_ call: ONNXCall) throws {
    let name = try call.string("post_transform", default: "NONE")
    guard let transform = PostTransform(rawValue: name) else {
      throw call.error("the attribute 'post_transform' is '\(name)', which the standard lacks")
    }
    self = transform
  }

  /// The scores `[N, K]` of K ≥ 2 classes or targets.
  func scores(_ raw: Value, _ tracer: NetworkTracer) -> Value {
    switch self {
    case .none: raw
    case .softmax: tracer.softmax(raw, axis: 1)
    case .logistic: tracer.logistic(raw)
    case .softmaxZero: raw.softmaxOfNonzeros()
    case .probit: raw.probit()
    }
  }

  /// The score of a single target, where implementations differ in all but two cases.
  func singleTarget(_ raw: Value, _ call: ONNXCall) throws -> Value {
    switch self {
    case .none: return raw
    case .probit: return raw.probit()
    case .softmax, .logistic, .softmaxZero:
      throw call.error(
        "post_transform \(rawValue) of a single target is left out by some programs and applied "
          + "by others: export the model without it")
    }
  }

  /// The scores `[N, 2]` of two classes from the one score s `[N, 1]` of the second.
  ///
  ///     LOGISTIC: 1 − σ(s), σ(s)      NONE: 1 − s, s      or −s, s
  ///
  /// - Parameters:
  ///   - score: s, the score of the second class.
  ///   - isSigned: Whether s is a margin about 0 and not a share of 1.
  ///   - call: The node.
  /// - Returns: Both scores.
  /// - Throws: `NodeError` for the other transforms.
  func pair(_ score: Value, isSigned: Bool, _ call: ONNXCall) throws -> Value {
    switch self {
    case .none:
      return Value.concatenated([isSigned ? -score : 1 - score, score], axis: 1)
    case .logistic: return call.tracer.logisticPair(score)
    case .softmax, .softmaxZero, .probit:
      throw call.error("post_transform \(rawValue) of the one score of two classes has no meaning")
    }
  }
}

extension Value {
  /// The softmax of the elements of each row that are not 0; those that are stay.
  fileprivate func softmaxOfNonzeros() -> Value {
    let largest = maximum(over: [1], keepingDimensions: true).stoppingGradient()
    let isZero = absoluteValue().compare(.lessOrEqual, scalar(1e-7))
    let exponentials = (self - largest).exponential()
    let sum = isZero.select(scalar(0), exponentials).sum(over: [1], keepingDimensions: true)
    return isZero.select(self * (-largest).exponential(), exponentials) / sum
  }

  /// √2 erf⁻¹(2 x − 1), the quantile of the normal distribution, by the approximation that the
  /// usual runtimes compute.
  ///
  ///     erf⁻¹(y) ≈ sign(y) √(√(v² − l / a) − v),  l = log(1 − y²),  v = 2 / (π a) + l / 2,  a = 0.147
  ///
  /// Near y = 0 the first terms of its series take its place, for the sake of the derivative.
  ///
  /// - Source: Winitzki 2008, "A handy approximation for the error function and its inverse".
  fileprivate func probit() -> Value {
    let a = 0.147
    let y = self * 2 - 1
    let isNearZero = y.absoluteValue().compare(.less, scalar(1e-3))
    let safe = isNearZero.select(scalar(0.5), y)
    let logarithm = ((1 - safe) * (1 + safe)).logarithm()
    let v = logarithm * 0.5 + 2 / (3.14159 * a)
    let far = safe.sign() * ((v.squared() - logarithm / a).squareRoot() - v).squareRoot()
    // −l ≈ y², so that √(v² − l / a) − v ≈ y² / (2 a v) with v ≈ 2 / (π a).
    let near = y * (3.14159 / 4).squareRoot()
    return isNearZero.select(near, far) * 2.0.squareRoot()
  }
}

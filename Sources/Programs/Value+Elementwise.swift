public import Tensors

extension Value {
  public func exponential() -> Value { apply(.unary(.exponential)) }
  public func logarithm() -> Value { apply(.unary(.logarithm)) }
  public func logarithmOnePlus() -> Value { apply(.unary(.logarithmOnePlus)) }
  public func sine() -> Value { apply(.unary(.sine)) }
  public func cosine() -> Value { apply(.unary(.cosine)) }
  public func arctangent() -> Value { apply(.unary(.arctangent)) }
  public func hyperbolicTangent() -> Value { apply(.unary(.hyperbolicTangent)) }
  public func logistic() -> Value { apply(.unary(.logistic)) }
  public func errorFunction() -> Value { apply(.unary(.errorFunction)) }
  public func floor() -> Value { apply(.unary(.floor)) }
  public func ceiling() -> Value { apply(.unary(.ceiling)) }
  public func rounded() -> Value { apply(.unary(.round)) }
  public func relu() -> Value { apply(.unary(.relu)) }
  public func not() -> Value { apply(.unary(.not)) }
  public func squared() -> Value { self * self }

  /// 1 where the element is positive, else 0: the derivative of `relu`.
  public func step() -> Value { isGreater(than: scalar(0)) }

  public func converted(to type: ElementType) -> Value {
    type == elementType ? self : apply(.convert(type))
  }

  public func stoppingGradient() -> Value { apply(.stopGradient) }

  /// Bools of a relation, with broadcasting.
  public func compare(_ comparison: Comparison, _ other: Value) -> Value {
    let (left, right) = Value.broadcast(self, other)
    return left.apply(.compare(comparison), right)
  }

  /// The elements of `first` where this condition is true, else those of `second`.
  public func select(_ first: Value, _ second: Value) -> Value {
    guard let values = first.shape.broadcast(with: second.shape),
      let common = values.broadcast(with: shape)
    else {
      builder.fail("select", [self, first, second], "the shapes do not broadcast")
      return first
    }
    return broadcast(to: common).apply(
      .select, first.broadcast(to: common), second.broadcast(to: common))
  }

  // MARK: Activations

  /// The function max(x, 0) + slope min(x, 0).
  public func leakyRelu(slope: Double) -> Value {
    compare(.less, scalar(0)).select(self * slope, self)
  }

  /// x for x > 0, else α (eˣ − 1).
  public func elu(alpha: Double = 1) -> Value {
    let negative = (minimum(scalar(0)).exponential() - 1) * alpha
    return compare(.less, scalar(0)).select(negative, self)
  }

  /// The scaled ELU, which keeps mean 0 and variance 1 of its inputs.
  ///
  /// - Source: Klambauer et al. 2017, arXiv:1706.02515.
  public func selu() -> Value {
    elu(alpha: 1.6732632423543772) * 1.0507009873554805
  }

  /// log(1 + eˣ) = max(x, 0) + log(1 + e^(−|x|)), which cannot overflow.
  public func softplus() -> Value {
    maximum(scalar(0)) + (-absoluteValue()).exponential().logarithmOnePlus()
  }

  /// x Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415).
  public func gelu() -> Value {
    self * ((self * 0.5.squareRoot()).errorFunction() + 1) * 0.5
  }

  /// The usual approximation of `gelu` by the hyperbolic tangent.
  public func geluApproximation() -> Value {
    let inner = (self + self * self * self * 0.044715) * (2 / Double.pi).squareRoot()
    return self * (inner.hyperbolicTangent() + 1) * 0.5
  }

  /// The function x / (1 + e⁻ˣ), also called SiLU.
  ///
  /// - Source: Ramachandran et al. 2017, arXiv:1710.05941.
  public func swish() -> Value { self * logistic() }

  /// x tanh(softplus(x)) (Misra 2019, arXiv:1908.08681).
  public func mish() -> Value { self * softplus().hyperbolicTangent() }

  /// The line slope x + offset, x / 6 + 1/2 by default, clamped to [0, 1].
  public func hardSigmoid(slope: Double = 1.0 / 6, offset: Double = 0.5) -> Value {
    (self * slope + offset).clamped(from: scalar(0), to: scalar(1))
  }

  public func hardSwish() -> Value { self * hardSigmoid() }

  public func softsign() -> Value { self / (absoluteValue() + 1) }
}

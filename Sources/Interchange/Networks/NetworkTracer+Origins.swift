import Programs
import Tensors

extension NetworkTracer {
  /// How an output came about, where exporters write what is known in other words.
  ///
  ///     y · 1                  as y
  ///     [1 − σ(z), σ(z)]       the softmax of (0, z)
  ///     y under another shape  as y, what y came from being under that shape too
  ///
  /// A few changes of shape are followed back, which is what exporters write: a chain of them may be
  /// longer than the stack is deep.
  func resolvedOrigin(of value: Value, moves: Int = 8) -> OutputOrigin {
    let known = origin(of: value.id)
    guard known == .plain else { return known }
    if let score = scoreOfPair(value) {
      markSoftmax(value, ofSecond: score)
      return origin(of: value.id)
    }
    return factorOfOne(value).map { origin(of: $0.id) } ?? movedOrigin(of: value, moves) ?? .plain
  }

  /// The origin of a value that has only another shape or precision than one whose origin is known.
  private func movedOrigin(of value: Value, _ moves: Int) -> OutputOrigin? {
    guard moves > 0, let move = equation(of: value) else { return nil }
    switch move.primitive {
    case .reshape, .convert: break
    default: return nil
    }
    let source = builder.value(move.operands[0])
    func moved(_ id: Int) -> Int {
      builder.value(id).converted(to: value.elementType).reshaped(to: value.shape).id
    }
    switch resolvedOrigin(of: source, moves: moves - 1) {
    case .plain: return nil
    case .probabilities: return .probabilities
    case .logistic(let logits): return .logistic(of: moved(logits))
    case .softmax(let logits):
      // Rows must stay rows: a softmax belongs to its last axis.
      guard value.shape.dimensions.last == source.shape.dimensions.last else { return nil }
      return .softmax(of: moved(logits))
    }
  }

  /// The value of which this one is the product with ones; nil if it is no such product.
  private func factorOfOne(_ value: Value) -> Value? {
    guard let product = equation(of: value), product.primitive == .binary(.multiply) else {
      return nil
    }
    let factors = product.operands.map(builder.value)
    guard let one = factors.firstIndex(where: isOne) else { return nil }
    return factors[1 - one]
  }

  /// The score z of columns that were put together as 1 − σ(z) and σ(z), which is how exporters
  /// write the probabilities of two classes; nil if the value is nothing of the kind.
  private func scoreOfPair(_ value: Value) -> Value? {
    guard value.shape.rank == 2, value.shape[1] == 2,
      let pair = equation(of: value), pair.primitive == .concatenate(axis: 1),
      pair.operands.count == 2, case .logistic(let score) = origin(of: pair.operands[1]),
      let difference = equation(of: builder.value(pair.operands[0])),
      difference.primitive == .binary(.subtract), difference.operands[1] == pair.operands[1],
      isOne(builder.value(difference.operands[0]))
    else { return nil }
    return builder.value(score)
  }

  private func equation(of value: Value) -> Equation? { builder.equation(of: value.id) }

  /// Whether all elements are 1, repeated or not.
  private func isOne(_ value: Value) -> Bool {
    var value = value
    if let equation = equation(of: value), case .broadcast = equation.primitive {
      value = builder.value(equation.operands[0])
    }
    return known(value)?.tensor.doubles.allSatisfy { $0 == 1 } ?? false
  }
}

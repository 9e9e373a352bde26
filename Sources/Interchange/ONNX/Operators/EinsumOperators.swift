import Programs
import Tensors

/// Einstein sums, as matrix products of two operands at a time.
enum EinsumOperators {
  static let all: [ONNXOperator] = [.value("Einsum", lower: lower)]

  private static func lower(_ call: ONNXCall) throws -> Value {
    guard let text = try call.optionalString("equation") else {
      throw call.error("has no attribute 'equation'")
    }
    return try product(text, of: call.unifiedValues(), call)
  }

  /// The sum of products that an equation states.
  ///
  /// - Throws: `NodeError` if it does not fit the values.
  static func product(_ text: String, of values: [Value], _ call: any NodeCall) throws -> Value {
    try call.require(!values.isEmpty, "has no inputs")
    let type = values[0].elementType
    let equation = try EinsumEquation(text, ranks: values.map(\.shape.rank))
    var terms = try zip(values, equation.operands).map {
      try EinsumTerm($0.exactly, $1, call).withoutRepeats(call)
    }
    try EinsumTerm.dropRepeatedOnes(&terms, call)
    var product = terms.removeFirst()
    while !terms.isEmpty {
      let next = terms.removeFirst()
      let needed = Set(equation.result).union(terms.flatMap(\.labels))
      product = product.summed(keeping: needed.union(next.labels))
        .multiplied(by: next.summed(keeping: needed.union(product.labels)), keeping: needed)
    }
    return product.summed(keeping: Set(equation.result)).arranged(equation.result)
      .converted(to: type)
  }
}

/// An operand with a label for each axis.
private struct EinsumTerm {
  typealias Label = EinsumEquation.Label
  var value: Value
  var labels: [Label]

  init(_ value: Value, _ labels: [Label]) {
    self.value = value
    self.labels = labels
  }

  init(_ value: Value, _ labels: [Label], _ call: any NodeCall) throws {
    self.init(value, labels)
    try call.require(
      labels.count == value.shape.rank, "\(value.type) has not \(labels.count) axes")
  }

  private func size(_ label: Label) -> Int {
    labels.firstIndex(of: label).map { value.shape[$0] } ?? 1
  }

  /// The diagonal of axes with one label: every (n + 1)-th element of both axes as one.
  func withoutRepeats(_ call: any NodeCall) throws -> EinsumTerm {
    var term = self
    while let second = term.labels.indices.first(where: { index in
      term.labels[..<index].contains(term.labels[index])
    }), let first = term.labels.firstIndex(of: term.labels[second]) {
      let shape = term.value.shape
      let count = shape[first]
      try call.require(
        shape[second] == count && count > 0 && count <= ONNXCall.largestStep,
        "a diagonal needs axes of equal length, and \(shape.symbolicDescription) has others")
      let others = shape.dimensions.indices.filter { $0 != first && $0 != second }
      let dimensions = others.map { shape[$0] }
      let flat = term.value.transposed(others + [first, second])
        .reshaped(to: Shape(dimensions + [count * count]))
      term.value = flat.slice(axis: others.count, 0..<count * count, by: count + 1)
      term.labels = others.map { term.labels[$0] } + [term.labels[first]]
    }
    return term
  }

  /// Takes an axis of 1 away from an operand where another one has more elements under its label,
  /// and checks that all others agree.
  static func dropRepeatedOnes(_ terms: inout [EinsumTerm], _ call: any NodeCall) throws {
    var sizes: [Label: Int] = [:]
    for term in terms {
      for (label, size) in zip(term.labels, term.value.shape.dimensions) {
        let known = sizes[label] ?? 1
        try call.require(
          size == known || size == 1 || known == 1,
          "axes of one label have \(known) and \(size) elements")
        sizes[label] = known == 1 ? size : known
      }
    }
    terms = terms.map { term in
      let dropped = term.labels.indices.filter {
        term.value.shape[$0] == 1 && sizes[term.labels[$0]] != 1
      }
      let shape = term.value.shape.reduced(over: dropped, keepingDimensions: false)
      return EinsumTerm(
        term.value.reshaped(to: shape),
        term.labels.indices.filter { !dropped.contains($0) }.map { term.labels[$0] })
    }
  }

  /// The sum over axes that nothing else needs.
  func summed(keeping needed: Set<Label>) -> EinsumTerm {
    let axes = labels.indices.filter { !needed.contains(labels[$0]) }
    return EinsumTerm(value.sum(over: axes), labels.filter(needed.contains))
  }

  /// The axes in an order.
  func arranged(_ order: [Label]) -> Value {
    value.transposed(order.compactMap { labels.firstIndex(of: $0) })
  }

  /// The product, summed over the axes that both have and nothing else needs: one matrix product
  /// for each element of the axes that both have and something else needs.
  func multiplied(by other: EinsumTerm, keeping needed: Set<Label>) -> EinsumTerm {
    let shared = labels.filter(other.labels.contains)
    let (samples, inner) = (shared.filter(needed.contains), shared.filter { !needed.contains($0) })
    let rows = labels.filter { !shared.contains($0) }
    let columns = other.labels.filter { !shared.contains($0) }
    func matrix(_ term: EinsumTerm, _ first: [Label], _ second: [Label]) -> Value {
      func count(_ labels: [Label]) -> Int { labels.map(term.size).reduce(1, *) }
      return term.arranged(samples + first + second)
        .reshaped(to: Shape(samples.map(term.size) + [count(first), count(second)]))
    }
    let product = matrix(self, rows, inner).matrixMultiplied(by: matrix(other, inner, columns))
    let sizes = samples.map(size) + rows.map(size) + columns.map(other.size)
    return EinsumTerm(product.reshaped(to: Shape(sizes)), samples + rows + columns)
  }
}

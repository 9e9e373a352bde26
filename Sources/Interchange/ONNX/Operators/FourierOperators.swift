import Foundation
import Programs
import Tensors

/// Fourier transforms, as products with matrices of sines and cosines.
enum FourierOperators {
  static let all: [ONNXOperator] = [
    .value("DFT", since: 17) { try transform($0, axis: $0.int("axis", default: 1)) },
    .value("DFT", since: 20) { call in
      try transform(call, axis: call.optionalIntegers(2)?.first ?? -2)
    },
    .value("STFT", lower: shortTime),
  ]

  private static func transform(_ call: ONNXCall, axis: Int) throws -> Value {
    let input = try call.real(0)
    let signal = try ComplexValue(input, call)
    let axis = try call.axis(axis, rank: input.shape.rank)
    let size = axis < signal.rank ? signal.real.shape[axis] : 0
    try call.require(
      size > 0 && !Shape.isSymbolic(size), "cannot transform axis \(axis) of \(input.type)")
    let (isInverse, isOneSided) = try (call.flag("inverse"), call.flag("onesided"))
    let isHalf = isInverse && isOneSided
    let length = try call.optionalIntegers(1)?.first ?? (isHalf ? 2 * (size - 1) : size)
    try call.require((1..<1 << 16).contains(length), "has a transform of length \(length)")
    try call.requireTable([2, length, length])
    let used = signal.fitted(axis: axis, to: isHalf ? length / 2 + 1 : length)
    if isHalf { return used.realInverse(axis: axis, length: length).expanded(axis: used.rank) }
    let count = isOneSided ? length / 2 + 1 : length
    return used.transformed(axis: axis, to: count, length: length, isInverse: isInverse).joined
  }

  /// The transforms of frames `[N, frames, length]`, each weighted by a window.
  private static func shortTime(_ call: ONNXCall) throws -> Value {
    let input = try call.real(0)
    let signal = input.shape.rank == 2 ? input.expanded(axis: 2) : input
    try call.require(signal.shape.rank == 3, "expects signals [N, length], got \(input.type)")
    let window = call.optionalInput(2)
    let size = signal.shape[1]
    let length =
      try call.optionalIntegers(3)?.first ?? window.map { $0.shape.count } ?? size
    let steps = try call.integers(1)
    try call.require(
      steps.count == 1 && steps[0] > 0 && !Shape.isSymbolic(size)
        && (1...max(size, 1)).contains(length)
        && window.map { $0.shape == [length] } ?? true,
      "cannot take frames of \(length) from \(input.type)")
    let frames = (size - length) / steps[0] + 1
    try call.requireTable([frames, length])
    try call.requireTable([2, length, length])
    let places = (0..<frames).flatMap { frame in
      (0..<length).map { Int64(frame * steps[0] + $0) }
    }
    let indices = call.constant(Tensor(places, shape: [frames, length]))
    var cut = signal.gather(indices, axis: 1)
    if let window {
      cut = cut * window.converted(to: cut.elementType).reshaped(to: [1, 1, length, 1])
    }
    let count = try call.flag("onesided", default: true) ? length / 2 + 1 : length
    return try ComplexValue(cut, call)
      .transformed(axis: 2, to: count, length: length, isInverse: false).joined
  }
}

/// Complex numbers as two values; the last axis of a tensor holds both parts, or the real one.
private struct ComplexValue {
  var real: Value
  var imaginary: Value?

  var rank: Int { real.shape.rank }

  init(real: Value, imaginary: Value?) { (self.real, self.imaginary) = (real, imaginary) }

  init(_ value: Value, _ call: ONNXCall) throws {
    let last = value.shape.rank - 1
    try call.require(
      last >= 1 && (1...2).contains(value.shape[last]),
      "expects one or two parts of each number along the last axis, got \(value.type)")
    real = value.select(axis: last, 0)
    imaginary = value.shape[last] == 2 ? value.select(axis: last, 1) : nil
  }

  /// Both parts along a new last axis.
  var joined: Value {
    let zero = real.scalar(0).broadcast(to: real.shape)
    return Value.stacked([real, imaginary ?? zero], axis: rank)
  }

  /// An axis cut, or continued with zeros.
  func fitted(axis: Int, to count: Int) -> ComplexValue {
    func fit(_ value: Value) -> Value {
      let size = value.shape[axis]
      if count <= size { return count == size ? value : value.slice(axis: axis, 0..<count) }
      var high = [Int](repeating: 0, count: value.shape.rank)
      high[axis] = count - size
      return value.padded(low: high.map { _ in 0 }, high: high)
    }
    return ComplexValue(real: fit(real), imaginary: imaginary.map(fit))
  }

  /// The first frequencies of a transform of `length` elements.
  ///
  ///     Xₖ = Σₙ xₙ e^(∓2πi k n / length)      (− forward; + and divided by the length inverse)
  func transformed(axis: Int, to count: Int, length: Int, isInverse: Bool) -> ComplexValue {
    let scale = isInverse ? 1 / Double(length) : 1
    let table = Waves(rows: count, columns: real.shape[axis], length: length)
    let cosines = table.matrix { cos($0) * scale }
    let sines = table.matrix { (isInverse ? sin($0) : -sin($0)) * scale }
    func product(_ value: Value, _ matrix: Tensor) -> Value {
      value.multiplied(along: axis, by: matrix)
    }
    guard let imaginary else {
      return ComplexValue(real: product(real, cosines), imaginary: product(real, sines))
    }
    return ComplexValue(
      real: product(real, cosines) - product(imaginary, sines),
      imaginary: product(real, sines) + product(imaginary, cosines))
  }

  /// The real signal whose first frequencies these are: every other one counts for its mirror too.
  func realInverse(axis: Int, length: Int) -> Value {
    let count = real.shape[axis]
    let table = Waves(rows: length, columns: count, length: length)
    func weight(_ column: Int) -> Double {
      (column == 0 || 2 * column == length ? 1 : 2) / Double(length)
    }
    let result = real.multiplied(
      along: axis, by: table.matrix { angle, column in cos(angle) * weight(column) })
    guard let imaginary else { return result }
    return result
      - imaginary.multiplied(
        along: axis, by: table.matrix { angle, column in sin(angle) * weight(column) })
  }
}

/// The angles 2π j k / length of a matrix; j k is reduced first, so that they stay exact.
private struct Waves {
  let rows: Int
  let columns: Int
  let length: Int

  func matrix(_ function: (Double) -> Double) -> Tensor { matrix { angle, _ in function(angle) } }

  func matrix(_ function: (Double, Int) -> Double) -> Tensor {
    let values = (0..<rows * columns).map { element in
      let (row, column) = (element / columns, element % columns)
      return function(2 * .pi * Double(row * column % length) / Double(length), column)
    }
    return Tensor(values, shape: [rows, columns])
  }
}

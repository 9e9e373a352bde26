import Programs
import Tensors

/// Images `[N, C, spatial…]` read at places between their pixels.
///
/// Per axis the taps around a place have weights that depend on its fraction; a value is the sum
/// over all combinations of taps. Both the pixels and the places have derivatives.
struct GridSampling {
  enum Padding: String {
    case zeros, border, reflection
  }

  let mode: Interpolation.Mode
  let padding: Padding
  /// Whether −1 and 1 are the centres of the outer pixels, and not their outer edges.
  let alignsCorners: Bool

  /// A neighbour of each place along one axis.
  private struct Tap {
    /// Its index, int64 and in range.
    let index: Value
    let weight: Value?
    /// Whether it is a pixel; nil: it always is.
    let exists: Value?
  }

  /// - Parameters:
  ///   - image: The pixels, `[N, C, spatial…]`.
  ///   - grid: Places from −1 to 1, the last axis first: `[N, result…, axes]`.
  /// - Returns: The values `[N, C, result…]`.
  func sample(_ image: Value, at grid: Value) -> Value {
    let axes = grid.shape.rank - 2
    let results = Array(grid.shape.dimensions[1...axes])
    let samples = [grid.shape[0], results.reduce(1, *)]
    let taps = (0..<axes).map { axis -> [Tap] in
      let places = grid.select(axis: axes + 1, axes - 1 - axis).reshaped(to: Shape(samples))
      return self.taps(places, count: image.shape[2 + axis])
    }
    let pixels = image.flattened(from: 2)
    var combinations: [[Tap]] = [[]]
    for axis in taps { combinations = combinations.flatMap { head in axis.map { head + [$0] } } }
    let parts = combinations.map { read(pixels, $0, spatial: Array(image.shape.dimensions[2...])) }
    let sum = parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    return sum.reshaped(to: Shape(Array(image.shape.dimensions[..<2]) + results))
  }

  private func read(_ pixels: Value, _ taps: [Tap], spatial: [Int]) -> Value {
    var index = taps[0].index
    for axis in 1..<max(taps.count, 1) { index = index * Double(spatial[axis]) + taps[axis].index }
    let places = index.shape[1]
    let all = index.expanded(axis: 1)
      .broadcast(to: [index.shape[0], pixels.shape[1], places])
    var result = pixels.gatherElements(all, axis: 2)
    for exists in taps.compactMap(\.exists) {
      result = exists.expanded(axis: 1).select(result, result.scalar(0))
    }
    let weights = taps.compactMap(\.weight)
    guard let first = weights.first else { return result }
    return result * weights.dropFirst().reduce(first) { $0 * $1 }.expanded(axis: 1)
  }

  // MARK: One axis

  private func taps(_ normalized: Value, count: Int) -> [Tap] {
    let size = Double(count)
    var place =
      alignsCorners
      ? (normalized + 1) * ((size - 1) / 2) : ((normalized + 1) * size - 1) * 0.5
    if mode == .nearest { place = place.rounded() }
    place = moved(place, count: count)
    let base = place.floor().stoppingGradient()
    let fraction = place - base
    switch mode {
    case .nearest: return [tap(base, nil, count: count)]
    case .linear:
      return [
        tap(base, fraction.scalar(1) - fraction, count: count),
        tap(base + 1, fraction, count: count),
      ]
    case .cubic:
      return (-1...2).map { offset in
        tap(base + Double(offset), cubic(fraction - Double(offset)), count: count)
      }
    }
  }

  /// The cubic convolution kernel with a = −3/4 (Keys 1981), as `Interpolation` has it for numbers.
  private func cubic(_ distance: Value) -> Value {
    let a = -0.75
    let x = distance.absoluteValue()
    let near = (x * (a + 2) - (a + 3)) * x * x + 1
    let far = (((x - 5) * x + 8) * x - 4) * a
    return x.compare(.lessOrEqual, x.scalar(1)).select(near, far)
  }

  private func tap(_ index: Value, _ weight: Value?, count: Int) -> Tap {
    let (first, last) = (index.scalar(0), index.scalar(Double(count - 1)))
    let inside = moved(index, count: count).maximum(first).minimum(last)
    let exists =
      padding == .zeros
      ? first.compare(.lessOrEqual, index).and(index.compare(.lessOrEqual, last)) : nil
    return Tap(index: inside.converted(to: .int64), weight: weight, exists: exists)
  }

  /// Places beyond the ends, moved to where the padding reads.
  private func moved(_ place: Value, count: Int) -> Value {
    switch padding {
    case .zeros: return place
    case .border: return place.maximum(place.scalar(0)).minimum(place.scalar(Double(count - 1)))
    case .reflection:
      let low = alignsCorners ? 0 : -0.5
      let range = Double(count - 1) - 2 * low
      guard range > 0 else { return place.scalar(0).broadcast(to: place.shape) }
      let turned = ((place - low).remainder(place.scalar(2 * range)) - range).absoluteValue()
      let reflected = turned.scalar(low + range) - turned
      let isInside = place.scalar(low).compare(.lessOrEqual, place)
        .and(place.compare(.lessOrEqual, place.scalar(low + range)))
      return isInside.select(place, reflected)
    }
  }
}

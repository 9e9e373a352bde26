import Programs
import Tensors

extension ReferenceBackend {
  /// The primitives that look at each channel's spatial axes through windows.
  static func pooled(_ primitive: Primitive, _ operand: Tensor, type: ValueType) -> Tensor {
    let spatial = Array(operand.shape.dimensions.dropFirst(2))
    let planes = operand.shape[0] * operand.shape[1]
    switch primitive {
    case .maxPool(let geometry):
      let source = operand.reals
      let positions = largest(source, WindowTaps(geometry, spatial: spatial), planes: planes)
      return Tensor(reals: positions.map { source[$0] }, type)
    case .maxPoolIndices(let geometry):
      let taps = WindowTaps(geometry, spatial: spatial)
      let positions = largest(operand.reals, taps, planes: planes)
      return Tensor(integers: positions.map { Int64($0 % taps.spatialCount) }, type)
    case .windowSum(let geometry):
      let taps = WindowTaps(geometry, spatial: spatial)
      return summed(operand, planes: planes, taps, type: type) { window, position in
        (from: position, to: window)
      }
    case .windowSumGradient(let geometry, let spatial):
      let taps = WindowTaps(geometry, spatial: spatial)
      return summed(operand, planes: planes, taps, type: type) { window, position in
        (from: window, to: position)
      }
    default: preconditionFailure("\(primitive.name) has no windows")
    }
  }

  /// For each window of each plane the position of its first largest element; NaN is the largest.
  private static func largest(_ source: [Double], _ taps: WindowTaps, planes: Int) -> [Int] {
    var best = [Int](repeating: -1, count: planes * taps.count)
    for plane in 0..<planes {
      taps.forEach { window, _, position in
        let (target, candidate) = (
          plane * taps.count + window, plane * taps.spatialCount + position
        )
        if best[target] < 0 || exceeds(source[candidate], source[best[target]]) {
          best[target] = candidate
        }
      }
    }
    return best
  }

  /// Elements of one side (windows or positions) added to those of the other.
  private static func summed(
    _ operand: Tensor, planes: Int, _ taps: WindowTaps, type: ValueType,
    _ direction: (_ window: Int, _ position: Int) -> (from: Int, to: Int)
  ) -> Tensor {
    let sources = operand.shape.count / max(planes, 1)
    let targets = type.shape.count / max(planes, 1)
    func accumulate<Number: Numeric>(
      _ numbers: [Number], _ add: (Number, Number) -> Number
    ) -> [Number] {
      var sums = [Number](repeating: 0, count: type.shape.count)
      for plane in 0..<planes {
        taps.forEach { window, _, position in
          let (from, to) = direction(window, position)
          let target = plane * targets + to
          sums[target] = add(sums[target], numbers[plane * sources + from])
        }
      }
      return sums
    }
    return operand.elementType.isFloatingPoint
      ? Tensor(reals: accumulate(operand.reals) { $0 + $1 }, type)
      : Tensor(integers: accumulate(operand.integers) { $0 &+ $1 }, type)
  }
}

/// Where the taps of windows lie in the flattened spatial axes.
struct WindowTaps {
  /// The number of windows, of taps in each, and of spatial positions.
  let count: Int
  let size: Int
  let spatialCount: Int
  /// The taps outside the padding, window by window, and where those of each window begin: a window
  /// may be far larger than what it looks at.
  private var taps: [(tap: Int, position: Int)] = []
  private var starts: [Int] = [0]

  init(_ geometry: WindowGeometry, spatial: [Int]) {
    let windows = Shape(geometry.outputDimensions(for: spatial))
    let sizes = Shape(geometry.size)
    count = windows.count
    size = sizes.dimensions.reduce(1, &*)
    spatialCount = Shape(spatial).count
    starts.reserveCapacity(count + 1)
    let windowSteps = windows.strides
    for window in 0..<count {
      var found = [(tap: 0, position: 0)]
      for (axis, dimension) in spatial.enumerated() {
        let place = window / windowSteps[axis] % windows[axis]
        let inside = Self.taps(of: place, axis: axis, geometry, dimension: dimension)
        found = found.flatMap { outer in
          inside.map {
            (outer.tap &* sizes[axis] &+ $0.tap, outer.position * dimension + $0.position)
          }
        }
      }
      taps += found
      starts.append(taps.count)
    }
  }

  /// The taps of one window along an axis that lie on its elements.
  private static func taps(
    of window: Int, axis: Int, _ geometry: WindowGeometry, dimension: Int
  ) -> [(tap: Int, position: Int)] {
    let dilation = geometry.dilations[axis]
    let start = window * geometry.strides[axis] - geometry.paddingLow[axis]
    let first = start >= 0 ? 0 : (-start + dilation - 1) / dilation
    let end = start >= dimension ? 0 : (dimension - start + dilation - 1) / dilation
    return (first..<max(min(end, geometry.size[axis]), first)).map {
      (tap: $0, position: start + $0 * dilation)
    }
  }

  /// Calls `body` for each tap outside the padding, window by window.
  func forEach(_ body: (_ window: Int, _ tap: Int, _ position: Int) -> Void) {
    for window in 0..<count {
      for index in starts[window]..<starts[window + 1] {
        body(window, taps[index].tap, taps[index].position)
      }
    }
  }
}

import Tensors

/// The slices of a tensor along an axis without their repetitions; without an axis its elements.
struct DistinctSlices {
  /// Where each distinct slice occurs first.
  private(set) var first: [Int] = []
  /// Which of the distinct slices each slice is.
  private(set) var place: [Int] = []
  /// How often each distinct slice occurs.
  private(set) var count: [Int] = []

  /// The slices in ascending order if `sorts`, else in that of their first occurrence.
  init(of tensor: Tensor, axis: Int?, sorts: Bool) {
    let slices = DistinctSlices.slices(of: tensor, axis: axis)
    var places: [[Double]: Int] = [:]
    for (index, slice) in slices.enumerated() {
      // NaN differs from itself and is found never.
      let found = places[slice] ?? first.count
      if found == first.count {
        places[slice] = found
        first.append(index)
        count.append(0)
      }
      count[found] += 1
      place.append(found)
    }
    guard sorts else { return }
    let order = first.indices.sorted { left, right in
      slices[first[left]].lexicographicallyPrecedes(slices[first[right]], by: precedes)
    }
    var rank = [Int](repeating: 0, count: order.count)
    for (position, index) in order.enumerated() { rank[index] = position }
    first = order.map { first[$0] }
    count = order.map { count[$0] }
    place = place.map { rank[$0] }
  }

  private static func slices(of tensor: Tensor, axis: Int?) -> [[Double]] {
    let numbers = tensor.doubles
    guard let axis else { return numbers.map { [$0] } }
    let dimensions = tensor.shape.dimensions
    let inner = dimensions[(axis + 1)...].reduce(1, *)
    let block = dimensions[axis] * inner
    let outer = dimensions[..<axis].reduce(1, *)
    return (0..<dimensions[axis]).map { index -> [Double] in
      (0..<outer).flatMap { part -> ArraySlice<Double> in
        let start = part * block + index * inner
        return numbers[start..<start + inner]
      }
    }
  }
}

/// The order of numbers with NaN at the end.
private func precedes(_ left: Double, _ right: Double) -> Bool {
  left < right || (right.isNaN && !left.isNaN)
}

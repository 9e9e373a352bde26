package import Tensors

/// The parts of an encoded input that are removed, ranked and shown together.
///
/// A feature of a table with all its one-hot columns, a time step or a pixel with all its channels,
/// a single element of any other array.
package struct FeatureCells: Sendable {
  /// The row-major positions of each cell's elements in an encoded sample.
  package let members: [[Int]]
  /// The dimensions in which cells are neighbours: features, time, or height and width.
  package let grid: [Int]
  private let isTable: Bool

  /// The cells of what is audited: held inputs are neither removed nor ranked.
  package init(_ input: InputSpecification) {
    let input = input.audited
    let shape = input.encodedShape
    isTable = input.layout == .table
    switch input.layout {
    case .table:
      members = input.encodedBlocks.map(Array.init)
      grid = [members.count]
    case .sequence, .image:
      let positions = shape.sample.count
      members = (0..<positions).map { position in
        (0..<shape[0]).map { $0 * positions + position }
      }
      grid = shape.sample.dimensions
    case .array:
      members = (0..<shape.count).map { [$0] }
      grid = [members.count]
    }
  }

  package var count: Int { members.count }

  /// The sum of the attributions in each cell.
  package func sums(_ attributions: some RandomAccessCollection<Double>) -> [Double] {
    let start = attributions.startIndex
    return members.map { cell in
      cell.reduce(0) { $0 + attributions[attributions.index(start, offsetBy: $1)] }
    }
  }

  /// Spreads a number per cell over its elements, so that they sum to it.
  ///
  /// Of a one-hot block the active column takes all; channels share equally.
  package func spread(_ values: [Double], input: ArraySlice<Float>) -> [Float] {
    var result = [Float](repeating: 0, count: input.count)
    for (cell, value) in zip(members, values) {
      if isTable {
        let active = cell.max { left, right in
          // The first of equal columns.
          let (a, b) = (input[input.startIndex + left], input[input.startIndex + right])
          return a < b || (a == b && left > right)
        }
        if let active { result[active] = Float(value) }
      } else {
        for element in cell { result[element] = Float(value / Double(cell.count)) }
      }
    }
    return result
  }
}

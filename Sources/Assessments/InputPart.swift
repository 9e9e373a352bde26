import Tensors

/// Values of a raw sample that are replaced together: a feature, a channel, a patch of an image.
struct InputPart: Hashable, Sendable {
  let name: String
  let kind: PartImportance.Kind
  let area: PartImportance.Area?
  /// Row-major positions in a raw sample.
  let positions: [Int]

  /// An image is cut into at most this many rows and columns of patches.
  static let patchesAlongAxis = 4

  /// The parts of an input; empty where none is to be told from the others.
  ///
  /// The features of a table; the channels of a sequence or an image, if there are several, and an
  /// image's patches. What is held belongs to no part.
  static func all(of input: InputSpecification) -> [InputPart] {
    let input = input.audited
    switch input.layout {
    case .table:
      return input.features.enumerated().map { index, feature in
        InputPart(name: feature.name, kind: .feature, area: nil, positions: [index])
      }
    case .sequence: return channels(of: input)
    case .image: return channels(of: input) + patches(of: input)
    case .array: return []
    }
  }

  private static func channels(of input: InputSpecification) -> [InputPart] {
    let count = input.shape[0]
    guard count > 1 else { return [] }
    let size = input.shape.sample.count
    return (0..<count).map { channel in
      InputPart(
        name: input.features.isEmpty ? "channel \(channel)" : input.features[channel].name,
        kind: .channel, area: nil, positions: Array(channel * size..<(channel + 1) * size))
    }
  }

  private static func patches(of input: InputSpecification) -> [InputPart] {
    let (height, width) = (input.shape[1], input.shape[2])
    let rows = min(patchesAlongAxis, height)
    let columns = min(patchesAlongAxis, width)
    guard rows * columns > 1 else { return [] }
    return (0..<rows).flatMap { row in
      (0..<columns).map { column in
        patch(
          row * height / rows..<(row + 1) * height / rows,
          column * width / columns..<(column + 1) * width / columns, of: input)
      }
    }
  }

  private static func patch(
    _ rows: Range<Int>, _ columns: Range<Int>, of input: InputSpecification
  ) -> InputPart {
    let (height, width) = (input.shape[1], input.shape[2])
    let positions = (0..<input.shape[0]).flatMap { channel in
      rows.flatMap { row in columns.map { (channel * height + row) * width + $0 } }
    }
    return InputPart(
      name: "rows \(rows.lowerBound + 1)–\(rows.upperBound), "
        + "columns \(columns.lowerBound + 1)–\(columns.upperBound)",
      kind: .patch,
      area: PartImportance.Area(
        row: rows.lowerBound, column: columns.lowerBound, height: rows.count,
        width: columns.count),
      positions: positions)
  }
}

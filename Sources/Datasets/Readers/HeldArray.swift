import Tensors

/// An array of an archive that holds a further input of a model, one value a sample.
struct HeldArray {
  let input: HeldInput
  private var reader: NumpyArrayReader
  private let request: DatasetRequest
  private var done = 0

  /// - Throws: `DatasetError` unless there is a value for each of `count` samples.
  init(
    _ reader: NumpyArrayReader, name: String, count: Int, _ request: DatasetRequest
  ) throws {
    guard reader.shape.rank > 0, reader.shape[0] == count else {
      throw request.error(
        column: name,
        .wrongShape(expected: "a value for each of \(count) samples", got: reader.shape))
    }
    self.reader = reader
    self.request = request
    input = HeldInput(name: name, shape: reader.shape.sample)
  }

  /// The values of the next samples, float32.
  ///
  /// - Throws: `DatasetError` for a number that float32 does not hold exactly: it may name something.
  mutating func next(_ count: Int) throws -> Tensor {
    guard let piece = try reader.next(count), piece.shape[0] == count else {
      throw request.error(column: input.name, .damaged("it ends before the samples do"))
    }
    let values = piece.converted(to: .float32)
    if !piece.elementType.isFloatingPoint {
      for (index, number) in zip(piece.doubles, values.doubles).enumerated()
      where number.0 != number.1 {
        let sample = done + index / max(input.shape.count, 1)
        throw request.error(
          column: input.name,
          .unsupported("the number \(number.0) of sample \(sample), beyond 24 binary digits,"))
      }
    }
    done += count
    return values
  }
}

import Foundation
import Tensors

/// The start of an IDX file: two zeros, the type, the number of axes, then their lengths.
///
/// - Source: Y. LeCun, "The MNIST database of handwritten digits", file formats.
struct IDXHeader {
  let type: UInt8
  let shape: [Int]

  /// uint8, int8, int16, int32, float32, float64.
  static let types: [UInt8] = [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E]

  init(reading source: any ByteSource) throws {
    let path = source.place.path
    let start = try source.bytes(4)
    guard start[0] == 0, start[1] == 0, Self.types.contains(start[2]), start[3] > 0 else {
      throw DatasetError(path: path, .damaged("it does not begin as an IDX file"))
    }
    type = start[2]
    let lengths = try source.bytes(4 * Int(start[3]))
    shape = (0..<Int(start[3])).map { axis in
      lengths[axis * 4..<axis * 4 + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard type == 0x08 else {
      throw DatasetError(path: path, .unsupported("an IDX file of other elements than bytes"))
    }
    let expected = shape.reduce(1) { $0.multipliedReportingOverflow(by: max($1, 1)).partialValue }
    let isPlausible = shape.reduce(1.0) { $0 * Double(max($1, 1)) } < 0x1p62
    guard isPlausible, expected <= source.remainingAtMost else {
      throw source.place.error(
        .truncated(expected: isPlausible ? expected : .max, got: source.remainingAtMost))
    }
  }
}

/// Images in an IDX file, with their labels in the file beside it.
///
/// Bytes are divided by the schema's or option's scale, 255 where neither states one.
struct IDXDataset: PieceReader {
  let input: InputSpecification
  private let request: DatasetRequest
  private let images: any ByteSource
  private let labels: (any ByteSource)?
  private let files: [String]
  private let count: Int
  private let scale: Float
  private var decoder: ClassDecoder
  private var done = 0

  init(_ request: DatasetRequest) throws {
    self.request = request
    images = try openBytes(path: request.path)
    let header = try IDXHeader(reading: images)
    guard header.shape.count >= 2, !header.shape.dropFirst().contains(0) else {
      throw request.error(
        .wrongShape(expected: "images [N, height, width]", got: Shape(header.shape)))
    }
    count = header.shape[0]
    // Grey images have no channel axis of their own.
    let sample = Shape(Array(header.shape.dropFirst()))
    let scale = request.schema?.scale ?? request.options.scale ?? 255
    self.scale = Float(scale)
    input = .plain(shape: sample.rank == 2 ? [1] + sample : sample, scale: scale)
    (labels, files) = try Self.openLabels(request, count: count)
    decoder = ClassDecoder(request)
  }

  private static func openLabels(
    _ request: DatasetRequest, count: Int
  ) throws -> ((any ByteSource)?, [String]) {
    let name = URL(fileURLWithPath: request.path).lastPathComponent
    let folder = URL(fileURLWithPath: request.path).deletingLastPathComponent()
    let other = name.replacingOccurrences(of: "images", with: "labels")
      .replacingOccurrences(of: "idx3", with: "idx1").replacingOccurrences(of: "idx4", with: "idx1")
    let bare = other.hasSuffix(".gz") ? String(other.dropLast(3)) : other
    let candidates = [other, bare, bare + ".gz"].map { folder.appendingPathComponent($0).path }
    guard other != name,
      let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0) })
    else {
      if request.options.allowsUnlabelled { return (nil, request.files) }
      throw request.error(.companionMissing(expected: candidates[0]))
    }
    let source = try openBytes(path: path)
    let header = try IDXHeader(reading: source)
    guard header.shape == [count] else {
      throw DatasetError(
        path: path, .countsDiffer(inputs: count, labels: header.shape.first ?? 0))
    }
    return (source, [request.path, path] + request.files.dropFirst())
  }

  mutating func next(_ limit: Int) throws -> Dataset? {
    let taken = min(limit, count - done)
    guard taken > 0 else { return nil }
    let bytes = try images.bytes(taken * input.shape.count)
    let scale = self.scale
    let inputs = Tensor(bytes.map { Float($0) / scale }, shape: [taken] + input.shape)
    let classes = try labels.map { source in
      try source.bytes(taken).enumerated().map { offset, label in
        try decoder.index(Int(label)) { fact in
          DatasetError(path: source.place.path, column: "\(done + offset)", fact)
        }
      }
    }
    done += taken
    if done == count {
      try images.drain()
      try labels?.drain()
    }
    return Dataset(
      source: request.source, input: input, inputs: inputs,
      labels: classes.map { Tensor($0.map(Int64.init)) }, classNames: decoder.names,
      sampleNames: (done - taken..<done).map(String.init), schema: request.schema, files: files)
  }
}

import Tensors

/// The arrays `x` and `y` of a `.npz` archive, read in pieces, with those of a model's other inputs.
///
/// Whole-number labels are classes; they stand for a regression's targets where the schema says so.
struct ArchiveDataset: PieceReader {
  let input: InputSpecification
  private let request: DatasetRequest
  private var samples: NumpyArrayReader
  private var labels: NumpyArrayReader?
  private var held: [HeldArray]
  private let scale: Double?
  private var decoder: ClassDecoder
  private var done = 0

  init(_ request: DatasetRequest) throws {
    self.request = request
    let archive = try NumpyArchiveReader(path: request.path)
    samples = try archive.array("x")
    guard samples.shape.rank >= 2, !samples.shape.sample.dimensions.contains(0) else {
      throw request.error(
        column: "x", .wrongShape(expected: "samples along the first axis", got: samples.shape))
    }
    scale = request.schema?.scale ?? request.options.scale
    let count = samples.shape[0]
    held = try request.options.heldInputs.map {
      try HeldArray(archive.array($0), name: $0, count: count, request)
    }
    input = try Self.input(request, samples: samples, scale: scale).holding(held.map(\.input))
    decoder = ClassDecoder(request)
    if archive.names.contains("y") || !request.options.allowsUnlabelled {
      labels = try Self.labels(request, archive.array("y"), count: samples.shape[0])
    }
  }

  private static func input(
    _ request: DatasetRequest, samples: NumpyArrayReader, scale: Double?
  ) throws -> InputSpecification {
    let shape = samples.shape.sample
    if let schema = request.schema, !schema.columns.isEmpty || schema.shape != nil {
      guard schema.input.shape.count == shape.count else {
        throw request.error(
          column: "x", .wrongShape(expected: "[N] + \(schema.input.shape)", got: samples.shape))
      }
      return schema.input
    }
    var input = InputSpecification.plain(
      shape: request.options.shape ?? shape, layout: request.schema?.layout, scale: scale)
    guard input.shape.count == shape.count else {
      throw request.error(
        column: "x", .wrongShape(expected: "[N] + \(input.shape)", got: samples.shape))
    }
    if scale == nil, samples.elementType == .uint8 { input.range = ValueRange(0...255) }
    return input
  }

  private static func labels(
    _ request: DatasetRequest, _ labels: NumpyArrayReader, count: Int
  ) throws -> NumpyArrayReader {
    let dimensions = labels.shape.dimensions
    guard dimensions.count == 1 || (dimensions.count == 2 && dimensions[1] == 1) else {
      throw request.error(
        column: "y", .wrongShape(expected: "one class number a sample", got: labels.shape))
    }
    guard dimensions[0] == count else {
      throw request.error(column: "y", .countsDiffer(inputs: count, labels: dimensions[0]))
    }
    return labels
  }

  mutating func next(_ count: Int) throws -> Dataset? {
    guard let piece = try samples.next(count) else { return nil }
    let taken = piece.shape[0]
    var inputs = piece.converted(to: .float32).reshaped(to: [taken] + input.audited.shape)
    if let scale { inputs = inputs / scale }
    var values: [Tensor] = []
    for index in held.indices { values.append(try held[index].next(taken)) }
    if !held.isEmpty { inputs = input.packed(inputs, holding: values) }
    if let violation = input.firstViolation(in: inputs) {
      throw request.error(
        column: "x", .damaged("sample \(done + violation.sample): \(violation.words)"))
    }
    var result = Dataset(
      source: request.source, input: input, inputs: inputs,
      sampleNames: (done..<done + taken).map(String.init), schema: request.schema,
      files: request.files)
    if let numbers = try labels?.next(taken) { try label(&result, with: numbers) }
    done += taken
    return result
  }

  private mutating func label(_ piece: inout Dataset, with numbers: Tensor) throws {
    if request.schema?.label.task == .regression {
      piece.targets = numbers.converted(to: .float32).reshaped(to: [piece.count])
      return
    }
    var classes: [Int64] = []
    for (offset, number) in numbers.doubles.enumerated() {
      let error = { [request, done] (fact: DatasetError.Fact) in
        request.error(column: "y, sample \(done + offset)", fact)
      }
      guard let label = Int(exactly: number) else { throw error(.invalidLabel("\(number)")) }
      classes.append(Int64(try decoder.index(label, error: error)))
    }
    piece.labels = Tensor(classes)
    piece.classNames = decoder.names
  }
}

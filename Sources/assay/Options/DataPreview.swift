import Datasets
import Interchange
import Models
import Tensors

/// What some data tell about the samples of a model: the first of them, and its other inputs.
struct DataPreview {
  let input: InputSpecification
  /// Encoded samples; nil if one of them is not valid, which reading all of them will say.
  let samples: Tensor?
  /// The classes that the schema states.
  let classNames: [String]
  /// The other inputs that are the same for every sample.
  let sharedInputs: [String: Tensor]

  /// How many samples show how a model behaves.
  private static let count = 32

  /// - Parameters:
  ///   - data: The file.
  ///   - schema: Its schema.
  ///   - file: The network that the data are for, whose inputs may be arrays of an archive.
  ///   - settings: What is said of its inputs.
  /// - Throws: What reading throws.
  init(
    data: String, schema: String?, for file: (any NetworkFile)? = nil,
    _ settings: ImportSettings? = nil
  ) throws {
    let others = try file.map { try OtherInputs(data, of: $0, settings) }
    let options = DatasetOptions(
      schema: schema, allowsUnlabelled: true, heldInputs: others?.held ?? [])
    var pieces = try DatasetReader.pieces(data, rows: Self.count, options: options)
    let input = pieces.input
    let piece = try pieces.next()
    samples = piece.flatMap {
      input.firstViolation(in: $0.inputs) == nil ? input.encoded($0.inputs) : nil
    }
    classNames = piece?.schema?.label.classes ?? []
    sharedInputs = others?.shared ?? [:]
    self.input = input
  }
}

/// Inputs beside the audited one whose values an archive has in arrays of their names.
private struct OtherInputs {
  /// Those that differ from sample to sample.
  private(set) var held: [String] = []
  /// Those that are the same for all.
  private(set) var shared: [String: Tensor] = [:]

  init(_ data: String, of file: any NetworkFile, _ settings: ImportSettings?) throws {
    guard try DatasetFormat(path: data) == .archive else { return }
    let archive = try NumpyArchiveReader(path: data)
    let stated = Set(try settings?.fixedNames() ?? []).union(["x", "y", settings?.input ?? ""])
    let ports = file.inputs.filter {
      archive.names.contains($0.name) && !stated.contains($0.name)
    }
    let count = try archive.array("x").shape.dimensions.first ?? 0
    for (port, name) in zip(ports, ports.map(\.name)) {
      let array = try archive.array(name)
      guard array.shape.rank > 0, array.shape[0] == count, count > 1 else {
        guard port.accepts(rows: array.shape) else {
          throw UsageError(
            "the array '\(name)' of \(data) is \(array.shape): give a value for each of \(count) "
              + "samples, or one for all")
        }
        shared[name] = try array.readAll()
        continue
      }
      if let value = try Self.onlyValue(of: array) {
        shared[name] = value
      } else {
        held.append(name)
      }
    }
  }

  /// The value that all samples have in common, `[1] + shape`; nil if they differ.
  private static func onlyValue(of array: NumpyArrayReader) throws -> Tensor? {
    var reader = array
    var first: Tensor?
    while let rows = try reader.next(4096) {
      let value = first ?? rows.rows(0..<1)
      guard (0..<rows.shape[0]).allSatisfy({ rows.rows($0..<$0 + 1) == value }) else { return nil }
      first = value
    }
    return first
  }
}

extension NetworkPort {
  /// Whether an array can be the input's only value: one row, or as many as the file asks for.
  fileprivate func accepts(rows shape: Shape) -> Bool {
    guard let dimensions, dimensions.count == shape.rank, let first = dimensions.first else {
      return true
    }
    if case .fixed(let size) = first { return shape[0] == size }
    return shape[0] == 1
  }
}

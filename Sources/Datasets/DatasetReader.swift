import Foundation
public import Tensors

/// Reads data sets of every known format.
///
/// - `.npz` with the arrays `x` and `y`;
/// - IDX (`…-images-idx3-ubyte`), with the labels file beside it;
/// - a folder of PNG images with one subfolder a class;
/// - `.arff`, `.csv` and `.ts`;
///
/// each but archives and folders also compressed (`.gz`). The content decides, then the name.
public enum DatasetReader {
  /// Reads a whole data set.
  ///
  /// - Throws: `DatasetError`, or `ArrayFileError` for files that cannot be opened or unpacked.
  public static func read(
    _ path: String, options: DatasetOptions = DatasetOptions()
  ) throws -> Dataset {
    var pieces = try pieces(path, rows: 4096, options: options)
    var parts: [Dataset] = []
    while let piece = try pieces.next() { parts.append(piece) }
    guard let whole = Dataset.concatenated(parts), whole.count > 0 else {
      throw DatasetError(path: path, .noRows)
    }
    return whole
  }

  /// Opens a data set that is read in pieces, so that its length does not matter.
  public static func pieces(
    _ path: String, rows: Int, options: DatasetOptions = DatasetOptions()
  ) throws -> DatasetPieces {
    let schema = try schema(for: path, options: options)
    let format = try DatasetFormat(path: path)
    let request = DatasetRequest(path: path, schema: schema, options: options)
    let reader: any PieceReader =
      switch format {
      case .archive: try ArchiveDataset(request)
      case .idx: try IDXDataset(request)
      case .imageFolder: try ImageFolderDataset(request)
      case .arff: try TableDataset(arff: request)
      case .csv: try TableDataset(csv: request)
      case .series: try SeriesDataset(request)
      }
    return DatasetPieces(reader: reader, rows: rows)
  }

  /// The schema that the options name, or the one beside the data.
  private static func schema(
    for path: String, options: DatasetOptions
  ) throws -> (FeatureSchema, path: String)? {
    if let named = options.schema { return (try FeatureSchema(path: named), named) }
    let beside = schemaPath(beside: path)
    guard FileManager.default.fileExists(atPath: beside) else { return nil }
    return (try FeatureSchema(path: beside), beside)
  }

  /// Where the schema of a data file is looked for: its name with the suffix `.yaml`.
  public static func schemaPath(beside path: String) -> String {
    var url = URL(fileURLWithPath: path)
    if url.pathExtension == "gz" { url.deletePathExtension() }
    return url.deletingPathExtension().path + ".yaml"
  }
}

/// A data set that is read in pieces: only one piece is in memory at a time.
public struct DatasetPieces {
  private var reader: any PieceReader
  /// The largest number of samples of a piece.
  public let rows: Int
  /// What one sample is.
  public var input: InputSpecification { reader.input }

  init(reader: any PieceReader, rows: Int) {
    precondition(rows > 0, "expected pieces of at least one row, got \(rows)")
    self.reader = reader
    self.rows = rows
  }

  /// The next samples, nil at the end.
  ///
  /// Class names that no file or schema states are the numbers up to the largest label so far.
  public mutating func next() throws -> Dataset? { try reader.next(rows) }
}

/// A file format's reader.
protocol PieceReader {
  var input: InputSpecification { get }
  /// The next samples, at most `count`; nil at the end, where everything has been verified.
  mutating func next(_ count: Int) throws -> Dataset?
}

/// What a reader is asked for.
struct DatasetRequest {
  let path: String
  let schema: FeatureSchema?
  let schemaPath: String
  let options: DatasetOptions

  init(path: String, schema: (FeatureSchema, path: String)?, options: DatasetOptions) {
    self.path = path
    self.schema = schema?.0
    schemaPath = schema?.path ?? path
    self.options = options
  }

  /// The files that a caller hashes.
  var files: [String] { schema == nil ? [path] : [path, schemaPath] }

  /// The source's name in reports: the schema's, or the file's.
  var source: String { schema?.name ?? URL(fileURLWithPath: path).lastPathComponent }

  func error(
    line: Int? = nil, column: String? = nil, _ fact: DatasetError.Fact
  ) -> DatasetError {
    DatasetError(path: path, line: line, column: column, fact)
  }
}

import Foundation
import Tensors

/// The variables of a checkpoint: an index, and files of data.
///
///     variables.index   variables.data-00000-of-00001
///
/// - Source: tensorflow/core/util/tensor_bundle/tensor_bundle.h.
struct TensorBundle {
  private let entries: [String: Data]
  private let shards: [Data]
  /// The files of the checkpoint.
  let paths: [String]

  /// A checkpoint without variables.
  init() { (entries, shards, paths) = ([:], [], []) }

  /// - Throws: `InterchangeError.Fact` if a file is missing or damaged.
  init(folder: URL) throws {
    let index = try TensorFlowFile.bytes(folder.appending(path: "variables.index"))
    entries = try StringTable(index).entries
    let header = try TensorFlowFile.message(
      TensorFlowBundleHeaderProto.self, entries[""] ?? Data())
    guard header.endianness == 0, (1...4096).contains(header.numShards) else {
      throw StringTable.damaged(
        "it states \(header.numShards) files of data, or numbers with the highest byte first")
    }
    let files = Self.dataFiles(count: Int(header.numShards)).map { folder.appending(path: $0) }
    shards = try files.map(TensorFlowFile.bytes)
    paths = ([folder.appending(path: "variables.index")] + files).map(\.path)
  }

  /// The names of the files of data: `variables.data-00000-of-00001`.
  private static func dataFiles(count: Int) -> [String] {
    func digits(_ number: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(5 - text.count, 0)) + text
    }
    return (0..<count).map { "variables.data-\(digits($0))-of-\(digits(count))" }
  }

  func contains(_ key: String) -> Bool { !key.isEmpty && entries[key] != nil }

  /// A variable; nil if its elements are of a type that Assay does not compute.
  func tensor(_ key: String) throws -> Tensor? {
    let entry = try entry(key)
    guard let type = TensorFlowType(rawValue: entry.dtype), type.representation != nil else {
      return nil
    }
    guard entry.slices.isEmpty else {
      throw InterchangeError.Fact.unsupported(
        format: "TensorFlow", ["the variable '\(key)', which is cut into parts: freeze the graph"])
    }
    let label = "the variable '\(key)'"
    return try Tensor(
      littleEndian: bytes(of: entry, key), type, entry.shape.checkedShape(label), label)
  }

  /// A variable that is a single text: its length, a checksum of four bytes, the text.
  func text(_ key: String) throws -> Data {
    let entry = try entry(key)
    guard entry.dtype == TensorFlowType.string.rawValue, entry.shape.dim.isEmpty else {
      throw TensorFlowFile.damaged("'\(key)' is no text")
    }
    var reader = TableReader(try bytes(of: entry, key))
    let length = try reader.number()
    _ = try reader.bytes(4)
    return try reader.bytes(length)
  }

  private func entry(_ key: String) throws -> TensorFlowBundleEntryProto {
    guard let bytes = entries[key] else {
      throw TensorFlowFile.damaged("the checkpoint has no variable '\(key)'")
    }
    return try TensorFlowFile.message(TensorFlowBundleEntryProto.self, bytes)
  }

  private func bytes(of entry: TensorFlowBundleEntryProto, _ key: String) throws -> Data {
    guard shards.indices.contains(Int(entry.shardID)) else {
      throw TensorFlowFile.damaged("the variable '\(key)' lies in a file that does not exist")
    }
    let shard = shards[Int(entry.shardID)]
    guard entry.offset >= 0, entry.size >= 0, entry.offset <= shard.count,
      Int(entry.size) <= shard.count - Int(entry.offset)
    else {
      throw TensorFlowFile.damaged("the variable '\(key)' lies outside of the data's file")
    }
    let start = shard.startIndex + Int(entry.offset)
    return shard[start..<start + Int(entry.size)]
  }
}

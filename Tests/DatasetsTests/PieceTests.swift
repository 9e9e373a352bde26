import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Pieces") struct PieceTests {
  @Test("pieces joined are the whole, whatever their size", arguments: [1, 7, 100, 5000])
  func equalWhole(rows: Int) throws {
    for name in ["credit-g.arff", "wdbc.csv", "ItalyPowerDemand_TRAIN.ts.gz"] {
      let path = Fixtures.path("data/\(name)")
      var pieces = try DatasetReader.pieces(path, rows: rows)
      var parts: [Dataset] = []
      while let part = try pieces.next() { parts.append(part) }
      #expect(parts.dropLast().allSatisfy { $0.count == rows })
      #expect(try Dataset.concatenated(parts) == DatasetReader.read(path))
    }
  }

  @Test("reading a long table holds one piece, not the table")
  func bounded() throws {
    func held(rows count: Int) throws -> (largest: Int, fileBytes: Int) {
      let lines = (0..<count).map { "\($0 % 10),\(Double($0) / 7),\($0 % 3)" }
      let bytes = Array(lines.joined(separator: "\n").utf8)
      return try Fixtures.withFile("d.csv", bytes) { path in
        let options = DatasetOptions(label: .last)
        var table = try TableDataset(
          csv: DatasetRequest(path: path, schema: nil, options: options))
        var largest = 0
        var seen = 0
        while let piece = try table.next(100) {
          largest = max(largest, table.heldByteCount + piece.inputs.count * 4)
          seen += piece.count
        }
        #expect(seen == count)
        return (largest, bytes.count)
      }
    }
    let short = try held(rows: 1_000)
    let long = try held(rows: 100_000)
    #expect(long.fileBytes > 100 * short.fileBytes)
    // A hundred times the file, the same memory but for the digits of a line number.
    #expect(long.largest < short.largest + 4096)
    #expect(long.largest < 1 << 17)
  }

  @Test("a line without an end does not fill the memory")
  func endless() throws {
    let zeros = [UInt8](repeating: UInt8(ascii: "1"), count: LineReader.longestLine + (1 << 20))
    try Fixtures.withFile("d.csv", zeros) { path in
      let error = #expect(throws: DatasetError.self) {
        try DatasetReader.read(path, options: DatasetOptions(label: .last))
      }
      #expect(error?.fact == .lineTooLong(limit: LineReader.longestLine))
    }
  }
}

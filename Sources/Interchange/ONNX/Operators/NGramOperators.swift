import Programs
import Tensors

/// Counts of sequences of integers.
enum NGramOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("TfIdfVectorizer") { call in [Operand(try NGramTable(call).counts(in: call))] }
  ]
}

/// The sequences that are counted, by their length.
private struct NGramTable {
  /// Sequences of one length, each with the column that counts it.
  struct Group {
    var length: Int
    var sequences: [[Int64]]
    var columns: [Int]
  }

  let groups: [Group]
  let columnCount: Int

  init(_ call: ONNXCall) throws {
    try call.require(
      !call.hasAttribute("pool_strings"), "counts texts, which Assay does not compute")
    guard let pool = try call.exactInts("pool_int64s"),
      let starts = try call.optionalInts("ngram_counts"),
      let columns = try call.optionalInts("ngram_indexes")
    else { throw call.error("has no table of sequences") }
    let ends = starts.dropFirst() + [pool.count]
    try call.require(
      zip(starts, ends).allSatisfy { 0 <= $0 && $0 <= $1 && $1 <= pool.count }
        && columns.allSatisfy { (0..<1 << 24).contains($0) },
      "its table of sequences is damaged")
    var groups: [Group] = []
    var used = 0
    for (index, (start, end)) in zip(starts, ends).enumerated() {
      let length = index + 1
      let sequences = stride(from: start, to: end - length + 1, by: length).map {
        pool[$0..<$0 + length].map(Int64.init)
      }
      try call.require(used + sequences.count <= columns.count, "has too few columns")
      groups.append(
        Group(
          length: length, sequences: sequences,
          columns: Array(columns[used..<used + sequences.count])))
      used += sequences.count
    }
    self.groups = groups
    columnCount = (columns.max() ?? -1) + 1
  }

  /// How often each sequence occurs, with gaps of up to `max_skip_count` between its elements; for
  /// the weighting IDF whether it does; times the weights.
  func counts(in call: ONNXCall) throws -> Value {
    let input = try call.input(0).converted(to: .int64)
    try call.require((1...2).contains(input.shape.rank), "expects rows, got \(input.type)")
    let rows = input.shape.rank == 1 ? input.expanded(axis: 0) : input
    let (shortest, longest) = try (
      call.requiredInt("min_gram_length"), call.requiredInt("max_gram_length")
    )
    try call.requireTable([groups.reduce(0) { $0 + $1.sequences.count }, columnCount])
    var sum = call.constant(Tensor(zeros: [1, columnCount]))
      .broadcast(to: [rows.shape[0], columnCount])
    for group in groups
    where (shortest <= group.length && group.length <= longest) && !group.sequences.isEmpty {
      let selection = call.constant(group.selection(columnCount))
      let largestSkip = group.length == 1 ? 0 : try call.requiredInt("max_skip_count")
      var distance = 1
      while distance - 1 <= largestSkip,
        let found = group.occurrences(in: rows, distance: distance)
      {
        try call.lowering.count(group.length)
        sum = sum + found.matrixMultiplied(by: selection)
        distance += 1
      }
    }
    let weighted = try self.weighted(sum, call)
    return input.shape.rank == 1 ? weighted.reshaped(to: [columnCount]) : weighted
  }

  private func weighted(_ counts: Value, _ call: ONNXCall) throws -> Value {
    let mode = try call.string("mode", default: "TF")
    try call.require(["TF", "IDF", "TFIDF"].contains(mode), "there is no weighting '\(mode)'")
    let numbers = mode == "IDF" ? counts.minimum(counts.scalar(1)) : counts
    guard mode != "TF", let weights = try call.floats("weights") else { return numbers }
    try call.require(
      weights.count == columnCount, "expects \(columnCount) weights, got \(weights.count)")
    return numbers * call.constant(Tensor(weights))
  }
}

extension NGramTable.Group {
  /// The numbers of occurrences `[rows, sequences]`; nil if a row is too short for any.
  func occurrences(in rows: Value, distance: Int) -> Value? {
    let places = rows.shape[1] - (length - 1) * distance
    guard places > 0 else { return nil }
    var isFound: Value?
    for offset in 0..<length {
      let start = offset * distance
      let elements = rows.slice(axis: 1, start..<start + places).expanded(axis: 2)
      let wanted = rows.builder.constant(Tensor(sequences.map { $0[offset] }))
      let isEqual = elements.compare(.equal, wanted)
      isFound = isFound.map { $0.and(isEqual) } ?? isEqual
    }
    return isFound?.converted(to: .float32).sum(over: [1])
  }

  /// The matrix `[sequences, columns]` that adds each count to its column.
  func selection(_ columnCount: Int) -> Tensor {
    var matrix = [Float](repeating: 0, count: sequences.count * columnCount)
    for (row, column) in columns.enumerated() { matrix[row * columnCount + column] = 1 }
    return Tensor(matrix, shape: [sequences.count, columnCount])
  }
}

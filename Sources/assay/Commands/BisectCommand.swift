import ArgumentParser
import Checks
import Foundation

/// The command `assay bisect`.
struct BisectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bisect",
    abstract: "Finds the first of many checkpoints that fails the check.",
    discussion: """
      Checkpoints are the model files of a folder in the order of their names, numbers by value. The
      search presumes that once one fails, all later ones do, and looks at few of them; --all looks at
      every one. What was checked before is not checked again: the ledger keeps it.

      Exit codes: 0 none fails, 1 one was found, 4 none fails but some are inconclusive.

      Example:
        assay bisect checkpoints --config assay.yaml
      """)

  @Argument(help: "The folder of checkpoints.") var folder: String
  @OptionGroup var options: CheckOptions
  @Flag(help: "Check every checkpoint.") var all = false
  @Flag(help: "Print the results as JSON.") var json = false

  private struct Step: Encodable {
    let checkpoint: String
    let outcome: CheckRecord.Outcome
    let sentence: String
  }

  func run() throws {
    let configuration = try options.configuration()
    let names = try Checkpoints.names(in: folder)
    var steps: [Int: Step] = [:]
    func fails(_ index: Int) throws -> Bool {
      if let known = steps[index] { return known.outcome == .failed }
      var single = configuration
      single.model = folder + "/" + names[index]
      let record = try PreparedCheck(single).run()
      let step = Step(
        checkpoint: names[index], outcome: record.outcome, sentence: record.sentence)
      steps[index] = step
      if !json { Output.line("\(step.checkpoint): \(step.outcome.rawValue)") }
      return step.outcome == .failed
    }
    let first =
      all
      ? try names.indices.filter(fails).first
      : try BinarySearch.first(in: names.indices, where: fails)
    let ordered = steps.sorted { $0.key < $1.key }.map(\.value)
    if json { try Output.json(ordered) }
    let isOpen = ordered.contains { $0.outcome == .inconclusive }
    guard let first, let step = steps[first] else {
      if !json { Output.line("None of \(names.count) checkpoints fails.") }
      if isOpen { throw ExitStatus.inconclusive }
      return
    }
    if !json { Output.line("The first that fails is \(step.checkpoint). \(step.sentence)") }
    throw ExitStatus.gateFailed
  }
}

/// The model files of a folder.
enum Checkpoints {
  private static let endings = ["safetensors", "onnx", "keras", "h5", "pb", "caffemodel"]

  /// The files by name, numbers in names by their value.
  ///
  /// - Throws: `UsageError` if there is no folder, or no model in it.
  static func names(in folder: String) throws -> [String] {
    try requireFile(folder, "name the folder that holds the checkpoints")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    let models = files.filter { endings.contains(URL(filePath: $0).pathExtension.lowercased()) }
    guard !models.isEmpty else {
      throw UsageError(
        "\(folder) holds no model; checkpoints end in \(endings.joined(separator: ", "))")
    }
    return models.sorted { isOrdered($0, $1) }
  }

  /// Whether one name comes before another: "step-9" before "step-10".
  static func isOrdered(_ left: String, _ right: String) -> Bool {
    let (first, second) = (pieces(left), pieces(right))
    for (one, other) in zip(first, second) where one != other {
      if let low = Int(one), let high = Int(other), low != high { return low < high }
      return one < other
    }
    return first.count < second.count
  }

  /// Runs of digits and what is between them.
  private static func pieces(_ name: String) -> [String] {
    name.reduce(into: [String]()) { pieces, character in
      let isDigit = character.isASCII && character.isNumber
      let continues =
        pieces.last?.last.map { ($0.isASCII && $0.isNumber) == isDigit } ?? false
      if continues {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append("\(character)")
      }
    }
  }
}

/// The first of ordered things for which something holds from there on.
enum BinarySearch {
  /// Looks at the last first: where it does not hold there, it holds nowhere.
  static func first(in range: Range<Int>, where holds: (Int) throws -> Bool) rethrows -> Int? {
    guard let last = range.last, try holds(last) else { return nil }
    var (low, high) = (range.lowerBound, last)
    while low < high {
      let middle = low + (high - low) / 2
      if try holds(middle) { high = middle } else { low = middle + 1 }
    }
    return high
  }
}

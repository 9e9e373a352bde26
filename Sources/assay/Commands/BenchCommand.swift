import ArgumentParser
import Benchmarks
import Foundation

/// The command `assay bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times attacks, explanations and training on this machine.",
    discussion: """
      Five networks with random parameters, on synthetic data. Every result is checked before its \
      figure is printed; figures are medians, fractions refer to the processor's peak in float32, \
      measured beside each run. Memory is that of the whole process so far: time one task alone to \
      know its own.

      Example:
        assay bench --model mnist_cnn --task pgd
      """)

  @Option(
    help: ArgumentHelp(
      "Networks, separated by commas: \(BenchmarkNetwork.all.map(\.name).joined(separator: ", ")).",
      valueName: "names"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Tasks, separated by commas: "
        + "\(BenchmarkTask.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "names"))
  var task: String?

  @Option(help: "The number of worker threads.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "The number of samples of a call; by default 256, or 64 for resnet18_cifar.")
  var batch: Int?

  @Option(help: "How often each task is timed, after a run that does not count.")
  var runs: Int = 5

  @Flag(help: "Print a line of JSON a figure.") var json = false

  @Flag(
    help: """
      Time one run for each line of standard input and print it at once, so that other programs can \
      be timed in turn; the first line printed says 'ready'.
      """)
  var paced = false

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads must be at least 1") }
    guard batch.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--batch must be at least 1")
    }
    guard runs >= 1 else { throw ValidationError("--runs must be at least 1") }
    guard !paced || (model?.contains(",") == false && task?.contains(",") == false) else {
      throw ValidationError("--paced times one task on one network: name them")
    }
  }

  func run() throws {
    let networks = try chosen(BenchmarkNetwork.all, by: model, "--model", named: \.name)
    let tasks = try chosen(BenchmarkTask.allCases, by: task, "--task", named: \.rawValue)
    for var network in networks {
      network.batch = batch ?? network.batch
      let figures = try tasks.map { task in
        let benchmark = try Benchmark(task, on: network, threads: threads)
        guard !paced else { return try pace(benchmark) }
        let figure = try benchmark.figure(try (0..<runs).map { _ in try benchmark.run() })
        if json { try Output.jsonLine(figure) }
        return figure
      }
      guard !json, !paced else { continue }
      Output.table(
        ["network", "task", "samples/s", "GFLOP/s", "of peak", "memory"], figures.map(Self.row))
    }
  }

  /// A run a line of input, until there is no more; then the figure of them all.
  private func pace(_ benchmark: Benchmark) throws -> BenchmarkFigure {
    Output.line("ready")
    var runs: [Benchmark.Run] = []
    while readLine() != nil {
      runs.append(try benchmark.run())
      try Output.jsonLine(benchmark.figure(runs.suffix(1)))
    }
    guard !runs.isEmpty else { throw UsageError("--paced needs lines on standard input") }
    return try benchmark.figure(runs)
  }

  private func chosen<Item>(
    _ all: [Item], by names: String?, _ option: String, named name: (Item) -> String
  ) throws -> [Item] {
    guard let names else { return all }
    return try names.split(separator: ",").map { wanted in
      guard let item = all.first(where: { name($0) == wanted }) else {
        throw UsageError(
          "\(option) knows \(all.map(name).joined(separator: ", ")); got '\(wanted)'")
      }
      return item
    }
  }

  private static func row(_ figure: BenchmarkFigure) -> [String] {
    [
      figure.model, figure.task, Output.number(figure.samplesPerSecond),
      Output.number(figure.gflops), figure.fractionOfPeak.map { Output.percent($0) } ?? "–",
      "\(figure.residentMegabytes) MB",
    ]
  }
}

import Execution
import Foundation
import NativeBackend
import Programs
import Tensors

/// Times the native backend on the networks that its design was measured with.
///
/// Arguments: `[network] [task] [micro-batch]`; all of them without.
@main struct Benchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let chosen = arguments.first
    let task = arguments.dropFirst().first
    let sizes = arguments.dropFirst(2).first.flatMap { Int($0) }.map { [$0] } ?? [8, 16, 32, 64]
    print(NativeBackend().description)
    for network in [Network.perceptron, .convolutions, .strided, .tabular, .recurrent]
    where chosen == nil || chosen == network.name {
      if task == nil || task == "forward" {
        try time("forward", network, network.forward(), sizes)
      }
      if task == nil || task == "gradient" {
        try time("input gradient", network, network.inputGradient(), sizes)
      }
      if task == nil || task == "train" { try timeTraining(network) }
    }
  }

  private static func time(
    _ task: String, _ network: Network, _ program: Program, _ sizes: [Int]
  ) throws {
    for size in sizes {
      let start = clock()
      let executable = try NativeBackend().compile(program.bound(batch: size))
      let milliseconds = (clock() - start) / 1000
      var random = RandomStream(seed: 2, purpose: "input")
      let input = random.uniform([size] + network.input)
      let parts = max(4, 256 / size)
      let rate = try median {
        _ = try concurrentMap(count: parts, threads: 1) { _ in
          try executable([input])[0].count
        }
        return parts * size
      }
      report(network, "\(task), micro-batch \(size), compiled in \(milliseconds) ms", rate)
      let rates = try [1, 2].map {
        try elapsed(executable, input, parts: 4 * parts, threads: $0)
      }
      print("  elapsed time: \(rates[0]) samples/s on one thread, \(rates[1]) on two")
    }
  }

  private static func timeTraining(_ network: Network) throws {
    let executable = try NativeBackend().compile(network.trainingStep().bound(batch: 128))
    var random = RandomStream(seed: 2, purpose: "input")
    let initial = network.initial
    let inputs =
      [random.uniform([128] + network.input)] + initial
      + initial.map { Tensor(zeros: $0.shape) }
    let rate = try median {
      for _ in 0..<8 { _ = try executable(inputs) }
      return 8 * 128
    }
    report(network, "training step, batch 128", rate)
  }

  /// Samples per second of elapsed time with this many threads: meaningful on an idle machine.
  private static func elapsed(
    _ executable: any Executable, _ input: Tensor, parts: Int, threads: Int
  ) throws -> Int {
    let start = ContinuousClock.now
    _ = try concurrentMap(count: parts, threads: threads) { _ in
      try executable([input])[0].count
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Int(Double(parts * input.shape[0]) / seconds)
  }

  private static func report(_ network: Network, _ task: String, _ rate: Double) {
    print("\(network.name): \(task): \(Int(rate)) samples per processor second")
  }

  /// The median of five runs, in samples per second of processor time.
  ///
  /// Processor time is what a call costs, also on a machine that others use.
  private static func median(_ body: () throws -> Int) throws -> Double {
    _ = try body()
    let rates = try (0..<5).map { _ in
      let start = clock()
      let samples = try body()
      return Double(samples) / (Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }
    return rates.sorted()[2]
  }
}

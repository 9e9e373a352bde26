import ArgumentParser
import Foundation

/// The command-line program.
@main
struct AssayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Audits neural networks: how easily they are fooled, and what they look at.",
    discussion: """
      Exit codes: 0 passed, 1 a gate failed, 2 wrong use or bad input, 3 an internal failure, 4 a check
      that could not decide.

      A first audit:
        assay train fixtures/demo/digits.yaml
        assay audit digits.safetensors --data fixtures/data/mnist_5k.csv.gz --part test
      """,
    version: ToolVersion.current,
    subcommands: [
      TrainCommand.self, AuditCommand.self, AttackCommand.self, ExplainCommand.self,
      PredictCommand.self, InitCommand.self, BaselineCommand.self, CheckCommand.self,
      BisectCommand.self, ReportCommand.self, RunsCommand.self, ShowCommand.self,
      CompareCommand.self, ServeCommand.self, MergeCommand.self, SignCommand.self,
      VerifyCommand.self, InspectCommand.self, ExportCommand.self,
      ConformanceCommand.self, BenchCommand.self, DoctorCommand.self,
    ])

  static func main() async {
    // A closed pipe is an error of writing (`StandardStream`), not a reason to die without a word.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      exit(with: error)
    }
  }

  /// Ends the program with the exit code that the error stands for.
  private static func exit(with error: any Error) -> Never {
    if let status = error as? ExitStatus { Foundation.exit(status.rawValue) }
    let parsing = exitCode(for: error)
    guard parsing != .success else { AssayCommand.exit(withError: error) }
    let status = ExitStatus(error)
    let text = status.isParsing(error) ? fullMessage(for: error) : "Error: \(sentence(error))"
    StandardStream.errors.write(Data((text + "\n").utf8))
    Foundation.exit(status.rawValue)
  }

  private static func sentence(_ error: any Error) -> String {
    let words = (error is CocoaError) ? error.localizedDescription : "\(error)"
    return words.hasSuffix(".") || words.hasSuffix("?") ? words : words + "."
  }
}

/// The version of the program.
enum ToolVersion {
  static let current = "0.1.0"
}

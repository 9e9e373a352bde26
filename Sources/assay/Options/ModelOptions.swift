import ArgumentParser
import Execution
import Foundation
import Models
import NativeBackend
import Tensors

/// The model that a command works on, and how.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "The model: a file that 'assay train' wrote, or one in ONNX, Keras, TensorFlow or Caffe.")
  var model: String

  @Option(help: "The number of worker threads; results do not depend on it.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "The valid range of every input value, for models that carry none.", valueName: "low,high"))
  var bounds: String?

  @OptionGroup(title: "Options for models of other tools") var imported: ImportSettings

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads must be at least 1") }
  }

  /// The model for some data, with the range that the command line states.
  func load(for data: DataOptions) throws -> LoadedModel {
    try ModelLoader(
      path: model, settings: imported, range: bounds.map(Self.range)
    ).load(data: data.data, schema: data.schema)
  }

  /// The model on the processor.
  func classifier(_ model: Model) throws -> any ModelClassifier {
    try model.classifier(on: NativeBackend())
  }

  private static func range(_ text: String) throws -> ValueRange {
    let numbers = text.split(separator: ",").map { Double($0) }
    guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low <= high else {
      throw UsageError("--bounds takes two numbers, the lower first, such as 0,1; got '\(text)'")
    }
    return ValueRange(low...high)
  }
}

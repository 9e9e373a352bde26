public import Datasets
import Interchange
public import Models
import NativeBackend

extension ImportedModel {
  /// Opens a model of another tool: ONNX, Keras, TensorFlow or Caffe, as its content says.
  ///
  ///     let imported = try ImportedModel(contentsOf: "digits.onnx", for: data)
  ///     let classifier = try imported.model.classifier()
  ///
  /// - Parameters:
  ///   - path: The file, or the folder of a SavedModel.
  ///   - data: Samples that the model is for: they say what a sample is, and the first of them show
  ///     that samples do not influence each other.
  ///   - change: Changes what is decided by itself: the input, the output, class names, a
  ///     normalisation.
  /// - Throws: `InterchangeError` or `ModelError` with one sentence on what does not fit.
  public init(
    contentsOf path: String, for data: Dataset,
    _ change: (inout ImportOptions) throws -> Void = { _ in }
  ) throws {
    var options = ImportOptions(
      sample: data.input, name: path.split(separator: "/").last.map(String.init) ?? path,
      classNames: data.schema?.label.classes ?? [])
    try change(&options)
    self = try ModelImporter.naming(path) {
      try ModelImporter(NetworkFiles.open(path), options: options)
        .model(probing: data.input.encoded(data.prefix(32).inputs), on: NativeBackend())
    }
  }
}

import Foundation
package import Interchange
package import Tensors

extension ModelFile {
  /// Writes a model as an ONNX file.
  ///
  /// The file takes encoded inputs `[N] + input.encodedShape` in the user's units and gives the
  /// logits; its metadata hold what else the model knows.
  ///
  /// - Throws: `InterchangeError` if it cannot be written.
  public static func export(_ model: Model, toONNX path: String) throws {
    try ONNXModelFile.write(
      program: model.program, parameters: model.parameters,
      metadata: metadata(of: model, program: false), to: path)
  }
}

/// What an ONNX file that Assay wrote says of itself.
package struct ExportedDescription: Sendable {
  package let name: String
  package let input: InputSpecification
  package let task: Model.Task
  package let classNames: [String]
  package let gradient: GradientAccess
  package let notes: [String]

  /// Nil for a file of another tool.
  package init?(_ file: any NetworkFile) {
    let metadata = file.metadata
    guard metadata["format"] == ModelFile.format,
      let name = metadata["name"], let task = metadata["task"].flatMap(Model.Task.init),
      let input = Self.decoded(InputSpecification.self, metadata["input"]),
      let classNames = Self.decoded([String].self, metadata["classNames"])
    else { return nil }
    self.name = name
    self.input = input
    self.task = task
    self.classNames = classNames
    gradient = Self.decoded(GradientAccess.self, metadata["gradient"]) ?? .exact
    notes = Self.decoded([String].self, metadata["notes"]) ?? []
  }

  /// The model as it was before it was written: nothing in the file's graph says what its
  /// derivatives are worth.
  package func restored(_ model: Model) -> Model {
    var model = model
    if gradient != .exact { model.gradient = gradient }
    model.notes += notes
    return model
  }

  private static func decoded<Part: Decodable>(_ type: Part.Type, _ text: String?) -> Part? {
    text.flatMap { try? ModelFile.decoder.decode(type, from: Data($0.utf8)) }
  }
}

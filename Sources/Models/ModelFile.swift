import Foundation
package import Interchange
import Programs
import Tensors

/// Models as single files: safetensors whose metadata holds everything but the weights.
public enum ModelFile {
  static let format = "assay-model"
  /// The newest version that this program reads.
  static let version = 2

  /// Writes a model; the file appears only once it is complete.
  ///
  /// - Throws: `InterchangeError` if it cannot be written.
  public static func save(_ model: Model, to path: String) throws {
    try SafetensorsFile(tensors: model.parameters, metadata: metadata(of: model, program: true))
      .write(to: path)
  }

  /// What a file says beside the weights; formats that hold a program themselves need no other.
  static func metadata(of model: Model, program: Bool) throws -> [String: String] {
    var metadata = [
      "format": format,
      "version": "\(oldestVersion(of: model))",
      "name": model.name,
      "input": try json(model.input),
      "task": model.task.rawValue,
      "classNames": try json(model.classNames),
      "trainingRecord": model.trainingRecord,
    ]
    if model.gradient != .exact { metadata["gradient"] = try json(model.gradient) }
    if !model.notes.isEmpty { metadata["notes"] = try json(model.notes) }
    if program { metadata["program"] = try json(model.program) }
    return metadata
  }

  /// The first version whose programs understand the model.
  ///
  /// Those of version 1 would differentiate any program: they have to refuse one whose gradient
  /// says nothing, or says less than it seems.
  private static func oldestVersion(of model: Model) -> Int { model.gradient == .exact ? 1 : 2 }

  /// Reads a model and checks that its parts fit together.
  ///
  /// - Throws: `InterchangeError` or `ModelError`: one sentence that says what is wrong.
  public static func load(from path: String) throws -> Model {
    try model(in: SafetensorsFile(path: path), path: path)
  }

  /// The model in a file that has been read; errors name `path`.
  package static func model(in file: SafetensorsFile, path: String) throws -> Model {
    func text(_ key: String) throws -> String {
      guard let text = file.metadata[key] else {
        throw ModelError(path: path, .notAModel(missing: key))
      }
      return text
    }
    func part<Part: Decodable>(_ key: String, _ type: Part.Type) throws -> Part {
      do {
        return try decoder.decode(type, from: Data(text(key).utf8))
      } catch let error as ModelError {
        throw error
      } catch {
        throw ModelError(path: path, .damaged(part: key, reason: reason(error)))
      }
    }
    func part<Part: Decodable>(_ key: String, else absent: Part) throws -> Part {
      file.metadata[key] == nil ? absent : try part(key, Part.self)
    }
    guard try text("format") == format else {
      throw ModelError(path: path, .notAModel(missing: "format = \(format)"))
    }
    let version = try text("version")
    guard let number = Int(version), number <= Self.version else {
      throw ModelError(path: path, .newerVersion(found: version, known: Self.version))
    }
    guard let task = Model.Task(rawValue: try text("task")) else {
      throw ModelError(path: path, .damaged(part: "task", reason: "is '\(try text("task"))'"))
    }
    let model = Model(
      name: try text("name"), program: try part("program", Program.self),
      parameters: file.tensors, input: try part("input", InputSpecification.self), task: task,
      classNames: try part("classNames", [String].self),
      trainingRecord: try text("trainingRecord"),
      gradient: try part("gradient", else: GradientAccess.exact), notes: try part("notes", else: [])
    )
    do {
      try model.validate()
    } catch let error as ModelError {
      throw ModelError(path: path, error.fact)
    }
    return model
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context),
      DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "cannot be read\(place.isEmpty ? "" : " at '\(place)'"): \(context.debugDescription)"
    default: return "cannot be read: \(error)"
    }
  }
}

extension Model {
  /// Checks that program, parameters, input and classes fit together.
  ///
  /// - Throws: `ModelError` naming the part that does not fit.
  package func validate() throws {
    guard let first = program.inputs.first else {
      throw ModelError(.damaged(part: "program", reason: "takes no inputs"))
    }
    try input.validate()
    guard first.type == ValueType(.float32, [Shape.batch] + input.encodedShape) else {
      throw ModelError(
        .damaged(
          part: "program", reason: "takes \(first.type), but a sample is \(input.encodedShape)"))
    }
    for port in program.inputs.dropFirst() {
      guard let tensor = parameters[port.name] else {
        throw ModelError(.missingParameter(port.name))
      }
      let type = ValueType(tensor.elementType, tensor.shape)
      guard type == port.type else {
        throw ModelError(
          .damaged(part: "tensor '\(port.name)'", reason: "is \(type), expected \(port.type)"))
      }
    }
    let width = task == .classification ? classNames.count : 1
    guard program.outputTypes.first == ValueType(.float32, [Shape.batch, width]), width > 0 else {
      let got = program.outputTypes.first.map { "\($0)" } ?? "nothing"
      throw ModelError(.damaged(part: "program", reason: "makes \(got) for \(width) classes"))
    }
  }
}

extension InputSpecification {
  /// Checks what `init` would trap on: a decoded specification has not gone through it.
  fileprivate func validate() throws {
    let channels = shape.rank == 0 ? 0 : shape[0]
    guard features.count == channels || (features.isEmpty && layout != .table) else {
      throw ModelError(
        .damaged(part: "input", reason: "has \(features.count) features for \(channels) channels"))
    }
    let rank: Int? =
      switch layout {
      case .table: 1
      case .sequence: 2
      case .image: 3
      case .array: nil
      }
    guard rank ?? shape.rank == shape.rank else {
      throw ModelError(.damaged(part: "input", reason: "is a \(layout) of shape \(shape)"))
    }
    guard shape.dimensions.allSatisfy({ (1...1 << 24).contains($0) }) else {
      throw ModelError(.damaged(part: "input", reason: "has the impossible shape \(shape)"))
    }
  }
}

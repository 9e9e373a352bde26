import Datasets
import Execution
import Foundation
import Interchange
import Models
import NativeBackend
import Programs
import Tensors

/// A model as a command uses it, whichever format it came in.
struct LoadedModel {
  let model: Model
  /// What the data must hold: the model's input, but for a model of whole numbers, which begins at
  /// their embedding.
  let dataInput: InputSpecification
  private let imported: ImportedModel?

  init(_ model: Model) {
    self.model = model
    dataInput = model.input
    imported = nil
  }

  init(_ imported: ImportedModel, dataInput: InputSpecification) {
    model = imported.model
    self.dataInput = dataInput
    self.imported = imported
  }

  /// The data as the model takes them.
  ///
  /// - Throws: `UsageError` if they have another shape, or hold a value that the model cannot take.
  func samples(_ dataset: Dataset) throws -> Dataset {
    guard dataset.input.shape == dataInput.shape else {
      throw UsageError(
        "\(dataset.source) holds samples of shape \(dataset.input.shape), but \(model.name) takes "
          + "\(dataInput.shape)")
    }
    var result = try aligned(dataset)
    guard let imported, model.input != dataInput else { return result }
    if let violation = dataInput.firstViolation(in: dataset.inputs) {
      throw UsageError("\(violation)")
    }
    result.inputs = try imported.samples(
      of: dataInput.encoded(dataset.inputs), on: NativeBackend())
    result.input = model.input
    return result
  }

  /// The data with their labels in the order of the model's classes, where both name the same
  /// classes in different orders.
  private func aligned(_ dataset: Dataset) throws -> Dataset {
    guard imported != nil, let labels = dataset.labels, dataset.classNames != model.classNames,
      Set(dataset.classNames) == Set(model.classNames)
    else { return dataset }
    let positions = try dataset.classNames.map { name -> Int64 in
      guard let position = model.classNames.firstIndex(of: name) else {
        throw UsageError("\(model.name) knows no class '\(name)'")
      }
      return Int64(position)
    }
    var result = dataset
    result.labels = Tensor(labels.scalars(of: Int64.self).map { positions[Int($0)] })
    result.classNames = model.classNames
    return result
  }
}

/// Loads models of every format.
struct ModelLoader {
  let path: String
  let settings: ImportSettings
  /// The valid range of every value, where the command line states one.
  let range: ValueRange?

  /// How many samples of the data show how the model behaves.
  private static let probeCount = 32

  /// The model for some data.
  ///
  /// - Throws: `UsageError`, or what reading the file throws, with the file's name.
  func load(for data: DataOptions) throws -> LoadedModel {
    let format = try NetworkFormat(path: path)
    guard format != .safetensors else {
      guard settings.isEmpty else {
        throw UsageError(
          "\(path) is Assay's own model, which says all of this itself: leave out --input, --output, "
            + "--fixed, --layout, --mean, --deviation, --classes and --task")
      }
      var model = try ModelFile.load(from: path)
      if let range { model.input.range = range }
      return LoadedModel(model)
    }
    var (input, probe, classNames) = try data.preview(atMost: Self.probeCount)
    if let range { input.range = range }
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    do {
      let options = try settings.options(for: input, name: name, classNames: classNames)
      let imported = try ModelImporter(NetworkFiles.open(path), options: options)
        .model(probing: probe, on: NativeBackend())
      return LoadedModel(imported, dataInput: input)
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    } catch let error as ModelError {
      throw ModelError(path: path, error.fact)
    }
  }
}

extension DataOptions {
  /// What a sample is, some encoded samples, and the names of the classes that the data state.
  func preview(
    atMost count: Int
  ) throws -> (input: InputSpecification, samples: Tensor?, classNames: [String]) {
    let options = DatasetOptions(schema: schema, allowsUnlabelled: true)
    var pieces = try DatasetReader.pieces(data, rows: count, options: options)
    let input = pieces.input
    guard let piece = try pieces.next(), piece.count > 0,
      input.firstViolation(in: piece.inputs) == nil
    else { return (input, nil, []) }
    return (input, input.encoded(piece.inputs), piece.schema?.label.classes ?? [])
  }
}

import Datasets
import Execution
import Foundation
import Interchange
import Models
import NativeBackend
import Tensors

/// A model as a command uses it, whichever format it came in.
struct LoadedModel {
  let model: Model
  /// What the data must hold: the model's input, but for a model of whole numbers, which begins at
  /// their embedding.
  let dataInput: InputSpecification
  /// The files beside the model's own that it was read from.
  let companions: [String]
  private let imported: ImportedModel?

  init(_ model: Model, companions: [String] = []) {
    self.model = model
    self.companions = companions
    dataInput = model.input
    imported = nil
  }

  init(_ imported: ImportedModel, dataInput: InputSpecification, companions: [String]) {
    model = imported.model
    self.companions = companions
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

  /// The model for the data of a file, which say what a sample is.
  ///
  /// - Throws: `UsageError`, or what reading the file throws, with the file's name.
  func load(data: String, schema: String?) throws -> LoadedModel {
    let format = try NetworkFormat(path: path)
    guard format != .safetensors else {
      try refuseSettings("is Assay's own model, which says all of this itself")
      return LoadedModel(ranged(try ModelFile.load(from: path)))
    }
    let preview = try DataPreview(data: data, schema: schema, range: range)
    do {
      return format == .yaml ? try described(preview) : try imported(preview)
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    } catch let error as ModelError {
      throw ModelError(path: error.path ?? path, error.fact)
    }
  }

  private func ranged(_ model: Model) -> Model {
    var model = model
    if let range { model.input.range = range }
    return model
  }

  private func refuseSettings(_ reason: String) throws {
    guard settings.isEmpty else {
      throw UsageError(
        "\(path) \(reason): leave out --input, --output, --fixed, --layout, --mean, --deviation, "
          + "--classes and --task")
    }
  }

  private func imported(_ preview: DataPreview) throws -> LoadedModel {
    let file = try NetworkFiles.open(path)
    let known = ExportedDescription(file)
    var input = known?.input ?? preview.input
    if let range { input.range = range }
    var options = try settings.options(
      for: input,
      name: known?.name ?? URL(filePath: path).deletingPathExtension().lastPathComponent,
      classNames: known?.classNames ?? preview.classNames)
    options.task = options.task ?? known?.task
    try preview.fix(&options, for: file)
    var imported = try ModelImporter(file, options: options)
      .model(
        probing: known == nil ? preview.samples : nil, on: NativeBackend())
    if let known { imported.model = known.restored(imported.model) }
    // Whole numbers have no range of their own here: what is attacked is their embedding.
    if let range, imported.model.input != input { imported.model.input.range = range }
    return LoadedModel(
      imported, dataInput: input, companions: try NetworkFiles.companions(of: path, file))
  }

  /// A network of layers that a YAML file describes, with weights from another file.
  private func described(_ preview: DataPreview) throws -> LoadedModel {
    try refuseSettings("says how its network is used")
    let description = try NetworkDescription(path: path)
    return LoadedModel(
      try description.model(for: preview.input, classNames: preview.classNames),
      companions: [description.weights])
  }
}

/// What the first samples of some data tell.
struct DataPreview {
  let input: InputSpecification
  /// Encoded samples; nil if one of them is not valid, which reading all of them will say.
  let samples: Tensor?
  /// The classes that the schema states.
  let classNames: [String]

  private let data: String

  /// How many samples show how a model behaves.
  private static let count = 32

  init(data: String, schema: String?, range: ValueRange?) throws {
    self.data = data
    let options = DatasetOptions(schema: schema, allowsUnlabelled: true)
    var pieces = try DatasetReader.pieces(data, rows: Self.count, options: options)
    var input = pieces.input
    if let range { input.range = range }
    let piece = try pieces.next()
    samples = piece.flatMap {
      input.firstViolation(in: $0.inputs) == nil ? input.encoded($0.inputs) : nil
    }
    classNames = piece?.schema?.label.classes ?? []
    self.input = input
  }

  /// Takes the values of other inputs from arrays of their names in the data, where these have any.
  ///
  /// - Throws: `UsageError` if such an array is not the same for every sample.
  func fix(_ options: inout ImportOptions, for file: any NetworkFile) throws {
    let names = Set(file.inputs.map(\.name)).subtracting(["x", "y", options.input ?? ""])
      .subtracting(options.fixedInputs.keys)
    guard let archive = try? NumpyArchiveReader(path: data) else { return }
    for name in archive.names.filter(names.contains) {
      let array = try archive.array(name).readAll()
      options.fixedInputs[name] = try shared(array, name)
    }
  }

  /// An array that holds one value for all samples, or the same for each.
  private func shared(_ array: Tensor, _ name: String) throws -> Tensor {
    guard let samples, array.shape.rank > 0, array.shape[0] > 1,
      array.shape[0] >= samples.shape[0]
    else { return array }
    let first = array.rows(0..<1)
    guard (1..<array.shape[0]).allSatisfy({ array.rows($0..<$0 + 1) == first }) else {
      throw UsageError(
        "the array '\(name)' of \(data) differs between samples: an input beside the audited one must "
          + "have one value for all; audit the samples that share it together, or give it with --fixed"
      )
    }
    return first
  }
}

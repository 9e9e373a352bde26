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

  /// The arrays beside the samples that the data must have.
  var heldInputs: [String] { dataInput.heldInputs.map(\.name) }

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
    return try ModelImporter.naming(path) {
      guard format != .yaml else {
        return try described(DataPreview(data: data, schema: schema))
      }
      let file = try NetworkFiles.open(path)
      return try imported(
        file, DataPreview(data: data, schema: schema, for: file, settings))
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

  private func imported(
    _ file: any NetworkFile, _ preview: DataPreview
  ) throws -> LoadedModel {
    let known = ExportedDescription(file)
    let input = known?.input ?? preview.input
    var options = try settings.options(
      for: input,
      name: known?.name ?? URL(filePath: path).deletingPathExtension().lastPathComponent,
      classNames: known?.classNames ?? preview.classNames)
    options.task = options.task ?? known?.task
    options.fixedInputs.merge(preview.sharedInputs) { stated, _ in stated }
    var imported = try ModelImporter(file, options: options)
      .model(
        probing: known == nil ? preview.samples : nil, on: NativeBackend())
    if let known { imported.model = known.restored(imported.model) }
    imported.model = ranged(imported.model)
    // The range is that of what is attacked: of an embedding, not of the numbers that name it.
    return LoadedModel(
      imported, dataInput: imported.encoder == nil ? imported.model.input : input,
      companions: file.companions)
  }

  /// A network of layers that a YAML file describes, with weights from another file.
  private func described(_ preview: DataPreview) throws -> LoadedModel {
    try refuseSettings("says how its network is used")
    let description = try NetworkDescription(path: path)
    return LoadedModel(
      ranged(try description.model(for: preview.input, classNames: preview.classNames)),
      companions: [description.weights])
  }
}

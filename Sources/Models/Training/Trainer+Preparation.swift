import Foundation
import Interchange
import Programs
import Tensors

extension Trainer {
  /// The number of updates in an epoch.
  var stepsPerEpoch: Int {
    (training.count + configuration.batchSize - 1) / configuration.batchSize
  }

  /// How many samples go through the network together: a function of the configuration alone.
  var microBatch: Int {
    let batch = min(configuration.batchSize, training.count)
    if programs.structure.usesBatchStatistics { return batch }
    if let given = configuration.microBatch { return min(given, batch) }
    // An even number of parts of at most 64 samples: as many for each of two workers. Weights are
    // read, and their gradients summed, once a part (784-256-128-10: 1.14 times as fast as with 32).
    let parts = max((batch + 127) / 128 * 2, 1)
    return batch <= 8 ? batch : (batch + parts - 1) / parts
  }

  /// The head that the loss needs, once data and network are known to fit it.
  static func head(
    _ loss: Loss, _ classNames: [String], _ data: TrainingData, network: Network
  ) throws -> OutputHead {
    let outputs = try network.structure(mode: .inference).output.shape
    guard loss.isClassification else {
      guard data.targets.elementType == .float32 else {
        throw ModelError(.data("this loss is for numbers, but the data have classes"))
      }
      guard outputs.rank == 2, outputs[1] == 1 else {
        throw ModelError(.outputs(expected: "1 value a sample", got: "\(outputs.sample)"))
      }
      let moments = Moments(data.targets, groups: 1)
      let deviation = moments.deviations[0] > 0 ? moments.deviations[0] : 1
      return .regression(mean: moments.means[0], deviation: deviation)
    }
    guard data.targets.elementType == .int64 else {
      throw ModelError(.data("this loss is for classes, but the data have numbers"))
    }
    let labels = data.targets.scalars(of: Int64.self)
    if let wrong = labels.firstIndex(where: { !classNames.indices.contains(Int($0)) }) {
      throw ModelError(
        .data("sample \(wrong) has class \(labels[wrong]), but there are \(classNames.count)"))
    }
    let isBinary = loss == .binaryCrossEntropy && classNames.count == 2
    if isBinary, outputs.rank == 2, outputs[1] == 1 { return .binary }
    guard outputs.rank == 2, outputs[1] == classNames.count else {
      throw ModelError(
        .outputs(expected: "\(classNames.count) values a sample", got: "\(outputs.sample)"))
    }
    return .logits
  }

  static func classWeights(
    _ configuration: TrainingConfiguration, _ classNames: [String], _ data: TrainingData
  ) throws -> [Float] {
    guard configuration.loss.isClassification else { return [] }
    if case .given(let weights) = configuration.classWeights, weights.count != classNames.count {
      throw ModelError(
        .data("\(weights.count) class weights are given for \(classNames.count) classes"))
    }
    return configuration.classWeights.weights(
      labels: data.targets.scalars(of: Int64.self), classCount: classNames.count)
  }

  /// Where training begins, and which parameters a file of initial ones did not have.
  static func initialParameters(
    _ configuration: TrainingConfiguration, _ structure: Network.Structure
  ) throws -> ([Tensor], [String]) {
    let file = try configuration.initialFile.map { try SafetensorsFile(path: $0).tensors }
    var missing: [String] = []
    let values = try structure.parameters.map { parameter -> Tensor in
      if let tensor = file?[parameter.name], tensor.shape == parameter.shape {
        return tensor.converted(to: .float32)
      }
      guard let file else { return parameter.initialValue(seed: configuration.seed) }
      if configuration.frozenLayers.contains(where: { parameter.name.hasPrefix("\($0).") }) {
        let fact: ModelError.Fact =
          file[parameter.name].map {
            .parameterShape(name: parameter.name, expected: parameter.shape, got: $0.shape)
          } ?? .missingParameter(parameter.name)
        throw ModelError(path: configuration.initialFile, fact)
      }
      missing.append(parameter.name)
      return parameter.initialValue(seed: configuration.seed)
    }
    if let path = configuration.initialFile, missing.count == structure.parameters.count {
      throw ModelError(
        path: path, .data("has none of the network's tensors, such as '\(missing.first ?? "")'"))
    }
    return (values, missing)
  }
}

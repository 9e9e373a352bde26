import Models
import Tensors

/// One micro-batch of explained samples under assessment.
struct QualitySubject {
  private let request: AttributionRequest
  private let method: any AttributionMethod
  private let settings: QualityAssessment
  private let input: InputSpecification
  private let cells: FeatureCells
  private let origins: Tensor
  private let attributions: Tensor

  init(
    _ request: AttributionRequest, attributions: Tensor, method: any AttributionMethod,
    settings: QualityAssessment, input: InputSpecification
  ) throws {
    self.request = request
    self.attributions = attributions
    self.method = method
    self.settings = settings
    self.input = input
    cells = FeatureCells(input)
    origins = try settings.baseline.origins(for: request, input: input)
  }

  func figures(
    on model: some Classifier, randomized: some Classifier
  ) throws -> [SampleQuality] {
    let random = try RandomAttribution().attributions(request, on: model).attributions
    let randomizedModel = try method.attributions(request, through: randomized.access)
      .attributions
    let deletion = try curves(.deletion, random, randomizedModel, on: model)
    let insertion = try curves(.insertion, random, randomizedModel, on: model)
    let infidelities = try infidelities(random, on: model)
    let sensitivities = try sensitivities(on: model)
    return zip(scores(attributions), scores(randomizedModel)).enumerated().map { row, pair in
      let (own, other) = (pair.0, pair.1)
      return SampleQuality(
        sample: request.samples[row], deletion: deletion[row], insertion: insertion[row],
        sparseness: Concentration.gini(own), complexity: Concentration.entropy(own),
        infidelity: infidelities?[row], sensitivity: sensitivities?[row],
        randomizationCorrelation: VectorComparison.spearman(
          own.map { abs($0) }, other.map { abs($0) }))
    }
  }

  /// The attributions of each sample's cells.
  private func scores(_ attributions: Tensor) -> [[Double]] {
    let (values, size) = (attributions.doubles, attributions.shape.sample.count)
    return (0..<request.count).map { cells.sums(values[$0 * size..<($0 + 1) * size]) }
  }

  private func curves(
    _ kind: PerturbationCurve.Kind, _ random: Tensor, _ randomizedModel: Tensor,
    on model: some Classifier
  ) throws -> [CurveComparison] {
    let flipping = CellFlipping(
      request, origins: origins, cells: cells, steps: settings.curveSteps)
    let methods = try flipping.curves(kind, scores: scores(attributions), on: model)
    let randoms = try flipping.curves(kind, scores: scores(random), on: model)
    let randomized = try flipping.curves(kind, scores: scores(randomizedModel), on: model)
    return methods.indices.map {
      CurveComparison(
        method: methods[$0], random: randoms[$0], randomizedModel: randomized[$0])
    }
  }

  // MARK: Infidelity

  /// Infidelity under the removal of random cells, drawn anew for each sample.
  private func infidelities(
    _ random: Tensor, on model: some Classifier
  ) throws -> [InfidelityComparison]? {
    guard settings.infidelityDraws > 0 else { return nil }
    let draws = settings.infidelityDraws
    let (inputs, origins) = (request.inputs.floats, origins.floats)
    let size = request.inputs.shape.sample.count
    let removed = request.samples.map(removals)
    let logits = try model.sweepLogits(count: request.count * draws) { index, point in
      let sample = index / draws
      for element in 0..<size { point[element] = inputs[sample * size + element] }
      for element in removed[sample][index % draws] {
        point[element] = origins[sample * size + element]
      }
    }
    let outputs = try model.targetLogits(request.inputs, classes: request.classes)
    return request.classes.indices.map { sample in
      let differences = (0..<draws).map {
        outputs[sample] - logits[sample * draws + $0, request.classes[sample]]
      }
      return comparison(sample, removed[sample], differences, random)
    }
  }

  private func comparison(
    _ sample: Int, _ removed: [[Int]], _ differences: [Double], _ random: Tensor
  ) -> InfidelityComparison {
    // What a slope predicts is the slope times the change; a contribution is itself a change.
    let change = zip(request.inputs.row(sample).doubles, origins.row(sample).doubles).map {
      type(of: method).isContribution ? 1 : $0 - $1
    }
    let own = attributions.row(sample).doubles
    let noise = random.row(sample).doubles
    let error = { (values: [Double]) in
      Infidelity(
        predictions: removed.map { $0.reduce(0) { $0 + values[$1] } }, differences: differences)
    }
    let found = error(zip(own, change).map { $0 * $1 })
    return InfidelityComparison(
      value: found.value, scaled: found.scaled, zero: error(own.map { _ in 0 }).value,
      scaledRandom: error(noise).scaled)
  }

  /// The elements that each draw removes: those of the first cells of a random order.
  private func removals(of sample: Int) -> [[Int]] {
    let count = max(1, Int((settings.removedFraction * Double(cells.count)).rounded()))
    return (0..<settings.infidelityDraws).map { draw in
      var random = RandomStream(
        seed: request.seed, purpose: "infidelity", sample: sample, step: draw)
      var order = Array(0..<cells.count)
      for index in 0..<count {
        order.swapAt(index, .random(in: index..<order.count, using: &random))
      }
      return order.prefix(count).flatMap { cells.members[$0] }
    }
  }

  // MARK: Sensitivity

  /// The largest change of the explanation within a small box around each sample.
  ///
  /// - Source: Yeh et al. 2019, arXiv:1901.09392, definition 3.1.
  private func sensitivities(
    on model: some Classifier
  ) throws -> [MaximumSensitivity]? {
    guard settings.sensitivityDraws > 0 else { return nil }
    let ranges = try NoiseScale.ranges(request, input)
    let predicted = try model.predictions(request.inputs)
    let own = (0..<request.count).map { attributions.row($0).doubles }
    var found = own.map { _ in MaximumSensitivity(value: 0, classChanges: 0) }
    for draw in 0..<settings.sensitivityDraws {
      var changed = request
      changed.inputs = nearby(draw, ranges)
      let moved = try method.attributions(changed, through: model.access).attributions
      let classes = try model.predictions(changed.inputs)
      for row in own.indices {
        let gaps = zip(own[row], moved.row(row).doubles).map { $1 - $0 }
        let length = VectorComparison.length(own[row])
        let change = VectorComparison.length(gaps) / (length > 0 ? length : 1)
        found[row].value = max(found[row].value, change)
        if classes.row(row) != predicted.row(row) { found[row].classChanges += 1 }
      }
    }
    return found
  }

  /// The inputs moved by numbers uniform within the radius.
  private func nearby(_ draw: Int, _ ranges: [[Double]]) -> Tensor {
    let rows = (0..<request.count).flatMap { row in
      var random = RandomStream(
        seed: request.seed, purpose: "sensitivity", sample: request.samples[row], step: draw)
      return zip(request.inputs.row(row).doubles, ranges[row]).map { value, range in
        Float(value + settings.sensitivityRadius * range * (2 * random.uniform() - 1))
      }
    }
    return Tensor(rows, shape: request.inputs.shape)
  }
}

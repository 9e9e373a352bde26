import Models
import Tensors

/// How much the class's logit falls when a window of the input is replaced by a baseline.
///
///     a = F(x) − F(x̃), averaged over the windows that cover an element
///
/// A table's windows are runs of features, a one-hot block counting as one; those of sequences and
/// images take all channels together. The last window is clipped at the border. The effect of a
/// cell is put on the active column of a one-hot block, and shared equally among channels, so that
/// sums over cells are effects.
///
/// - Source: Zeiler and Fergus 2014, arXiv:1311.2901, section 4.2.
struct Occlusion: QueryAttributionMethod {
  static let name = "occlusion"

  var baseline = Baseline.zero
  /// The side of a window in cells; nil: 1 in a table, an eighth of an image, a 16th of a sequence.
  var window: Int?
  /// The distance of neighbouring windows, at most `window`; nil: half of it.
  var stride: Int?

  var baselineName: String? { baseline.description }

  func validate() throws {
    try Self.expect(window ?? 1, atLeast: 1, "window")
    try Self.expect(stride ?? 1, atLeast: 1, "stride")
    guard let window, let stride, stride > window else { return }
    throw ExplanationError.invalidSetting(
      method: Self.name, name: "stride", expected: "at most the window \(window)",
      got: "\(stride)")
  }

  func resolved(for input: InputSpecification) -> Self {
    var method = self
    method.baseline = baseline.resolved(for: input)
    let size = window ?? max(Self.defaultWindow(for: input), stride ?? 1)
    method.window = size
    method.stride = stride ?? max(1, size / 2)
    return method
  }

  private static func defaultWindow(for input: InputSpecification) -> Int {
    switch input.layout {
    case .table, .array: 1
    case .sequence: max(1, input.shape[1] / 16)
    case .image: max(1, min(input.shape[1], input.shape[2]) / 8)
    }
  }

  func attributions(
    _ request: AttributionRequest, on model: some Classifier
  ) throws -> AttributionBatch {
    let cells = FeatureCells(model.input)
    let method = resolved(for: model.input)
    let windows = Self.windows(
      over: cells.grid, size: method.window ?? 1, stride: method.stride ?? 1)
    let origins = try method.baseline.origins(for: request, input: model.input)
    let effects = try effects(of: windows, cells, origins, request, on: model)
    let inputs = request.inputs.floats
    let size = request.inputs.shape.sample.count
    let values = (0..<request.count).flatMap { sample in
      cells.spread(
        average(effects[sample], over: windows, count: cells.count),
        input: inputs[sample * size..<(sample + 1) * size])
    }
    return AttributionBatch(attributions: Tensor(values, shape: request.inputs.shape))
  }

  /// F(x) − F(x̃) of each sample and window, averaged over the sample's baselines.
  private func effects(
    of windows: [[Int]], _ cells: FeatureCells, _ origins: Tensor,
    _ request: AttributionRequest, on model: some Classifier
  ) throws -> [[Double]] {
    let (inputs, origins) = (request.inputs.floats, origins.floats)
    let size = request.inputs.shape.sample.count
    let perSample = origins.count / inputs.count
    let perInput = windows.count * perSample
    let logits = try model.sweepLogits(count: request.count * perInput) { index, point in
      let sample = index / perInput
      let origin = (sample * perSample + index % perSample) * size
      for element in 0..<size { point[element] = inputs[sample * size + element] }
      for cell in windows[index % perInput / perSample] {
        for element in cells.members[cell] { point[element] = origins[origin + element] }
      }
    }
    let outputs = try model.targetLogits(request.inputs, classes: request.classes)
    return (0..<request.count).map { sample in
      windows.indices.map { window in
        let first = (sample * windows.count + window) * perSample
        let sum = (first..<first + perSample).reduce(0) {
          $0 + logits[$1, request.classes[sample]]
        }
        return outputs[sample] - sum / Double(perSample)
      }
    }
  }

  private func average(_ effects: [Double], over windows: [[Int]], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var covers = [Double](repeating: 0, count: count)
    for (effect, window) in zip(effects, windows) {
      for cell in window {
        sums[cell] += effect
        covers[cell] += 1
      }
    }
    return zip(sums, covers).map { $0 / $1 }
  }

  /// The cells of each window: ⌈(n − size) / stride⌉ + 1 positions along an axis of n cells.
  static func windows(over grid: [Int], size: Int, stride: Int) -> [[Int]] {
    var windows: [[Int]] = [[0]]
    for length in grid {
      let positions = (max(length - size, 0) + stride - 1) / stride + 1
      windows = windows.flatMap { prefix in
        (0..<positions).map { position in
          let range = position * stride..<min(position * stride + size, length)
          return prefix.flatMap { cell in range.map { cell * length + $0 } }
        }
      }
    }
    return windows
  }
}

import Programs
import Tensors

/// A value between layers, with the mask of its steps if there is one.
struct KerasTensor {
  var value: Value
  /// Bools `[N, T]`: which steps count.
  var mask: Value?

  init(_ value: Value, mask: Value? = nil) {
    self.value = value
    self.mask = mask
  }
}

/// What a layer is called with, its inputs in place of their origins.
indirect enum KerasInput {
  case tensor(KerasTensor)
  case value(KerasValue)
  case list([KerasInput])

  var tensors: [KerasTensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .list(let list): list.flatMap(\.tensors)
    case .value: []
    }
  }
}

/// A layer that is being called: what its lowering sees.
struct KerasCall {
  let layer: KerasLayer
  let arguments: [KerasInput]
  let keywords: [String: KerasInput]
  let weights: KerasWeights
  let lowering: KerasLowering

  var configuration: KerasConfiguration { layer.configuration }
  var tracer: NetworkTracer { lowering.tracer }
  var builder: ProgramBuilder { lowering.tracer.builder }
  /// The tensors among the arguments, lists of them flattened, with the masks that Keras 3 states.
  var inputs: [KerasTensor] {
    var inputs = arguments.flatMap(\.tensors)
    let masks: [KerasInput]
    switch keywords["mask"] {
    case .list(let list): masks = list
    case .some(let mask): masks = [mask]
    case nil: masks = []
    }
    for (index, mask) in zip(inputs.indices, masks) {
      if case .tensor(let mask) = mask { inputs[index].mask = mask.value }
    }
    return inputs
  }

  /// The type that the layer computes in: half precision is widened, and functions of arrays
  /// follow their first argument.
  var elementType: ElementType {
    if layer.isOperation, let first = arguments.flatMap(\.tensors).first?.value {
      return first.elementType == .float64 ? .float64 : .float32
    }
    return configuration.typeName?.contains("float64") == true ? .float64 : .float32
  }

  func error(_ reason: String) -> KerasLayerError { KerasLayerError(reason) }

  /// - Throws: `KerasLayerError` with the reason unless the condition holds.
  func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
    guard condition else { throw error(reason()) }
  }

  // MARK: Inputs

  func input(_ index: Int = 0) throws -> KerasTensor {
    guard inputs.indices.contains(index) else { throw error("input \(index) is missing") }
    return inputs[index]
  }

  /// An input in the type that the layer computes in.
  func real(_ index: Int = 0) throws -> Value {
    try input(index).value.converted(to: elementType)
  }

  /// An input with a number of axes.
  func real(_ index: Int = 0, rank: Int) throws -> Value {
    let value = try real(index)
    try require(value.shape.rank == rank, "expects \(rank) axes, got \(value.type)")
    return value
  }

  func keyword(_ name: String) -> KerasTensor? { keywords[name]?.tensors.first }

  func flag(keyword name: String) -> Bool {
    if case .value(let value) = keywords[name] {
      value.number.map { $0 != 0 } ?? false
    } else {
      false
    }
  }

  /// An axis that may be counted from the end.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    try require(
      (-rank..<rank).contains(axis), "axis \(axis) does not exist in a value of rank \(rank)")
    return axis < 0 ? axis + rank : axis
  }

  /// The size of an axis that steps or windows pass along.
  func fixedSize(of value: Value, axis: Int) throws -> Int {
    let size = value.shape[axis]
    try require(
      !Shape.isSymbolic(size) && size <= KerasValue.largestInteger,
      "axis \(axis) of \(value.type) must have a fixed size: give the input's shape")
    return size
  }

  // MARK: Weights

  /// A weight of the layer by its number.
  func weight(_ index: Int, _ name: String, rank: Int? = nil) throws -> Value {
    guard let path = try weights.path(index) else {
      throw error("the file has no weights for '\(name)'")
    }
    let value = try lowering.weight(path, in: weights, elementType)
    try require(
      rank == nil || value.shape.rank == rank, "the weights '\(name)' have the type \(value.type)")
    return value
  }

  /// The layer with another's settings and weights: that of a wrapping layer.
  func call(
    _ inner: KerasLayer, _ weights: KerasWeights, _ inputs: [KerasTensor],
    keywords: [String: KerasInput] = [:]
  ) throws -> [KerasTensor] {
    try lowering.call(
      inner, weights: weights, arguments: inputs.map(KerasInput.tensor), keywords: keywords)
  }

  // MARK: Activations

  /// The function that a setting names, after the layer.
  func activated(_ value: Value, _ setting: String = "activation") throws -> Value {
    guard let function = configuration[setting] else { return value }
    return try KerasActivation(function, in: self).apply(value)
  }
}

/// A network as a file describes it: layers, and which of them are called with what.
struct KerasNetwork: Sendable {
  static let classNames: Set<String> = ["Sequential", "Functional", "Model"]

  var name: String
  var layers: [KerasLayer]
  var inputs: [KerasReference]
  var outputs: [KerasReference]
  var isSequential: Bool

  /// - Throws: `InterchangeError.Fact` if the description is incomplete.
  init(_ className: String, _ settings: KerasValue, name: String) throws {
    self.name = settings["name"]?.text ?? name
    isSequential = className == "Sequential"
    // Before version 2.2.3 the settings of a chain were the list of its layers.
    guard let entries = settings.list ?? settings["layers"]?.list else {
      throw InterchangeError.Fact.unsupported(
        format: "Keras",
        ["the network '\(name)' is a class of its own in Python, and its file does not describe it"]
      )
    }
    layers = try entries.map { try KerasLayer($0) }
    inputs = []
    outputs = []
    if isSequential {
      try chain(settings)
    } else {
      inputs = Self.references(settings["input_layers"])
      outputs = Self.references(settings["output_layers"])
    }
    try check()
  }

  /// Calls each layer with the result of the one before.
  private mutating func chain(_ settings: KerasValue) throws {
    if layers.first?.className != "InputLayer" {
      layers.insert(try Self.input(before: layers.first, settings), at: 0)
    }
    for index in layers.indices.dropFirst() {
      let previous = KerasValue.list([.text(layers[index - 1].name), .number(0), .number(0)])
      layers[index].calls = [try KerasLayerCall(.list([previous]))]
    }
    func end(_ layer: KerasLayer?) -> [KerasReference] {
      layer.flatMap { KerasReference(.list([.text($0.name), .number(0), .number(0)])) }
        .map { [$0] } ?? []
    }
    inputs = end(layers.first)
    outputs = end(layers.last)
  }

  /// The input that a chain does not state, with the shape that its first layer names.
  private static func input(
    before first: KerasLayer?, _ settings: KerasValue
  ) throws -> KerasLayer {
    let shape =
      first?.configuration["batch_input_shape"] ?? first?.configuration["batch_shape"]
      ?? first?.network?.inputShape ?? settings["build_input_shape"]
    let isIndex = first?.className == "Embedding"
    let name = first.map { $0.name + "_input" } ?? "input"
    let configuration: [String: KerasValue] = [
      "name": .text(name), "batch_shape": shape ?? .null,
      "dtype": .text(isIndex ? "float32" : first?.configuration.typeName ?? "float32"),
    ]
    return try KerasLayer(
      .object([
        "class_name": .text("InputLayer"), "name": .text(name), "config": .object(configuration),
      ]))
  }

  private var inputShape: KerasValue? {
    layers.first.flatMap {
      $0.configuration["batch_input_shape"] ?? $0.configuration["batch_shape"]
    }
  }

  /// The references in a value: one, a list of them, or a dictionary.
  private static func references(_ value: KerasValue?) -> [KerasReference] {
    value.map { KerasLayerCall.Argument($0).references } ?? []
  }

  private func check() throws {
    func damaged(_ reason: String) -> InterchangeError.Fact {
      .damaged(format: "Keras", "the network '\(name)' \(reason)")
    }
    guard !inputs.isEmpty, !outputs.isEmpty else { throw damaged("has no inputs or no outputs") }
    let names = Set(layers.map(\.name))
    guard names.count == layers.count else { throw damaged("has two layers of one name") }
    for reference in inputs + outputs where !names.contains(reference.layer) {
      throw damaged("names a layer '\(reference.layer)' that it does not have")
    }
  }

  /// The layers, those of networks within and of wrapping layers included.
  func allLayers() throws -> [KerasLayer] {
    try layers.flatMap { layer in
      try [layer] + (layer.network?.allLayers() ?? [])
        + [layer.inner("layer"), layer.inner("backward_layer"), layer.inner("cell")]
        .compactMap { $0 }
    }
  }
}

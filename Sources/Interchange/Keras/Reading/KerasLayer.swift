/// A layer as a file describes it.
struct KerasLayer: Sendable {
  var className: String
  var name: String
  var configuration: KerasConfiguration
  /// The calls of the layer: a layer that is shared has several.
  var calls: [KerasLayerCall]
  /// The layers within, if this is a network itself.
  var network: KerasNetwork?
  /// Whether this is a function of arrays and no layer: such have no weights.
  var isOperation: Bool

  /// A layer from its entry in a description.
  ///
  /// - Throws: `InterchangeError.Fact` if it has no class.
  init(_ value: KerasValue) throws {
    guard let className = value["class_name"]?.text else {
      throw InterchangeError.Fact.damaged(format: "Keras", "a layer has no class")
    }
    let settings = value["config"] ?? .object([:])
    let name = value["name"]?.text ?? settings["name"]?.text ?? className
    // Files named .h5 do not say which is which, but every layer can be trained or not.
    isOperation =
      value["module"]?.text?.contains(".ops.")
      ?? (settings["trainable"] == nil && KerasRegistry.standard.isOperation(className))
    self.className = className
    self.name = name
    configuration = KerasConfiguration(settings)
    calls = try (value["inbound_nodes"]?.list ?? []).map { try KerasLayerCall($0) }
    network =
      KerasNetwork.classNames.contains(className)
      ? try KerasNetwork(className, settings, name: name) : nil
  }

  /// A layer that wraps this one names it by this setting.
  func inner(_ setting: String = "layer") throws -> KerasLayer? {
    guard let value = configuration[setting], value["class_name"] != nil else { return nil }
    return try KerasLayer(value)
  }

  /// The layer as errors name it: "layer 'conv1' (Conv2D)".
  var place: String { "layer '\(name)' (\(className))" }
}

/// A result of a call of a layer.
struct KerasReference: Hashable, Sendable {
  var layer: String
  var call: Int
  var output: Int

  /// The history `[layer, call, output]` of a tensor.
  init?(_ value: KerasValue) {
    guard let list = value.list, list.count == 3 || list.count == 4, let layer = list[0].text,
      let call = list[1].integer, let output = list[2].integer, call >= 0, output >= 0
    else { return nil }
    self.layer = layer
    self.call = call
    self.output = output
  }
}

/// What a layer is called with.
struct KerasLayerCall: Sendable {
  indirect enum Argument: Sendable {
    case reference(KerasReference)
    case value(KerasValue)
    case list([Argument])
  }

  var arguments: [Argument]
  var keywords: [String: Argument]

  /// A call of Keras 3, `{args, kwargs}`, or of its predecessors: a list of
  /// `[layer, call, output, kwargs]`.
  init(_ value: KerasValue) throws {
    if let list = value["args"]?.list {
      arguments = list.map(Argument.init)
      keywords = value["kwargs"]?.object?.mapValues(Argument.init) ?? [:]
      return
    }
    guard let entries = value.list ?? value.object?.sorted(by: { $0.key < $1.key }).map(\.value)
    else { throw InterchangeError.Fact.damaged(format: "Keras", "a layer's inputs are no list") }
    let inputs = try entries.map { entry in
      guard let reference = KerasReference(entry) else {
        throw InterchangeError.Fact.damaged(format: "Keras", "a layer's input has no origin")
      }
      return Argument.reference(reference)
    }
    arguments = [inputs.count == 1 ? inputs[0] : .list(inputs)]
    let settings = entries.first?.list?.dropFirst(3).first?.object ?? [:]
    keywords = settings.mapValues(Argument.init)
  }

  /// All results of other calls that this one needs.
  var references: [KerasReference] {
    (arguments + keywords.sorted { $0.key < $1.key }.map(\.value)).flatMap(\.references)
  }
}

extension KerasLayerCall.Argument {
  init(_ value: KerasValue) {
    if value["class_name"]?.text == "__keras_tensor__",
      let history = value["config"]?["keras_history"], let reference = KerasReference(history)
    {
      self = .reference(reference)
    } else if let reference = KerasReference(value) {
      self = .reference(reference)
    } else if let list = value.list {
      self = .list(list.map(Self.init))
    } else if let object = value.object, object["class_name"] == nil {
      // Keras takes the members of a dictionary in the order of their names.
      self = .list(object.sorted { $0.key < $1.key }.map { Self($0.value) })
    } else {
      self = .value(value)
    }
  }

  var references: [KerasReference] {
    switch self {
    case .reference(let reference): [reference]
    case .list(let list): list.flatMap(\.references)
    case .value: []
    }
  }
}

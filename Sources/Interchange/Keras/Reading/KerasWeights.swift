import Tensors

/// Where the weights of a layer lie in a file.
enum KerasWeights {
  /// Keras 3: a tree of groups that follows the layers' parts, variables numbered in `vars`.
  case tree(HDF5File, path: String)
  /// Before, and in files named `.h5`: a list of paths for each layer of the outermost network.
  case list(HDF5File, paths: [String])
  /// None at all: that of functions of arrays.
  case absent

  /// The place of a variable of the layer itself, by its number; nil if there is none.
  func path(_ index: Int) throws -> String? {
    switch self {
    case .tree(let file, let path):
      let name = "\(path)/vars/\(index)"
      return try file.kind(of: name) == .dataset ? name : nil
    case .list(_, let paths):
      return paths.indices.contains(index) ? paths[index] : nil
    case .absent: return nil
    }
  }

  /// The number of variables of the layer itself.
  var count: Int {
    get throws {
      switch self {
      case .tree(let file, let path): try file.members(of: path + "/vars").count
      case .list(_, let paths): paths.count
      case .absent: 0
      }
    }
  }

  func tensor(at path: String) throws -> Tensor {
    switch self {
    case .tree(let file, _), .list(let file, _): return try file.tensor(path)
    case .absent: throw KerasLayerError("has no weights")
    }
  }

  /// The weights of a part of the layer: a list holds those of all parts, equally many of each.
  func part(_ name: String, _ index: Int = 0, of count: Int = 1) -> KerasWeights {
    switch self {
    case .tree(let file, let path): return .tree(file, path: "\(path)/\(name)")
    case .list(let file, let paths):
      let share = paths.count / count
      return .list(file, paths: Array(paths[share * index..<share * (index + 1)]))
    case .absent: return .absent
    }
  }

  /// The weights of each layer of a network, by the layers' names.
  func layers(of network: KerasNetwork) throws -> [String: KerasWeights] {
    switch self {
    case .tree(let file, let path):
      let folder =
        try ["layers", "_layer_checkpoint_dependencies"].map { "\(path)/\($0)" }
        .first { try file.kind(of: $0) != nil } ?? path + "/layers"
      return KerasNames(network).groups.mapValues { .tree(file, path: "\(folder)/\($0)") }
    case .list(let file, let paths):
      return Dictionary(
        uniqueKeysWithValues: network.layers.map { layer in
          let own = paths.filter { path in
            path.split(separator: "/").dropLast().contains { $0 == layer.name }
          }
          return (layer.name, .list(file, paths: own))
        })
    case .absent: return [:]
    }
  }
}

/// The groups of Keras 3 for the layers of a network.
///
/// They are named after the layers' classes and numbered, whatever the layers' own names are.
struct KerasNames {
  private(set) var groups: [String: String] = [:]

  init(_ network: KerasNetwork) {
    var used: [String: Int] = [:]
    for layer in network.layers where !layer.isOperation {
      if network.isSequential, layer.className == "InputLayer" { continue }
      let base = Self.snakeCase(layer.className)
      let number = used[base].map { $0 + 1 } ?? 0
      used[base] = number
      groups[layer.name] = number == 0 ? base : "\(base)_\(number)"
    }
  }

  /// The name of a class as Keras spells names of objects: "leaky_re_lu" for LeakyReLU.
  static func snakeCase(_ name: String) -> String {
    name.filter { $0.isLetter || $0.isNumber || $0 == "_" }
      .replacing(/(.)([A-Z][a-z]+)/) { "\($0.output.1)_\($0.output.2)" }
      .replacing(/([a-z])([A-Z])/) { "\($0.output.1)_\($0.output.2)" }
      .lowercased()
  }
}

import Foundation
import Interchange
import Tensors

/// A training's state in a file, from which a killed run goes on.
struct Checkpoint {
  let path: String
  /// What the state belongs to: configuration and data.
  let fingerprint: UInt64
  let structure: Network.Structure
  let trained: [Int]

  private static let format = "assay-checkpoint"

  /// Writes the state; the file holds the old or the new state at any moment.
  func save(_ state: TrainingState) throws {
    var tensors: [String: Tensor] = [:]
    func put(_ prefix: String, _ values: [Tensor]) {
      for (parameter, tensor) in zip(structure.parameters, values) {
        tensors["\(prefix)/\(parameter.name)"] = tensor
      }
    }
    put("parameter", state.parameters)
    if let average = state.average { put("average", average) }
    if let best = state.best { put("best", best) }
    for (index, slots) in zip(trained, state.slots) {
      for (slot, tensor) in slots.enumerated() {
        tensors["slot\(slot)/\(structure.parameters[index].name)"] = tensor
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let progress = String(decoding: try encoder.encode(state.progress), as: UTF8.self)
    let metadata = [
      "format": Self.format, "fingerprint": String(fingerprint, radix: 16), "progress": progress,
    ]
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
  }

  /// Reads the state, nil if there is no file.
  ///
  /// - Throws: `InterchangeError` for a damaged file, `ModelError` for another training's.
  func load(slotCount: Int) throws -> TrainingState? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile(path: path)
    guard file.metadata["format"] == Self.format, let text = file.metadata["progress"] else {
      throw ModelError(path: path, .notAModel(missing: "progress"))
    }
    guard file.metadata["fingerprint"] == String(fingerprint, radix: 16) else {
      throw ModelError(path: path, .otherTraining)
    }
    func get(_ prefix: String, _ index: Int) throws -> Tensor {
      let parameter = structure.parameters[index]
      guard let tensor = file.tensors["\(prefix)/\(parameter.name)"],
        tensor.shape == parameter.shape, tensor.elementType == .float32
      else { throw ModelError(path: path, .missingParameter("\(prefix)/\(parameter.name)")) }
      return tensor
    }
    func all(_ prefix: String) throws -> [Tensor]? {
      guard file.tensors.keys.contains(where: { $0.hasPrefix("\(prefix)/") }) else { return nil }
      return try structure.parameters.indices.map { try get(prefix, $0) }
    }
    var state = TrainingState(
      parameters: try structure.parameters.indices.map { try get("parameter", $0) },
      slots: try trained.map { index in
        try (0..<slotCount).map { try get("slot\($0)", index) }
      })
    state.average = try all("average")
    state.best = try all("best")
    do {
      state.progress = try JSONDecoder().decode(
        TrainingState.Progress.self, from: Data(text.utf8))
    } catch {
      throw ModelError(path: path, .damaged(part: "progress", reason: "cannot be read"))
    }
    return state
  }
}

/// A running 64-bit FNV-1a hash: tells trainings apart, and is no protection against intent.
struct Fingerprint {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func absorb(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}

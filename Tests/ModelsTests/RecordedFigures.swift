import Foundation
import Interchange
import Tensors
import Testing

/// The figures that `scripts/record-layers.py` recorded with PyTorch.
struct RecordedFigures {
  let tensors: [String: Tensor]

  init() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("fixtures/layers/pytorch.safetensors").path
    tensors = try SafetensorsFile(path: path).tensors
  }

  func callAsFunction(_ name: String) throws -> Tensor {
    try #require(tensors[name], "no figure '\(name)'")
  }

  /// The tensors under a prefix, by the rest of their names.
  func under(_ prefix: String) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) {
      result[String(name.dropFirst(prefix.count))] = tensor
    }
    return result
  }
}

/// The largest difference of two tensors relative to the larger one's largest element or 1.
///
/// Every equation of the reference backend rounds to float32, and so do the recorded figures: a few
/// dozen such roundings stay below 1e-5.
func relativeDifference(_ left: Tensor, _ right: Tensor) -> Double {
  guard left.shape == right.shape else { return .infinity }
  let scale = right.doubles.reduce(1) { max($0, abs($1)) }
  return zip(left.doubles, right.doubles).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
}

import Interchange
public import Tensors

/// Named tensors in a safetensors file, such as Python writes a network's weights.
///
///     let weights = try WeightsFile.read("digits_cnn.safetensors")
///     let model = try network.model(name: "digits", input: …, classNames: …, parameters: weights)
public enum WeightsFile {
  /// Reads every tensor; half-precision numbers become float32, small integers int32.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  public static func read(_ path: String) throws -> [String: Tensor] {
    try SafetensorsFile(path: path).tensors
  }
}

/// What is wrong with a file in an outside format.
public struct InterchangeError: Error, Hashable, Sendable {
  public enum Fact: Error, Hashable, Sendable {
    case unreadable(reason: String)
    case cannotWrite(reason: String)
    case unknownFormat(String)
    /// Pickles: TorchScript, PyTorch and scikit-learn files.
    case runsCode
    case notSafetensors(String)
    case badHeader(String)
    case badTensor(String, String)
    /// The bytes are not what the format asks for.
    case damaged(format: String, String)
    /// What the file asks for that Assay does not do, each with what to do about it.
    case unsupported(format: String, [String])
    /// A node or layer that does not fit what it is given.
    case node(String, reason: String)
    /// What a caller asks for that the file does not have.
    case request(String)
  }

  public var path: String
  public var fact: Fact

  public init(path: String, _ fact: Fact) {
    self.path = path
    self.fact = fact
  }
}

extension InterchangeError: CustomStringConvertible {
  public var description: String { "\(path): \(fact)" }
}

extension InterchangeError.Fact: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): reason
    case .unknownFormat(let found): "is \(found)"
    case .runsCode:
      "is a pickle (PyTorch, TorchScript or scikit-learn), and opening one runs the code in it: "
        + "export the model in Python with torch.onnx.export(model, sample, \"model.onnx\") or "
        + "skl2onnx.to_onnx(model, sample) and give that file"
    case .notSafetensors(let reason): "is not a safetensors file: \(reason)"
    case .badHeader(let reason): "has a damaged safetensors header: \(reason)"
    case .badTensor(let name, let reason): "the tensor '\(name)' is damaged: \(reason)"
    case .damaged(let format, let reason): "is no valid \(format) file: \(reason)"
    case .unsupported(let format, let parts):
      "this \(format) file asks for what Assay does not support:\n"
        + parts.map { "  - \($0)" }.joined(separator: "\n")
    case .node(let name, let reason): "\(name): \(reason)"
    case .request(let reason): reason
    }
  }
}

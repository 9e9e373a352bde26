/// What is wrong with a file in an outside format.
public struct InterchangeError: Error, Hashable, Sendable {
  public enum Fact: Error, Hashable, Sendable {
    case unreadable(reason: String)
    case cannotWrite(reason: String)
    case notSafetensors(String)
    case badHeader(String)
    case badTensor(String, String)
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
    case .notSafetensors(let reason): "is not a safetensors file: \(reason)"
    case .badHeader(let reason): "has a damaged safetensors header: \(reason)"
    case .badTensor(let name, let reason): "the tensor '\(name)' is damaged: \(reason)"
    }
  }
}

import Interchange
import Tensors

/// Which part of a sample goes to which input of a network.
struct InputParts {
  /// The audited input comes first.
  let parts: [InputPart]
  private let unused: [String]

  /// - Throws: `InterchangeError.Fact` if it is not clear which input is audited, `ModelError` if
  ///   samples do not fit it.
  init(_ file: any NetworkFile, _ options: ImportOptions) throws {
    let sample = options.sample
    let held = sample.heldInputs.filter { held in file.inputs.contains { $0.name == held.name } }
    // A sample whose held inputs the file does not know goes to one input as it is.
    let audited = held.isEmpty ? sample : sample.audited
    let heldNames = Set(held.map(\.name))
    let free = file.inputs.filter {
      options.fixedInputs[$0.name] == nil && !heldNames.contains($0.name)
    }
    let choice = try InputChoice(file, free: free, named: options.input)
    switch choice.port(for: audited) {
    case .one(let port):
      unused = []
      let first = try InputPart(port, .audited, audited, arrangement: options.arrangement)
      parts = [first] + (try Self.held(held, file, sample))
    case .features(let ports):
      unused = audited.features.indices.filter { ports[$0] == nil }
        .map { audited.features[$0].name }
      let features = try ports.sorted { $0.key < $1.key }.map { index, port in
        try InputPart(
          port, .feature(audited.encodedBlocks[index]), .table([audited.features[index]]),
          arrangement: .automatic)
      }
      parts = features + (try Self.held(held, file, sample))
    case nil:
      throw choice.refusal
    }
    try checkNamedSizes()
  }

  /// Axes of one name have one size, as those of sentences and their masks.
  private func checkNamedSizes() throws {
    var sizes: [String: (size: Int, input: String)] = [:]
    for part in parts where part.adaptation.batch != 0 {
      let dimensions = (part.port.dimensions ?? []).dropFirst()
      for case (.named(let name), let size) in zip(
        dimensions, part.adaptation.networkShape.dimensions)
      {
        let first = sizes[name] ?? (size, part.port.name)
        guard first.size == size else {
          throw ModelError(
            .data(
              "the inputs '\(first.input)' and '\(part.port.name)' must agree in '\(name)', but it is "
                + "\(first.size) in one and \(size) in the other"))
        }
        sizes[name] = first
      }
    }
  }

  /// The held inputs, by name, where samples of another kind hold them.
  func heldParts(in sample: InputSpecification) throws -> [String: InputPart] {
    let names = Set(sample.heldInputs.map(\.name))
    let found = try parts.filter { names.contains($0.port.name) }.map { part in
      try InputPart(
        part.port, .held(sample.heldRows(of: part.port.name)), part.specification,
        arrangement: .automatic)
    }
    return Dictionary(uniqueKeysWithValues: found.map { ($0.port.name, $0) })
  }

  private static func held(
    _ held: [HeldInput], _ file: any NetworkFile, _ sample: InputSpecification
  ) throws -> [InputPart] {
    try held.compactMap { input in
      guard let port = file.inputs.first(where: { $0.name == input.name }) else { return nil }
      return try InputPart(
        port, .held(sample.heldRows(of: input.name)),
        InputSpecification(layout: .array, shape: input.shape), arrangement: .automatic)
    }
  }

  /// The input that is audited, or the first of several.
  var audited: InputPart { parts[0] }

  subscript(name: String) -> InputPart? { parts.first { $0.port.name == name } }

  /// The shapes for which the network is lowered; nil where an input has no axis for N samples.
  func shapes(isMapped: Bool) -> [String: Shape]? {
    var result: [String: Shape] = [:]
    for part in parts {
      guard let shape = part.shape(isMapped: isMapped) else { return nil }
      result[part.port.name] = shape
    }
    return result
  }

  /// Whether the file states how many samples there are at a time.
  var statesBatch: Bool { parts.contains { $0.adaptation.batch != nil } }

  /// What a reader should know, a sentence each.
  var notes: [String] {
    var result = parts.compactMap { $0.adaptation.note(for: $0.specification) }
    let held = parts.filter(\.isHeld).map { "'\($0.port.name)'" }
    if !held.isEmpty {
      result.append(
        "Inputs that each sample brings along and that are neither attacked nor explained: "
          + held.joined(separator: ", ") + ".")
    }
    if !unused.isEmpty {
      result.append(
        "The network has no input for: \(unused.map { "'\($0)'" }.joined(separator: ", ")).")
    }
    return result
  }
}

/// Which input of a network is audited.
private struct InputChoice {
  enum Answer {
    case one(NetworkPort)
    /// A network that takes a table feature by feature: the inputs of some features.
    case features([Int: NetworkPort])
  }

  private let free: [NetworkPort]
  private let named: NetworkPort?
  private let all: String

  init(_ file: any NetworkFile, free: [NetworkPort], named name: String?) throws {
    all = file.inputs.map { "'\($0.name)' (\($0))" }.joined(separator: ", ")
    self.free = free
    named = file.inputs.first { $0.name == name }
    if let name, named == nil {
      throw InterchangeError.Fact.request("there is no input '\(name)'; the model has \(all)")
    }
  }

  /// The answer for samples; nil if there are several.
  func port(for sample: InputSpecification) -> Answer? {
    if let named { return free.allSatisfy { $0.name == named.name } ? .one(named) : nil }
    if free.count == 1 { return .one(free[0]) }
    guard sample.layout == .table, !free.isEmpty else { return nil }
    var ports: [Int: NetworkPort] = [:]
    for port in free {
      let matching = sample.features.indices.filter {
        sample.features[$0].name.isSameWord(as: port.name)
      }
      guard matching.count == 1, ports[matching[0]] == nil else { return nil }
      ports[matching[0]] = port
    }
    return .features(ports)
  }

  var refusal: InterchangeError.Fact {
    guard !free.isEmpty else {
      return .request("every input has a value: name the one that is audited")
    }
    return .request(
      "the model takes \(all): choose the one that is audited with --input, and give the others as "
        + "arrays of their names, in the data a value a sample, or one for all with --fixed FILE.npz"
    )
  }
}

extension String {
  /// Whether two names differ in no more than case and signs, which exporters change.
  fileprivate func isSameWord(as other: String) -> Bool {
    self == other || (!alphanumerics.isEmpty && alphanumerics == other.alphanumerics)
  }

  private var alphanumerics: String { lowercased().filter { $0.isLetter || $0.isNumber } }
}

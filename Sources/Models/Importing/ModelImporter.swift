public import Execution
package import Interchange
import Programs
public import Tensors

/// Makes a model of a network that another tool trained.
///
/// Samples of any number go through a program at once. Where the file leaves its batch axis open, or
/// states one that turns out not to matter, the network is lowered for N samples; where it does
/// matter, the network is lowered as the file says and mapped over the samples.
public struct ModelImporter: Sendable {
  private let file: any NetworkFile
  private let options: ImportOptions

  package init(_ file: any NetworkFile, options: ImportOptions) {
    self.file = file
    self.options = options
  }

  /// The network as a model that takes samples in the user's units.
  ///
  /// - Parameters:
  ///   - probe: At least two encoded samples. They show that samples do not influence each other,
  ///     and that a batch size which the file states does not matter; without them, nothing is
  ///     taken for granted.
  ///   - backend: Where the probe runs.
  /// - Returns: The model, and what turns data into its samples.
  /// - Throws: `InterchangeError.Fact`, `ModelError` or `ProgramError`: what does not fit.
  public func model(probing probe: Tensor?, on backend: any Backend) throws -> ImportedModel {
    let imported = try lowered(probing: probe, on: backend)
    guard let probe, !options.assumesProbabilities,
      try imported.makesProbabilities(of: probe, on: backend)
    else { return imported }
    var options = options
    options.assumesProbabilities = true
    return try ModelImporter(file, options: options).lowered(probing: probe, on: backend)
  }

  private func lowered(
    probing probe: Tensor?, on backend: any Backend
  ) throws -> ImportedModel {
    let port = try InputChoice(file, options).port
    let input = try InputAdaptation(
      port, for: options.sample, arrangement: options.arrangement)
    let candidate = try lowered(port, input)
    guard let probe, probe.shape[0] >= 2 else {
      return try candidate.isMapped ? candidate.model() : mapped(port, input).model()
    }
    let check = IndependenceCheck(probe.rows(0..<2), backend)
    if candidate.isMapped || input.batch == nil {
      if !candidate.isMapped, let failure = try check.failure(of: candidate.model()) {
        throw ModelError(.data(failure))
      }
      return try candidate.model()
    }
    let reference = try mapped(port, input)
    return try check.agree(candidate.model(), reference.model())
      ? candidate.model() : reference.model()
  }

  /// The network for N samples where that is possible, and else mapped over them.
  private func lowered(_ port: NetworkPort, _ input: InputAdaptation) throws -> LoweredNetwork {
    guard input.batch != 0 else { return try mapped(port, input) }
    do {
      let shape = [Shape.batch] + input.networkShape
      let lowered = try LoweredNetwork(
        file, port: port, shape: shape, adaptation: input, options: options, isMapped: false)
      _ = try lowered.model()
      return lowered
    } catch {
      // What does not work for N samples may work for one; if not, that error says more.
      do { return try mapped(port, input) } catch let second {
        throw input.batch == nil && !(second is InterchangeError.Fact) ? error : second
      }
    }
  }

  private func mapped(_ port: NetworkPort, _ input: InputAdaptation) throws -> LoweredNetwork {
    let rows = input.batch ?? 1
    let shape = rows == 0 ? input.networkShape : [rows] + input.networkShape
    return try LoweredNetwork(
      file, port: port, shape: shape, adaptation: input, options: options, isMapped: true)
  }
}

/// Which input samples go to.
private struct InputChoice {
  let port: NetworkPort

  init(_ file: any NetworkFile, _ options: ImportOptions) throws {
    let free = file.inputs.filter { options.fixedInputs[$0.name] == nil }
    let names = file.inputs.map { "'\($0.name)' (\($0))" }.joined(separator: ", ")
    if let name = options.input {
      guard let port = file.inputs.first(where: { $0.name == name }) else {
        throw InterchangeError.Fact.request("there is no input '\(name)'; the model has \(names)")
      }
      self.port = port
    } else {
      guard let first = free.first else {
        throw InterchangeError.Fact.request("every input has a value: name the one that is audited")
      }
      port = first
    }
    let others = free.filter { $0.name != port.name }
    guard others.isEmpty else {
      throw InterchangeError.Fact.request(
        "the model takes \(names): choose the one that is audited with --input, and give the others "
          + "as arrays of their names with --fixed FILE.npz")
    }
  }
}

/// Whether samples go through a model without influencing each other.
private struct IndependenceCheck {
  private let samples: Tensor
  private let backend: any Backend

  init(_ samples: Tensor, _ backend: any Backend) {
    self.samples = samples
    self.backend = backend
  }

  /// Why a model cannot be used for several samples at once; nil if it can.
  func failure(of model: ImportedModel) throws -> String? {
    let together = try outputs(model, samples)
    let first = try outputs(model, samples.rows(0..<1))
    let second = try outputs(model, samples.rows(1..<2))
    guard !isClose(together, Tensor.concatenated([first, second])) else { return nil }
    return
      "a sample's output depends on the sample beside it: the first axis of the input is not the "
      + "batch; if one sample is the whole input, say --layout unbatched"
  }

  func agree(_ model: ImportedModel, _ reference: ImportedModel) throws -> Bool {
    do {
      return try isClose(outputs(model, samples), outputs(reference, samples))
    } catch is ExecutionError {
      return false
    }
  }

  private func outputs(_ imported: ImportedModel, _ inputs: Tensor) throws -> Tensor {
    try imported.outputs(of: inputs, on: backend)
  }

  /// Whether two results agree but for the order of sums.
  private func isClose(_ left: Tensor, _ right: Tensor) -> Bool {
    guard left.shape == right.shape else { return false }
    let (left, right) = (left.doubles, right.doubles)
    let scale = right.map { $0.isFinite ? abs($0) : 0 }.max() ?? 0
    return zip(left, right).allSatisfy { $0 == $1 || abs($0 - $1) <= 1e-4 * scale + 1e-6 }
  }
}

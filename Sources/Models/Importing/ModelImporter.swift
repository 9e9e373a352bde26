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

  /// Gives errors about a network the name of its file.
  ///
  /// - Throws: `InterchangeError` or `ModelError` in place of what has no name yet.
  public static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fact as InterchangeError.Fact {
      throw InterchangeError(path: path, fact)
    } catch let error as ModelError {
      throw ModelError(path: error.path ?? path, error.fact)
    }
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
    let parts = try InputParts(file, options)
    let candidate = try candidate(parts)
    guard let probe, probe.shape[0] >= 2 else {
      return candidate.isMapped ? candidate.model : try mapped(parts)
    }
    let check = IndependenceCheck(probe.rows(0..<2), backend)
    guard !candidate.isMapped else { return candidate.model }
    guard parts.statesBatch else {
      if let failure = try check.failure(of: candidate.model) {
        throw ModelError(.data(failure))
      }
      return candidate.model
    }
    let reference = try mapped(parts)
    return try check.agree(candidate.model, reference) ? candidate.model : reference
  }

  /// The network for N samples where that is possible, and else mapped over them.
  private func candidate(_ parts: InputParts) throws -> (model: ImportedModel, isMapped: Bool) {
    guard parts.shapes(isMapped: false) != nil else { return (try mapped(parts), true) }
    do {
      let lowered = try LoweredNetwork(file, parts: parts, options: options, isMapped: false)
      return (try lowered.model(), false)
    } catch {
      // What does not work for N samples may work for one; if not, that error says more.
      do { return (try mapped(parts), true) } catch let second {
        throw !parts.statesBatch && !(second is InterchangeError.Fact) ? error : second
      }
    }
  }

  private func mapped(_ parts: InputParts) throws -> ImportedModel {
    try LoweredNetwork(file, parts: parts, options: options, isMapped: true).model()
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

import Audits
import Execution
import Models
import Programs
import Synchronization
import Tensors

/// Models that hide what a gradient attack needs; unmasked, each is the plain one.
enum MaskedModel: String, CaseIterable, CustomStringConvertible {
  case quantisedInput = "a quantised input"
  case enlargedLogits = "logits times ten thousand"
  case stochasticLogits = "stochastic logits"
  case staircaseActivation = "a staircase activation"
  case saturatedSoftmax = "a saturated softmax"
  case kinks = "kinks that point down"
  case scatteredKinks = "kinks that point anywhere"

  var description: String { rawValue }

  /// The warning meant for the mask.
  var flag: String {
    switch self {
    case .quantisedInput, .enlargedLogits, .staircaseActivation: "zero-gradient"
    case .stochasticLogits: "answers-differ"
    case .saturatedSoftmax: "saturated-softmax"
    case .kinks, .scatteredKinks: "loss-does-not-rise"
    }
  }

  var backend: any Backend { self == .stochasticLogits ? NoisyLogits() : ReferenceBackend() }

  func logits(_ x: Value, _ weight: Value) -> Value {
    switch self {
    case .quantisedInput: Self.plain((x * 32).rounded() / 32, weight)
    case .enlargedLogits: Self.plain(x, weight) * 1e4
    case .stochasticLogits: Self.plain(x, weight)
    case .staircaseActivation: (Self.hidden(x, weight) * 8).floor() / 8 * 2
    case .saturatedSoftmax: (Self.plain(x, weight) * 1e4).softmax(axis: 1)
    case .kinks: Self.plain(x - Self.teeth(x, per: 512, share: 31 / 32) * 2, weight)
    case .scatteredKinks: Self.plain(x + Self.teeth(x, per: 512, share: 1 / 2) * 4, weight)
    }
  }

  static func plain(_ x: Value, _ weight: Value) -> Value { hidden(x, weight) * 2 }

  private static func hidden(_ x: Value, _ weight: Value) -> Value {
    x.linear(weight: weight).hyperbolicTangent()
  }

  /// Teeth of slope 1 over a share of each period, then as far down again: an amplitude of the
  /// share of a period at most.
  private static func teeth(_ x: Value, per unit: Double, share: Double) -> Value {
    let phase = x * unit - (x * unit).floor()
    return (phase - (phase - share).relu() * (1 / (1 - share))) / unit
  }
}

/// The reference backend with numbers added to logits that are never the same twice.
final class NoisyLogits: Backend {
  private let calls = Mutex(0)
  var description: String { "noisy logits" }

  func compile(_ program: Program) throws -> any Executable {
    Noisy(
      inner: try ReferenceBackend().compile(program),
      isNoisy: program.outputNames.map { $0 == "logits" }, backend: self)
  }

  private struct Noisy: Executable {
    let inner: any Executable
    let isNoisy: [Bool]
    let backend: NoisyLogits

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
      let call = backend.calls.withLock { calls in
        calls += 1
        return calls
      }
      var random = RandomStream(seed: UInt64(call), purpose: "noisy logits")
      return try zip(inner(inputs), isNoisy).map { result, isNoisy in
        isNoisy ? result + random.normal(result.shape) * 0.05 : result
      }
    }
  }
}

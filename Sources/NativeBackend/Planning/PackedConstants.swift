import Synchronization
import Tensors

/// Constants in the form that a step reads, shared by all programs that were made of one tensor.
///
/// A model is compiled once for each attack, each explanation and each batch size; its weights are
/// packed once for all of them (resnet18: 90 MB each way).
final class PackedConstants: Sendable {
  static let shared = PackedConstants()

  /// What was made of which memory.
  private struct Key: Hashable, Sendable {
    let source: ObjectIdentifier
    let form: Form
  }

  /// The form of a constant.
  enum Form: Hashable, Sendable {
    /// The panels of a right operand.
    case panels(depth: Int, columns: Int, isTransposed: Bool)
    /// The matrices of a transformed kernel.
    case tiles(tile: Int, kernel: Int, inputs: Int, outputs: Int, strides: [Int])
  }

  /// Both only as long as others use them.
  ///
  /// A plan keeps the program with its tensors, so that what was packed never outlives what it was
  /// made of.
  private struct Entry: Sendable {
    weak let source: TensorStorage?
    weak let packed: ConstantMemory?
  }

  private let entries = Mutex<[Key: Entry]>([:])

  private init() {}

  /// The constant in a form, made unless a living program has it.
  func memory(
    _ form: Form, of source: ConstantMemory, make: () -> ConstantMemory
  ) -> ConstantMemory {
    let key = Key(source: ObjectIdentifier(source.storage), form: form)
    if let entry = entries.withLock({ $0[key] }), entry.source === source.storage,
      let packed = entry.packed
    {
      return packed
    }
    let made = make()
    entries.withLock { entries in
      entries = entries.filter { $0.value.packed != nil }
      entries[key] = Entry(source: source.storage, packed: made)
    }
    return made
  }
}

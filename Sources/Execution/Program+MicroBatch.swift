public import Programs
import Tensors

extension Program {
  /// How many samples a worker should take through the program at once: a power of two up to 256.
  ///
  /// As many as a second-level cache of 1 MiB holds at the program's most crowded moment; up to 16,
  /// beyond that, where so few samples would spend their time on reading the parameters. It is a
  /// function of the program alone, so that no result depends on the machine.
  public var microBatchSize: Int {
    guard isSymbolic else { return 1 }
    let sample = max(peakByteCountPerSample, 1)
    let forCache = (1 << 20) / sample
    let forParameters = min(2 * fixedByteCount / sample, 16)
    let wanted = min(max(forCache, forParameters, 1), 256)
    return 1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount)
  }

  /// The memory of the constants and of the inputs that all samples share.
  private var fixedByteCount: Int {
    let constants = equations.filter { if case .constant = $0.primitive { true } else { false } }
    let types = constants.map(\.type) + inputs.map(\.type).filter { !$0.shape.isSymbolic }
    return types.reduce(0) { $0 + $1.shape.count * $1.elementType.byteCount }
  }

  /// The largest sum of one sample's values that are needed at the same time.
  private var peakByteCountPerSample: Int {
    var lastReader = Array(0..<valueCount)
    for (index, equation) in equations.enumerated() {
      for operand in equation.operands { lastReader[operand] = inputs.count + index }
    }
    for output in outputs { lastReader[output] = valueCount }
    var released = [Int](repeating: 0, count: valueCount + 1)
    var (alive, peak) = (0, 0)
    for value in 0..<valueCount {
      let bytes = byteCountPerSample(value)
      alive += bytes
      peak = max(peak, alive)
      released[lastReader[value]] += bytes
      alive -= released[value]
    }
    return peak
  }

  /// Broadcasts and reshapes are views; what has no batch axis is shared.
  private func byteCountPerSample(_ value: Int) -> Int {
    switch equation(of: value)?.primitive {
    case .broadcast, .reshape, .stopGradient, .constant: return 0
    default:
      let type = type(of: value)
      guard type.shape.isSymbolic else { return 0 }
      return type.shape.bound(batch: 1).count * type.elementType.byteCount
    }
  }
}

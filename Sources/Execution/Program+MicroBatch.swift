public import Programs
import Tensors

extension Program {
  /// How many samples a worker should take through the program at once: a power of two up to 256.
  ///
  /// As many as a second-level cache of 1 MiB holds at the program's most crowded moment; beyond
  /// that up to 16, where so few samples would spend their time on reading the parameters, and up to
  /// 32, where they would spend it on starting equations of a few numbers each: the steps of a
  /// recurrent network (LSTM of 140 steps, one thread: 2.0 times as fast with 32 samples as with 2).
  /// It is a function of the program alone, so that no result depends on the machine.
  public var microBatchSize: Int {
    guard isSymbolic else { return 1 }
    let sample = max(peakByteCountPerSample, 1)
    let forCache = (1 << 20) / sample
    let forParameters = min(2 * fixedByteCount / sample, 16)
    let forCalls = min(4096 / max(meanCountPerSample, 1), 32)
    let wanted = min(max(forCache, forParameters, forCalls, 1), 256)
    return 1 << (Int.bitWidth - 1 - wanted.leadingZeroBitCount)
  }

  /// The memory of the constants and of the inputs that all samples share.
  private var fixedByteCount: Int {
    let constants = equations.filter { if case .constant = $0.primitive { true } else { false } }
    let types = constants.map(\.type) + inputs.map(\.type).filter { !$0.shape.isSymbolic }
    return types.reduce(0) { $0 + $1.shape.count * $1.elementType.byteCount }
  }

  /// The numbers that an equation makes for a sample, on the average.
  private var meanCountPerSample: Int {
    let counts = (inputs.count..<valueCount).map(byteCountPerSample).filter { $0 > 0 }
    return counts.reduce(0, +) / 4 / max(counts.count, 1)
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

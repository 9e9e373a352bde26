import Programs
import Tensors

/// A program lowered to steps over buffers whose places in memory are known.
struct Plan: Sendable {
  let program: Program
  let steps: [any Step]
  let buffers: [Buffer]
  /// For each input and output of the program its buffer.
  let inputs: [Int]
  let outputs: [Int]
  /// For each temporary buffer its place in the arena.
  let offsets: [Int]
  let arenaByteCount: Int
  let scratchByteCount: Int

  init(program: Program, steps: [any Step], buffers: [Buffer], inputs: [Int], outputs: [Int]) {
    self.program = program
    self.steps = steps
    self.buffers = buffers
    self.inputs = inputs
    self.outputs = outputs
    (offsets, arenaByteCount) = ArenaLayout.offsets(of: buffers, usedBy: steps)
    scratchByteCount = steps.map(\.scratchByteCount).max() ?? 0
  }
}

/// Places buffers that are not alive at the same time on the same memory.
enum ArenaLayout {
  private struct Placed {
    let range: Range<Int>
    let lifetime: ClosedRange<Int>
  }

  /// Greedy by size: the largest buffer first, each at the lowest place free during its life.
  static func offsets(of buffers: [Buffer], usedBy steps: [any Step]) -> ([Int], Int) {
    var lifetimes = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
    for (index, step) in steps.enumerated() {
      for buffer in step.reads + step.writes {
        lifetimes[buffer] = (lifetimes[buffer]?.lowerBound ?? index)...index
      }
    }
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Placed] = []
    let temporaries = buffers.indices.filter { index in
      if case .temporary = buffers[index].role { return lifetimes[index] != nil }
      return false
    }
    for index in temporaries.sorted(by: { buffers[$0].byteCount > buffers[$1].byteCount }) {
      guard let lifetime = lifetimes[index] else { continue }
      let size = (buffers[index].byteCount + 63) / 64 * 64
      var offset = 0
      for other in placed where other.lifetime.overlaps(lifetime) {
        if other.range.lowerBound >= offset + size { break }
        offset = max(offset, other.range.upperBound)
      }
      offsets[index] = offset
      let position = placed.firstIndex { $0.range.lowerBound >= offset } ?? placed.count
      placed.insert(Placed(range: offset..<offset + size, lifetime: lifetime), at: position)
    }
    return (offsets, placed.map(\.range.upperBound).max() ?? 0)
  }
}

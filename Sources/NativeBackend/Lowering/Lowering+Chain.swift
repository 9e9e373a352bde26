import CKernels
import Programs
import Tensors

extension Lowering {
  /// Emits one pass over memory for a group of elementwise equations.
  mutating func lowerChain(_ members: [Int]) throws {
    let shape = type(members[0]).shape
    let layout = chainLayout(members).canonical(for: shape)
    var chain = ChainBuilder(shape: shape, layout: layout)
    let isMember = Set(members)
    let kept = members.filter { member in
      flow.isOutput[member] || flow.readers[member].contains { !isMember.contains($0) }
    }
    let folded = foldedComparisons(members, kept: Set(kept))
    for member in members {
      guard let equation = program.equation(of: member) else { continue }
      for operand in equation.operands.map(flow.root) where !isMember.contains(operand) {
        try addOperand(operand, to: &chain)
      }
    }
    for member in members where !folded.contains(member) {
      guard let equation = program.equation(of: member), let opcode = flow.opcode(member)
      else { continue }
      var operands = equation.operands.map(flow.root)
      var function = opcode
      if let comparison = operands.first, folded.contains(comparison),
        let inner = program.equation(of: comparison), case .compare(let kind) = inner.primitive
      {
        operands = inner.operands.map(flow.root)
        function = ChainFunction.opcode(asFloat: kind)
      }
      chain.apply(function, operands, makes: member, type: type(member).elementType)
    }
    for member in kept {
      if layout == .plain, let part = part(of: member) {
        chain.store(member, in: part)
      } else {
        let buffer = define(member, in: layout)
        chain.store(
          member, in: BufferView(buffer: buffer, offset: 0, strides: layout.strides(of: shape)))
      }
    }
    emit(chain.step())
  }

  /// Channels last if an operand has its elements in this order only.
  private func chainLayout(_ members: [Int]) -> Layout {
    let isMember = Set(members)
    let operands = members.flatMap { program.equation(of: $0)?.operands ?? [] }.map(flow.root)
    let isChannelsLast = operands.contains { operand in
      !isMember.contains(operand) && layout(of: operand) != .plain
    }
    return isChannelsLast ? .channelsLast : .plain
  }

  /// Comparisons of float32 numbers that are only converted to float32: one loop does both.
  private func foldedComparisons(_ members: [Int], kept: Set<Int>) -> Set<Int> {
    Set(
      members.filter { member in
        guard let equation = program.equation(of: member), case .compare = equation.primitive,
          type(equation.operands[0]).elementType == .float32, !kept.contains(member)
        else { return false }
        return flow.readers[member].allSatisfy { reader in
          guard case .convert(.float32) = program.equation(of: reader)?.primitive else {
            return false
          }
          return true
        }
      })
  }

  private mutating func addOperand(_ value: Int, to chain: inout ChainBuilder) throws {
    guard !chain.has(value) else { return }
    let byteCount = type(value).elementType.byteCount
    if isView(value) {
      chain.read(value, try view(of: value), byteCount: byteCount)
    } else {
      let buffer = try buffer(of: value, in: chain.layout)
      let strides = chain.layout.strides(of: type(value).shape)
      chain.read(
        value, BufferView(buffer: buffer, offset: 0, strides: strides), byteCount: byteCount)
    }
  }
}

import CKernels
import Tensors

/// Assembles the registers and instructions of one pass over elementwise equations.
struct ChainBuilder {
  let shape: Shape
  let layout: Layout
  private var registers: [assay_register] = []
  private var instructions: [assay_instruction] = []
  private var extents: [Int64] = []
  private var registerOf: [Int: Int] = [:]
  /// For scalar operands: a copy for the loops that expect an element for each.
  private var spreadOf: [Int: Int] = [:]
  private var reads: [Int] = []
  private var writes: [Int] = []

  init(shape: Shape, layout: Layout) {
    self.shape = shape
    self.layout = layout
  }

  func has(_ value: Int) -> Bool { registerOf[value] != nil }

  private mutating func append(_ register: assay_register) -> Int {
    registers.append(register)
    return registers.count - 1
  }

  /// Declares an operand that lies in a buffer.
  mutating func read(_ value: Int, _ view: BufferView, byteCount: Int) {
    var register = assay_register()
    place(&register, view, byteCount: byteCount, strided: ASSAY_STRIDED)
    registerOf[value] = append(register)
    if !reads.contains(view.buffer) { reads.append(view.buffer) }
  }

  /// Has a result written to a buffer.
  mutating func store(_ value: Int, in view: BufferView) {
    let index = register(of: value)
    var register = registers[index]
    place(&register, view, byteCount: Int(register.byte_count), strided: ASSAY_SCATTERED)
    registers[index] = register
    if !writes.contains(view.buffer) { writes.append(view.buffer) }
  }

  private mutating func place(
    _ register: inout assay_register, _ view: BufferView, byteCount: Int, strided: Int
  ) {
    let order = layout.order(rank: shape.rank)
    let loop = StridedLoop(
      dimensions: order.map { shape[$0] }, strides: [order.map { view.strides[$0] }])
    register.buffer = Int32(view.buffer)
    register.offset = Int64(view.offset * byteCount)
    register.byte_count = Int32(byteCount)
    if loop.strides[0] == [1] || (loop.strides[0].isEmpty && strided == ASSAY_SCATTERED) {
      register.kind = Int32(ASSAY_CONTIGUOUS)
    } else if loop.strides[0].allSatisfy({ $0 == 0 }) {
      register.kind = Int32(ASSAY_SCALAR)
    } else {
      register.kind = Int32(strided)
      register.rank = Int32(loop.dimensions.count)
      register.extents = Int32(extents.count)
      extents += (loop.dimensions + loop.strides[0]).map { Int64($0) }
    }
  }

  /// Appends an instruction; unary functions and selections want no scalar operands.
  mutating func apply(_ opcode: Int, _ operands: [Int], makes value: Int, type: ElementType) {
    var sources = operands.map { register(of: $0) }
    let isBinary = sources.count == 2
    let areScalars = sources.allSatisfy { registers[$0].kind == ASSAY_SCALAR }
    for (position, operand) in operands.enumerated()
    where registers[sources[position]].kind == ASSAY_SCALAR {
      if !isBinary || (areScalars && position == 0) { sources[position] = spread(operand) }
    }
    var result = assay_register()
    result.kind = Int32(ASSAY_TEMPORARY)
    result.byte_count = Int32(type.byteCount)
    registerOf[value] = append(result)
    instructions.append(
      assay_instruction(
        opcode: Int32(opcode), result: Int32(registers.count - 1), first: Int32(sources[0]),
        second: Int32(sources[min(1, sources.count - 1)]),
        third: Int32(sources[sources.count - 1])))
  }

  private func register(of value: Int) -> Int {
    guard let register = registerOf[value] else {
      preconditionFailure("value \(value) is no operand of its chain")
    }
    return register
  }

  /// A scalar as a block of equal elements.
  private mutating func spread(_ value: Int) -> Int {
    if let register = spreadOf[value] { return register }
    var register = registers[register(of: value)]
    register.kind = Int32(ASSAY_STRIDED)
    register.rank = 1
    register.extents = Int32(extents.count)
    extents += [Int64(max(shape.count, 1)), 0]
    let index = append(register)
    spreadOf[value] = index
    return index
  }

  /// The finished step, with scratch blocks shared by registers that are not alive together.
  func step() -> ChainStep {
    var registers = registers
    var lastUse = [Int: Int]()
    for (index, instruction) in instructions.enumerated() {
      for source in [instruction.first, instruction.second, instruction.third] {
        lastUse[Int(source)] = index
      }
    }
    var slotCount = 0
    for index in registers.indices
    where [ASSAY_STRIDED, ASSAY_SCATTERED].contains(Int(registers[index].kind)) {
      registers[index].slot = Int32(slotCount)
      slotCount += 1
    }
    var free: [Int32] = []
    for (index, instruction) in instructions.enumerated() {
      let result = Int(instruction.result)
      if registers[result].kind == ASSAY_TEMPORARY {
        registers[result].slot = free.popLast() ?? Int32(slotCount)
        slotCount = max(slotCount, Int(registers[result].slot) + 1)
      }
      for source in Set([instruction.first, instruction.second, instruction.third]).sorted()
      where lastUse[Int(source)] == index && registers[Int(source)].kind == ASSAY_TEMPORARY {
        free.append(registers[Int(source)].slot)
      }
    }
    return ChainStep(
      count: shape.count, registers: registers, instructions: instructions, extents: extents,
      slotCount: slotCount, reads: reads, writes: writes)
  }
}

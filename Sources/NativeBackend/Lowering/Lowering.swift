import CKernels
import Execution
import Programs
import Tensors

/// Turns a program into steps: which loop or library primitive, in which layout, on which buffer.
struct Lowering {
  let flow: Dataflow
  let engine: Engine
  let epilogues: [Int: Epilogue]
  let convolutions: ConvolutionAlgorithms
  private(set) var steps: [any Step] = []
  private(set) var buffers: [Buffer] = []
  /// The buffers that hold a value, in different layouts.
  private var locations: [Int: [Layout: Int]] = [:]
  /// Concatenations that are begun before their equation.
  var assemblies: [Int: Assembly] = [:]
  /// The buffers of weights that are packed already.
  var packedWeights: [PackedWeights: Int] = [:]

  var program: Program { flow.program }

  init(_ program: Program, convolutions: ConvolutionAlgorithms) throws {
    self.convolutions = convolutions
    flow = Dataflow(program)
    engine = try Engine()
    epilogues = flow.epilogues()
    for (index, port) in program.inputs.enumerated() {
      let buffer = append(byteCount: port.type.byteCount, .input(index))
      locations[index] = [.plain: buffer]
    }
  }

  mutating func plan() throws -> Plan {
    for unit in Fusion(flow, epilogues).units {
      if flow.opcode(unit[0]) != nil {
        try lowerChain(unit)
      } else if !isLocated(unit[0]) {
        try lower(unit[0])
      }
    }
    let outputs = try program.outputs.enumerated().map { index, value in
      try output(index, flow.root(value))
    }
    return Plan(
      program: program, steps: steps, buffers: buffers, inputs: Array(program.inputs.indices),
      outputs: outputs)
  }

  private mutating func output(_ index: Int, _ value: Int) throws -> Int {
    let made = try buffer(of: value, in: .plain)
    if case .temporary = buffers[made].role {
      buffers[made].role = .output(index)
      return made
    }
    let type = program.type(of: value)
    let target = append(byteCount: type.byteCount, .output(index))
    emit(
      CopyStep(
        from: made, strides: [1], to: target, strides: [1], dimensions: [type.shape.count],
        byteCount: type.elementType.byteCount))
    return target
  }

  // MARK: Buffers

  mutating func append(byteCount: Int, _ role: Buffer.Role = .temporary) -> Int {
    buffers.append(Buffer(byteCount: byteCount, role: role))
    return buffers.count - 1
  }

  mutating func emit(_ step: any Step) { steps.append(step) }

  mutating func setConstant(_ buffer: Int, _ memory: ConstantMemory) {
    buffers[buffer].role = .constant(memory)
  }

  func type(_ value: Int) -> ValueType { program.type(of: value) }

  func isLocated(_ value: Int) -> Bool { locations[value] != nil }

  /// A new buffer for a value in a layout.
  mutating func define(_ value: Int, in layout: Layout) -> Int {
    let type = program.type(of: value)
    let buffer = append(byteCount: type.byteCount)
    locations[value, default: [:]][layout.canonical(for: type.shape)] = buffer
    return buffer
  }

  /// A buffer that has been filled with a value's elements in their plain order.
  mutating func adopt(_ buffer: Int, for value: Int) -> Int {
    locations[value, default: [:]][.plain] = buffer
    return buffer
  }

  /// The layout in which a value is at hand.
  func layout(of value: Int) -> Layout {
    let value = flow.root(value)
    if let known = locations[value] { return known[.plain] == nil ? .channelsLast : .plain }
    guard let equation = program.equation(of: value) else { return .plain }
    switch equation.primitive {
    case .reshape where keepsChannels(equation): return layout(of: equation.operands[0])
    case .slice: return layout(of: equation.operands[0])
    default: return .plain
    }
  }

  /// The memory of a value that is known when the program is compiled.
  func constant(_ buffer: Int) -> ConstantMemory? {
    if case .constant(let memory) = buffers[buffer].role { return memory }
    return nil
  }

  /// A buffer that holds a value in a layout; made or copied if there is none yet.
  mutating func buffer(of value: Int, in wanted: Layout) throws -> Int {
    let value = flow.root(value)
    let shape = program.type(of: value).shape
    let layout = wanted.canonical(for: shape)
    if let buffer = locations[value]?[layout] { return buffer }
    if locations[value] == nil { try makeDeferred(value, in: layout) }
    if let buffer = locations[value]?[layout] { return buffer }
    guard let (source, buffer) = locations[value]?.first else {
      preconditionFailure("value \(value) is used before it is made")
    }
    let target = reordered(buffer, value, from: source, to: layout)
    locations[value, default: [:]][layout] = target
    return target
  }

  private mutating func reordered(
    _ source: Int, _ value: Int, from: Layout, to layout: Layout
  ) -> Int {
    let type = program.type(of: value)
    let target = append(byteCount: type.byteCount)
    let step = CopyStep(
      from: source, strides: from.strides(of: type.shape), to: target,
      strides: layout.strides(of: type.shape), dimensions: type.shape.dimensions,
      byteCount: type.elementType.byteCount)
    if let memory = constant(source) {
      let copy = ConstantMemory(byteCount: type.byteCount)
      step.copy(from: memory.pointer, to: copy.pointer)
      buffers[target].role = .constant(copy)
    } else {
      emit(step)
    }
    return target
  }

  // MARK: Deferred values

  /// A reshape that leaves samples and channels alone is the same memory in either layout.
  private func keepsChannels(_ equation: Equation) -> Bool {
    let source = program.type(of: equation.operands[0]).shape
    let target = equation.type.shape
    return source.rank >= 2 && target.rank >= 2
      && source.dimensions.prefix(2) == target.dimensions.prefix(2)
  }

  private mutating func makeDeferred(_ value: Int, in layout: Layout) throws {
    guard let equation = program.equation(of: value) else { return }
    switch equation.primitive {
    case .reshape:
      let kept = keepsChannels(equation) ? layout : .plain
      locations[value] = [kept: try buffer(of: equation.operands[0], in: kept)]
    case .broadcast, .slice:
      try materialize(value, equation, in: layout)
    default:
      let tensor = try ReferenceBackend.evaluate(equation.primitive, [], type: equation.type)
      let memory = ConstantMemory(tensor)
      locations[value] = [.plain: append(byteCount: equation.type.byteCount, .constant(memory))]
    }
  }

  private mutating func materialize(
    _ value: Int, _ equation: Equation, in layout: Layout
  ) throws {
    let view = try view(of: value)
    let target = define(value, in: layout)
    emit(
      CopyStep(
        from: view.buffer, offset: view.offset, strides: view.strides, to: target,
        strides: layout.strides(of: equation.type.shape),
        dimensions: equation.type.shape.dimensions,
        byteCount: equation.type.elementType.byteCount))
  }

  /// A value as a part of a buffer; a broadcast is a stride of 0 along its axes.
  mutating func view(of value: Int) throws -> BufferView {
    let value = flow.root(value)
    guard isView(value), let equation = program.equation(of: value) else {
      let layout = layout(of: value)
      return BufferView(
        buffer: try buffer(of: value, in: layout), offset: 0,
        strides: layout.strides(of: program.type(of: value).shape))
    }
    let source = try view(of: equation.operands[0])
    switch equation.primitive {
    case .broadcast(let target, let axes):
      let shape = program.type(of: equation.operands[0]).shape
      var strides = [Int](repeating: 0, count: target.rank)
      for (position, axis) in axes.enumerated() where shape[position] != 1 {
        strides[axis] = source.strides[position]
      }
      return BufferView(buffer: source.buffer, offset: source.offset, strides: strides)
    case .slice(let starts, _, let steps):
      return BufferView(
        buffer: source.buffer,
        offset: source.offset + zip(source.strides, starts).reduce(0) { $0 + $1.0 * $1.1 },
        strides: zip(source.strides, steps).map { $0 * $1 })
    case .reshape:
      let shape = program.type(of: equation.operands[0]).shape
      var rest = shape.dimensions.indices.filter { shape[$0] != 1 }.map { source.strides[$0] }[...]
      return BufferView(
        buffer: source.buffer, offset: source.offset,
        strides: equation.type.shape.dimensions.map { $0 == 1 ? 0 : rest.removeFirst() })
    default: return source
    }
  }

  /// Whether a value is read where another lies, unless it has been copied.
  func isView(_ value: Int) -> Bool {
    guard !isLocated(value) else { return false }
    switch program.equation(of: value)?.primitive {
    case .broadcast, .slice: return true
    case .reshape:
      guard let equation = program.equation(of: value) else { return false }
      let source = flow.root(equation.operands[0])
      return isView(source) && Self.differsInUnits(type(source).shape, equation.type.shape)
    default: return false
    }
  }

  /// Whether two shapes differ in axes of length 1 alone.
  private static func differsInUnits(_ first: Shape, _ second: Shape) -> Bool {
    first.dimensions.filter { $0 != 1 } == second.dimensions.filter { $0 != 1 }
  }
}

/// Elements of a buffer: the first one's place, and their distances along the logical axes.
struct BufferView {
  let buffer: Int
  let offset: Int
  let strides: [Int]
}

extension ValueType {
  /// The memory that a value takes.
  var byteCount: Int { shape.count * elementType.byteCount }
}

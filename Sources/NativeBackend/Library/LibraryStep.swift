import CDNNL

/// A primitive of oneDNN applied to buffers.
struct LibraryStep: Step {
  struct Argument: Sendable {
    let index: Int32
    let format: MemoryFormat
    let buffer: Int
  }

  let name: String
  let primitive: LibraryPrimitive
  let reading: [Argument]
  let writing: [Argument]
  private let scratchFormat: MemoryFormat

  init(
    _ name: String, _ primitive: LibraryPrimitive, reading: [Argument], writing: [Argument]
  ) throws {
    self.name = name
    self.primitive = primitive
    self.reading = reading
    self.writing = writing
    scratchFormat = try primitive.format(dnnl_query_scratchpad_md)
  }

  var reads: [Int] { reading.map(\.buffer) }
  var writes: [Int] { writing.map(\.buffer) }
  var scratchByteCount: Int { scratchFormat.byteCount }

  func kernel(on memory: Memory) throws -> Kernel {
    let call = try LibraryCall(self, scratchFormat: scratchFormat, memory)
    return { try call.execute() }
  }
}

/// A primitive with handles to one instance's memory.
private final class LibraryCall {
  private let step: LibraryStep
  private let memory: Memory
  private let stream: Stream
  private let buffers: [Int]
  private var arguments: [dnnl_exec_arg_t] = []
  private var places: [UnsafeMutableRawPointer?] = []

  init(_ step: LibraryStep, scratchFormat: MemoryFormat, _ memory: Memory) throws {
    self.step = step
    self.memory = memory
    let engine = step.primitive.engine
    stream = try Stream(engine)
    let all = step.reading + step.writing
    buffers = all.map(\.buffer)
    for argument in all { try append(argument.index, argument.format, engine) }
    if scratchFormat.byteCount > 0 {
      try append(Int32(DNNL_ARG_SCRATCHPAD), scratchFormat, engine, at: memory.scratch)
    }
    places = buffers.map { _ in nil }
  }

  deinit { for argument in arguments { dnnl_memory_destroy(argument.memory) } }

  private func append(
    _ index: Int32, _ format: MemoryFormat, _ engine: Engine,
    at place: UnsafeMutableRawPointer? = nil
  ) throws {
    var handle: dnnl_memory_t?
    try withUnsafePointer(to: format.description) {
      try check(dnnl_memory_create(&handle, $0, engine.handle, place), "dnnl_memory_create")
    }
    arguments.append(dnnl_exec_arg_t(arg: index, memory: handle))
  }

  func execute() throws {
    for (position, buffer) in buffers.enumerated() {
      let place = memory[buffer]
      guard places[position] != place else { continue }
      places[position] = place
      try check(
        dnnl_memory_set_data_handle(arguments[position].memory, place),
        "dnnl_memory_set_data_handle")
    }
    try check(
      dnnl_primitive_execute(
        step.primitive.handle, stream.handle, Int32(arguments.count), arguments),
      step.name)
  }
}

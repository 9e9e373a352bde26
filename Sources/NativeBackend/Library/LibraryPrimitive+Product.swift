import CDNNL

extension LibraryPrimitive {
  /// A product of matrices, or of as many pairs of matrices as the leading dimensions count.
  static func product(
    _ left: MemoryFormat, _ right: MemoryFormat, _ result: MemoryFormat, on engine: Engine
  ) throws -> LibraryPrimitive {
    var operation = dnnl_matmul_desc_t()
    try withUnsafePointer(to: left.description) { left in
      try withUnsafePointer(to: right.description) { right in
        try withUnsafePointer(to: result.description) { result in
          try check(
            dnnl_matmul_desc_init(&operation, left, right, nil, result),
            "dnnl_matmul_desc_init")
        }
      }
    }
    return try LibraryPrimitive(operation, name: "matmul", on: engine, attributes: Attributes())
  }

  /// Runs a reorder at once, while a program is compiled.
  func copy(
    _ source: UnsafeMutableRawPointer, _ sourceFormat: MemoryFormat,
    to target: UnsafeMutableRawPointer, _ targetFormat: MemoryFormat
  ) throws {
    let step = try LibraryStep(
      "reorder", self,
      reading: [.init(index: Int32(DNNL_ARG_FROM), format: sourceFormat, buffer: 0)],
      writing: [.init(index: Int32(DNNL_ARG_TO), format: targetFormat, buffer: 1)])
    let memory = Memory(
      bufferCount: 2, scratchByteCount: step.scratchByteCount)
    memory.place(0, at: source)
    memory.place(1, at: target)
    try step.kernel(on: memory)()
  }
}

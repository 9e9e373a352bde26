import CDNNL
import Tensors

/// How oneDNN finds the float32 elements of an array in memory.
struct MemoryFormat: @unchecked Sendable {
  // A plain C struct without pointers.
  var description: dnnl_memory_desc_t

  init(_ description: dnnl_memory_desc_t) { self.description = description }

  /// Elements at given distances.
  init(_ dimensions: [Int], strides: [Int]) throws {
    var description = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_strides(
        &description, Int32(dimensions.count), Self.list(dimensions), dnnl_f32,
        Self.list(strides)),
      "dnnl_memory_desc_init_by_strides")
    self.description = description
  }

  /// A tensor in one of our layouts.
  init(_ shape: Shape, _ layout: Layout) throws {
    try self.init(shape.dimensions, strides: layout.strides(of: shape))
  }

  /// The format that suits the primitive best.
  init(anyOf dimensions: [Int]) throws {
    var description = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_tag(
        &description, Int32(dimensions.count), Self.list(dimensions), dnnl_f32,
        dnnl_format_tag_any),
      "dnnl_memory_desc_init_by_tag")
    self.description = description
  }

  var byteCount: Int { withUnsafePointer(to: description) { dnnl_memory_desc_get_size($0) } }

  static func == (left: MemoryFormat, right: MemoryFormat) -> Bool {
    withUnsafePointer(to: left.description) { left in
      withUnsafePointer(to: right.description) { dnnl_memory_desc_equal(left, $0) != 0 }
    }
  }

  /// Numbers as one of oneDNN's fixed lists.
  static func list(_ numbers: [Int]) -> [dnnl_dim_t] {
    numbers.map { dnnl_dim_t($0) } + Array(repeating: 0, count: 12 - numbers.count)
  }
}

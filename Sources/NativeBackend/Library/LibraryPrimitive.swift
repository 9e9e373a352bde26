import CDNNL

/// An operation of oneDNN, compiled for its shapes.
///
/// `@unchecked Sendable`: oneDNN's primitives may be executed by several threads at once.
final class LibraryPrimitive: @unchecked Sendable {
  let engine: Engine
  let handle: dnnl_primitive_t
  private let description: dnnl_primitive_desc_t

  /// Compiles one of oneDNN's operation descriptors; a backward one belongs to a forward one.
  convenience init<Operation>(
    _ operation: Operation, name: String, on engine: Engine, forward: LibraryPrimitive? = nil,
    attributes: Attributes
  ) throws {
    var description: dnnl_primitive_desc_t?
    try withUnsafePointer(to: operation) { operation in
      try check(
        dnnl_primitive_desc_create(
          &description, operation, attributes.handle, engine.handle, forward?.description),
        name)
    }
    guard let description else { throw Engine.missing(name) }
    try self.init(description, name: name, on: engine)
  }

  /// Takes over a primitive descriptor.
  init(_ description: dnnl_primitive_desc_t, name: String, on engine: Engine) throws {
    var primitive: dnnl_primitive_t?
    let status = dnnl_primitive_create(&primitive, description)
    guard status == dnnl_success, let primitive else {
      dnnl_primitive_desc_destroy(description)
      try check(status, name)
      throw Engine.missing(name)
    }
    self.engine = engine
    self.description = description
    handle = primitive
  }

  deinit {
    dnnl_primitive_destroy(handle)
    dnnl_primitive_desc_destroy(description)
  }

  /// The format that the primitive expects of an argument.
  func format(_ query: dnnl_query_t, _ index: Int = 0) throws -> MemoryFormat {
    guard let format = dnnl_primitive_desc_query_md(description, query, Int32(index)) else {
      throw Engine.missing("dnnl_primitive_desc_query_md")
    }
    return MemoryFormat(format.pointee)
  }

  /// A primitive that copies an array from one format to another.
  static func reorder(
    from source: MemoryFormat, to target: MemoryFormat, on engine: Engine
  ) throws -> LibraryPrimitive {
    let attributes = try Attributes()
    var description: dnnl_primitive_desc_t?
    try withUnsafePointer(to: source.description) { source in
      try withUnsafePointer(to: target.description) { target in
        try check(
          dnnl_reorder_primitive_desc_create(
            &description, source, engine.handle, target, engine.handle, attributes.handle),
          "reorder")
      }
    }
    guard let description else { throw Engine.missing("reorder") }
    return try LibraryPrimitive(description, name: "reorder", on: engine)
  }
}

/// What a primitive is asked beside its operation: memory of ours for scratch, fused operations.
final class Attributes {
  let handle: dnnl_primitive_attr_t

  init() throws {
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
    guard let attributes else { throw Engine.missing("dnnl_primitive_attr_create") }
    handle = attributes
    try check(
      dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user),
      "dnnl_primitive_attr_set_scratchpad_mode")
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}

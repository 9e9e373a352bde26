import CDNNL
import Execution

/// Throws what a call of oneDNN reports.
func check(_ status: dnnl_status_t, _ operation: String) throws {
  guard status == dnnl_success else {
    throw ExecutionError.library(
      name: "oneDNN", operation: operation, status: Int(status.rawValue))
  }
}

/// The processor, as oneDNN's primitives are made for it.
///
/// `@unchecked Sendable`: oneDNN's engines may be used by several threads.
final class Engine: @unchecked Sendable {
  let handle: dnnl_engine_t

  init() throws {
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create")
    guard let engine else { throw Engine.missing("dnnl_engine_create") }
    handle = engine
  }

  deinit { dnnl_engine_destroy(handle) }

  static func missing(_ operation: String) -> ExecutionError {
    .library(name: "oneDNN", operation: operation, status: -1)
  }
}

/// The order in which an instance's primitives run.
final class Stream {
  let handle: dnnl_stream_t

  init(_ engine: Engine) throws {
    var stream: dnnl_stream_t?
    try check(
      dnnl_stream_create(&stream, engine.handle, dnnl_stream_default_flags.rawValue),
      "dnnl_stream_create")
    guard let stream else { throw Engine.missing("dnnl_stream_create") }
    handle = stream
  }

  deinit { dnnl_stream_destroy(handle) }
}

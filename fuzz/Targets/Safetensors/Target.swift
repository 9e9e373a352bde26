import Foundation
import FuzzSupport
import Interchange
import Models

/// Reads bytes as a safetensors file, and as a model if it claims to be one; runs a small model.
///
/// Whatever is wrong with them must be an error: the fuzzer reports traps, hangs and memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    let file = try SafetensorsFile(Data(bytes: start, count: count))
    try ModelFile.model(in: file, path: "fuzzed").use()
  } catch {
    // Errors come with words, which must not trap either.
    _ = "\(error)"
  }
  return 0
}

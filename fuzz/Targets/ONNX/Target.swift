import Foundation
import FuzzSupport
import Interchange

/// Reads bytes as an ONNX model, lowers it, runs it if it is small, and writes it again.
///
/// Whatever is wrong with them must be an error: the fuzzer reports traps, hangs and memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let file = try? ONNXFile(Data(bytes: start, count: count)) else { return 0 }
  _ = file.operatorCounts
  for request in file.requests {
    do {
      let network = try file.network(request)
      try? SmallRun.once(network.program)
      let written = try ONNXModelFile.bytes(of: network.program)
      _ = try ONNXFile(written).network(NetworkRequest())
    } catch {
      // Errors come with words, which must not trap either.
      _ = "\(error)"
    }
  }
  return 0
}

import CBLAS
import CDNNL
import CKernels

extension NativeBackend {
  /// A library that does part of the work.
  public struct Library: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public let version: String
    /// The instruction set or processor family whose kernels it chose at run time.
    public let kernels: String
    /// What would make it faster, if it is slower than it needs to be.
    public let advice: String?

    public var description: String { "\(name) \(version) (\(kernels))" }
  }

  /// The libraries in use, with what they detected on this machine.
  public var libraries: [Library] { [Self.oneDNN, Self.openBLAS, Self.loops] }

  private static var oneDNN: Library {
    let version = dnnl_version().map {
      "\($0.pointee.major).\($0.pointee.minor).\($0.pointee.patch)"
    }
    return Library(
      name: "oneDNN", version: version ?? "?",
      kernels: instructionSet(dnnl_get_effective_cpu_isa()), advice: nil)
  }

  /// The sets that differ for float32.
  private static func instructionSet(_ set: dnnl_cpu_isa_t) -> String {
    switch set.rawValue {
    case dnnl_cpu_isa_sse41.rawValue: "SSE 4.1"
    case dnnl_cpu_isa_avx.rawValue: "AVX"
    case dnnl_cpu_isa_avx2.rawValue, dnnl_cpu_isa_avx2_vnni.rawValue: "AVX2"
    case let value where value >= dnnl_cpu_isa_avx512_core.rawValue: "AVX-512"
    default: "generic"
    }
  }

  private static var openBLAS: Library {
    let core = openblas_get_corename().map { String(cString: $0) } ?? "?"
    let words = openblas_get_config().map { String(cString: $0) }?.split(separator: " ") ?? []
    let version = words.count > 1 ? String(words[1]) : "?"
    return Library(
      name: "OpenBLAS", version: version, kernels: core, advice: advice(core: core))
  }

  /// OpenBLAS chooses by model number, and knows no processor newer than itself.
  private static func advice(core: String) -> String? {
    let slow = ["prescott", "core2", "generic", "katmai", "northwood", "banias", "nehalem"]
    let family = ["avx512": "SKYLAKEX", "avx2": "HASWELL"][variant]
    guard let family, slow.contains(core.lowercased()) else { return nil }
    return "OpenBLAS does not know this processor and uses slow kernels: "
      + "set OPENBLAS_CORETYPE=\(family) before starting the program"
  }

  private static var variant: String { String(cString: assay_kernels_variant()) }

  private static var loops: Library {
    Library(name: "Assay loops", version: "1", kernels: variant, advice: nil)
  }
}

import Foundation
import Tensors

/// How much memory the process has had, as Linux counts it.
enum ResidentMemory {
  /// Gives back what is free, and lets the peak begin anew at what is left.
  ///
  /// - Throws: `CocoaError` where the kernel does not allow it.
  static func forgetPeak() throws {
    FreeMemory.giveBack()
    // 5 resets the peak: proc(5), /proc/pid/clear_refs.
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  }

  /// The most memory since the peak was forgotten: VmHWM.
  ///
  /// - Throws: `CocoaError` where the system does not tell.
  static func peakMegabytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let words = line?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count > 1, let kilobytes = Int(words[1]) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return kilobytes / 1024
  }
}

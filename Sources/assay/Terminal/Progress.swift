import Foundation
import Synchronization

/// One line on standard error that follows a long computation; silent unless it is a terminal.
final class Progress: Sendable {
  private let label: String
  private let isVisible = isatty(STDERR_FILENO) == 1
  private let start = Date()
  private let lastDrawn = Mutex(Date.distantPast)

  init(_ label: String) { self.label = label }

  /// Redraws the line, at most ten times a second and always at the end.
  ///
  /// - Parameters:
  ///   - fraction: How much is done, from 0 to 1.
  ///   - detail: What to show beside the bar.
  func update(_ fraction: Double, _ detail: String = "") {
    let now = Date()
    guard isVisible, isDue(now) || fraction >= 1 else { return }
    let filled = Int((min(max(fraction, 0), 1) * 24).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    write(
      "\r\u{1B}[2K\(label) \(bar) \(Int(fraction * 100)) % \(detail)\(remaining(fraction, now))")
  }

  private func isDue(_ now: Date) -> Bool {
    lastDrawn.withLock { last in
      guard now.timeIntervalSince(last) > 0.1 else { return false }
      last = now
      return true
    }
  }

  /// Ends the line, leaving a sentence in its place.
  func finish(_ sentence: String) {
    if isVisible { write("\r\u{1B}[2K\(sentence)\n") }
  }

  private func remaining(_ fraction: Double, _ now: Date) -> String {
    guard fraction > 0.02, fraction < 1 else { return "" }
    let seconds = now.timeIntervalSince(start) * (1 - fraction) / fraction
    return ", \(Self.duration(seconds)) left"
  }

  /// "48 s", "3 min 20 s".
  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  private func write(_ text: String) {
    StandardStream.errors.write(Data(text.utf8))
  }
}

import Foundation

extension CaffeFile {
  /// Opens a network by either of its two files.
  ///
  /// The other one is called alike, or is the only one of its kind in the same folder.
  ///
  /// - Throws: `InterchangeError` if it cannot be told, or what reading throws.
  package init(path: String) throws {
    let partner = try Self.partner(of: path)
    let isText = URL(fileURLWithPath: path).pathExtension == "prototxt"
    try self.init(
      prototxt: isText ? path : partner, caffemodel: isText ? partner : path)
    companions = [partner]
  }

  /// The file that belongs to the other.
  private static func partner(of path: String) throws -> String {
    let url = URL(fileURLWithPath: path)
    let ending = url.pathExtension == "prototxt" ? "caffemodel" : "prototxt"
    let alike = url.deletingPathExtension().appendingPathExtension(ending)
    if FileManager.default.fileExists(atPath: alike.path) { return alike.path }
    let folder = url.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let others = names.filter { $0.hasSuffix("." + ending) }
    guard let only = others.first, others.count == 1 else {
      throw InterchangeError(
        path: path,
        .unreadable(
          reason:
            "a Caffe network has two files, and there is no \(alike.lastPathComponent) beside it"
        ))
    }
    return folder.appending(path: only).path
  }
}

import ArgumentParser
import Audits

extension AuditShard {
  /// A shard of the command line.
  ///
  /// - Throws: `ValidationError` for what is no shard.
  static func argument(_ text: String) throws -> AuditShard {
    guard let shard = AuditShard(text) else {
      throw ValidationError(
        "a shard is a part and the number of parts, such as 3/8, from 1/8 to 8/8")
    }
    return shard
  }
}

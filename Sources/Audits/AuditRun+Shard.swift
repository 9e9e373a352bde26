extension AuditPlan {
  /// Those of some positions among the correctly classified samples that this run attacks: all, or
  /// its shard's.
  func own(_ positions: [Int]) -> [Int] {
    guard let shard else { return positions }
    return positions.filter(shard.holds)
  }
}

extension AuditRun {
  /// Ends the run of a shard when its samples are attacked: what follows from all samples together
  /// belongs to the whole.
  func finishShard() throws -> AuditRecord {
    try store.finish(description.id, measures: [], warnings: [], gates: [])
    return try store.record(of: description.id)
  }
}

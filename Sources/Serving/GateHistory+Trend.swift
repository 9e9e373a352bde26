package import Ledger
package import Reports

extension GateHistory {
  /// The gates over the versions of a model; none where there are too few to speak of a trend.
  ///
  /// - Throws: `LedgerError` if no run is of such a model.
  package static func all(ofModel name: String, in ledger: Ledger) throws -> [GateHistory] {
    let trend = try ledger.trend(ofModel: name)
    return trend.runs.count < 3 ? [] : trend.gates.map(GateHistory.init)
  }

  private init(_ trend: Ledger.GateTrend) {
    self.init(
      requirement: trend.requirement, threshold: trend.threshold, isAtLeast: trend.isAtLeast,
      points: trend.points.map { point in
        Point(
          run: point.version.run, started: point.version.started, sha256: point.version.sha256,
          verdict: point.verdict, value: point.value, lower: point.lower, upper: point.upper)
      })
  }
}

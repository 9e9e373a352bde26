import Audits
import Ledger
import Models
import Testing

@Suite("The trend of a model's gates")
struct TrendTests {
  /// Stores a run with some gates; nil: it never ends.
  private func store(
    _ id: String, of name: String = "credit", version: String, started: String,
    gates: [GateResult]?, in ledger: Ledger
  ) throws {
    var run = SampleRun.run
    (run.id, run.started) = (id, started)
    var model = SampleRun.model
    (model.name, model.sha256) = (name, version)
    _ = try ledger.begin(run, model: model, data: SampleRun.data)
    if let gates { try ledger.finish(id, measures: [], warnings: [], gates: gates) }
  }

  private func gate(
    _ requirement: String, _ value: Double?, _ verdict: GateResult.Verdict = .passed
  ) -> GateResult {
    GateResult(
      requirement: requirement, verdict: verdict, value: value, lower: value.map { $0 - 0.1 },
      upper: value.map { $0 + 0.1 }, threshold: 0.5, isAtLeast: true, reason: "because")
  }

  private func filled() throws -> Ledger {
    let ledger = try Ledger()
    // Stored in another order than they began.
    try store(
      "b", version: "2", started: "2026-02-01T00:00:00Z",
      gates: [gate("robust", nil, .notMeasured), gate("clean", 0.75)], in: ledger)
    try store(
      "a", version: "1", started: "2026-01-01T00:00:00Z", gates: [gate("clean", 0.5)], in: ledger)
    try store("c", version: "3", started: "2026-03-01T00:00:00Z", gates: nil, in: ledger)
    try store("d", version: "2", started: "2026-04-01T00:00:00Z", gates: [], in: ledger)
    try store(
      "e", version: "4", started: "2026-05-01T00:00:00Z",
      gates: [gate("clean", 0.25, .failed), gate("robust", 0.5)], in: ledger)
    try store(
      "f", of: "other", version: "5", started: "2026-06-01T00:00:00Z", gates: [gate("clean", 1)],
      in: ledger)
    return ledger
  }

  @Test("complete runs of the model come oldest first, with a point a run for each gate")
  func order() throws {
    let trend = try filled().trend(ofModel: "credit")
    #expect(trend.runs.map(\.run) == ["a", "b", "d", "e"])
    #expect(trend.runs.map(\.sha256) == ["1", "2", "2", "4"] && trend.versionCount == 3)
    #expect(trend.gates.map(\.requirement) == ["clean", "robust"])
    let (clean, robust) = (trend.gates[0], trend.gates[1])
    #expect(clean.points.map(\.value) == [0.5, 0.75, nil, 0.25])
    #expect(clean.points.map(\.verdict) == [.passed, .passed, nil, .failed])
    #expect(clean.versionCount == 3 && clean.threshold == 0.5 && clean.isAtLeast)
    #expect(robust.points.map(\.value) == [nil, nil, nil, 0.5])
    #expect(robust.points.map(\.verdict) == [nil, .notMeasured, nil, .passed])
    #expect(robust.versionCount == 2)
    #expect(clean.points[0].lower == 0.4 && clean.points[0].upper == 0.6)
    #expect(clean.points[3].version == trend.runs[3])
  }

  @Test("a model whose runs are not complete has a trend without points")
  func unfinished() throws {
    let ledger = try Ledger()
    try store("c", version: "3", started: "2026-03-01T00:00:00Z", gates: nil, in: ledger)
    let trend = try ledger.trend(ofModel: "credit")
    #expect(trend.runs.isEmpty && trend.gates.isEmpty && trend.versionCount == 0)
  }

  @Test("an unknown model is refused with the names that the ledger holds")
  func unknown() throws {
    let ledger = try filled()
    let error = #expect(throws: LedgerError.self) { try ledger.trend(ofModel: "credits") }
    #expect(
      error?.description == "memory holds no run of a model 'credits'; it holds credit, other")
    #expect(error?.isUsersMistake == true)
    #expect(throws: LedgerError.self) { try Ledger().trend(ofModel: "") }
  }
}

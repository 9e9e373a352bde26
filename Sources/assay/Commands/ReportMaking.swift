import Attestations
import Audits
import Checks
import Foundation
import Ledger
import Reports

extension ReportDocument {
  /// What the report is made of besides its records.
  var making: FolderManifest.Making {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return FolderManifest.Making(
      version: ToolVersion.current, title: title, language: language.rawValue,
      profiles: profiles.map { profile in
        do {
          return String(decoding: try encoder.encode(profile), as: UTF8.self)
        } catch {
          preconditionFailure("expected a profile of texts, which JSON can hold, got \(error)")
        }
      },
      since: changes.first?.first.run.id,
      states: records.map {
        FolderManifest.State(signOffs: $0.signOffs.count, events: $0.events.count)
      })
  }

  /// The report that a folder's manifest describes, from a ledger to which more may have been added.
  ///
  /// - Throws: `UnmadeReport` where it cannot be made again, or what reading the ledger throws.
  init(_ making: FolderManifest.Making, runs: [String], in ledger: Ledger) throws {
    guard runs.count == making.states.count, !runs.isEmpty else {
      throw UnmadeReport("its states are not those of its runs")
    }
    guard let language = ReportLanguage(rawValue: making.language) else {
      throw UnmadeReport("it names the language '\(making.language)'")
    }
    let records = try zip(runs, making.states).map { run, state in
      var record = try ledger.record(of: run)
      guard record.signOffs.count >= state.signOffs, record.events.count >= state.events else {
        throw UnmadeReport("run \(run) has fewer signatures or events than when it was made")
      }
      record.signOffs = Array(record.signOffs.prefix(max(0, state.signOffs)))
      record.events = Array(record.events.prefix(max(0, state.events)))
      return record
    }
    let profiles = try making.profiles.map { text in
      do {
        return try ComplianceProfile(decoding: Data(text.utf8), of: FolderManifest.fileName)
      } catch let error as ComplianceProfileError {
        throw UnmadeReport("\(error)")
      }
    }
    self.init(title: making.title, records: records, profiles: profiles, language: language)
    guard let since = making.since else { return }
    guard (try? ledger.resolve(since)) == since,
      let change = try ComparisonDocument(from: try ledger.record(of: since), toOneOf: records)
    else { throw UnmadeReport("the run \(since) that it compares with is not in the ledger") }
    changes = [change]
  }
}

extension ComparisonDocument {
  /// What changed since an audit: to the first of some others that is about the same samples; nil
  /// where there is no other.
  init?(from first: AuditRecord, toOneOf records: [AuditRecord]) throws {
    let later = records.filter { $0.run.id != first.run.id }
    guard let second = later.first(where: { $0.data.name == first.data.name }) ?? later.first else {
      return nil
    }
    try self.init(from: first, to: second)
  }
}

/// Why a report's folder cannot be made again.
struct UnmadeReport: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

import Foundation
import Models
import Tensors

/// Findings that are written as columns: ten thousand of them repeat the same few names.
///
///     {"attack": [0, 0, 1], "attacks": ["fgsm/linf", "pgd/linf"], "distance": […], …}
///
/// Every column has a value a finding. `attack` and `outcome` are positions in `attacks` and
/// `outcomes`. What few findings have (`flags`, `perturbed`, `rejection`) is listed with the
/// position of its finding. `probabilities` are float32 values, little-endian, in base 64, one
/// finding after another; `classes` says how many each finding has.
@propertyWrapper
public struct ColumnwiseFindings: Hashable, Sendable {
  public var wrappedValue: [AttackFinding]

  public init(wrappedValue: [AttackFinding]) { self.wrappedValue = wrappedValue }
}

extension ColumnwiseFindings: Codable {
  public func encode(to encoder: any Encoder) throws {
    try FindingColumns(wrappedValue).encode(to: encoder)
  }

  /// Reads also the list of findings that the first version of the form was.
  public init(from decoder: any Decoder) throws {
    do {
      wrappedValue = try FindingColumns(from: decoder).findings(at: decoder.codingPath)
    } catch DecodingError.typeMismatch {
      wrappedValue = try [AttackFinding](from: decoder)
    }
  }
}

/// The columns of a table of findings, as they are written.
private struct FindingColumns: Codable {
  /// A value that few findings have, and whose it is.
  struct Entry<Value: Codable>: Codable {
    var row: Int
    var value: Value
  }

  var attacks: [String] = []
  var outcomes = [AttackFinding.Outcome.broken, .survived, .rejected]
  var sample: [Int] = []
  var attack: [Int] = []
  var epsilon: [Double] = []
  var outcome: [Int] = []
  var distance: [Double] = []
  var predicted: [Int] = []
  var classes: [Int] = []
  var probabilities = Data()
  var forward: [Int] = []
  var backward: [Int] = []
  var perturbed: [Entry<Tensor>] = []
  var flags: [Entry<[String]>] = []
  var rejection: [Entry<String>] = []

  init(_ findings: [AttackFinding]) {
    var numbers: [String: Int] = [:]
    for (row, finding) in findings.enumerated() {
      if numbers[finding.attack] == nil {
        numbers[finding.attack] = attacks.count
        attacks.append(finding.attack)
      }
      sample.append(finding.sample)
      attack.append(numbers[finding.attack] ?? 0)
      epsilon.append(finding.epsilon)
      outcome.append(outcomes.firstIndex(of: finding.outcome) ?? 0)
      distance.append(finding.distance)
      predicted.append(finding.predicted)
      classes.append(finding.probabilities.count)
      forward.append(finding.passes.forward)
      backward.append(finding.passes.backward)
      finding.perturbed.map { perturbed.append(Entry(row: row, value: $0)) }
      if !finding.flags.isEmpty { flags.append(Entry(row: row, value: finding.flags)) }
      finding.rejection.map { rejection.append(Entry(row: row, value: $0)) }
    }
    let bits = findings.flatMap { $0.probabilities.map(\.bitPattern.littleEndian) }
    probabilities = bits.withUnsafeBytes { Data($0) }
  }

  /// - Throws: `DecodingError` where the columns do not fit each other.
  func findings(at path: [any CodingKey]) throws -> [AttackFinding] {
    try requireConsistency(at: path)
    var start = 0
    var findings = sample.indices.map { row in
      defer { start += classes[row] }
      return AttackFinding(
        sample: sample[row], attack: attacks[attack[row]], epsilon: epsilon[row],
        outcome: outcomes[outcome[row]], distance: distance[row], predicted: predicted[row],
        probabilities: (start..<start + classes[row]).map(probability),
        passes: PassCount(forward: forward[row], backward: backward[row]))
    }
    for entry in perturbed { findings[entry.row].perturbed = entry.value }
    for entry in flags { findings[entry.row].flags = entry.value }
    for entry in rejection { findings[entry.row].rejection = entry.value }
    return findings
  }

  private func probability(_ index: Int) -> Float {
    let bytes = probabilities.dropFirst(4 * index).prefix(4)
    return Float(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  private func requireConsistency(at path: [any CodingKey]) throws {
    let count = sample.count
    let lengths = [
      attack.count, epsilon.count, outcome.count, distance.count, predicted.count, classes.count,
      forward.count, backward.count,
    ]
    let rows = perturbed.map(\.row) + flags.map(\.row) + rejection.map(\.row)
    let areFitting =
      lengths.allSatisfy { $0 == count } && rows.allSatisfy(sample.indices.contains)
      && attack.allSatisfy(attacks.indices.contains)
      && outcome.allSatisfy(outcomes.indices.contains)
      && classes.allSatisfy { (0...probabilities.count).contains($0) }
      && classes.reduce(0, +) * 4 == probabilities.count
    guard areFitting else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "the columns of the findings do not fit"))
    }
  }
}

public import Audits
import Explanations
import Tensors

/// What a check changes in the plan of an audit: it looks at what its gates ask for and no more.
public struct CheckPlan: Sendable {
  private let configuration: CheckConfiguration

  public init(_ configuration: CheckConfiguration) { self.configuration = configuration }

  /// The plan of a baseline's audit: the whole suite, and every method of explanation of a gate.
  ///
  /// - Parameters:
  ///   - plan: The suite's plan.
  ///   - bank: The adversarial examples that are known already.
  /// - Throws: `ExplanationError` if a method cannot be made.
  public func applyForBaseline(to plan: inout AuditPlan, bank: AdversarialBank) throws {
    plan.explanations += try missingMethods(of: plan)
    plan.bank = bank
  }

  /// The plan of a candidate's audit.
  ///
  /// - Parameters:
  ///   - plan: The suite's plan.
  ///   - baseline: What the candidate is compared with.
  /// - Throws: `CheckError.unknownThreat` if the suite does not try what a gate is about;
  ///   `ExplanationError` if a method cannot be made.
  public func applyForCandidate(to plan: inout AuditPlan, against baseline: Baseline) throws {
    for gate in configuration.gates { try check(gate, plan.threats) }
    plan.threats = plan.threats.compactMap(needed)
    plan.explanations = try (plan.explanations + missingMethods(of: plan)).filter {
      methods.contains(type(of: $0).name)
    }
    plan.explainedTargets = Dictionary(
      baseline.record.explanations.filter { methods.contains($0.method) }
        .map { ($0.sample, $0.target) }, uniquingKeysWith: { first, _ in first })
    plan.assessments = .none
    plan.gates = []
    plan.bank = baseline.bank
    plan.budget = configuration.budget
  }

  private func check(_ gate: RegressionGate, _ threats: [AuditPlan.Threat]) throws {
    guard let norm = gate.norm else { return }
    let radii = threats.filter { $0.norm == norm }.flatMap(\.epsilons)
    guard radii.isEmpty || gate.epsilon.map({ !radii.contains($0) }) ?? false else { return }
    let place = "\(configuration.file):\(gate.line):\(gate.column)"
    throw CheckError.unknownThreat(place: place, requirement: gate.requirement, radii: radii)
  }

  private var methods: Set<String> { Set(configuration.gates.compactMap(\.method)) }

  /// The methods of gates that the suite does not have, with their default settings.
  private func missingMethods(of plan: AuditPlan) throws -> [any AttributionMethod] {
    let known = Set(plan.explanations.map { type(of: $0).name })
    return try methods.subtracting(known).sorted().map {
      try AttributionRegistry.method(named: $0)
    }
  }

  /// The radii of a norm that gates are about: all, where one is about distances.
  private func needed(_ threat: AuditPlan.Threat) -> AuditPlan.Threat? {
    let gates = configuration.gates.filter { $0.dependsOnAttacks && $0.norm == threat.norm }
    guard !gates.isEmpty else { return nil }
    guard !gates.contains(where: { $0.kind == .medianDistance }) else { return threat }
    var threat = threat
    let wanted = Set(gates.compactMap(\.epsilon))
    threat.epsilons = threat.epsilons.filter(wanted.contains)
    return threat.epsilons.isEmpty ? nil : threat
  }

  /// Checks that a baseline is about the samples that the candidate is asked about.
  ///
  /// - Throws: `CheckError` naming the first difference.
  public func check(_ baseline: Baseline, against subject: AuditSubject) throws {
    let known = baseline.record.predictions
    guard known.count == subject.count else {
      throw CheckError.sampleCount(baseline: known.count, candidate: subject.count)
    }
    let rows = subject.samples.indices.sorted { subject.samples[$0] < subject.samples[$1] }
    for (prediction, row) in zip(known, rows) {
      guard prediction.sample == subject.samples[row], prediction.label == subject.labels[row],
        prediction.input == subject.inputs.row(row)
      else { throw CheckError.sample(prediction.sample, name: prediction.name) }
    }
  }
}

/// Why two versions cannot be compared.
public enum CheckError: Error, Hashable, Sendable, CustomStringConvertible {
  case sampleCount(baseline: Int, candidate: Int)
  case sample(Int, name: String)
  /// A run did not ask about the examples that a baseline knows.
  case notReplayed(run: String, examples: Int, baseline: String)
  case unfinishedRun(String)
  /// The suite does not try the radius that a gate is about.
  case unknownThreat(place: String, requirement: String, radii: [Double])

  public var description: String {
    let again = "compare on the same data and samples, or save the baseline anew"
    switch self {
    case .sampleCount(let baseline, let candidate):
      return "the baseline is about \(baseline) samples, these are \(candidate); \(again)"
    case .sample(let sample, let name):
      return "sample \(sample) (\(name)) is not what it was in the baseline; \(again)"
    case .notReplayed(let run, let examples, let baseline):
      return "run \(run) was not asked about the \(examples) adversarial examples that \(baseline) "
        + "knows; save the run of a check, or name another file"
    case .unknownThreat(let place, let requirement, let radii):
      let known = radii.isEmpty ? "none" : radii.map(\.words).joined(separator: ", ")
      return "\(place): the suite does not try what '\(requirement)' is about (radii in that norm: "
        + "\(known)); change the gate or the suite"
    case .unfinishedRun(let run):
      return "run \(run) is not complete; give its command again, it resumes"
    }
  }
}

import Attacks
import Models
import Tensors

/// An attack of the plan against one norm, at ascending radii.
struct AttackTask {
  let attack: any Attack
  let threats: [ThreatModel]
  let description: AttackDescription

  var isProbe: Bool { description.isProbe }
  var isReplay: Bool { description.isReplay }
}

/// One attack at one radius.
struct AttackRound {
  let task: AttackTask
  let threat: ThreatModel

  /// All rounds: known examples first, then norm by norm, ascending radii, and at each radius the
  /// attacks in their order.
  static func all(of tasks: [AttackTask]) -> [AttackRound] {
    ordered(tasks.filter(\.isReplay)) + ordered(tasks.filter { !$0.isReplay })
  }

  private static func ordered(_ tasks: [AttackTask]) -> [AttackRound] {
    var norms: [Norm] = []
    for task in tasks where !norms.contains(task.description.norm) {
      norms.append(task.description.norm)
    }
    return norms.flatMap { norm in
      let members = tasks.filter { $0.description.norm == norm }
      let radii = Set(members.flatMap { $0.threats.map(\.epsilon) }).sorted()
      return radii.flatMap { radius in
        members.flatMap { task in
          task.threats.filter { $0.epsilon == radius }.map { AttackRound(task: task, threat: $0) }
        }
      }
    }
  }
}

extension AuditRun {
  /// The attacks of the plan for every norm, and the attack without limits.
  func plannedTasks() throws -> [AttackTask] {
    var tasks: [AttackTask] = []
    for threat in plan.threats {
      if let replay = plan.bank.replay(under: threat, of: model.input) {
        tasks.append(try task(replay, threat, isControl: false, prefix: ""))
      }
      for planned in plan.orderedAttacks {
        tasks.append(try task(planned.attack, threat, isControl: planned.isControl, prefix: ""))
      }
    }
    if let probe = try probe() { tasks.append(probe) }
    if let noise = try noiseProbe() { tasks.append(noise) }
    return unique(tasks)
  }

  private func task(
    _ attack: any Attack, _ threat: AuditPlan.Threat, isControl: Bool, prefix: String
  ) throws -> AttackTask {
    let epsilons = Set(threat.epsilons).sorted()
    let threats = try epsilons.map { epsilon in
      try ThreatModel(
        norm: threat.norm, epsilon: epsilon, input: model.input, scale: threat.scale,
        categoryCost: threat.categoryCost)
    }
    let settings = try AttackRegistry.settings(of: attack).sorted { $0.key < $1.key }
    let name = type(of: attack).name
    return AttackTask(
      attack: attack, threats: threats,
      description: AttackDescription(
        id: "\(prefix)\(name)/\(threat.norm.rawValue)", method: name, norm: threat.norm,
        epsilons: epsilons, scale: threat.scale.words, goal: "untargeted",
        parameters: settings.map { NamedValue($0.key, "\($0.value)") },
        isWhiteBox: type(of: attack).needsGradient, isControl: isControl))
  }

  /// A long attack that may change everything that can change: it must succeed.
  ///
  /// It follows gradients, so that there is none for a model that has none.
  ///
  /// - Source: Carlini et al. 2019, arXiv:1902.06705, section 4.2 ("verify that unbounded attacks
  ///   succeed"); ART's check takes 100 steps, and so does this.
  private func probe() throws -> AttackTask? {
    guard plan.probedSamples > 0, missing == nil, let threat = plan.threats.first else {
      return nil
    }
    var wide = threat
    wide.norm = .linf
    wide.scale = model.input.statesAllRanges ? .range : threat.scale
    wide.epsilons = [model.input.statesAllRanges ? 1 : 10 * (threat.epsilons.max() ?? 1)]
    let attack = try AttackRegistry.attack(
      named: "pgd",
      settings: [
        "steps": .int(100), "relative-step": .double(0.05), "restarts": .int(2),
        "objective": .string(try probedObjective().rawValue),
      ])
    return try task(attack, wide, isControl: true, prefix: AttackDescription.probePrefix)
  }

  /// Random noise at every radius of the first norm, on samples that attacks broke as well as on
  /// those that they left: gradients have to do better.
  ///
  /// As a control, noise sees only what attacks have left.
  private func noiseProbe() throws -> AttackTask? {
    let followsGradients = plan.attacks.contains {
      !$0.isControl && type(of: $0.attack).needsGradient
    }
    guard plan.probedSamples > 0, missing == nil, followsGradients, let threat = plan.threats.first
    else { return nil }
    let planned = plan.attacks.first { type(of: $0.attack).name == AttackDescription.noise }
    let attack = try planned?.attack ?? AttackRegistry.attack(named: AttackDescription.noise)
    return try task(attack, threat, isControl: true, prefix: AttackDescription.probePrefix)
  }

  /// What the last white-box attack of the plan climbs: the probe asks whether that can work.
  private func probedObjective() throws -> Objective {
    let objectives = try plan.orderedAttacks.compactMap { planned -> Objective? in
      guard !planned.isControl,
        case .string(let name) = try AttackRegistry.settings(of: planned.attack)["objective"]
      else { return nil }
      return Objective(rawValue: name)
    }
    return objectives.last ?? .crossEntropy
  }

  /// The same method twice in a suite, with other settings, gets a number.
  private func unique(_ tasks: [AttackTask]) -> [AttackTask] {
    var counts: [String: Int] = [:]
    return tasks.map { task in
      let count = counts[task.description.id, default: 0] + 1
      counts[task.description.id] = count
      guard count > 1 else { return task }
      var description = task.description
      description.id += "-\(count)"
      return AttackTask(attack: task.attack, threats: task.threats, description: description)
    }
  }
}

extension InputSpecification {
  /// Whether every value has a smallest and a largest valid one.
  fileprivate var statesAllRanges: Bool {
    (encodedLowerBounds.doubles + encodedUpperBounds.doubles).allSatisfy(\.isFinite)
  }
}

extension ThreatModel.Scale {
  /// What ε is measured in.
  package var words: String {
    switch self {
    case .unit: "input units"
    case .range: "feature ranges"
    case .explicit: "stated per feature"
    }
  }
}

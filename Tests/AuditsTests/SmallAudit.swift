import Attacks
import Audits
import Explanations
import Models
import Programs
import Tensors

/// A whole audit of a small model.
struct SmallAudit {
  var classifier: any ModelClassifier
  var subject: AuditSubject
  var plan: AuditPlan

  static let id = "0123456789ab"

  init(_ classifier: any ModelClassifier, _ subject: AuditSubject, _ plan: AuditPlan) {
    self.classifier = classifier
    self.subject = subject
    self.plan = plan
  }

  /// The table model under every norm, with every kind of attack and explanation.
  static func credit(samples: Int = 22) throws -> SmallAudit {
    let classifier = try AuditModels.credit()
    let threats = [
      AuditPlan.Threat(norm: .linf, epsilons: [0.05, 0.2], scale: .range, categoryCost: 0.2),
      AuditPlan.Threat(norm: .l1, epsilons: [0.3, 0.8], scale: .range, categoryCost: 0.5),
    ]
    return SmallAudit(
      classifier, try AuditModels.subject(for: classifier, count: samples),
      AuditPlan(
        suiteName: "small", suiteText: "name: small", threats: threats, attacks: try attacks(),
        gates: [
          Gate(kind: .cleanAccuracy, threshold: 0.5, isAtLeast: true),
          Gate(kind: .robustAccuracy, norm: .linf, epsilon: 0.2, threshold: 0.99, isAtLeast: true),
        ],
        explanations: [
          try AttributionRegistry.method(named: "saliency"),
          try AttributionRegistry.method(
            named: "integrated-gradients",
            settings: ["baseline": .string("mean")]),
          try AttributionRegistry.method(named: "occlusion"),
        ], explainedSamples: 5, probedSamples: 6))
  }

  /// The image model under L∞ and L2.
  static func image(samples: Int = 14) throws -> SmallAudit {
    let classifier = try AuditModels.image()
    let threats = [
      AuditPlan.Threat(norm: .linf, epsilons: [0.01, 0.05]),
      AuditPlan.Threat(norm: .l2, epsilons: [0.1, 0.4]),
    ]
    return SmallAudit(
      classifier, try AuditModels.subject(for: classifier, count: samples),
      AuditPlan(
        suiteName: "small", suiteText: "name: small", threats: threats, attacks: try attacks(),
        gates: [], explanations: [try AttributionRegistry.method(named: "saliency")],
        explainedSamples: 4, probedSamples: 5))
  }

  static func attacks(_ objective: Objective = .crossEntropy) throws -> [AuditPlan.PlannedAttack] {
    let objective = SettingValue.string(objective.rawValue)
    return [
      .init(
        try AttackRegistry.attack(named: "fgsm", settings: ["objective": objective]),
        isControl: false),
      .init(
        try AttackRegistry.attack(
          named: "pgd",
          settings: [
            "steps": .int(12), "relative-step": .double(0.25), "restarts": .int(2),
            "objective": objective,
          ]), isControl: false),
      .init(
        try AttackRegistry.attack(named: "noise", settings: ["draws": .int(3)]), isControl: true),
      .init(
        try AttackRegistry.attack(named: "square", settings: ["queries": .int(25)]),
        isControl: true),
    ]
  }

  /// Runs the audit, or what is left of it; the record is without events, which say when.
  func run(in store: any AuditStore = MemoryStore()) throws -> AuditRecord {
    let model = classifier.model
    let run = RunDescription(
      id: Self.id, title: "A small audit", started: "2026-01-01T00:00:00Z", command: "", seed: 7,
      suiteName: plan.suiteName, suiteText: plan.suiteText, environment: [])
    var record = try AuditRun(
      run, plan: plan, classifier: classifier, subject: subject, store: store
    ).execute(
      model: ModelDescription(
        name: model.name, sha256: "00", programText: model.program.description, parameterCount: 1,
        classNames: model.classNames, input: model.input, trainingRecord: "",
        gradient: model.gradient, notes: model.notes),
      data: DataDescription(
        name: "random", sha256: [], selection: "all", sampleCount: subject.count,
        classCounts: []),
      report: { _, _, _ in })
    record.events = []
    return record
  }
}

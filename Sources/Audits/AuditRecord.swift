public import Assessments
public import Models
public import Tensors

/// Everything that one audit of one model found: what the ledger stores and reports are made from.
///
/// A report is a function of records alone: the same record gives the same bytes.
public struct AuditRecord: Codable, Hashable, Sendable {
  /// The version of this type's JSON form; raised when a field changes its meaning.
  public static let schemaVersion = 2

  public var schemaVersion = AuditRecord.schemaVersion
  public var run: RunDescription
  public var model: ModelDescription
  public var data: DataDescription
  /// Every attack of the plan, in the order in which it ran.
  public var attacks: [AttackDescription] = []
  /// One per audited sample, in sample order.
  public var predictions: [PredictionFinding] = []
  /// One per sample, attack and ε that was tried.
  @ColumnwiseFindings public var findings: [AttackFinding] = []
  public var explanations: [ExplanationFinding] = []
  public var measures: [Measure] = []
  /// What speaks against believing a measure.
  public var warnings: [SoundnessWarning] = []
  public var gates: [GateResult] = []
  public var artefacts: [Artefact] = []
  /// Calibration, groups, corruptions, data, global explanations, decisions.
  public var assessments = Assessments()
  /// What people wrote about the model.
  public var statements: [HumanStatement] = []
  /// What happened to the run, in order.
  public var events: [RunEvent] = []
  /// Who signed what, in order; dissent is kept.
  public var signOffs: [SignOff] = []

  public init(run: RunDescription, model: ModelDescription, data: DataDescription) {
    self.run = run
    self.model = model
    self.data = data
  }
}

/// What was asked for, when, and on which machine.
public struct RunDescription: Codable, Hashable, Sendable {
  /// Twelve hexadecimal digits of the hash of everything that determines the findings.
  public var id: String
  /// The title that people see.
  public var title: String
  /// When the run was first started: ISO 8601, UTC.
  public var started: String
  /// The command line that repeats the run.
  public var command: String
  public var seed: UInt64
  public var suiteName: String
  /// The suite as it was written, gates included: fixed before the first measurement.
  public var suiteText: String
  /// Versions of the tool and its libraries, processor, system: name and value, in order.
  public var environment: [NamedValue]
  public var isComplete: Bool
  /// Of which run this one is a part; nil for a whole.
  public var shard: ShardDescription?

  public init(
    id: String, title: String, started: String, command: String, seed: UInt64,
    suiteName: String, suiteText: String, environment: [NamedValue], isComplete: Bool = false,
    shard: ShardDescription? = nil
  ) {
    self.id = id
    self.title = title
    self.started = started
    self.command = command
    self.seed = seed
    self.suiteName = suiteName
    self.suiteText = suiteText
    self.environment = environment
    self.isComplete = isComplete
    self.shard = shard
  }
}

/// A name and what it stands for, in words.
public struct NamedValue: Codable, Hashable, Sendable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The model that was audited.
public struct ModelDescription: Codable, Hashable, Sendable {
  public var name: String
  /// Of the model file.
  public var sha256: String
  public var programText: String
  public var parameterCount: Int
  public var classNames: [String]
  public var input: InputSpecification
  /// How it was trained, as JSON; empty where unknown.
  public var trainingRecord: String
  /// What its gradient says about it.
  public var gradient: GradientAccess
  /// What a reviewer must know about how the program came about, a sentence each.
  public var notes: [String]

  public init(
    name: String, sha256: String, programText: String, parameterCount: Int,
    classNames: [String], input: InputSpecification, trainingRecord: String,
    gradient: GradientAccess = .exact, notes: [String] = []
  ) {
    self.name = name
    self.sha256 = sha256
    self.programText = programText
    self.parameterCount = parameterCount
    self.classNames = classNames
    self.input = input
    self.trainingRecord = trainingRecord
    self.gradient = gradient
    self.notes = notes
  }

  /// A model's description; `sha256` is the sum of its file, or of its program and parameters.
  public init(_ model: Model, sha256: String) {
    self.init(
      name: model.name, sha256: sha256, programText: "\(model.program)",
      parameterCount: model.parameters.values.reduce(0) { $0 + $1.count },
      classNames: model.classNames, input: model.input, trainingRecord: model.trainingRecord,
      gradient: model.gradient, notes: model.notes)
  }

  /// Reads also what was written before there were gradients and notes in it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      sha256: try container.decode(String.self, forKey: .sha256),
      programText: try container.decode(String.self, forKey: .programText),
      parameterCount: try container.decode(Int.self, forKey: .parameterCount),
      classNames: try container.decode([String].self, forKey: .classNames),
      input: try container.decode(InputSpecification.self, forKey: .input),
      trainingRecord: try container.decode(String.self, forKey: .trainingRecord),
      gradient: try container.decodeIfPresent(GradientAccess.self, forKey: .gradient) ?? .exact,
      notes: try container.decodeIfPresent([String].self, forKey: .notes) ?? [])
  }
}

/// The data that the audit used.
public struct DataDescription: Codable, Hashable, Sendable {
  public var name: String
  /// Of the data files, in order.
  public var sha256: [NamedValue]
  /// Which part of the data: "test split, 200 of seed 0".
  public var selection: String
  public var sampleCount: Int
  /// Samples per class, in the order of the model's classes.
  public var classCounts: [Int]
  /// Smallest, mean and largest raw value of each feature; empty for images and sequences.
  public var features: [FeatureSummary]
  /// What was done with missing values and the like, a sentence each.
  public var notes: [String]

  public init(
    name: String, sha256: [NamedValue], selection: String, sampleCount: Int,
    classCounts: [Int], features: [FeatureSummary] = [], notes: [String] = []
  ) {
    self.name = name
    self.sha256 = sha256
    self.selection = selection
    self.sampleCount = sampleCount
    self.classCounts = classCounts
    self.features = features
    self.notes = notes
  }
}

/// The spread of one raw feature over the audited samples.
public struct FeatureSummary: Codable, Hashable, Sendable {
  public var name: String
  public var minimum: Double
  public var mean: Double
  public var maximum: Double

  public init(name: String, minimum: Double, mean: Double, maximum: Double) {
    self.name = name
    self.minimum = minimum
    self.mean = mean
    self.maximum = maximum
  }
}

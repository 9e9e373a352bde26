public import Tensors

/// How a file is to be read where the file itself does not say.
public struct DatasetOptions: Hashable, Sendable {
  /// A schema file; without one, NAME.yaml beside the data is looked for.
  public var schema: String?
  /// The column of the label, for files of plain numbers without a schema.
  public var label: LabelDescription.Column?
  /// The shape of one sample, for files of plain numbers.
  public var shape: Shape?
  /// What plain numbers are divided by.
  public var scale: Double?
  /// Whether a file without labels may be read, as for predictions.
  public var allowsUnlabelled: Bool
  /// The arrays of an archive that hold further inputs of a model, one value a sample.
  public var heldInputs: [String]

  public init(
    schema: String? = nil, label: LabelDescription.Column? = nil, shape: Shape? = nil,
    scale: Double? = nil, allowsUnlabelled: Bool = false, heldInputs: [String] = []
  ) {
    self.schema = schema
    self.label = label
    self.shape = shape
    self.scale = scale
    self.allowsUnlabelled = allowsUnlabelled
    self.heldInputs = heldInputs
  }
}

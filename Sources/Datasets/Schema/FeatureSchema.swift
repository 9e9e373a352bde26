public import Tensors

/// What the columns of a data file mean: written by a person, in YAML, beside the data.
///
///     name: German credit               # optional, as are source, licence and description
///     label:                            # or just the column's name, or last, or first
///       column: class
///       classes: [good, bad]            # in the order of the model's outputs
///       values: [1, 2]                  # optional: how the file writes them
///       positive: bad                   # optional: the class that rates are counted for
///       task: classification            # or regression, with an optional unit
///     features:
///       - name: duration
///         column: Dauer                 # optional: the column's name in the file
///         kind: integer                 # continuous (default), integer, binary, categorical
///         unit: months
///         range: [1, 120]               # null for an open end
///         mutable: true                 # false: nobody can change it
///         direction: decrease           # the only way in which it may change; default any
///         missing: median               # error (default), mean, median, category, drop
///       - name: housing
///         kind: categorical
///         categories: [rent, own, free]
///         values: [A151, A152, A153]    # optional: how the file writes them
///     protected:                        # audited; not modelled, unless also a feature
///       - age
///       - name: sex
///         column: personal_status
///         groups: {male: [A91, A93, A94], female: [A92, A95]}
///       - name: age group
///         column: age
///         bins: [25, 60]                # below 25, 25 to below 60, 60 and above
///     ignore: [id]
///     missing: error                    # the policy of features that state none
///     missingMarkers: ["", "?", NA]     # how the file writes a missing value
///     header: true                      # whether the first row names the columns
///     delimiter: ","
///
/// A file of plain numbers may have `shape`, `scale` (a divisor) and `layout` in place of
/// `features`: `shape: [1, 28, 28]`, `scale: 255`, `layout: image`.
public struct FeatureSchema: Codable, Hashable, Sendable {
  public var name: String?
  public var source: String?
  public var licence: String?
  public var description: String?
  public var label: LabelDescription
  public var columns: [FeatureColumn]
  public var protectedColumns: [ProtectedColumn]
  public var ignoredColumns: [String]
  public var missingMarkers: [String]
  public var hasHeader: Bool
  public var delimiter: String
  /// The shape of a sample whose columns are plain numbers.
  public var shape: Shape?
  public var layout: InputSpecification.Layout?
  /// What plain numbers are divided by.
  public var scale: Double?

  public init(
    label: LabelDescription, columns: [FeatureColumn] = [],
    protectedColumns: [ProtectedColumn] = [], shape: Shape? = nil, scale: Double? = nil,
    hasHeader: Bool = true
  ) {
    self.label = label
    self.columns = columns
    self.protectedColumns = protectedColumns
    ignoredColumns = []
    missingMarkers = Self.defaultMissingMarkers
    self.hasHeader = hasHeader
    delimiter = ","
    self.shape = shape
    self.scale = scale
  }

  static let defaultMissingMarkers = ["", "?", "NA", "NaN", "nan", "null"]

  /// The features that are read from columns whose groups are audited.
  public var protectedFeatures: [String] {
    columns.filter { column in protectedColumns.contains { $0.column == column.column } }
      .map(\.feature.name)
  }

  /// Where the data come from and what they are, as far as the description says, a sentence each.
  public var provenance: [String] {
    [source.map { "Source: \($0)" }, licence.map { "Licence: \($0)" }, description]
      .compactMap(\.self)
  }

  /// The description of the inputs that a model needs.
  public var input: InputSpecification {
    if columns.isEmpty, let shape {
      return .plain(shape: shape, layout: layout, scale: scale)
    }
    return .table(columns.map(\.feature))
  }
}

/// One feature and how the file writes it.
public struct FeatureColumn: Codable, Hashable, Sendable {
  public var feature: Feature
  /// The column's name in the file.
  public var column: String
  /// How the file writes the categories, in their order.
  public var values: [String]
  public var missing: MissingPolicy

  public init(
    _ feature: Feature, column: String? = nil, values: [String]? = nil,
    missing: MissingPolicy = .error
  ) {
    self.feature = feature
    self.column = column ?? feature.name
    self.values = values ?? feature.categories
    self.missing = missing
  }
}

/// What happens to a missing value.
public enum MissingPolicy: String, Codable, Hashable, Sendable, CaseIterable {
  /// The file is refused.
  case error
  /// The mean, or the median, of the column's other values is filled in.
  case mean, median
  /// Missing becomes a category of its own.
  case category
  /// The row is left out.
  case drop

  /// The name of the category that missing values become.
  public static let categoryName = "missing"
}

/// The column to predict.
public struct LabelDescription: Codable, Hashable, Sendable {
  public enum Task: String, Codable, Hashable, Sendable, CaseIterable {
    case classification, regression
  }

  public enum Column: Codable, Hashable, Sendable {
    case first
    case last
    case named(String)
  }

  public var column: Column
  public var task: Task
  /// The names of the classes in the order of the model's outputs; empty: numbers from 0.
  public var classes: [String]
  /// How the file writes the classes, in their order.
  public var values: [String]
  public var positive: String?
  /// The unit of a regression's target.
  public var unit: String?

  public init(
    column: Column, task: Task = .classification, classes: [String] = [], values: [String]? = nil,
    positive: String? = nil, unit: String? = nil
  ) {
    self.column = column
    self.task = task
    self.classes = classes
    self.values = values ?? classes
    self.positive = positive
    self.unit = unit
  }
}

/// A column whose groups are audited.
public struct ProtectedColumn: Codable, Hashable, Sendable {
  public var name: String
  public var column: String
  /// The values that make up each group; a value in none is a group of its own.
  public var groups: [String: [String]]
  /// The borders that cut numbers into groups, ascending.
  public var bins: [Double]

  public init(
    name: String, column: String? = nil, groups: [String: [String]] = [:], bins: [Double] = []
  ) {
    self.name = name
    self.column = column ?? name
    self.groups = groups
    self.bins = bins
  }
}

extension InputSpecification {
  /// Plain numbers of a shape, unit-less; a scale says that they lie between 0 and 1.
  static func plain(
    shape: Shape, layout: Layout? = nil, scale: Double? = nil
  ) -> InputSpecification {
    let byRank: Layout =
      switch shape.rank {
      case 1: .table
      case 2: .sequence
      case 3: .image
      default: .array
      }
    let layout = layout ?? byRank
    let range = scale == nil ? nil : ValueRange(0...1)
    let features = layout == .table ? (0..<shape.count).map { Feature(name: "x\($0)") } : []
    return InputSpecification(layout: layout, shape: shape, features: features, range: range)
  }
}

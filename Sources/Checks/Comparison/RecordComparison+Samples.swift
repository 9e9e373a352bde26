public import Tensors

extension RecordComparison {
  /// What became of breaking the samples under one norm, within the largest ε that both runs tried.
  ///
  /// Of the samples that both models classify correctly: an attack on a wrong answer says nothing.
  public struct BreakChanges: Codable, Hashable, Sendable {
    public var norm: Norm
    /// The largest ε that both runs tried.
    public var limit: Double
    /// What ε is measured in.
    public var scale: String
    /// The samples that both models classify correctly.
    public var count: Int
    /// Of those, the ones that a run did not attack in full: they are in none of the lists as
    /// withstanding.
    public var unfinished: Int
    /// Broken in the second run, withstood in the first; nearest first.
    public var new: [Break]
    /// Broken in the first run, withstood in the second; nearest first.
    public var fixed: [Break]
    /// Broken in both, in the second nearer by more than a tenth; by the ratio of the distances.
    public var worse: [Break]
  }

  /// A sample that an attack of either run broke.
  public struct Break: Codable, Hashable, Sendable {
    public var sample: Int
    public var name: String
    public var label: Int
    /// The smallest verified breaking distances; nil where nothing broke the sample.
    public var firstDistance: Double?
    public var secondDistance: Double?
    /// The attack that came nearest: of the second run, of the first for a fixed sample.
    public var attack: String
    /// The answer to what it found.
    public var predicted: Int
  }

  /// A sample that the models answer differently.
  public struct Flip: Codable, Hashable, Sendable {
    /// How the answer changed.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
      case rightToWrong = "right to wrong"
      case wrongToRight = "wrong to right"
      case wrongToWrong = "wrong to another wrong"
    }

    public var kind: Kind
    public var sample: Int
    public var name: String
    public var label: Int
    /// The answers, and the probabilities that the models give them; nil: not a number.
    public var first: Int
    public var firstConfidence: Double?
    public var second: Int
    public var secondConfidence: Double?
  }

  /// The explanation of one sample by one method for one class, by both models.
  public struct Move: Codable, Hashable, Sendable {
    public var sample: Int
    public var name: String
    public var method: String
    public var target: Int
    /// Spearman's ρ of the attributions: 1 is unmoved, 0 unrelated.
    public var rankCorrelation: Double
  }
}

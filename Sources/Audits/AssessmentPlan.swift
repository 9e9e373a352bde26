public import Assessments
package import Attacks
import ConfigurationFiles

/// What an audit measures besides attacks and the explanations of single samples.
public struct AssessmentPlan: Hashable, Sendable {
  /// The names of corruptions; nil: all that suit the input.
  public var corruptions: [String]?
  /// How often each feature is permuted; 0: importance is not measured.
  public var permutationRepeats: Int
  /// For how many features accumulated local effects are computed.
  public var effectFeatures: Int
  /// How answers become decisions about people; nil where they do not.
  public var decision: DecisionRule?

  public init(
    corruptions: [String]? = nil, permutationRepeats: Int = 20, effectFeatures: Int = 8,
    decision: DecisionRule? = nil
  ) {
    self.corruptions = corruptions
    self.permutationRepeats = permutationRepeats
    self.effectFeatures = effectFeatures
    self.decision = decision
  }

  /// What costs no pass through the model.
  public static let none = AssessmentPlan(
    corruptions: [], permutationRepeats: 0, effectFeatures: 0)
}

extension AssessmentPlan {
  /// What a suite asks for, of a model with these classes.
  ///
  /// - Throws: `ConfigurationError` if the suite names a class that the model does not know.
  package init(_ suite: Suite.Assessments, classNames: [String]) throws {
    let decision = try suite.decisions.map { stated in
      DecisionRule(
        favourableClass: try classNames.index(ofClass: stated.favourable, at: stated.place),
        cutoff: stated.cutoff, reasonCount: stated.reasonCount,
        counterfactualCount: stated.counterfactualCount)
    }
    self.init(
      corruptions: suite.corruptions, permutationRepeats: suite.permutationRepeats,
      effectFeatures: suite.effectFeatures, decision: decision)
  }
}

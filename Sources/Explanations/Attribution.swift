public import Tensors

/// The explanation of samples by one method, with everything needed to judge and repeat it.
public struct Attribution: Codable, Hashable, Sendable {
  /// A setting of a method, as a reader should see it.
  public struct Parameter: Codable, Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The method's registered name.
  public var method: String
  /// Every setting, by name.
  public var parameters: [Parameter]
  /// Signed, of the encoded inputs' shape.
  public var attributions: Tensor
  /// The class whose logit is explained, a number per sample.
  public var classes: [Int]
  /// The sample ids of the request.
  public var samples: [Int]
  public var seed: UInt64
  /// F(x): the target's logit.
  public var outputs: [Double]
  /// The identity of the baseline; nil for methods without one.
  public var baseline: String?
  /// Per sample; nil where the method promises no completeness.
  public var completeness: [Completeness]?

  public var count: Int { classes.count }

  /// Whether the sample's completeness error was accepted, or none is defined.
  public func isConverged(_ row: Int) -> Bool { completeness?[row].isConverged ?? true }

  /// The attributions of one sample in row-major order.
  public func values(_ row: Int) -> [Double] { attributions.row(row).doubles }
}

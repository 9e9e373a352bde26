public import ConfigurationFiles
public import Programs
public import Tensors

/// Merges all axes of a sample into one.
///
/// - Shapes: `[N, …]` to `[N, features]`.
public struct Flatten: Layer {
  public static let kind = "flatten"
  public var name: String?

  public init() {}

  public init(_ settings: ConfigurationNode) throws { name = try settings.nameOnly() }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    inputs.flattened()
  }
}

/// Gives each sample another shape of as many elements.
public struct Reshape: Layer {
  public static let kind = "reshape"
  public var name: String?
  /// The shape of a sample, without the batch axis.
  public var shape: Shape

  public init(_ shape: Shape) { self.shape = shape }

  public init(_ settings: ConfigurationNode) throws {
    shape = Shape(try settings.items.map { try $0.integer(in: 1...) })
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard inputs.shape.sample.count == shape.count else {
      throw scope.error("cannot give \(inputs.shape.sample.count) elements the shape \(shape)")
    }
    return inputs.reshaped(to: [inputs.shape[0]] + shape)
  }
}

/// Reorders the axes of each sample: axis i of the result is axis `axes[i]` of the sample, from 1.
///
/// `Permute([2, 1])` turns a series of `[channels, length]` into the `[length, features]` that
/// recurrent and attention layers take.
public struct Permute: Layer {
  public static let kind = "permute"
  public var name: String?
  public var axes: [Int]

  public init(_ axes: [Int]) { self.axes = axes }

  public init(_ settings: ConfigurationNode) throws {
    axes = try settings.items.map { try $0.integer(in: 1...) }
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard axes.sorted() == Array(1..<inputs.shape.rank) else {
      throw scope.error("\(axes) is no order of the \(inputs.shape.rank - 1) axes of a sample")
    }
    return inputs.transposed([0] + axes)
  }
}

/// Replaces whole numbers by trainable vectors.
///
/// - Shapes: `[N, …]` to `[N, …, width]`; weight `[count, width]`.
public struct Embedding: Layer {
  public static let kind = "embedding"
  public var name: String?
  /// The number of codes; every input is one of 0..<count.
  public var count: Int
  public var width: Int

  public init(count: Int, width: Int) {
    self.count = count
    self.width = width
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys = try settings.mapping(keys: ["count", "width", "name"])
    count = try keys.required("count").integer(in: 1...)
    width = try keys.required("width").integer(in: 1...)
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let weight = scope.parameter("weight", [count, width], .normal(deviation: 1), like: inputs)
    return weight.gather(inputs.converted(to: .int64), axis: 0)
  }
}

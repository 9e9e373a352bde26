import Programs
import Tensors

/// A layer that is being lowered: what its lowering sees.
struct CaffeCall: NodeCall {
  let layer: CaffeLayerParameter
  /// The values of the layer's bottoms.
  let inputs: [Value]
  private let blobs: [Tensor]
  let tracer: NetworkTracer

  init(
    _ layer: CaffeLayerParameter, inputs: [Value], blobs: [Tensor], tracer: NetworkTracer
  ) {
    self.layer = layer
    self.inputs = inputs
    self.blobs = blobs
    self.tracer = tracer
  }

  func input(_ index: Int) throws -> Value {
    guard inputs.indices.contains(index) else { throw error("bottom \(index) is missing") }
    return inputs[index]
  }

  var blobCount: Int { blobs.count }

  /// The shape of a blob.
  func blobShape(_ index: Int) throws -> Shape {
    guard blobs.indices.contains(index) else {
      throw error("the caffemodel has \(blobs.count) blobs for it, and blob \(index) is needed")
    }
    return blobs[index].shape
  }

  /// A weight under the shape that the layer gives it: old files state four axes for all.
  func blob(_ index: Int, _ shape: Shape) throws -> Value {
    let stored = try blobShape(index)
    guard try stored.count == product(shape.dimensions) else {
      throw error("blob \(index) has the shape \(stored), expected \(shape)")
    }
    return tracer.weight("\(layer.name)[\(index)]", blobs[index].reshaped(to: shape))
  }

  /// A dimension that weights or windows depend on.
  func fixed(_ value: Value, _ axis: Int) throws -> Int {
    let size = value.shape[axis]
    try require(!Shape.isSymbolic(size), "the size of axis \(axis) of \(value.type) is not fixed")
    return size
  }
}

/// How one type of layer becomes primitives.
struct CaffeLayer: Sendable {
  /// Makes the tops of a layer.
  typealias Lowering = @Sendable (CaffeCall) throws -> [Value]

  let type: String
  let lower: Lowering

  init(_ type: String, lower: @escaping Lowering) {
    self.type = type
    self.lower = lower
  }

  /// A layer with one top.
  static func value(
    _ type: String, lower: @escaping @Sendable (CaffeCall) throws -> Value
  ) -> CaffeLayer {
    CaffeLayer(type) { [try lower($0)] }
  }

  /// A layer that makes a top of every bottom by itself.
  static func each(
    _ type: String, lower: @escaping @Sendable (CaffeCall, Value) throws -> Value
  ) -> CaffeLayer {
    CaffeLayer(type) { call in
      try call.require(!call.inputs.isEmpty, "bottom 0 is missing")
      return try call.inputs.map { try lower(call, $0) }
    }
  }
}

/// Every type of layer that Assay lowers: a family of them is a file, and a line here.
enum CaffeRegistry {
  static let layers: [String: CaffeLayer] = Dictionary(
    uniqueKeysWithValues: [
      CaffeActivations.all,
      CaffeConvolutions.all,
      CaffeNormalizations.all,
      CaffePooling.all,
      CaffeProducts.all,
      CaffeReductions.all,
      CaffeShapes.all,
    ].joined().map { ($0.type, $0) })
}

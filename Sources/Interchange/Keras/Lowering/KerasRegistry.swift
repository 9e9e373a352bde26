/// Every layer that Assay lowers: a family of them is a file, and a line here.
struct KerasRegistry: Sendable {
  static let standard = KerasRegistry(
    layers: [
      CoreLayers.all,
      ActivationLayers.all,
      ConvolutionLayers.all,
      TransposedConvolutionLayers.all,
      PoolingLayers.all,
      SpatialLayers.all,
      NormalizationLayers.all,
      MergingLayers.all,
      RecurrentLayers.all,
      WrappingLayers.all,
      AttentionLayers.all,
    ],
    operations: [ArrayOperations.all])

  private let layers: [String: KerasLayerKind]
  private let operations: [String: KerasLayerKind]

  init(layers: [[KerasLayerKind]], operations: [[KerasLayerKind]]) {
    func table(_ kinds: [[KerasLayerKind]]) -> [String: KerasLayerKind] {
      Dictionary(uniqueKeysWithValues: kinds.joined().map { ($0.name, $0) })
    }
    self.layers = table(layers)
    self.operations = table(operations)
  }

  func kind(of layer: KerasLayer) -> KerasLayerKind? {
    layer.isOperation ? operations[layer.className] : layers[layer.className]
  }

  /// Whether functions of arrays have one of this name; a layer may have it too.
  func isOperation(_ className: String) -> Bool { operations[className] != nil }

  /// The names of the layers' classes.
  var names: [String] { layers.keys.sorted() }
}

import Programs

/// How the layers of one class become primitives.
struct KerasLayerKind: Sendable {
  typealias Lowering = @Sendable (KerasCall) throws -> [KerasTensor]

  let name: String
  let lower: Lowering

  init(_ name: String, lower: @escaping Lowering) {
    self.name = name
    self.lower = lower
  }

  /// A layer with one result, which has no mask.
  static func value(
    _ name: String, lower: @escaping @Sendable (KerasCall) throws -> Value
  ) -> KerasLayerKind {
    KerasLayerKind(name) { [KerasTensor(try lower($0))] }
  }

  /// A layer with one result, whose steps are those of its first input.
  static func stepwise(
    _ name: String, lower: @escaping @Sendable (KerasCall) throws -> Value
  ) -> KerasLayerKind {
    KerasLayerKind(name) { [KerasTensor(try lower($0), mask: try $0.input().mask)] }
  }

  /// Layers that do nothing to a network that is not in training.
  static func identity(_ names: String...) -> [KerasLayerKind] {
    names.map { name in stepwise(name) { try $0.real() } }
  }
}

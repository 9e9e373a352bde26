import Foundation
import Programs
import Tensors

/// A value of a graph that is being lowered.
enum TensorFlowOperand {
  case value(Value)
  /// A variable, by the name of the node that stands for it.
  case variable(String)
  /// What exists in the file, but not for Assay, with the reason.
  case unavailable(String)
}

/// A node that is being lowered: what an operator's lowering sees.
struct TensorFlowCall: NodeCall {
  let node: TensorFlowNodeDef
  let inputs: [TensorFlowOperand]
  let lowering: TensorFlowLowering

  var tracer: NetworkTracer { lowering.tracer }

  // MARK: Inputs

  func operand(_ index: Int) throws -> TensorFlowOperand {
    guard inputs.indices.contains(index) else { throw error("input \(index) is missing") }
    return inputs[index]
  }

  func input(_ index: Int) throws -> Value {
    switch try operand(index) {
    case .value(let value): return value
    case .variable(let name): throw error("input \(index) is the variable '\(name)' and no value")
    case .unavailable(let reason): throw error(reason)
    }
  }

  func values() throws -> [Value] { try inputs.indices.map(input) }

  /// A floating-point input.
  func real(_ index: Int) throws -> Value {
    let value = try input(index)
    try require(
      value.elementType.isFloatingPoint, "input \(index) has type \(value.type), not real numbers")
    return value
  }

  /// An input that must be known before the model runs, as whole numbers.
  func integers(_ index: Int) throws -> [Int] {
    guard let known = tracer.known(try input(index)) else { throw unknown(index) }
    guard let numbers = known.dimensions else {
      throw error(
        "input \(index) depends on the number of samples in a way that no shape can state")
    }
    return numbers
  }

  func integer(_ index: Int) throws -> Int {
    let numbers = try integers(index)
    try require(numbers.count == 1, "input \(index) has \(numbers.count) elements, expected one")
    return numbers[0]
  }

  /// An input that must be known before the model runs, as real numbers.
  func reals(_ index: Int) throws -> [Double] {
    guard let known = tracer.known(try input(index)), known.alternative == nil else {
      throw unknown(index)
    }
    return known.tensor.doubles
  }

  private func unknown(_ index: Int) -> NodeError {
    NodeError(
      reason: "input \(index), '\(node.input[index])', must be known before the model runs, "
        + "but depends on its inputs",
      unknownValue: (try? input(index))?.id)
  }

  // MARK: Attributes

  func int(_ name: String, default value: Int) -> Int {
    node.attr[name].map { Int($0.i) } ?? value
  }

  func flag(_ name: String, default value: Bool = false) -> Bool { node.attr[name]?.b ?? value }

  func float(_ name: String, default value: Float) -> Double {
    Double(node.attr[name]?.f ?? value)
  }

  func string(_ name: String, default value: String) -> String {
    node.attr[name].map { String(decoding: $0.s, as: UTF8.self) } ?? value
  }

  func ints(_ name: String) -> [Int] { node.attr[name]?.list.i.map { Int($0) } ?? [] }

  /// The element type that an attribute names.
  func type(_ name: String) throws -> ElementType {
    let number = node.attr[name]?.type ?? 0
    guard let type = TensorFlowType.representation(number) else {
      throw error("Assay does not compute with \(TensorFlowType.name(number))")
    }
    return type
  }
}

/// How one operator becomes primitives.
struct TensorFlowOperator: Sendable {
  /// Makes the outputs of a node.
  typealias Lowering = @Sendable (TensorFlowCall) throws -> [TensorFlowOperand]

  let name: String
  /// The names of the outputs, if there is more than one: functions refer to them.
  let outputs: [String]
  let lower: Lowering

  init(_ name: String, outputs: [String] = [], lower: @escaping Lowering) {
    self.name = name
    self.outputs = outputs
    self.lower = lower
  }

  /// An operator with one output.
  static func value(
    _ name: String, lower: @escaping @Sendable (TensorFlowCall) throws -> Value
  ) -> TensorFlowOperator {
    TensorFlowOperator(name) { [.value(try lower($0))] }
  }

  /// An operator with a list of outputs.
  static func values(
    _ name: String, lower: @escaping @Sendable (TensorFlowCall) throws -> [Value]
  ) -> TensorFlowOperator {
    TensorFlowOperator(name) { try lower($0).map { .value($0) } }
  }
}

/// Every operator that Assay lowers: a family of them is a file, and a line here.
enum TensorFlowRegistry {
  static let operators: [String: TensorFlowOperator] = Dictionary(
    uniqueKeysWithValues: [
      TensorFlowArithmetic.all,
      TensorFlowConvolutions.all,
      TensorFlowFunctions.all,
      TensorFlowIndexing.all,
      TensorFlowLogic.all,
      TensorFlowNormalizations.all,
      TensorFlowPooling.all,
      TensorFlowQuantization.all,
      TensorFlowReductions.all,
      TensorFlowResizing.all,
      TensorFlowShapes.all,
      TensorFlowSlices.all,
      TensorFlowSources.all,
      TensorFlowSpaces.all,
    ].joined().map { ($0.name, $0) })
}

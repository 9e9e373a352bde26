import Programs
import Tensors

/// A graph that is being written: nodes in the order in which they are made, and weights.
///
/// The nodes of one equation are named after it: "convolution_12", "convolution_12/Transpose".
final class ONNXGraphWriter {
  struct Weight {
    let name: String
    let tensor: Tensor
  }

  private(set) var message = ONNXGraph()
  private(set) var weights: [Weight] = []
  private(set) var usesFunctions = false
  private var names: Set<String>
  /// How often a name was wanted that was taken.
  private var numbers: [String: Int] = [:]
  private var shared: [Tensor: String] = [:]
  /// What the nodes that follow belong to.
  private var label = ""
  private var firstNode = 0
  /// The names that will not change any more.
  private var finished: Set<String> = []

  /// - Parameter reserved: Names of inputs and outputs, that nothing else may have.
  init(reserved: Set<String>) { names = reserved }

  func declareInput(_ name: String, _ type: ValueType) {
    message.input.append(ONNXValueInfo(name, type))
  }

  func declareOutput(_ name: String, _ type: ValueType) {
    message.output.append(ONNXValueInfo(name, type))
  }

  /// A weight under a name that is reserved for it.
  func declareWeight(_ name: String, _ tensor: Tensor) {
    weights.append(Weight(name: name, tensor: tensor))
  }

  /// A weight under a new name; equal small ones are one.
  func constant(_ tensor: Tensor, named wanted: String = "constant") -> String {
    if let name = shared[tensor] { return name }
    let name = unique(wanted)
    weights.append(Weight(name: name, tensor: tensor))
    if tensor.count <= 16 { shared[tensor] = name }
    return name
  }

  func integers(_ numbers: [Int]) -> String {
    constant(Tensor(numbers.map(Int64.init)), named: "integers")
  }

  func scalar(_ number: Double, _ type: ElementType) -> String {
    constant(Tensor(number, elementType: type), named: "scalar")
  }

  /// Runs a body whose nodes belong to an equation, and names the value that it returns after it.
  ///
  /// A value that exists already keeps its name.
  ///
  /// - Parameters:
  ///   - label: The name.
  ///   - isReserved: Whether the name was kept free for this value.
  ///   - body: Appends nodes and returns the name of their result.
  /// - Returns: The name that the value has from now on.
  func writing(
    _ label: String, isReserved: Bool = false, _ body: () throws -> String
  ) rethrows -> String {
    let outer = (self.label, firstNode)
    (self.label, firstNode) = (label, message.node.count)
    defer { (self.label, firstNode) = outer }
    return rename(try body(), to: label, isReserved: isReserved)
  }

  /// Appends a node.
  ///
  /// - Returns: The name of its result.
  func node(_ type: String, _ inputs: [String], _ attributes: [ONNXAttribute] = []) -> String {
    nodes(type, inputs, attributes, results: 1)[0]
  }

  /// Appends a node with several results.
  func nodes(
    _ type: String, _ inputs: [String], _ attributes: [ONNXAttribute] = [], results: Int
  ) -> [String] {
    let outputs = (0..<results).map { _ in unique("\(label)/\(type)") }
    append(ONNXNode(type, inputs, outputs, attributes))
    return outputs
  }

  /// Calls a function that the model defines.
  func call(_ function: ONNXFunction, _ inputs: [String]) -> String {
    usesFunctions = true
    let output = unique("\(label)/\(function.name)")
    append(ONNXNode(function.name, inputs, [output], domain: function.domain))
    return output
  }

  private func append(_ node: ONNXNode) {
    var node = node
    node.name = node.output[0]
    message.node.append(node)
  }

  private func rename(_ value: String, to wanted: String, isReserved: Bool) -> String {
    let own = message.node[firstNode...]
    guard !finished.contains(value), own.contains(where: { $0.output.contains(value) }) else {
      return value
    }
    names.remove(value)
    let name = isReserved ? wanted : unique(wanted)
    finished.insert(name)
    func renamed(_ other: String) -> String { other == value ? name : other }
    for index in own.indices {
      message.node[index].input = message.node[index].input.map(renamed)
      message.node[index].output = message.node[index].output.map(renamed)
      message.node[index].name = renamed(message.node[index].name)
    }
    return name
  }

  /// Passes a value on under a reserved name.
  func identity(_ value: String, named name: String) {
    append(ONNXNode("Identity", [value], [name]))
  }

  private func unique(_ wanted: String) -> String {
    var name = wanted
    while !names.insert(name).inserted {
      numbers[wanted, default: 1] += 1
      name = "\(wanted)_\(numbers[wanted, default: 1])"
    }
    return name
  }
}

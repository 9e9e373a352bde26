import Programs
import Tensors

extension NetworkRequest {
  /// Checks that the file has every input and output that is asked for.
  ///
  /// - Throws: `InterchangeError.Fact` with what it has instead.
  func check(inputs: [NetworkPort], outputs available: [NetworkPort]) throws {
    for name in Set(shapes.keys).union(constants.keys).sorted()
    where !inputs.contains(where: { $0.name == name }) {
      throw InterchangeError.Fact.request(
        "there is no input '\(name)'; the model has \(inputs.map(\.name).list)")
    }
    for name in outputs ?? [] where !available.contains(where: { $0.name == name }) {
      throw InterchangeError.Fact.request(
        "there is no output '\(name)'; the model has \(available.map(\.name).list)")
    }
  }

  /// The values of a network's inputs: those that are given are constants.
  ///
  /// - Throws: `InterchangeError.Fact` if an input has no known shape or is no tensor of numbers.
  func declare(_ ports: [NetworkPort], in tracer: NetworkTracer) throws -> [String: Value] {
    var result: [String: Value] = [:]
    for port in ports where constants[port.name] == nil {
      guard let type = port.elementType else {
        throw InterchangeError.Fact.request(
          "the input '\(port.name)' is \(port.typeName), which Assay does not compute")
      }
      let shape = try shapes[port.name] ?? port.assumedShape()
      try Self.check(shape, of: port)
      result[port.name] = tracer.builder.input(port.name, ValueType(type, shape))
    }
    for port in ports {
      guard let tensor = constants[port.name] else { continue }
      let type = port.elementType ?? tensor.elementType
      result[port.name] = tracer.weight(port.name, tensor.converted(to: type))
    }
    try tracer.check()
    return result
  }

  /// Files state any number as a size: those of a possible input can be multiplied.
  private static func check(_ shape: Shape, of port: NetworkPort) throws {
    let count = shape.dimensions.reduce(1.0) { $0 * max(Double($1), 1) }
    guard shape.dimensions.allSatisfy({ $0 >= 0 }), count < 0x1p60 else {
      throw InterchangeError.Fact.request(
        "the input '\(port.name)' has the impossible shape \(shape.symbolicDescription)")
    }
  }
}

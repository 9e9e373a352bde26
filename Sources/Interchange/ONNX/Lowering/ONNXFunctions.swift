/// What identifies a function of a model.
struct ONNXFunctionKey: Hashable {
  let domain: String
  let name: String
  let overload: String

  init(domain: String, name: String, overload: String) {
    self.domain = domain == "ai.onnx" ? "" : domain
    self.name = name
    self.overload = overload
  }

  init(_ node: ONNXNode) {
    self.init(domain: node.domain, name: node.opType, overload: node.overload)
  }
}

extension ONNXFile {
  /// The functions of the model by what calls them.
  var functions: [ONNXFunctionKey: ONNXFunction] {
    Dictionary(
      model.functions.map {
        (ONNXFunctionKey(domain: $0.domain, name: $0.name, overload: $0.overload), $0)
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension ONNXFunction {
  /// The function's nodes, with the attributes of a call in the places that refer to them.
  func body(for call: ONNXNode) -> [ONNXNode] {
    var values: [String: ONNXAttribute] = [:]
    for attribute in attributeProto { values[attribute.name] = attribute }
    for attribute in call.attribute { values[attribute.name] = attribute }
    return node.map { $0.substituting(values) }
  }
}

extension ONNXNode {
  /// The node with values for the attributes that refer to an enclosing function's; one that has
  /// no value there is left out.
  fileprivate func substituting(_ values: [String: ONNXAttribute]) -> ONNXNode {
    var result = self
    result.attribute = attribute.compactMap { attribute in
      var attribute = attribute
      if !attribute.refAttrName.isEmpty {
        guard var value = values[attribute.refAttrName] else { return nil }
        value.name = attribute.name
        return value
      }
      if attribute.hasG {
        attribute.g.node = attribute.g.node.map { $0.substituting(values) }
      }
      return attribute
    }
    return result
  }
}

import Tensors

/// JSON has no infinities and no NaN: padding with one is written beside the primitive, as text.
extension Equation: Codable {
  private enum CodingKeys: CodingKey { case primitive, operands, type, padding }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var primitive = try container.decode(Primitive.self, forKey: .primitive)
    if let text = try container.decodeIfPresent(String.self, forKey: .padding) {
      guard let value = Double(text), case .pad(let low, let high, let interior, _) = primitive
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .padding, in: container, debugDescription: "'\(text)' pads nothing")
      }
      primitive = .pad(low: low, high: high, interior: interior, value: value)
    }
    self.primitive = primitive
    operands = try container.decode([Int].self, forKey: .operands)
    type = try container.decode(ValueType.self, forKey: .type)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if case .pad(let low, let high, let interior, let value) = primitive, !value.isFinite {
      try container.encode(
        Primitive.pad(low: low, high: high, interior: interior, value: 0), forKey: .primitive)
      try container.encode("\(value)", forKey: .padding)
    } else {
      try container.encode(primitive, forKey: .primitive)
    }
    try container.encode(operands, forKey: .operands)
    try container.encode(type, forKey: .type)
  }
}

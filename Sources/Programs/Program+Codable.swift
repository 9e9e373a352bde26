extension Program: Codable {
  private enum CodingKeys: CodingKey { case inputs, equations, outputs, outputNames }

  /// Reads and checks a program: one that does not type-check is not decoded.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      inputs: container.decode([Port].self, forKey: .inputs),
      equations: container.decode([Equation].self, forKey: .equations),
      outputs: container.decode([Int].self, forKey: .outputs),
      outputNames: container.decode([String].self, forKey: .outputNames))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(equations, forKey: .equations)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(outputNames, forKey: .outputNames)
  }
}

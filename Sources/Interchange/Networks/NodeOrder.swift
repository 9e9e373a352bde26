/// The nodes of a graph that some values depend on, each after those that it needs.
struct NodeOrder {
  let nodes: [Int]

  /// - Parameters:
  ///   - makes: The values that each node makes.
  ///   - needs: The values that a node needs, in the order in which they should be made.
  ///   - outputs: The values that are wanted.
  ///   - format: The format of the file, for errors.
  ///   - isKnown: Whether a value exists already.
  /// - Throws: `InterchangeError.Fact` if a value is made twice, never, or from itself.
  init(
    makes: [[String]], needs: (Int, (String) -> Bool) -> [String], for outputs: [String],
    format: String, isKnown: (String) -> Bool
  ) throws {
    func damaged(_ reason: String) -> InterchangeError.Fact {
      .damaged(format: format, reason)
    }
    var makers: [String: Int] = [:]
    for (index, names) in makes.enumerated() {
      for name in names where !name.isEmpty {
        guard makers.updateValue(index, forKey: name) == nil else {
          throw damaged("two nodes make the value '\(name)'")
        }
      }
    }
    /// The node that makes a value; nil if the value exists already.
    func maker(of name: String) throws -> Int? {
      if let maker = makers[name] { return maker }
      guard isKnown(name) else { throw damaged("nothing makes the value '\(name)'") }
      return nil
    }
    nodes = try DependencyOrder(
      for: outputs.compactMap(maker),
      needs: { node in try needs(node) { makers[$0] != nil }.compactMap(maker) },
      cycle: { damaged("the value '\(makes[$0].first ?? "")' depends on itself") }
    ).keys
  }
}

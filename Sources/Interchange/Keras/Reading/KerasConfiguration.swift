/// The settings of a layer.
struct KerasConfiguration: Sendable {
  private let values: KerasValue

  init(_ values: KerasValue) { self.values = values }

  subscript(name: String) -> KerasValue? { values[name] }

  func text(_ name: String) -> String? { self[name]?.text }

  func flag(_ name: String, default value: Bool) -> Bool {
    self[name]?.number.map { $0 != 0 } ?? value
  }

  func number(_ name: String) throws -> Double? {
    guard let value = self[name] else { return nil }
    guard let number = value.number else { throw KerasLayerError("'\(name)' is no number") }
    return number
  }

  func number(_ name: String, default value: Double) throws -> Double {
    try number(name) ?? value
  }

  func integer(_ name: String) throws -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.integer else { throw KerasLayerError("'\(name)' is no whole number") }
    return number
  }

  func integer(_ name: String, default value: Int) throws -> Int { try integer(name) ?? value }

  func requiredInteger(_ name: String) throws -> Int {
    guard let number = try integer(name) else { throw KerasLayerError("has no '\(name)'") }
    return number
  }

  /// Whole numbers: a list, or one number alone.
  func integers(_ name: String) throws -> [Int]? {
    guard let value = self[name] else { return nil }
    if let number = value.integer { return [number] }
    guard let numbers = value.list?.map(\.integer), !numbers.contains(nil) else {
      throw KerasLayerError("'\(name)' is no list of whole numbers")
    }
    return numbers.compactMap { $0 }
  }

  /// Numbers of at least 1, one an axis; a single one stands for all axes.
  func sizes(_ name: String, count: Int, default value: Int? = 1) throws -> [Int] {
    guard let numbers = try integers(name) ?? value.map({ [$0] }) else {
      throw KerasLayerError("has no '\(name)'")
    }
    guard numbers.count == count || numbers.count == 1, numbers.allSatisfy({ $0 >= 1 }) else {
      throw KerasLayerError("'\(name)' is \(numbers), not \(count) positive numbers")
    }
    return numbers.count == count ? numbers : Array(repeating: numbers[0], count: count)
  }

  /// Counts before and after each axis: one number, one an axis, or two an axis.
  func borders(_ name: String, count: Int) throws -> [(low: Int, high: Int)] {
    let value = self[name] ?? .number(1)
    let borders: [(low: Int, high: Int)?]
    if let number = value.integer {
      borders = Array(repeating: (number, number), count: count)
    } else if let list = value.list {
      // A lone axis states its two counts without a list around them.
      let isPair = count == 1 && list.count == 2 && list[0].integer != nil
      borders = (isPair ? [value] : list).map { entry in
        if let number = entry.integer { return (number, number) }
        guard let pair = entry.list, pair.count == 2, let low = pair[0].integer,
          let high = pair[1].integer
        else { return nil }
        return (low, high)
      }
    } else {
      borders = []
    }
    let result = borders.compactMap { $0 }
    guard borders.count == count, result.count == count,
      result.allSatisfy({ $0.low >= 0 && $0.high >= 0 })
    else { throw KerasLayerError("'\(name)' does not state two counts for each axis") }
    return result
  }

  /// The settings with another value for one.
  func replacing(_ name: String, with value: KerasValue) -> KerasConfiguration {
    var members = values.object ?? [:]
    members[name] = value
    return KerasConfiguration(.object(members))
  }

  /// The name of the type that the layer computes with.
  var typeName: String? {
    guard let type = self["dtype"] else { return nil }
    return type.text ?? type["config"]?["name"]?.text
  }
}

/// Why a layer cannot be lowered, without the place.
struct KerasLayerError: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

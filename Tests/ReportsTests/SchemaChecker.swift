import Foundation

/// The part of JSON Schema 2020-12 that the committed schema uses; an unknown keyword is an error.
struct SchemaChecker {
  private let root: [String: Any]

  init(_ schema: Data) throws {
    root = try JSONSerialization.jsonObject(with: schema) as? [String: Any] ?? [:]
  }

  /// Where and how a value departs from the schema; empty if it does not.
  func problems(in document: Data) throws -> [String] {
    check(try JSONSerialization.jsonObject(with: document), root, at: "$")
  }

  private func check(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    schema.sorted { $0.key < $1.key }.flatMap { keyword, rule in
      check(value, keyword, rule, schema, at: path)
    }
  }

  private func check(
    _ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], at path: String
  ) -> [String] {
    switch keyword {
    case "$schema", "$defs", "title", "description": return []
    case "$ref":
      let name = (rule as? String ?? "").replacing("#/$defs/", with: "")
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return ["\(path): no definition '\(name)'"]
      }
      return check(value, target, at: path)
    case "type": return isOf(rule as? String ?? "", value) ? [] : ["\(path): not \(rule)"]
    case "enum":
      let allowed = rule as? [NSObject] ?? []
      return allowed.contains { $0.isEqual(value) } ? [] : ["\(path): \(value) not allowed"]
    case "const": return (rule as? NSObject)?.isEqual(value) == true ? [] : ["\(path): not \(rule)"]
    case "anyOf":
      let choices = rule as? [[String: Any]] ?? []
      return choices.contains { check(value, $0, at: path).isEmpty } ? [] : ["\(path): no choice"]
    case "items":
      guard let rule = rule as? [String: Any] else { return ["\(path): bad items"] }
      return (value as? [Any] ?? []).enumerated().flatMap {
        check($1, rule, at: "\(path)[\($0)]")
      }
    case "properties": return properties(value, rule, at: path)
    case "required":
      let object = value as? [String: Any] ?? [:]
      return (rule as? [String] ?? []).filter { object[$0] == nil }.map { "\(path): no \($0)" }
    case "additionalProperties":
      let known = schema["properties"] as? [String: Any] ?? [:]
      return (value as? [String: Any] ?? [:]).keys.filter { known[$0] == nil }.map {
        "\(path): unknown \($0)"
      }
    case "minItems": return (value as? [Any] ?? []).count >= rule as? Int ?? 0 ? [] : [path]
    case "maxItems": return (value as? [Any] ?? []).count <= rule as? Int ?? 0 ? [] : [path]
    case "minimum": return (value as? Double ?? 0) >= rule as? Double ?? 0 ? [] : [path]
    case "maximum": return (value as? Double ?? 0) <= rule as? Double ?? 0 ? [] : [path]
    case "pattern":
      let text = value as? String ?? ""
      return text.range(of: rule as? String ?? "", options: .regularExpression) != nil
        ? [] : ["\(path): no match"]
    default: return ["\(path): the checker does not know '\(keyword)'"]
    }
  }

  private func properties(_ value: Any, _ rule: Any, at path: String) -> [String] {
    let object = value as? [String: Any] ?? [:]
    let rules = rule as? [String: [String: Any]] ?? [:]
    return object.keys.sorted().flatMap { key -> [String] in
      guard let value = object[key], let rule = rules[key] else { return [] }
      return check(value, rule, at: "\(path).\(key)")
    }
  }

  private func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": value is Bool
    case "integer": (value as? Double).map { $0 == $0.rounded() } ?? false
    case "number": value is Double && !(value is String)
    default: false
    }
  }
}

import Foundation
import Tensors

extension ONNXCall {
  func attribute(_ name: String) -> ONNXAttribute? { node.attribute.first { $0.name == name } }

  func hasAttribute(_ name: String) -> Bool { attribute(name) != nil }

  /// A whole number for arithmetic: see `bounded`.
  func optionalInt(_ name: String) throws -> Int? { try exactInt(name).map(Self.bounded) }

  /// A whole number as it stands in the file: a value or a code, not a size.
  func exactInt(_ name: String) throws -> Int? {
    try attribute(name, kind: .int).map { Int($0.i) }
  }

  func int(_ name: String, default value: Int) throws -> Int { try optionalInt(name) ?? value }

  func requiredInt(_ name: String) throws -> Int {
    guard let value = try optionalInt(name) else { throw error("has no attribute '\(name)'") }
    return value
  }

  func flag(_ name: String, default value: Bool = false) throws -> Bool {
    try int(name, default: value ? 1 : 0) != 0
  }

  func optionalFloat(_ name: String) throws -> Double? {
    try attribute(name, kind: .float).map { Double($0.f) }
  }

  func float(_ name: String, default value: Float) throws -> Double {
    try optionalFloat(name) ?? Double(value)
  }

  /// Whole numbers for arithmetic: see `bounded`.
  func optionalInts(_ name: String) throws -> [Int]? { try exactInts(name)?.map(Self.bounded) }

  /// Whole numbers as they stand in the file: values or codes, not sizes.
  func exactInts(_ name: String) throws -> [Int]? {
    try attribute(name, kind: .ints).map { $0.ints.map(Int.init) }
  }

  func floats(_ name: String) throws -> [Float]? {
    try attribute(name, kind: .floats)?.floats
  }

  func optionalString(_ name: String) throws -> String? {
    try attribute(name, kind: .string).map { String(decoding: $0.s, as: UTF8.self) }
  }

  func string(_ name: String, default value: String) throws -> String {
    try optionalString(name) ?? value
  }

  func strings(_ name: String) throws -> [String]? {
    try attribute(name, kind: .strings).map { attribute in
      attribute.strings.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// A tensor attribute with its type.
  func tensorAttribute(_ name: String) throws -> (Tensor, ONNXElementType)? {
    guard let attribute = try attribute(name, kind: .tensor) else { return nil }
    switch try attribute.t.contents(lowering.external) {
    case .numbers(let tensor, let type): return (tensor, type)
    case .texts: throw error("the attribute '\(name)' holds text, which Assay does not compute")
    case .unsupported(let reason): throw error(reason)
    }
  }

  func graph(_ name: String) throws -> ONNXGraph {
    guard let attribute = try attribute(name, kind: .graph) else {
      throw error("has no attribute '\(name)'")
    }
    return attribute.g
  }

  /// An attribute, checked for its kind; files of the first version of the format state no kind.
  private func attribute(_ name: String, kind: ONNXAttribute.Kind) throws -> ONNXAttribute? {
    guard let attribute = attribute(name) else { return nil }
    guard attribute.type == 0 || attribute.type == kind.rawValue else {
      throw error("the attribute '\(name)' is of kind \(attribute.type), not \(kind)")
    }
    return attribute
  }
}

extension ONNXAttribute {
  /// What an attribute holds.
  enum Kind: Int32 {
    case float = 1
    case int = 2
    case string = 3
    case tensor = 4
    case graph = 5
    case floats = 6
    case ints = 7
    case strings = 8
    case tensors = 9
    case graphs = 10
    case sparseTensor = 11
  }
}

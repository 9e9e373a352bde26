package import Foundation

extension JSONEncoder.NonConformingFloatEncodingStrategy {
  /// Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity".
  package static let named = Self.convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
  /// What `JSONEncoder.NonConformingFloatEncodingStrategy.named` wrote.
  package static let named = Self.convertFromString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
}

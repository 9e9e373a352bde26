import Foundation
import Programs
import Tensors

/// Windows for signals, and the bands of the mel scale: constants of known sizes.
enum WindowOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("HannWindow") { [try $0.window { [0.5, 0.5].cosines(at: $0) }] },
    ONNXOperator("HammingWindow") {
      [try $0.window { [25.0 / 46, 21.0 / 46].cosines(at: $0) }]
    },
    ONNXOperator("BlackmanWindow") { [try $0.window { [0.42, 0.5, 0.08].cosines(at: $0) }] },
    ONNXOperator("MelWeightMatrix", lower: melWeights),
  ]

  /// Triangles on the mel scale, a column each: `[dft length / 2 + 1, bands]`.
  ///
  ///     mel(f) = 2595 log₁₀(1 + f / 700)
  private static func melWeights(_ call: ONNXCall) throws -> [Operand?] {
    let numbers = try (0..<5).map { index -> Double in
      let input = try call.reals(index)
      try call.require(input.count == 1, "expects one number as input \(index)")
      return input[0]
    }
    let (bands, length) = try (call.whole(numbers[0]), call.whole(numbers[1]))
    let rows = length / 2 + 1
    try call.require(
      bands >= 0 && length >= 0 && bands < 1 << 20 && length < 1 << 24 && numbers[2] > 0,
      "cannot make \(bands) bands of \(length) frequencies")
    try call.requireTable([rows, bands])
    let edges = try melEdges(bands: bands, from: numbers[3], to: numbers[4]).map { frequency in
      try call.whole((Double(length + 1) * frequency / numbers[2]).rounded(.down))
    }
    try call.require(
      edges.allSatisfy { (0...rows).contains($0) },
      "the bands reach beyond half of the sample rate")
    var weights = [Double](repeating: 0, count: rows * bands)
    for band in 0..<bands {
      let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
      for row in low..<max(high, low) {
        let rising = Double(row - low) / Double(max(centre - low, 1))
        let falling = Double(high - row) / Double(max(high - centre, 1))
        weights[row * bands + band] = row < centre ? rising : falling
      }
      let hasNoSlope = centre == low || centre == high
      if hasNoSlope, centre < rows { weights[centre * bands + band] = 1 }
    }
    return [try call.table(Tensor(weights, shape: [rows, bands]))]
  }

  /// The edges of bands that are equally wide on the mel scale.
  private static func melEdges(bands: Int, from low: Double, to high: Double) -> [Double] {
    func mel(_ frequency: Double) -> Double { 2595 * log1p(frequency / 700) / log(10) }
    let step = (mel(high) - mel(low)) / Double(bands + 2)
    return (0..<bands + 2).map { index in
      700 * expm1((Double(index) * step + mel(low)) / 2595 * log(10))
    }
  }
}

extension [Double] {
  /// a₀ − a₁ cos θ + a₂ cos 2θ: a generalised cosine window at an angle.
  fileprivate func cosines(at angle: Double) -> Double {
    indices.reduce(0) { sum, index in
      sum + (index % 2 == 0 ? 1 : -1) * self[index] * cos(Double(index) * angle)
    }
  }
}

extension ONNXCall {
  /// A function of angles from 0 to 2π, which a periodic window does not reach.
  fileprivate func window(_ function: (Double) -> Double) throws -> Operand {
    let sizes = try integers(0)
    try require(
      sizes.count == 1 && (0..<1 << 24).contains(sizes[0]), "cannot make a window of \(sizes)")
    try requireTable(sizes)
    let last = try flag("periodic", default: true) ? sizes[0] : sizes[0] - 1
    let values = (0..<sizes[0]).map { function(2 * .pi * Double($0) / Double(max(last, 1))) }
    return try table(Tensor(values))
  }

  /// A constant of the type that the node names, float32 by default.
  fileprivate func table(_ tensor: Tensor) throws -> Operand {
    let type = try type(int("output_datatype", default: 1))
    guard let representation = type.representation, representation != .bool else {
      throw error("makes elements of \(type), which Assay does not compute")
    }
    return Operand(constant(tensor.converted(to: representation)), type)
  }
}

import Assessments
import Models
import Tensors

/// Logits W x of encoded inputs, on paper.
struct LinearClassifier: Classifier {
  let input: InputSpecification
  /// A row a class.
  let weights: [[Float]]
  let classNames: [String]
  let microBatch = 8

  init(_ input: InputSpecification, weights: [[Float]]) {
    self.input = input
    self.weights = weights
    classNames = weights.indices.map { "class \($0)" }
  }

  func logits(_ inputs: Tensor) throws -> Tensor {
    let values = inputs.floats
    let width = input.encodedShape.count
    let rows = (0..<inputs.shape[0]).flatMap { row in
      weights.map { weight in
        weight.indices.reduce(Float(0)) { $0 + weight[$1] * values[row * width + $1] }
      }
    }
    return Tensor(rows, shape: [inputs.shape[0], weights.count])
  }
}

/// Inputs of each layout, the same each time.
enum SampleInputs {
  static let tableInput = InputSpecification.table([
    Feature(name: "income", range: ValueRange(0...9_000)),
    Feature(name: "age", kind: .integer, range: ValueRange(18...90), isMutable: false),
    Feature(name: "telephone", kind: .binary),
    Feature(name: "housing", kind: .categorical, categories: ["own", "rent", "free"]),
    Feature(name: "rate", range: ValueRange(0...0.1)),
  ])

  static func table(_ count: Int, seed: UInt64 = 1) -> LabelledSamples {
    let rows = (0..<count).flatMap { sample -> [Float] in
      var random = RandomStream(seed: seed, purpose: "table", sample: sample)
      return [
        Float(min(max(3_000 + 1_000 * random.normal(), 0), 9_000)),
        Float((18 + 60 * random.uniform()).rounded()), random.uniform() < 0.3 ? 1 : 0,
        Float(Int(3 * random.uniform())), Float(0.0999 * random.uniform()),
      ]
    }
    return labelled(Tensor(rows, shape: [count, 5]))
  }

  /// A bright blob at a place of each image's own.
  static func images(_ count: Int, channels: Int = 1, side: Int = 16) -> LabelledSamples {
    let values = (0..<count).flatMap { sample -> [Float] in
      var random = RandomStream(seed: 2, purpose: "image", sample: sample)
      let (y, x) = (Double(side) * random.uniform(), Double(side) * random.uniform())
      return (0..<channels * side * side).map { index in
        let row = Double(index / side % side) - y
        let column = Double(index % side) - x
        return Float(0.05 + 0.9 / (1 + (row * row + column * column) / 6))
      }
    }
    return labelled(Tensor(values, shape: [count, channels, side, side]))
  }

  /// Waves of two channels.
  static func sequences(_ count: Int, length: Int = 80) -> LabelledSamples {
    let values = (0..<count).flatMap { sample -> [Float] in
      var random = RandomStream(seed: 3, purpose: "sequence", sample: sample)
      let phase = 6 * random.uniform()
      return (0..<2 * length).map { index in
        let wave = Double(index % length) * 0.05 + phase + random.uniform() * 0.2
        return Float((index < length ? 1 : 3) * (wave.truncatingRemainder(dividingBy: 2) - 1))
      }
    }
    return labelled(Tensor(values, shape: [count, 2, length]))
  }

  static func labelled(_ inputs: Tensor, labels: [Int]? = nil) -> LabelledSamples {
    let count = inputs.shape[0]
    return LabelledSamples(
      inputs: inputs, labels: labels ?? (0..<count).map { $0 % 2 },
      samples: (0..<count).map { 100 + $0 })
  }
}

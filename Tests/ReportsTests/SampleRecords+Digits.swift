import Audits
import Foundation
import Tensors

extension SampleRecords {
  private static let count = 200
  private static let side = 28

  /// An image model: drawn digits, broken easily unless robust.
  static func makeDigits(robust: Bool) -> AuditRecord {
    let name = robust ? "digits-adversarial" : "digits-normal"
    let names = (0..<10).map(String.init)
    var record = AuditRecord(
      run: run(
        robust ? "8d1c02aa91fe" : "4be19c7720d3", "Handwritten digits",
        "assay audit \(name).safetensors --data mnist_5k.csv.gz --suite standard --limit 200 --seed 7"
      ),
      model: ModelDescription(
        name: name, sha256: hash(robust ? 1 : 2),
        programText: "input x: float32[N, 1, 28, 28]\n%0 = convolution(x, w0)\n%1 = relu(%0)\n",
        parameterCount: 421_642, classNames: names, input: .image([1, side, side]),
        trainingRecord: robust
          ? #"{"epochs": 30, "adversarial": "pgd, ε 0.3, 7 steps", "optimizer": "adam"}"#
          : #"{"epochs": 12, "optimizer": "adam"}"#),
      data: DataDescription(
        name: "Handwritten digits", sha256: [NamedValue("mnist_5k.csv.gz", hash(3))],
        selection: "test split, 200 of seed 7", sampleCount: count,
        classCounts: [Int](repeating: 20, count: 10)))
    record.attacks = digitAttacks
    for sample in 0..<count { addDigit(sample, robust: robust, to: &record) }
    record = measured(record)
    record.gates = [
      gate(record, .linf, atLeast: 0.75), gate(record, .l2, atLeast: 0.6),
      GateResult(
        requirement: "clean accuracy is at least 98 %", verdict: .inconclusive, value: 0.985,
        lower: 0.957, upper: 0.997, threshold: 0.98, isAtLeast: true,
        reason: "The interval holds the threshold: more samples are needed.",
        kind: .cleanAccuracy),
    ]
    if !robust {
      record.warnings = [
        SoundnessWarning(
          name: "zero gradients", raised: "14 of 200 samples had a gradient of exactly zero",
          explanation:
            "A saturated loss gives gradient attacks no direction, so they look weaker than they are.",
          suggestion: "Attack the logit margin instead of the cross-entropy.",
          samples: [3, 9, 12, 40, 41, 77, 80, 81, 95, 120, 133, 150, 171, 199], isVeto: true)
      ]
    }
    return record
  }

  private static var digitAttacks: [AttackDescription] {
    let pgd = [
      NamedValue("steps", "40"), NamedValue("restarts", "5"), NamedValue("relative step", "0.1"),
    ]
    return [
      AttackDescription(
        id: "noise/linf", method: "noise", norm: .linf, epsilons: [0.1, 0.2, 0.3],
        scale: "input units", goal: "untargeted", parameters: [NamedValue("draws", "10")],
        isWhiteBox: false, isControl: true, samplesAttacked: 200, forwardPasses: 6_000),
      AttackDescription(
        id: "pgd/linf", method: "pgd", norm: .linf, epsilons: [0.05, 0.1, 0.2, 0.3],
        scale: "input units", goal: "untargeted", parameters: pgd, isWhiteBox: true,
        isControl: false, samplesAttacked: 196, forwardPasses: 31_240, backwardPasses: 30_920),
      AttackDescription(
        id: "pgd/l2", method: "pgd", norm: .l2, epsilons: [0.5, 1, 2, 3], scale: "input units",
        goal: "untargeted", parameters: pgd, isWhiteBox: true, isControl: false,
        samplesAttacked: 196, forwardPasses: 29_880, backwardPasses: 29_560),
    ]
  }

  private static func addDigit(_ sample: Int, robust: Bool, to record: inout AuditRecord) {
    var random = RandomStream(seed: 7, purpose: "digits", sample: sample)
    let label = sample % 10
    let input = drawing(label, &random)
    let isWrong = sample % (robust ? 50 : 67) == 33
    let predicted = isWrong ? (label + 4) % 10 : label
    var logits = (0..<10).map { _ in random.normal() }
    logits[predicted] += (robust ? 4 : 7) + random.normal()
    record.predictions.append(
      PredictionFinding(
        sample: sample, name: "row \(4_000 + sample)", label: label, predicted: predicted,
        probabilities: softmax(logits), input: input))
    guard !isWrong else { return }
    let strength = (robust ? 0.42 : 0.1) * (0.5 + random.uniform())
    var attacked: Tensor?
    for attack in record.attacks where !attack.isControl {
      let breaking = attack.norm == .linf ? strength : strength * 9
      for epsilon in attack.epsilons {
        let isBroken = epsilon >= breaking
        let perturbed = isBroken ? perturb(input, by: Float(strength), &random) : nil
        attacked = attacked ?? perturbed
        var changed = logits
        changed[(label + 3) % 10] = (logits.max() ?? 0) + 1.2
        record.findings.append(
          AttackFinding(
            sample: sample, attack: attack.id, epsilon: epsilon,
            outcome: isBroken ? .broken : .survived, distance: isBroken ? breaking : 0,
            predicted: isBroken ? (label + 3) % 10 : label,
            probabilities: softmax(isBroken ? changed : logits), perturbed: perturbed))
        if isBroken { break }
      }
    }
    if sample < 40 { explain(sample, input, attacked, robust: robust, in: &record) }
  }

  /// Strokes of a round pen along a path that depends on the digit.
  private static func drawing(_ digit: Int, _ random: inout RandomStream) -> Tensor {
    let paths: [[(Double, Double)]] = [
      [(14, 5), (8, 9), (8, 19), (14, 23), (20, 19), (20, 9), (14, 5)],
      [(11, 9), (15, 5), (15, 23)],
      [(8, 9), (14, 5), (20, 9), (8, 23), (20, 23)],
      [(8, 6), (19, 6), (13, 13), (20, 18), (14, 23), (8, 21)],
      [(16, 23), (16, 5), (7, 17), (21, 17)],
      [(20, 5), (9, 5), (9, 13), (17, 12), (20, 17), (15, 23), (8, 21)],
      [(18, 5), (10, 12), (8, 19), (14, 23), (20, 18), (14, 14), (8, 18)],
      [(8, 5), (20, 5), (12, 23)],
      [(14, 14), (8, 9), (14, 5), (20, 9), (14, 14), (8, 19), (14, 23), (20, 19), (14, 14)],
      [(20, 10), (14, 14), (8, 9), (14, 5), (20, 9), (18, 23)],
    ]
    let shift = (random.normal(), random.normal())
    let path = paths[digit].map { ($0.0 + shift.0, $0.1 + shift.1) }
    var pixels = [Float](repeating: 0, count: side * side)
    for (from, to) in zip(path, path.dropFirst()) {
      let along = (to.0 - from.0, to.1 - from.1)
      let length = along.0 * along.0 + along.1 * along.1
      for index in pixels.indices {
        let (x, y) = (Double(index % side), Double(index / side))
        // The nearest point of the stroke.
        let t = max(0, min(1, ((x - from.0) * along.0 + (y - from.1) * along.1) / length))
        let distance = hypot(x - from.0 - t * along.0, y - from.1 - t * along.1)
        pixels[index] = max(pixels[index], Float(max(0, min(1, 2.1 - distance))))
      }
    }
    return Tensor(pixels, shape: [1, side, side])
  }

  private static func perturb(
    _ input: Tensor, by strength: Float, _ random: inout RandomStream
  ) -> Tensor {
    Tensor(
      input.floats.map { max(0, min(1, $0 + (random.uniform() < 0.5 ? -strength : strength))) },
      shape: input.shape)
  }

  private static func explain(
    _ sample: Int, _ input: Tensor, _ attacked: Tensor?, robust: Bool,
    in record: inout AuditRecord
  ) {
    for (method, noise) in [
      ("saliency", 0.9), ("integrated-gradients", 0.25), ("smoothgrad", 0.4), ("occlusion", 0.1),
    ] {
      var random = RandomStream(seed: 11, purpose: method, sample: sample)
      func attributions(_ tensor: Tensor, _ noise: Double) -> Tensor {
        let values = tensor.floats.enumerated().map { index, ink -> Float in
          let signal = Double(ink) * sin(Double(index % side) / 4) * 0.08
          let value = signal + noise * 0.02 * random.normal() * (0.2 + Double(ink))
          return Float(method == "saliency" || method == "smoothgrad" ? abs(value) : value)
        }
        return Tensor(values, shape: tensor.shape)
      }
      let isConverged = !(method == "integrated-gradients" && sample == 4)
      let total = method == "integrated-gradients" || method == "occlusion" ? 5.8 : nil
      record.explanations.append(
        ExplanationFinding(
          sample: sample, method: method,
          parameters: method == "smoothgrad" ? [NamedValue("samples", "50")] : [],
          target: sample % 10, baseline: total == nil ? nil : "zero",
          attributions: attributions(input, robust ? noise * 0.4 : noise),
          completenessError: method == "integrated-gradients" ? 0.0021 : nil,
          outputDifference: total, steps: method == "integrated-gradients" ? 128 : nil,
          isConverged: isConverged, quality: quality(method, &random),
          attackedAttributions: attacked.map { attributions($0, noise) },
          rankCorrelationUnderAttack: attacked == nil ? nil : 0.75 - noise * 0.5))
    }
  }

  private static func quality(_ method: String, _ random: inout RandomStream) -> [QualityMeasure] {
    let fractions = (0...10).map { Double($0) / 10 }
    let speed = method == "saliency" ? 1.1 : 3.2 + random.uniform()
    func curve(_ speed: Double, rising: Bool) -> [Double] {
      fractions.map { rising ? 1 - exp(-speed * $0) : exp(-speed * $0) }
    }
    func area(_ curve: [Double]) -> Double {
      zip(curve, curve.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 20 }
    }
    return [("deletion", false), ("insertion", true)].map { name, rising in
      let curves = [speed, 1.4, 1.7].map { curve($0, rising: rising) }
      return QualityMeasure(
        name: name, value: area(curves[0]), random: area(curves[1]),
        randomizedModel: area(curves[2]), fractions: fractions, curve: curves[0],
        randomCurve: curves[1], randomizedModelCurve: curves[2])
    }
  }
}

import Tensors

/// The boxes that remain when every one is dropped that overlaps with a better one.
struct NonMaxSuppression {
  struct Choice: Hashable {
    let sample: Int
    let label: Int
    let box: Int
  }

  /// Boxes a class at most.
  let largestCount: Int
  /// The ratio of intersection to union above which two boxes overlap.
  let overlap: Double
  /// Boxes must score more; nil: all do.
  let leastScore: Double?
  /// Whether boxes are (x, y, width, height) with their centres, and not two corners (y, x).
  let boxesAreCentred: Bool

  /// The choices sample by sample, class by class, the best first; equal scores in order.
  func chosen(_ boxes: Tensor, _ scores: Tensor) -> [Choice] {
    let (samples, labels, count) = (scores.shape[0], scores.shape[1], scores.shape[2])
    let numbers = boxes.doubles
    let all = scores.doubles
    var result: [Choice] = []
    for sample in 0..<samples {
      let boxes = (0..<count).map { box in
        rectangle(Array(numbers[(sample * count + box) * 4..<(sample * count + box + 1) * 4]))
      }
      for label in 0..<labels {
        let start = (sample * labels + label) * count
        let kept = best(boxes, Array(all[start..<start + count]))
        result += kept.map { Choice(sample: sample, label: label, box: $0) }
      }
    }
    return result
  }

  private func best(_ boxes: [Rectangle], _ scores: [Double]) -> [Int] {
    let order = scores.indices
      .filter { index in leastScore.map { scores[index] > $0 } ?? true }
      .sorted { scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
    var kept: [Int] = []
    for index in order {
      guard kept.count < largestCount else { break }
      if kept.allSatisfy({ boxes[$0].overlap(with: boxes[index]) <= overlap }) {
        kept.append(index)
      }
    }
    return kept
  }

  private func rectangle(_ box: [Double]) -> Rectangle {
    guard boxesAreCentred else {
      return Rectangle(
        low: (min(box[0], box[2]), min(box[1], box[3])),
        high: (max(box[0], box[2]), max(box[1], box[3])))
    }
    return Rectangle(
      low: (box[1] - box[3] / 2, box[0] - box[2] / 2),
      high: (box[1] + box[3] / 2, box[0] + box[2] / 2))
  }
}

private struct Rectangle {
  var low: (Double, Double)
  var high: (Double, Double)

  var area: Double { (high.0 - low.0) * (high.1 - low.1) }

  /// The ratio of intersection to union, 0 where one of them is empty.
  func overlap(with other: Rectangle) -> Double {
    let height = min(high.0, other.high.0) - max(low.0, other.low.0)
    let width = min(high.1, other.high.1) - max(low.1, other.low.1)
    guard height > 0, width > 0, area > 0, other.area > 0 else { return 0 }
    let intersection = height * width
    return intersection / (area + other.area - intersection)
  }
}

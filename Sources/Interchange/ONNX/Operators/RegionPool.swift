import Foundation
import Tensors

/// How the bins of boxes are sampled, along one axis of an image.
///
/// - Source: He et al. 2017, "Mask R-CNN", arXiv:1703.06870, section 3.
struct RegionPool {
  /// From the coordinates of boxes to pixels.
  let scale: Double
  /// Whether pixels have their centres at ½, so that a box is moved by as much.
  let isHalfPixel: Bool
  /// Places a bin along an axis; 0: one a pixel.
  let samplingRatio: Int

  /// The places at which a box from `start` to `end` is read along an axis of `count` pixels.
  ///
  /// - Throws: `NodeError` if there are too many of them.
  func places(
    _ start: Double, _ end: Double, bins: Int, count: Int, for call: ONNXCall
  ) throws -> RegionPlaces {
    let offset = isHalfPixel ? 0.5 : 0
    let first = start * scale - offset
    let whole = end * scale - offset - first
    let length = isHalfPixel ? whole : max(whole, 1)
    let size = length / Double(bins)
    let perBin = samplingRatio > 0 ? samplingRatio : try call.whole(max(size.rounded(.up), 0))
    try call.requireTable([bins, max(perBin, count)])
    let places = (0..<bins).flatMap { bin in
      (0..<perBin).map { step in
        first + Double(bin) * size + (Double(step) + 0.5) * size / Double(perBin)
      }
    }
    return RegionPlaces(places, bins: bins, perBin: perBin, count: count)
  }
}

/// Places between the pixels of an axis, each with the pixel before and the one after it.
struct RegionPlaces {
  let bins: Int
  let perBin: Int
  private let count: Int
  private var low: [Int] = []
  private var high: [Int] = []
  private var lowWeight: [Double] = []
  private var highWeight: [Double] = []

  /// Places more than a pixel outside count as 0, those that are nearer as the outer pixel.
  init(_ places: [Double], bins: Int, perBin: Int, count: Int) {
    (self.bins, self.perBin, self.count) = (bins, perBin, count)
    for place in places {
      let isInside = place >= -1 && place <= Double(count)
      let bounded = place.isNaN ? 0 : min(max(place, 0), Double(count - 1))
      let first = Int(bounded)
      let fraction = bounded - Double(first)
      low.append(first)
      high.append(min(first + 1, count - 1))
      lowWeight.append(isInside ? 1 - fraction : 0)
      highWeight.append(isInside ? fraction : 0)
    }
  }

  /// Both pixels of all places with their weights.
  var taps: [(index: Tensor, weight: Tensor)] {
    [(low, lowWeight), (high, highWeight)].map {
      (Tensor($0.0.map(Int64.init)), Tensor($0.1))
    }
  }

  /// The matrix `[bins, count]` of the mean over the places of each bin.
  var meanMatrix: Tensor {
    var weights = [Double](repeating: 0, count: bins * count)
    for index in low.indices {
      let row = index / perBin * count
      weights[row + low[index]] += lowWeight[index] / Double(perBin)
      weights[row + high[index]] += highWeight[index] / Double(perBin)
    }
    return Tensor(weights, shape: [bins, count])
  }
}

extension Tensor {
  /// Tensors of one shape along a new first axis.
  static func stacked(_ parts: [Tensor]) -> Tensor {
    Tensor.concatenated(parts.map { $0.reshaped(to: [1] + $0.shape) })
  }
}

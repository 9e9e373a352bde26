import Foundation
import Programs
import Tensors

/// Regions of images, whose boxes must be known.
enum RegionOperators {
  static let all: [ONNXOperator] = [
    .value("RoiAlign", since: 10) { try roiAlign($0, defaultCoordinates: "output_half_pixel") },
    .value("RoiAlign", since: 16) { try roiAlign($0, defaultCoordinates: "half_pixel") },
    .value("MaxRoiPool", lower: maxRoiPool),
    ONNXOperator("NonMaxSuppression", lower: nonMaxSuppression),
    ONNXOperator("ImageDecoder") { call in
      throw call.error("decodes image files, which Assay does not do; give it their pixels")
    },
  ]

  private static func roiAlign(
    _ call: ONNXCall, defaultCoordinates: String
  ) throws -> Value {
    let image = try call.real(0)
    let boxes = try call.reals(1)
    let samples = try call.integers(2)
    try call.require(
      image.shape.rank == 4 && boxes.count == 4 * samples.count && !samples.isEmpty
        && image.shape.dimensions[2...].allSatisfy { $0 > 0 && !Shape.isSymbolic($0) },
      "expects images [N, C, H, W] and boxes of four numbers, got \(image.type)")
    let pool = RegionPool(
      scale: try call.float("spatial_scale", default: 1),
      isHalfPixel: try call.string(
        "coordinate_transformation_mode", default: defaultCoordinates) == "half_pixel",
      samplingRatio: try call.int("sampling_ratio", default: 0))
    let height = try call.int("output_height", default: 1)
    let width = try call.int("output_width", default: 1)
    try call.require(height >= 1 && width >= 1, "has no bins: \(height) by \(width)")
    let rows = try samples.indices.map { box in
      try pool.places(
        boxes[4 * box + 1], boxes[4 * box + 3], bins: height, count: image.shape[2], for: call)
    }
    let columns = try samples.indices.map { box in
      try pool.places(
        boxes[4 * box], boxes[4 * box + 2], bins: width, count: image.shape[3], for: call)
    }
    let chosen = image.gather(
      call.constant(Tensor(samples.map(Int64.init))), axis: 0)
    switch try call.string("mode", default: "avg") {
    case "avg":
      let vertical = image.constant(.stacked(rows.map(\.meanMatrix)))
      let horizontal = image.constant(.stacked(columns.map(\.meanMatrix)))
      return vertical.expanded(axis: 1).matrixMultiplied(by: chosen)
        .matrixMultiplied(by: horizontal.expanded(axis: 1), transposeRight: true)
    case "max":
      let parts = samples.indices.map { box in
        chosen.slice(axis: 0, box..<box + 1).maxima(rows[box], columns[box])
      }
      return Value.concatenated(parts, axis: 0)
    case let mode: throw call.error("there is no mode '\(mode)'")
    }
  }

  /// The maxima of the bins of each box, whose edges are whole pixels; 0 for bins without pixels.
  private static func maxRoiPool(_ call: ONNXCall) throws -> Value {
    let image = try call.real(0)
    let boxes = try call.reals(1)
    let pooled = try call.optionalInts("pooled_shape") ?? []
    try call.require(
      image.shape.rank == 4 && pooled.count == 2 && pooled.allSatisfy { (1...1 << 20).contains($0) }
        && boxes.count % 5 == 0 && !boxes.isEmpty,
      "expects images [N, C, H, W], boxes of five numbers and two sizes, got \(image.type)")
    let scale = try call.float("spatial_scale", default: 1)
    let parts = try stride(from: 0, to: boxes.count, by: 5).map { start -> Value in
      let edges = try boxes[start + 1..<start + 5].map { try call.whole(($0 * scale).rounded()) }
      let sample = try call.whole(boxes[start])
      try call.lowering.count(pooled[0] + pooled[1])
      try call.require(
        sample >= 0 && sample < image.shape[0], "there is no image \(sample) for a box")
      let one = image.gather(call.constant(Tensor([Int64(sample)])), axis: 0)
      return one.binMaxima(axis: 2, from: edges[1], to: edges[3], bins: pooled[0])
        .binMaxima(axis: 3, from: edges[0], to: edges[2], bins: pooled[1])
    }
    return Value.concatenated(parts, axis: 0)
  }

  private static func nonMaxSuppression(_ call: ONNXCall) throws -> [Operand?] {
    let (boxes, scores) = try (call.tensor(0), call.tensor(1))
    let suppression = NonMaxSuppression(
      largestCount: try call.optionalIntegers(2)?.first ?? 0,
      overlap: try call.optionalTensor(3)?.doubles.first ?? 0,
      leastScore: try call.optionalTensor(4)?.doubles.first,
      boxesAreCentred: try call.flag("center_point_box"))
    try call.require(
      boxes.shape.rank == 3 && scores.shape.rank == 3 && boxes.shape[2] == 4
        && boxes.shape[0] == scores.shape[0] && boxes.shape[1] == scores.shape[2],
      "expects boxes [N, count, 4] and scores [N, classes, count], got \(boxes.shape) and "
        + "\(scores.shape)")
    let chosen = suppression.chosen(boxes, scores)
    let indices = chosen.flatMap { [Int64($0.sample), Int64($0.label), Int64($0.box)] }
    return [Operand(call.constant(Tensor(indices, shape: [chosen.count, 3])))]
  }
}

extension Value {
  /// The maxima over the bins of an axis from one pixel to another, both included.
  fileprivate func binMaxima(axis: Int, from start: Int, to end: Int, bins: Int) -> Value {
    let size = Double(max(end - start + 1, 1)) / Double(bins)
    let maxima = (0..<bins).map { bin -> Value in
      func edge(_ place: Double) -> Int {
        Int(min(max(place + Double(start), 0), Double(shape[axis])))
      }
      let low = edge((Double(bin) * size).rounded(.down))
      let high = edge((Double(bin + 1) * size).rounded(.up))
      guard low < high else {
        let target = shape.reduced(over: [axis], keepingDimensions: true)
        return scalar(0).broadcast(to: target)
      }
      return slice(axis: axis, low..<high).maximum(over: [axis], keepingDimensions: true)
    }
    return Value.concatenated(maxima, axis: axis)
  }

  /// The largest weighted pixel around the places of each bin: `[1, C, rows, columns]`.
  fileprivate func maxima(_ rows: RegionPlaces, _ columns: RegionPlaces) -> Value {
    var result: Value?
    let target: Shape = [
      shape[0], shape[1], rows.bins, rows.perBin, columns.bins, columns.perBin,
    ]
    for row in rows.taps {
      for column in columns.taps {
        let picked = gather(builder.constant(row.index), axis: 2)
          .gather(builder.constant(column.index), axis: 3)
        let height = constant(row.weight.reshaped(to: [row.weight.count, 1]))
        let part = (picked * (height * constant(column.weight))).reshaped(to: target)
          .maximum(over: [3, 5])
        result = result.map { $0.maximum(part) } ?? part
      }
    }
    return result ?? self
  }
}

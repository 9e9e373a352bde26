import Programs
import Tensors

/// Positions that become samples or channels, and back: dilated convolutions are written so.
enum TensorFlowSpaces {
  static let all: [TensorFlowOperator] = [
    .value("SpaceToBatchND", lower: spaceToBatch),
    .value("BatchToSpaceND", lower: batchToSpace),
    .value("SpaceToDepth", lower: spaceToDepth),
    .value("DepthToSpace", lower: depthToSpace),
  ]

  /// `[N, n…, rest…]` as `[b… N, n / b…, rest…]`, after padding.
  private static func spaceToBatch(_ call: TensorFlowCall) throws -> Value {
    let blocks = try call.blocks()
    let (value, count) = (try call.input(0), blocks.count)
    let pads = try call.pairs(count)
    let rest = value.shape.rank - count - 1
    try call.require(rest >= 0, "\(value.type) has no \(count) axes of positions")
    let tail = Array(repeating: 0, count: rest)
    let padded = value.padded(low: [0] + pads.map(\.0) + tail, high: [0] + pads.map(\.1) + tail)
    let dimensions = padded.shape.dimensions
    for axis in 0..<count {
      try call.require(
        dimensions[axis + 1] % blocks[axis] == 0,
        "an axis of \(dimensions[axis + 1]) has no blocks of \(blocks[axis])")
    }
    let inner = Array(dimensions.dropFirst(count + 1))
    var (split, order, result) = ([dimensions[0]], [Int](), [Int]())
    for axis in 0..<count {
      split += [dimensions[axis + 1] / blocks[axis], blocks[axis]]
      order.append(2 + 2 * axis)
      result.append(dimensions[axis + 1] / blocks[axis])
    }
    order.append(0)
    for axis in 0..<count { order.append(1 + 2 * axis) }
    for axis in inner.indices { order.append(1 + 2 * count + axis) }
    let samples = try call.product([dimensions[0]] + blocks)
    return padded.reshaped(to: Shape(split + inner)).transposed(order)
      .reshaped(to: Shape([samples] + result + inner))
  }

  /// The way back, after which the edges are cut off.
  private static func batchToSpace(_ call: TensorFlowCall) throws -> Value {
    let blocks = try call.blocks()
    let (value, count) = (try call.input(0), blocks.count)
    let crops = try call.pairs(count)
    let dimensions = value.shape.dimensions
    let product = blocks.reduce(1, *)
    try call.require(
      dimensions.count > count && dimensions[0] % product == 0,
      "\(value.type) has no blocks of \(blocks)")
    let inner = Array(dimensions.dropFirst(count + 1))
    let samples = dimensions[0] / product
    var (order, result) = ([count], [samples])
    for axis in 0..<count {
      order += [count + 1 + axis, axis]
      result.append(try call.product([dimensions[axis + 1], blocks[axis]]))
    }
    for axis in inner.indices { order.append(2 * count + 1 + axis) }
    let split = blocks + [samples] + Array(dimensions.dropFirst())
    let whole = value.reshaped(to: Shape(split)).transposed(order)
      .reshaped(to: Shape(result + inner))
    return try (0..<count).reduce(whole) { result, axis in
      let size = result.shape[axis + 1]
      let (low, high) = crops[axis]
      try call.require(low + high <= size, "cannot cut \(low) and \(high) of an axis of \(size)")
      return result.slice(axis: axis + 1, low..<size - high)
    }
  }

  /// Blocks of b × b positions as channels, the position first.
  private static func spaceToDepth(_ call: TensorFlowCall) throws -> Value {
    let (value, block) = try call.image()
    let shape = value.shape
    try call.require(
      shape[1] % block == 0 && shape[2] % block == 0, "\(value.type) has no blocks of \(block)")
    let (rows, columns) = (shape[1] / block, shape[2] / block)
    let channels = try call.product([block, block, shape[3]])
    return value.reshaped(to: [shape[0], rows, block, columns, block, shape[3]])
      .transposed([0, 1, 3, 2, 4, 5]).reshaped(to: [shape[0], rows, columns, channels])
  }

  private static func depthToSpace(_ call: TensorFlowCall) throws -> Value {
    let (value, block) = try call.image()
    let shape = value.shape
    try call.require(
      shape[3] % (block * block) == 0, "\(value.type) has no blocks of \(block)")
    let channels = shape[3] / (block * block)
    let (rows, columns) = try (call.product([shape[1], block]), call.product([shape[2], block]))
    return value.reshaped(to: [shape[0], shape[1], shape[2], block, block, channels])
      .transposed([0, 1, 3, 2, 4, 5]).reshaped(to: [shape[0], rows, columns, channels])
  }
}

extension TensorFlowCall {
  fileprivate func blocks() throws -> [Int] {
    let blocks = try integers(1)
    try require(
      (1...8).contains(blocks.count) && blocks.allSatisfy { (1...1024).contains($0) }
        && blocks.reduce(1.0) { $0 * Double($1) } < 0x1p24,
      "the blocks \(blocks) are not possible")
    return blocks
  }

  fileprivate func pairs(_ count: Int) throws -> [(Int, Int)] {
    let numbers = try integers(2)
    try require(
      numbers.count == 2 * count && numbers.allSatisfy { (0...1 << 30).contains($0) },
      "the edges \(numbers) do not fit \(count) axes")
    return (0..<count).map { (numbers[2 * $0], numbers[2 * $0 + 1]) }
  }

  fileprivate func image() throws -> (Value, Int) {
    let value = try input(0)
    let block = int("block_size", default: 0)
    try require(
      string("data_format", default: "NHWC") == "NHWC" && value.shape.rank == 4,
      "expects [N, H, W, C], got \(value.type)")
    try require((1...1024).contains(block), "blocks of \(block) are not possible")
    return (value, block)
  }
}

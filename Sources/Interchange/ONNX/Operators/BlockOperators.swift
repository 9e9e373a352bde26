import Programs
import Tensors

/// Blocks of pixels as channels, and back.
enum BlockOperators {
  static let all: [ONNXOperator] = [
    .value("DepthToSpace") { call in
      let (value, size) = try call.blocks()
      let (count, channels) = (value.shape[0], value.shape[1])
      let (height, width) = (value.shape[2], value.shape[3])
      try call.require(
        channels % (size * size) == 0, "\(channels) channels do not form blocks of \(size)")
      let depth = channels / (size * size)
      let spread: Value
      switch try call.string("mode", default: "DCR") {
      case "DCR":
        spread = value.reshaped(to: [count, size, size, depth, height, width])
          .transposed([0, 3, 4, 1, 5, 2])
      case "CRD":
        spread = value.reshaped(to: [count, depth, size, size, height, width])
          .transposed([0, 1, 4, 2, 5, 3])
      case let mode: throw call.error("there is no mode '\(mode)'")
      }
      return spread.reshaped(
        to: [count, depth, try call.product([height, size]), try call.product([width, size])])
    },
    .value("SpaceToDepth") { call in
      let (value, size) = try call.blocks()
      let (count, channels) = (value.shape[0], value.shape[1])
      let (height, width) = (value.shape[2] / size, value.shape[3] / size)
      try call.require(
        value.shape[2] == height * size && value.shape[3] == width * size,
        "\(value.type) does not fall into blocks of \(size)")
      let spread = value.reshaped(to: [count, channels, height, size, width, size])
      let ordered =
        switch try call.string("mode", default: "DCR") {
        case "DCR": spread.transposed([0, 3, 5, 1, 2, 4])
        case "CRD": spread.transposed([0, 1, 3, 5, 2, 4])
        case let mode: throw call.error("there is no mode '\(mode)'")
        }
      let depth = try call.product([size, size, channels])
      return ordered.reshaped(to: [count, depth, height, width])
    },
  ]
}

extension ONNXCall {
  fileprivate func blocks() throws -> (Value, size: Int) {
    let value = try input(0)
    let size = try requiredInt("blocksize")
    try require(
      value.shape.rank == 4 && (1..<1 << 20).contains(size),
      "expects images [N, C, H, W] and a block size, got \(value.type) and \(size)")
    return (value, size)
  }
}

import Programs
import Tensors

/// Images that are read at places of a grid.
enum GridOperators {
  static let all: [ONNXOperator] = [
    .value("GridSample", lower: gridSample),
    .value("AffineGrid", lower: affineGrid),
  ]

  private static func gridSample(_ call: ONNXCall) throws -> Value {
    let (image, grid) = try (call.real(0), call.real(1))
    let rank = image.shape.rank
    try call.require(
      (3...5).contains(rank) && grid.shape.rank == rank && grid.shape[rank - 1] == rank - 2
        && grid.shape[0] == image.shape[0],
      "expects images and a grid with a place for each of their axes, "
        + "got \(image.type) and \(grid.type)")
    let spatial = image.shape.dimensions[2...]
    try call.require(
      spatial.allSatisfy { $0 > 0 && !Shape.isSymbolic($0) }, "cannot sample \(image.type)")
    let names = ["bilinear": "linear", "bicubic": "cubic"]
    let name = try call.string("mode", default: "linear")
    let padding = try call.string("padding_mode", default: "zeros")
    guard let mode = Interpolation.Mode(rawValue: names[name] ?? name),
      let padding = GridSampling.Padding(rawValue: padding)
    else { throw call.error("there is no mode '\(name)' with padding '\(padding)'") }
    let sampling = GridSampling(
      mode: mode, padding: padding, alignsCorners: try call.flag("align_corners"))
    return sampling.sample(image, at: grid.converted(to: image.elementType))
  }

  /// θ (x, y, 1)ᵀ for each place of an image, with θ `[N, axes, axes + 1]`: `[N, spatial…, axes]`.
  private static func affineGrid(_ call: ONNXCall) throws -> Value {
    let theta = try call.real(0)
    let spatial = Array(try call.integers(1).dropFirst(2))
    let axes = spatial.count
    try call.require(
      theta.shape.rank == 3 && theta.shape.dimensions.dropFirst() == [axes, axes + 1]
        && spatial.allSatisfy { $0 > 0 && !Shape.isSymbolic($0) },
      "expects matrices for \(axes) axes, got \(theta.type)")
    let alignsCorners = try call.flag("align_corners")
    let shape = Shape(spatial)
    try call.requireTable([axes + 1] + spatial)
    var rows: [Double] = []
    for axis in (0..<axes).reversed() {
      let size = Double(spatial[axis])
      let stride = shape.strides[axis]
      rows += (0..<shape.count).map { place in
        let index = Double(place / stride % spatial[axis])
        guard alignsCorners else { return (2 * index + 1) / size - 1 }
        return size == 1 ? -1 : 2 * index / (size - 1) - 1
      }
    }
    rows += [Double](repeating: 1, count: shape.count)
    let places = theta.constant(Tensor(rows, shape: [axes + 1, shape.count]))
    return theta.matrixMultiplied(by: places).transposed([0, 2, 1])
      .reshaped(to: Shape([theta.shape[0]] + spatial + [axes]))
  }
}

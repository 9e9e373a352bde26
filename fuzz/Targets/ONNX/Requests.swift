import Interchange
import Programs
import Tensors

extension ONNXFile {
  /// What a caller may plausibly ask of the file: shapes for N samples, and for a single one whose
  /// values are known.
  var requests: [NetworkRequest] { [request(batch: Shape.batch), request(batch: 1)] }

  /// A request in which axes without a size have two elements, the first as many as `batch` says.
  private func request(batch: Int) -> NetworkRequest {
    var request = NetworkRequest()
    // Unrolling is the same for the last loop as for the first, and slow under the sanitizers.
    request.largestNodeCount = 20_000
    for port in inputs {
      let dimensions = (port.dimensions ?? []).enumerated().map { axis, dimension in
        if case .fixed(let size) = dimension { return size }
        return axis == 0 ? batch : 2
      }
      let shape = Shape(dimensions)
      request.shapes[port.name] = shape
      guard batch == 1, let type = port.elementType, shape.isSmall else { continue }
      request.values[port.name] = Tensor(repeating: 1, shape: shape, elementType: type)
    }
    return request
  }
}

extension Shape {
  /// Whether a tensor of the shape is worth making.
  fileprivate var isSmall: Bool {
    var count = 1
    for dimension in dimensions {
      guard (0...4096).contains(dimension) else { return false }
      count *= dimension
      guard count <= 4096 else { return false }
    }
    return true
  }
}

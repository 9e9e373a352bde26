import CKernels
import Programs
import Tensors

/// A convolution that the products of transformed tiles compute faster than the sum itself.
///
/// Effective rates on one AVX2 core with a peak of 103 GFLOP/s, oneDNN's direct kernels reaching 75:
/// 3 x 3 kernels of 64 to 512 channels 150 to 250, 5 x 5 from 32 to 64 channels 130.
struct WinogradConvolution {
  private(set) var shape = assay_winograd()

  /// The convolution of images, unless this is not one for tiles.
  ///
  /// - Shapes: input `[N, C, h, w]`, output `[N, K, h′, w′]`, kernel `[…, r, r]`.
  /// Padding is that before the first row and column.
  init?(_ geometry: ConvolutionGeometry, input: Shape, output: Shape, kernel: Shape, low: [Int]) {
    let channels = [input[1], output[1]]
    guard input.rank == 4, geometry.groups == 1, geometry.strides == [1, 1],
      geometry.dilations == [1, 1], kernel[2] == kernel[3], [3, 5].contains(kernel[2]),
      channels.allSatisfy({ $0 >= Self.fewestChannels }), low.allSatisfy({ $0 >= 0 }),
      output.count > 0
    else { return nil }
    shape.samples = Int64(input[0])
    shape.input_channels = Int64(input[1])
    shape.output_channels = Int64(output[1])
    shape.input = (Int64(input[2]), Int64(input[3]))
    shape.output = (Int64(output[2]), Int64(output[3]))
    shape.low = (Int64(low[0]), Int64(low[1]))
    shape.kernel = Int32(kernel[2])
    shape.tile = Self.tile(kernel: kernel[2], channels: channels)
  }

  /// Below, transforming the tiles takes longer than their products save.
  private static let fewestChannels = 16

  /// 6 x 6 inputs save most; but their 36 matrices are to be read for few tiles where channels are
  /// many: with 512 channels and 8 tiles as fast as 4 x 4, whose 16 matrices take half the memory.
  private static func tile(kernel: Int, channels: [Int]) -> Int32 {
    kernel == 3 && channels[0] * channels[1] > 1 << 17 ? 4 : 6
  }

  var scratchByteCount: Int {
    withUnsafePointer(to: shape) { 4 * Int(assay_winograd_scratch_count($0)) }
  }

  var packedByteCount: Int {
    withUnsafePointer(to: shape) { 4 * Int(assay_winograd_packed_count($0)) }
  }

  /// Transforms a kernel, which takes as long as a few hundred positions of the convolution.
  func pack(
    _ source: UnsafePointer<Float>, at place: KernelPlace, to target: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: shape) {
      assay_winograd_pack($0, target, source + place.first, place.strides.map { Int64($0) })
    }
  }

  /// What distinguishes the transformed kernel from others of the same kernel.
  func form(_ place: KernelPlace) -> PackedConstants.Form {
    .tiles(
      tile: Int(shape.tile), kernel: Int(shape.kernel), inputs: Int(shape.input_channels),
      outputs: Int(shape.output_channels), strides: place.strides)
  }

  /// Whether there are enough positions that transforming the kernel for a call of its own pays.
  var isWorthPacking: Bool { shape.samples * shape.output.0 * shape.output.1 >= 512 }
}

/// How a kernel is read: where its first element lies, and the distances of its outputs, inputs,
/// rows and columns.
struct KernelPlace {
  let first: Int
  let strides: [Int]

  /// A kernel `[outputs, inputs, rows, columns]` as it is.
  init(forward shape: Shape) {
    first = 0
    strides = Layout.plain.strides(of: shape)
  }

  /// The same turned around, its inputs and outputs exchanged: the gradient's.
  init(backward shape: Shape) {
    let plain = Layout.plain.strides(of: shape)
    first = (shape[2] - 1) * plain[2] + (shape[3] - 1) * plain[3]
    strides = [plain[1], plain[0], -plain[2], -plain[3]]
  }
}

extension Lowering {
  /// Emits a convolution by tiles, or the gradient of one in its input: the convolution with the
  /// kernel turned around.
  ///
  /// - Returns: Whether it did: speed must be wanted, and gained.
  mutating func lowerByTiles(
    _ value: Int, _ equation: Equation, _ geometry: ConvolutionGeometry, isGradient: Bool
  ) throws -> Bool {
    let (input, kernel) = (equation.operands[0], equation.operands[1])
    let size = type(kernel).shape
    let low = geometry.paddingLow
    guard convolutions == .fastest,
      let tiles = WinogradConvolution(
        geometry, input: type(input).shape, output: equation.type.shape, kernel: size,
        low: isGradient ? low.map { size[2] - 1 - $0 } : low)
    else { return false }
    let place = isGradient ? KernelPlace(backward: size) : KernelPlace(forward: size)
    let plain = try buffer(of: kernel, in: .plain)
    let weights = constant(plain)
    guard weights != nil || tiles.isWorthPacking else { return false }
    let packed = append(byteCount: tiles.packedByteCount)
    if let weights {
      let memory = PackedConstants.shared.memory(tiles.form(place), of: weights) {
        let memory = ConstantMemory(byteCount: tiles.packedByteCount)
        tiles.pack(weights.floats, at: place, to: memory.floats)
        return memory
      }
      setConstant(packed, memory)
    } else {
      emit(KernelTransformStep(convolution: tiles, place: place, source: plain, target: packed))
    }
    let epilogue = epilogues[value]
    let bias = try epilogue.map { try buffer(of: $0.bias, in: .plain) }
    let source = try buffer(of: input, in: .channelsLast)
    let target = define(epilogue?.sum ?? value, in: .channelsLast)
    emit(
      WinogradStep(
        convolution: tiles, source: source, kernel: packed, bias: bias, target: target))
    return true
  }
}

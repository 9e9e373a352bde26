import CKernels

/// The gradient of a convolution in an input of few channels: a product and a scatter per sample.
///
/// One sample at a time, so that its columns stay in the second-level cache.
struct ColumnGradientStep: Step {
  let windows: assay_windows
  /// From buffers 0 (the kernel) and 1 (a sample's gradient) to buffer 2 (its columns).
  private let product: LibraryStep
  /// The distance of samples in the gradient, in elements.
  private let gradientStride: Int
  private let columnByteCount: Int
  private let kernel: Int
  private let gradient: Int
  private let target: Int

  init(
    windows: assay_windows, product: LibraryStep, gradientStride: Int, columnByteCount: Int,
    kernel: Int, gradient: Int, target: Int
  ) {
    self.windows = windows
    self.product = product
    self.gradientStride = gradientStride
    self.columnByteCount = (columnByteCount + 63) / 64 * 64
    self.kernel = kernel
    self.gradient = gradient
    self.target = target
  }

  var reads: [Int] { [kernel, gradient] }
  var writes: [Int] { [target] }
  var scratchByteCount: Int { columnByteCount + product.scratchByteCount }

  func kernel(on memory: Memory) throws -> Kernel {
    let inner = Memory(
      bufferCount: 3, scratch: memory.scratch + columnByteCount)
    let multiply = try product.kernel(on: inner)
    var windows = windows
    let samples = Int(windows.samples)
    windows.samples = 1
    let elements = Int(
      windows.channels * windows.input.0 * windows.input.1 * windows.input.2)
    return { [windows] in
      inner.place(0, at: memory[kernel])
      inner.place(2, at: memory.scratch)
      for sample in 0..<samples {
        inner.place(1, at: memory[gradient] + sample * gradientStride * 4)
        try multiply()
        withUnsafePointer(to: windows) {
          assay_columns_scatter(
            $0, memory.scratch.assumingMemoryBound(to: Float.self),
            (memory[target] + sample * elements * 4).assumingMemoryBound(to: Float.self))
        }
      }
    }
  }
}

import CKernels

/// A convolution by the products of transformed tiles, and a bias.
struct WinogradStep: Step {
  let convolution: WinogradConvolution
  let source: Int
  let kernel: Int
  let bias: Int?
  let target: Int

  var reads: [Int] { [source, kernel] + [bias].compactMap(\.self) }
  var writes: [Int] { [target] }
  var scratchByteCount: Int { convolution.scratchByteCount }

  func kernel(on memory: Memory) -> Kernel {
    {
      withUnsafePointer(to: convolution.shape) {
        assay_winograd_run(
          $0, memory.floats(target), memory.floats(source), memory.floats(kernel),
          bias.map { memory.floats($0) }, memory.scratch.assumingMemoryBound(to: Float.self))
      }
    }
  }
}

/// Transforms the kernel of a convolution that is only known at the call, as in training.
struct KernelTransformStep: Step {
  let convolution: WinogradConvolution
  let place: KernelPlace
  let source: Int
  let target: Int

  var reads: [Int] { [source] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    { convolution.pack(memory.floats(source), at: place, to: memory.floats(target)) }
  }
}

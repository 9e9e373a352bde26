import CKernels
import Programs
import Tensors

extension assay_windows {
  /// Windows over `[N, C, spatial…]`, extended to three spatial axes.
  init(_ geometry: WindowGeometry, input: Shape) {
    self.init()
    samples = Int64(input[0])
    channels = Int64(input[1])
    let spatial = Array(input.dimensions.dropFirst(2))
    func extended(_ list: [Int], by filler: Int) -> (Int64, Int64, Int64) {
      let numbers = Array(repeating: filler, count: 3 - list.count) + list
      return (Int64(numbers[0]), Int64(numbers[1]), Int64(numbers[2]))
    }
    self.input = extended(spatial, by: 1)
    output = extended(geometry.outputDimensions(for: spatial), by: 1)
    size = extended(geometry.size, by: 1)
    stride = extended(geometry.strides, by: 1)
    low = extended(geometry.paddingLow, by: 0)
    dilation = extended(geometry.dilations, by: 1)
  }
}

/// The maxima of windows, their indices, or both in one pass.
struct MaxPoolStep: Step {
  let windows: assay_windows
  let source: Int
  let values: Int
  let indices: Int?

  var reads: [Int] { [source] }
  var writes: [Int] { [values] + (indices.map { [$0] } ?? []) }

  func kernel(on memory: Memory) -> Kernel {
    {
      withUnsafePointer(to: windows) {
        assay_max_pool(
          $0, memory[source].assumingMemoryBound(to: Float.self),
          memory[values].assumingMemoryBound(to: Float.self),
          indices.map { memory[$0].assumingMemoryBound(to: Int32.self) })
      }
    }
  }
}

/// The gradient of window maxima: each window's goes to the element that was its maximum.
struct MaxPoolGradientStep: Step {
  let windows: assay_windows
  let indices: Int
  let gradient: Int
  let target: Int

  var reads: [Int] { [indices, gradient] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    {
      withUnsafePointer(to: windows) {
        assay_max_pool_gradient(
          $0, memory[indices].assumingMemoryBound(to: Int32.self),
          memory[gradient].assumingMemoryBound(to: Float.self),
          memory[target].assumingMemoryBound(to: Float.self))
      }
    }
  }
}

/// The sums of windows, or the gradient of that.
struct WindowSumStep: Step {
  let windows: assay_windows
  let isGradient: Bool
  let source: Int
  let target: Int

  var reads: [Int] { [source] }
  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    let function = isGradient ? assay_window_sum_gradient : assay_window_sum
    return {
      withUnsafePointer(to: windows) {
        function(
          $0, memory[source].assumingMemoryBound(to: Float.self),
          memory[target].assumingMemoryBound(to: Float.self))
      }
    }
  }
}

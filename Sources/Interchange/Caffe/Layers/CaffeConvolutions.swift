import Programs
import Tensors

/// Convolutions and their transposes.
enum CaffeConvolutions {
  static let all: [CaffeLayer] = [
    .each("Convolution", lower: convolution),
    .each("Deconvolution", lower: deconvolution),
  ]

  private static func convolution(_ call: CaffeCall, _ value: Value) throws -> Value {
    let windows = try CaffeWindows(call, value)
    let outputs = try call.outputChannels()
    let kernel = try call.blob(
      0, Shape([outputs, windows.channels / windows.geometry.groups] + windows.kernel))
    return value.convolved(with: kernel, windows.geometry, bias: try call.bias(outputs))
  }

  private static func deconvolution(_ call: CaffeCall, _ value: Value) throws -> Value {
    let windows = try CaffeWindows(call, value)
    let outputs = try call.outputChannels()
    let kernel = try call.blob(
      0, Shape([windows.channels, outputs / windows.geometry.groups] + windows.kernel))
    return value.convolvedTransposed(
      with: kernel, windows.geometry, outputPadding: windows.kernel.map { _ in 0 },
      bias: try call.bias(outputs))
  }
}

/// The windows of a convolution, as its settings state them.
private struct CaffeWindows {
  let kernel: [Int]
  let channels: Int
  let geometry: ConvolutionGeometry

  init(_ call: CaffeCall, _ value: Value) throws {
    let settings = call.layer.convolutionParam
    let rank = value.shape.rank - 2
    try call.require(
      settings.axis == 1 && rank >= 1, "expects channels in axis 1, got \(value.type)")
    channels = try call.fixed(value, 1)
    for axis in 2..<rank + 2 {
      try call.require(
        try call.fixed(value, axis) < 1 << 30, "an axis of \(value.shape[axis]) is not possible")
    }
    kernel = try Self.sizes(
      "kernel_size", settings.kernelSize, rank, default: nil, call,
      plane: settings.hasKernelH ? [settings.kernelH, settings.kernelW] : nil)
    let groups = Int(settings.group)
    try call.require(
      groups > 0 && channels % groups == 0 && Int(settings.numOutput) % groups == 0,
      "\(channels) channels do not divide into \(groups) groups")
    let padding = try Self.sizes(
      "pad", settings.pad, rank, default: 0, call,
      plane: settings.hasPadH || settings.hasPadW ? [settings.padH, settings.padW] : nil)
    geometry = ConvolutionGeometry(
      strides: try Self.sizes(
        "stride", settings.stride, rank, default: 1, call,
        plane: settings.hasStrideH ? [settings.strideH, settings.strideW] : nil),
      paddingLow: padding, paddingHigh: padding,
      dilations: try Self.sizes("dilation", settings.dilation, rank, default: 1, call),
      groups: groups)
  }

  /// A setting for every spatial axis: none, one for all, one for each, or those of a plane.
  private static func sizes(
    _ name: String, _ values: [UInt32], _ rank: Int, default value: UInt32?, _ call: CaffeCall,
    plane: [UInt32]? = nil
  ) throws -> [Int] {
    let given = plane ?? values
    let all = given.count == 1 ? Array(repeating: given[0], count: rank) : given
    if let value, all.isEmpty { return Array(repeating: Int(value), count: rank) }
    try call.require(
      all.count == rank, "\(name) has \(given.count) values for \(rank) spatial axes")
    try call.require(
      all.allSatisfy { $0 < 1 << 20 }, "\(name) is \(all), which is not possible")
    return all.map(Int.init)
  }
}

extension CaffeCall {
  fileprivate func outputChannels() throws -> Int {
    let count = Int(layer.convolutionParam.numOutput)
    try require(count > 0, "num_output is missing")
    return count
  }

  fileprivate func bias(_ count: Int) throws -> Value? {
    layer.convolutionParam.biasTerm ? try blob(1, [count]) : nil
  }
}

import Programs
import Tensors

/// Maxima and means of windows, and of whole samples.
enum PoolingLayers {
  static let all: [KerasLayerKind] = (1...3).flatMap { rank -> [KerasLayerKind] in
    [
      .value("MaxPooling\(rank)D") { call in
        try call.pooled(rank) { $0.maxPooled($1) }
      },
      .value("AveragePooling\(rank)D") { call in
        try call.pooled(rank) { $0.averagePooled($1, countsPadding: false) }
      },
      .value("GlobalMaxPooling\(rank)D") { call in
        try call.pooledGlobally(rank) { $0.maximum(over: $1, keepingDimensions: $2) }
      },
      .value("GlobalAveragePooling\(rank)D") { call in
        if rank == 1, let mask = try call.input().mask { return try call.maskedMean(mask) }
        return try call.pooledGlobally(rank) { $0.mean(over: $1, keepingDimensions: $2) }
      },
    ]
  }
}

extension KerasCall {
  fileprivate func pooled(
    _ rank: Int, _ function: (Value, WindowGeometry) -> Value
  ) throws -> Value {
    let size = try configuration.sizes("pool_size", count: rank, default: 2)
    let strides =
      configuration["strides"] == nil ? size : try configuration.sizes("strides", count: rank)
    let dilations = Array(repeating: 1, count: rank)
    return try spatially(rank) { value, spatial in
      let (low, high) = try padding(
        window: size, strides: strides, dilations: dilations, spatial: spatial)
      return function(
        value,
        WindowGeometry(
          size: size, strides: strides, paddingLow: low, paddingHigh: high, dilations: dilations))
    }
  }

  fileprivate func pooledGlobally(
    _ rank: Int, _ function: (Value, [Int], Bool) -> Value
  ) throws -> Value {
    let value = try real(rank: rank + 2)
    let axes = isChannelsLast ? Array(1...rank) : Array(2..<rank + 2)
    return function(value, axes, configuration.flag("keepdims", default: false))
  }

  /// The mean over the steps that count.
  fileprivate func maskedMean(_ mask: Value) throws -> Value {
    let value = try real(rank: 3)
    let counts = mask.converted(to: value.elementType)
    let axis = isChannelsLast ? 1 : 2
    let weights = counts.expanded(axis: isChannelsLast ? 2 : 1)
    let keepsAxis = configuration.flag("keepdims", default: false)
    let total = (value * weights).sum(over: [axis], keepingDimensions: keepsAxis)
    return total / weights.sum(over: [axis], keepingDimensions: keepsAxis)
  }
}

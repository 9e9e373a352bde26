import Tensors

extension CaffeNetParameter {
  /// The layers of a file of either generation.
  ///
  /// - Throws: `InterchangeError.Fact` if there are none, or they are older than both.
  func allLayers() throws -> [CaffeLayerParameter] {
    let all = layer + layers.map(CaffeLayerParameter.init)
    guard !all.isEmpty else {
      throw InterchangeError.Fact.damaged(format: "Caffe", "the network has no layers")
    }
    for layer in all where layer.type.isEmpty {
      throw InterchangeError.Fact.damaged(
        format: "Caffe",
        "the layer '\(layer.name)' has no type; "
          + "files from before 2014 must be converted with Caffe's upgrade_net_proto_text")
    }
    return all
  }

  /// The inputs that stand beside the layers.
  func declaredInputs() -> [NetworkPort] {
    input.enumerated().map { index, name in
      if inputShape.indices.contains(index) { return NetworkPort(name, inputShape[index]) }
      let start = 4 * index
      guard start + 4 <= inputDim.count else { return NetworkPort(name, nil) }
      var shape = CaffeBlobShape()
      shape.dim = inputDim[start..<start + 4].map(Int64.init)
      return NetworkPort(name, shape)
    }
  }
}

extension CaffeLayerParameter {
  /// A layer of the first generation of files in terms of the second.
  init(_ old: CaffeV1LayerParameter) {
    self.init()
    (name, type) = (old.name, old.type.typeName)
    (bottom, top, include, exclude) = (old.bottom, old.top, old.include, old.exclude)
    if old.hasArgmaxParam { argmaxParam = old.argmaxParam }
    if old.hasConcatParam { concatParam = old.concatParam }
    if old.hasConvolutionParam { convolutionParam = old.convolutionParam }
    if old.hasDummyDataParam { dummyDataParam = old.dummyDataParam }
    if old.hasEltwiseParam { eltwiseParam = old.eltwiseParam }
    if old.hasExpParam { expParam = old.expParam }
    if old.hasInnerProductParam { innerProductParam = old.innerProductParam }
    if old.hasLrnParam { lrnParam = old.lrnParam }
    if old.hasMemoryDataParam { memoryDataParam = old.memoryDataParam }
    if old.hasMvnParam { mvnParam = old.mvnParam }
    if old.hasPoolingParam { poolingParam = old.poolingParam }
    if old.hasPowerParam { powerParam = old.powerParam }
    if old.hasReluParam { reluParam = old.reluParam }
    if old.hasSoftmaxParam { softmaxParam = old.softmaxParam }
    if old.hasSliceParam { sliceParam = old.sliceParam }
    if old.hasThresholdParam { thresholdParam = old.thresholdParam }
    if old.hasTransformParam { transformParam = old.transformParam }
  }

  /// Whether the layer is part of the network that is tested: at level 0, in no stage.
  var runsWhenTesting: Bool {
    if hasPhase, phase != .test { return false }
    if !include.isEmpty { return include.contains(where: \.isMetWhenTesting) }
    return !exclude.contains(where: \.isMetWhenTesting)
  }

  // MARK: Sources of data

  /// Whether the layer brings data in.
  var isSource: Bool {
    ["Input", "Data", "ImageData", "HDF5Data", "MemoryData", "WindowData", "DummyData"]
      .contains(type)
  }

  /// The inputs that the layer stands for: of a data layer the samples, and not their labels.
  func inputPorts() -> [NetworkPort] {
    switch type {
    case "Input":
      return top.enumerated().map { index, name in
        // One shape may serve all.
        let shapes = inputParam.shape
        return NetworkPort(name, index < shapes.count ? shapes[index] : shapes.last)
      }
    case "DummyData":
      return top.enumerated().map { NetworkPort($1, dummyShape($0)) }
    default: return top.first.map { [NetworkPort($0, dataShape)] } ?? []
    }
  }

  private func dummyShape(_ index: Int) -> CaffeBlobShape? {
    let settings = dummyDataParam
    if let shape = settings.shape.indices.contains(index)
      ? settings.shape[index] : settings.shape.last
    {
      return shape
    }
    let dimensions = [settings.num, settings.channels, settings.height, settings.width]
      .compactMap { $0.indices.contains(index) ? $0[index] : $0.last }
    return dimensions.count == 4 ? Self.shape(dimensions) : nil
  }

  private var dataShape: CaffeBlobShape? {
    let settings = memoryDataParam
    guard type == "MemoryData" else { return nil }
    return Self.shape([settings.batchSize, settings.channels, settings.height, settings.width])
  }

  private static func shape(_ dimensions: [UInt32]) -> CaffeBlobShape {
    var shape = CaffeBlobShape()
    shape.dim = dimensions.map(Int64.init)
    return shape
  }

  /// What the layer does to samples, which whoever gives them must now do.
  var transformationNote: String? {
    guard hasTransformParam, let name = top.first else { return nil }
    let settings = transformParam
    var steps: [String] = []
    if settings.hasMeanFile { steps.append("subtract the mean in '\(settings.meanFile)'") }
    if !settings.meanValue.isEmpty {
      steps.append("subtract \(settings.meanValue.map { "\($0)" }.joined(separator: ", "))")
    }
    if settings.scale != 1 { steps.append("multiply by \(settings.scale)") }
    guard !steps.isEmpty else { return nil }
    return
      "Caffe prepares '\(name)' before the network sees it: \(steps.joined(separator: ", then "))."
  }

  // MARK: Losses

  /// The layer without what needs labels: a loss is the activation it begins with.
  func withoutLoss() -> CaffeLayerParameter? {
    var result = self
    switch type {
    case "SoftmaxWithLoss": result.type = "Softmax"
    case "SigmoidCrossEntropyLoss": result.type = "Sigmoid"
    case "Accuracy", "Silence", "HDF5Output": return nil
    default: return type.hasSuffix("Loss") ? nil : self
    }
    result.bottom = Array(bottom.prefix(1))
    result.top = top.isEmpty ? [name] : Array(top.prefix(1))
    return result
  }
}

extension CaffeNetStateRule {
  fileprivate var isMetWhenTesting: Bool {
    (!hasPhase || phase == .test) && (!hasMinLevel || minLevel <= 0)
      && (!hasMaxLevel || maxLevel >= 0) && stage.isEmpty
  }
}

extension NetworkPort {
  /// An input of float32 numbers, the first axis being samples, however many the file asks for.
  fileprivate init(_ name: String, _ shape: CaffeBlobShape?) {
    self.init(
      name: name, typeName: "float32", elementType: .float32,
      dimensions: shape.map { shape in
        shape.dim.enumerated().map { $0 == 0 ? .named("batch") : .fixed(Int($1)) }
      })
  }
}

extension CaffeV1LayerParameter.LayerType {
  /// The name of the type in newer files; empty for none.
  fileprivate var typeName: String {
    switch self {
    case .none: ""
    case .absval: "AbsVal"
    case .accuracy: "Accuracy"
    case .argmax: "ArgMax"
    case .bnll: "BNLL"
    case .concat: "Concat"
    case .contrastiveLoss: "ContrastiveLoss"
    case .convolution: "Convolution"
    case .data: "Data"
    case .deconvolution: "Deconvolution"
    case .dropout: "Dropout"
    case .dummyData: "DummyData"
    case .euclideanLoss: "EuclideanLoss"
    case .eltwise: "Eltwise"
    case .exp: "Exp"
    case .flatten: "Flatten"
    case .hdf5Data: "HDF5Data"
    case .hdf5Output: "HDF5Output"
    case .hingeLoss: "HingeLoss"
    case .im2Col: "Im2col"
    case .imageData: "ImageData"
    case .infogainLoss: "InfogainLoss"
    case .innerProduct: "InnerProduct"
    case .lrn: "LRN"
    case .memoryData: "MemoryData"
    case .multinomialLogisticLoss: "MultinomialLogisticLoss"
    case .mvn: "MVN"
    case .pooling: "Pooling"
    case .power: "Power"
    case .relu: "ReLU"
    case .sigmoid: "Sigmoid"
    case .sigmoidCrossEntropyLoss: "SigmoidCrossEntropyLoss"
    case .silence: "Silence"
    case .softmax: "Softmax"
    case .softmaxLoss: "SoftmaxWithLoss"
    case .split: "Split"
    case .slice: "Slice"
    case .tanh: "TanH"
    case .windowData: "WindowData"
    case .threshold: "Threshold"
    }
  }
}

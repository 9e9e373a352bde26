import Tensors

extension Program {
  /// The program with constant scales and offsets of products moved into kernel and bias.
  ///
  ///     ((x ∗ W + b) · s + t) = x ∗ (W · s) + (b · s + t)
  ///
  /// Batch normalisation with fixed statistics is such a scale and offset. Only results that
  /// nothing else reads are moved; the bias becomes a vector repeated along the channels.
  func withFoldedNormalization() throws -> Program {
    let forms = channelwiseForms()
    let absorbed = Set(forms.compactMap { $0?.absorbed })
    var equations: [Equation] = []
    var renumbered = Array(inputs.indices)
    func append(_ primitive: Primitive, _ operands: [Int], _ type: ValueType) -> Int {
      equations.append(Equation(primitive: primitive, operands: operands, type: type))
      return inputs.count + equations.count - 1
    }
    for (index, equation) in self.equations.enumerated() {
      let value = inputs.count + index
      if absorbed.contains(value) {
        // Nothing but a form that contains it reads this value.
        renumbered.append(-1)
      } else if let form = forms[value], form.absorbed != nil {
        renumbered.append(
          form.append(type: equation.type, renumbered[form.product.operands[0]], append))
      } else {
        let operands = equation.operands.map { renumbered[$0] }
        renumbered.append(append(equation.primitive, operands, equation.type))
      }
    }
    return try Program(
      inputs: inputs, equations: equations, outputs: outputs.map { renumbered[$0] },
      outputNames: outputNames)
  }

  /// For each value: how it follows from a product with a constant kernel, if it does.
  private func channelwiseForms() -> [ChannelwiseForm?] {
    var readers = [Int](repeating: 0, count: valueCount)
    for operand in equations.lazy.flatMap(\.operands) + outputs { readers[operand] += 1 }
    var forms = [ChannelwiseForm?](repeating: nil, count: valueCount)
    for (index, equation) in equations.enumerated() {
      let value = inputs.count + index
      if let form = ChannelwiseForm(equation, in: self) {
        forms[value] = form
        continue
      }
      for (position, operand) in equation.operands.enumerated() {
        guard readers[operand] == 1, let form = forms[operand] else { continue }
        forms[value] = form.extended(by: equation, position: position, value: operand, in: self)
        if forms[value] != nil { break }
      }
    }
    return forms
  }
}

/// A product with a constant kernel, scaled and shifted by constants per output channel.
private struct ChannelwiseForm {
  let product: Equation
  private let kernel: Tensor
  private let channelAxis: Int
  private let channels: Int
  private var scale: [Double]
  private var offset: [Double]
  /// The value that the form extends; nil for the product itself.
  private(set) var absorbed: Int?

  /// The form of a product itself: scale 1, offset 0.
  init?(_ equation: Equation, in program: Program) {
    switch equation.primitive {
    case .convolution, .convolutionInputGradient: channelAxis = 1
    case .matrixMultiply: channelAxis = equation.type.shape.rank - 1
    default: return nil
    }
    guard case .constant(let kernel) = program.equation(of: equation.operands[1])?.primitive else {
      return nil
    }
    product = equation
    self.kernel = kernel
    channels = equation.type.shape[channelAxis]
    guard !Shape.isSymbolic(channels) else { return nil }
    scale = [Double](repeating: 1, count: channels)
    offset = [Double](repeating: 0, count: channels)
  }

  /// The form after one more equation, nil if that is no scale or offset by constants.
  func extended(
    by equation: Equation, position: Int, value: Int, in program: Program
  ) -> ChannelwiseForm? {
    var form = self
    form.absorbed = value
    if equation.primitive == .unary(.negate) {
      form.scale = scale.map { -$0 }
      form.offset = offset.map { -$0 }
      return form
    }
    guard case .binary(let function) = equation.primitive,
      let constant = vector(equation.operands[1 - position], in: program)
    else { return nil }
    switch (function, position) {
    case (.add, _): form.offset = zip(offset, constant).map { $0 + $1 }
    case (.subtract, 0): form.offset = zip(offset, constant).map { $0 - $1 }
    case (.subtract, _):
      form.scale = scale.map { -$0 }
      form.offset = zip(offset, constant).map { $1 - $0 }
    case (.multiply, _):
      form.scale = zip(scale, constant).map { $0 * $1 }
      form.offset = zip(offset, constant).map { $0 * $1 }
    case (.divide, 0):
      form.scale = zip(scale, constant).map { $0 / $1 }
      form.offset = zip(offset, constant).map { $0 / $1 }
    default: return nil
    }
    // Infinities would turn into NaN in another order of operations.
    return (form.scale + form.offset).allSatisfy(\.isFinite) ? form : nil
  }

  /// The constant that a value repeats along all axes but the channels', one number a channel.
  private func vector(_ value: Int, in program: Program) -> [Double]? {
    guard let definition = program.equation(of: value) else { return nil }
    switch definition.primitive {
    case .constant(let tensor): return vector(of: tensor)
    case .broadcast(_, let axes):
      guard
        case .constant(let tensor) = program.equation(of: definition.operands[0])?.primitive,
        zip(axes, tensor.shape.dimensions).allSatisfy({ $0 == channelAxis || $1 == 1 })
      else { return nil }
      let numbers = tensor.doubles
      return numbers.count == channels
        ? numbers : (0..<channels).map { _ in numbers[0] }
    default: return nil
    }
  }

  private func vector(of tensor: Tensor) -> [Double]? {
    let inner = tensor.shape.dimensions[(channelAxis + 1)...].reduce(1, *)
    let numbers = tensor.doubles
    guard !numbers.isEmpty else { return nil }
    let first = (0..<channels).map { numbers[$0 * inner] }
    let isRepeated = numbers.enumerated().allSatisfy { index, number in
      number == first[index / inner % channels]
    }
    return isRepeated ? first : nil
  }

  /// Appends the product with the scaled kernel and the bias; returns the number of the result.
  func append(
    type: ValueType, _ operand: Int, _ append: (Primitive, [Int], ValueType) -> Int
  ) -> Int {
    let kernel = append(
      .constant(scaledKernel), [], ValueType(type.elementType, self.kernel.shape))
    let result = append(product.primitive, [operand, kernel], type)
    guard offset.contains(where: { $0 != 0 }) else { return result }
    let bias = Tensor(offset).converted(to: type.elementType)
    let vector = append(.constant(bias), [], ValueType(type.elementType, bias.shape))
    let repeated = append(.broadcast(type.shape, axes: [channelAxis]), [vector], type)
    return append(.binary(.add), [result, repeated], type)
  }

  private var scaledKernel: Tensor {
    guard scale.contains(where: { $0 != 1 }) else { return kernel }
    let scaled = kernel.doubles.enumerated().map { $1 * scale[channel(ofKernelElement: $0)] }
    return Tensor(scaled, shape: kernel.shape).converted(to: kernel.elementType)
  }

  /// The output channel that an element of the kernel contributes to.
  private func channel(ofKernelElement index: Int) -> Int {
    let shape = kernel.shape
    switch product.primitive {
    case .convolution: return index / (kernel.count / channels)
    case .convolutionInputGradient(let geometry, _):
      let (source, member) = (index / (kernel.count / shape[0]), shape[1])
      let taps = kernel.count / (shape[0] * member)
      return source / (shape[0] / geometry.groups) * member + index / taps % member
    case .matrixMultiply(_, let isTransposed):
      return isTransposed ? index / shape[shape.rank - 1] % channels : index % channels
    default: preconditionFailure("\(product.primitive.name) is no product")
    }
  }
}

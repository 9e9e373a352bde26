import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("The ONNX operators of networks")
struct NeuralOperatorTests {
  @Test("have the derivatives that central differences give", arguments: NeuralExample.all)
  func gradients(of example: NeuralExample) throws {
    let program = try example.sketch().program()
    let seed = SampleValues.nonzero(program.outputTypes[0].shape, .float64)
    let function = try ReferenceBackend().compile(program)
    let gradient = try ReferenceBackend().compile(
      program.differentiated(withRespectTo: example.free))
    let results = try gradient(example.arguments + [seed]).dropFirst()
    for (position, result) in zip(example.free, results) {
      let expected = try CentralDifferences.gradient(
        of: function, at: example.arguments, withRespectTo: position, seed: seed)
      #expect(
        Difference(result, expected).isWithin(absolute: 1e-8, relative: 1e-8),
        "operand \(position): \(Difference(result, expected))")
    }
  }

  @Test("give the same for N samples, bound late, as for two", arguments: NeuralExample.all)
  func symbolicBatch(of example: NeuralExample) throws {
    let fixed = try example.sketch().results(example.arguments)
    let count = example.arguments[0].shape[0]
    let late = try example.sketch(batch: Shape.batch).results(example.arguments, batch: count)
    #expect(late == fixed)
  }

  @Test("run in single precision", arguments: NeuralExample.all)
  func singlePrecision(of example: NeuralExample) throws {
    var single = example
    single.arguments = example.arguments.map {
      $0.elementType == .float64 ? $0.converted(to: .float32) : $0
    }
    let result = try single.sketch().results(single.arguments)[0]
    let expected = try example.sketch().results(example.arguments)[0].converted(to: .float32)
    // Products of up to 36 terms, and roots and exponentials of them.
    #expect(
      Difference(result, expected).isWithin(absolute: 2e-5, relative: 2e-5),
      "\(Difference(result, expected))")
  }

  // MARK: Figures by hand

  @Test("count in a mean what a window that begins inside reaches, and nothing beyond the padding")
  func meansOfPartialWindows() throws {
    let x = Tensor([1, 2, 3, 4] as [Double], shape: [1, 1, 4])
    func means(countsPadding: Int) throws -> [Double] {
      try OperatorSketch(
        "AveragePool", opset: 19, [.input(.double, x.shape)],
        [
          "kernel_shape": .ints([3]), "strides": .ints([2]), "pads": .ints([1, 1]),
          "ceil_mode": .int(1), "count_include_pad": .int(countsPadding),
        ]
      ).results([x])[0].doubles
    }
    // The windows begin at −1, 1 and 3; the last one holds 4, one element of padding, and nothing.
    #expect(try means(countsPadding: 1) == [1, 3, 2])
    #expect(try means(countsPadding: 0) == [1.5, 3, 4])
  }

  @Test("place the maxima by rows or by columns, counting all planes before")
  func indicesOfMaxima() throws {
    let x = Tensor((0..<12).map(Double.init), shape: [2, 1, 2, 3])
    func indices(_ order: Int) throws -> [Double] {
      try OperatorSketch(
        "MaxPool", opset: 12, [.input(.double, x.shape)],
        ["kernel_shape": .ints([2, 2]), "storage_order": .int(order)], outputs: 2
      ).results([x])[1].doubles
    }
    #expect(try indices(0) == [4, 5, 10, 11])
    #expect(try indices(1) == [3, 5, 9, 11])
  }

  @Test("have the norm 0 and the derivative 0 for windows of zeros")
  func normOfZeros() throws {
    let x = Tensor(zeros: [1, 1, 2], elementType: .float64)
    for name in ["LpPool", "GlobalLpPool", "LpNormalization"] {
      let attributes: [String: OperatorSketch.Attribute] =
        name == "LpPool" ? ["kernel_shape": .ints([2])] : [:]
      let program = try OperatorSketch(name, opset: 18, [.input(.double, x.shape)], attributes)
        .program()
      let seed = Tensor(
        repeating: 1, shape: program.outputTypes[0].shape, elementType: .float64)
      let executable = try ReferenceBackend().compile(program.differentiated())
      let results = try executable([x, seed])
      #expect(results[0].doubles.allSatisfy { $0 == 0 }, "\(name)")
      #expect(results[1].doubles.allSatisfy { $0.isFinite }, "\(name)")
    }
  }

  @Test("attend to nothing with the result 0 and finite derivatives")
  func attentionToNothing() throws {
    let (x, mask) = (
      SampleValues.uniform([1, 1, 2, 3], .float64),
      Tensor([0, 0, 1, 1] as [Double], shape: [2, 2]).converted(to: .bool)
    )
    let input = OperatorSketch.Operand.input(.double, x.shape)
    let program = try OperatorSketch(
      "Attention", opset: 23, [input, input, input, .weight(mask)]
    ).program()
    let executable = try ReferenceBackend().compile(
      program.differentiated(withRespectTo: [0, 1, 2]))
    let results = try executable([x, x, x, x])
    #expect(Array(results[0].doubles.prefix(3)) == [0, 0, 0])
    #expect(results.allSatisfy { $0.doubles.allSatisfy { $0.isFinite } })
  }

  @Test("remember the scores that a final distribution came from")
  func origins() throws {
    func origin(_ name: String, opset: Int, _ shape: Shape, axis: Int) throws -> OutputOrigin {
      try OperatorSketch(name, opset: opset, [.input(.float, shape)], ["axis": .int(axis)])
        .network().origins[0]
    }
    #expect(try origin("Softmax", opset: 13, [2, 3], axis: -1) == .softmax(of: 0))
    #expect(try origin("Softmax", opset: 11, [2, 3], axis: 1) == .softmax(of: 0))
    #expect(try origin("LogSoftmax", opset: 11, [2, 3], axis: -1) == .softmax(of: 0))
    #expect(try origin("Softmax", opset: 11, [2, 3, 2], axis: 1) == .plain)
  }

  // MARK: Refusals

  private static let image = OperatorSketch.Operand.input(.float, [1, 2, 5, 5])
  private static let numbers = OperatorSketch.Operand.input(.float, [2])

  private static let refusals: [(OperatorSketch, String)] = [
    (
      OperatorSketch(
        "BatchNormalization", opset: 15, [image, numbers, numbers, numbers, numbers],
        ["training_mode": .int(1)]),
      "is in training mode, where a sample's result depends on the others: export the model for "
        + "inference"
    ),
    (
      OperatorSketch("MaxPool", opset: 12, [image], ["kernel_shape": .ints([2])]),
      "the attribute 'kernel_shape' needs 2 numbers from 1 on, got [2]"
    ),
    (
      OperatorSketch(
        "AveragePool", opset: 12, [image],
        ["kernel_shape": .ints([2, 2]), "auto_pad": .string("SAME")]),
      "the attribute 'auto_pad' is 'SAME', which is unknown"
    ),
    (
      OperatorSketch(
        "Conv", opset: 11,
        [.input(.float, [1, 1, 3, 3, 3, 3]), .input(.float, [1, 1, 1, 1, 1, 1])]
      ),
      "windows slide over 1 to 3 axes, not over the 4 of float32[1, 1, 3, 3, 3, 3]"
    ),
    (
      OperatorSketch(
        "Conv", opset: 11, [image, .input(.float, [1, 2, 7, 7])]),
      "a window of [7, 7] with the padding [0, 0], [0, 0] does not fit [5, 5]"
    ),
    (
      OperatorSketch("Einsum", opset: 12, [image], ["equation": .string("ij->i")]),
      "'ij' in 'ij->i' does not name 4 axes"
    ),
    (
      OperatorSketch("Det", opset: 11, [.input(.float, [9, 9])]),
      "determinants are computed up to an order of 8, not 9"
    ),
    (
      OperatorSketch(
        "Dropout", opset: 13,
        [image, .weight(Tensor(0.5)), .weight(Tensor(1, elementType: .bool))]),
      "is in training mode, where results are random: export for inference"
    ),
    (
      OperatorSketch("Attention", opset: 23, [numbers, numbers, numbers]),
      "float32[2] does not consist of stated heads"
    ),
  ]

  @Test("are refused in one sentence where they cannot be lowered")
  func refusedNodes() {
    for (sketch, reason) in Self.refusals {
      #expect(
        sketch.refusal() == "node 'n' (\(sketch.name), opset \(sketch.opset)): \(reason)")
    }
  }
}

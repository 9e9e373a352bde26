import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("ONNX operators that move, select and combine elements")
struct IndexingOperatorTests {
  private static let x = Tensor((0..<6).map(Double.init), shape: [2, 3])

  private static func scalar(_ number: Int) -> Tensor { Tensor([Int64(number)], shape: []) }

  // MARK: Slices of the samples

  /// Exporters write the largest numbers of int32 and int64 for "to the end".
  @Test(
    "a slice that is all of the samples is none",
    arguments: [(0, Int(Int32.max), 1), (0, Int.max, 1), (-Int(Int32.max), Int.max, 1)])
  func wholeBatch(start: Int, end: Int, step: Int) throws {
    let sketch = OperatorSketch(
      "Slice", opset: 13,
      [
        .input(.double, [Shape.batch, 3]), .weight(.indices(start)), .weight(.indices(end)),
        .weight(.indices(0)), .weight(.indices(step)),
      ])
    let program = try sketch.program()
    #expect(program.outputTypes[0].shape == [Shape.batch, 3])
    #expect(try sketch.results([Self.x], batch: 2)[0] == Self.x)
  }

  @Test("samples can be taken in reverse, with everything that fits")
  func reversedBatch() throws {
    let sketch = OperatorSketch(
      "Slice", opset: 13,
      [
        .input(.double, [Shape.batch, 3]), .weight(.indices(-1)), .weight(.indices(Int.min)),
        .weight(.indices(0)), .weight(.indices(-1)),
      ])
    #expect(try sketch.results([Self.x], batch: 2)[0].doubles == [3, 4, 5, 0, 1, 2])
  }

  @Test("a slice that drops samples is refused")
  func partOfBatch() throws {
    let sketch = OperatorSketch(
      "Slice", opset: 13,
      [
        .input(.double, [Shape.batch, 3]), .weight(.indices(0)), .weight(.indices(-1)),
        .weight(.indices(0)),
      ])
    #expect(
      sketch.refusal()
        == "node 'n' (Slice, opset 13): cuts an axis of N in a way that depends on the number of "
        + "samples")
  }

  // MARK: Indices

  @Test("negative indices count from the end, also those that are computed")
  func negativeIndices() throws {
    let indices = Tensor.indices(-1, 0, -3)
    let gather = OperatorSketch(
      "Gather", opset: 13, [.input(.double, [2, 3]), .input(.int64, [3])], ["axis": .int(1)])
    #expect(try gather.results([Self.x, indices])[0].doubles == [2, 0, 0, 5, 3, 3])
    let elements = OperatorSketch(
      "GatherElements", opset: 13, [.input(.double, [2, 3]), .input(.int64, [1, 3])],
      ["axis": .int(0)])
    let rows = Tensor.indices(-1, 0, -2).reshaped(to: [1, 3])
    #expect(try elements.results([Self.x, rows])[0].doubles == [3, 1, 2])
    let oneHot = OperatorSketch(
      "OneHot", opset: 11,
      [
        .input(.int64, [3]), .weight(Self.scalar(3)), .weight(Tensor([2, 5] as [Double])),
      ], ["axis": .int(0)])
    // −4 is outside: it has no place.
    #expect(
      try oneHot.results([Tensor.indices(-1, 0, -4)])[0].doubles
        == [2, 5, 2, 2, 2, 2, 5, 2, 2])
  }

  // MARK: Scattering

  /// Indices that are read when the model runs, some of them twice: a loop says what results.
  @Test("updates are combined in their order", arguments: ["none", "add", "mul", "min", "max"])
  func scatter(reduction: String) throws {
    let indices = [3, 1, -2, 3, 0, 3, 1]
    let data = SampleValues.distinct([5], .float64).doubles
    let updates = SampleValues.distinct([7], .float64, purpose: "updates").doubles
    var expected = data
    for (index, update) in zip(indices, updates) {
      let place = index < 0 ? index + 5 : index
      switch reduction {
      case "add": expected[place] += update
      case "mul": expected[place] *= update
      case "min": expected[place] = min(expected[place], update)
      case "max": expected[place] = max(expected[place], update)
      default: expected[place] = update
      }
    }
    let arguments = [Tensor(data), Tensor(indices.map(Int64.init)), Tensor(updates)]
    let elements = OperatorSketch(
      "ScatterElements", opset: 18,
      [.input(.double, [5]), .input(.int64, [7]), .input(.double, [7])],
      ["reduction": .string(reduction)])
    let result = try elements.results(arguments)[0]
    #expect(Difference(result, Tensor(expected)).isWithin(absolute: 0, relative: 1e-15))
    let tuples = OperatorSketch(
      "ScatterND", opset: 18,
      [.input(.double, [5]), .input(.int64, [7, 1]), .input(.double, [7])],
      ["reduction": .string(reduction)])
    let again = try tuples.results([
      arguments[0], arguments[1].reshaped(to: [7, 1]), arguments[2],
    ])[0]
    #expect(Difference(again, Tensor(expected)).isWithin(absolute: 0, relative: 1e-15))
  }

  @Test("scattering keeps integers, bools and numbers that are not finite")
  func scatterTypes() throws {
    func result(_ data: Tensor, _ updates: Tensor) throws -> Tensor {
      try OperatorSketch(
        "ScatterElements", opset: 13,
        [.weight(data), .input(.int64, [2]), .weight(updates)]
      ).results([Tensor.indices(1, 1)])[0]
    }
    let infinity = Float.infinity
    #expect(
      try result(Tensor([7, 8] as [Int32]), Tensor([1, -2] as [Int32]))
        == Tensor([7, -2] as [Int32]))
    #expect(try result(Tensor([true, false]), Tensor([false, true])) == Tensor([true, true]))
    #expect(
      try result(Tensor([infinity, 1]), Tensor([.nan, -infinity]))
        == Tensor([infinity, -infinity]))
  }

  // MARK: Reductions

  @Test("nothing to reduce gives the neutral element")
  func emptyReductions() throws {
    func result(_ name: String, _ type: ONNXElementType) throws -> [Double] {
      try OperatorSketch(
        name, opset: 20, [.input(type, [2, 0]), .weight(.indices(1))], ["keepdims": .int(0)]
      ).results([Tensor(zeros: [2, 0], elementType: type.representation ?? .float32)])[0].doubles
    }
    #expect(try result("ReduceSum", .double) == [0, 0])
    #expect(try result("ReduceProd", .double) == [1, 1])
    #expect(try result("ReduceMax", .double) == [-.infinity, -.infinity])
    #expect(try result("ReduceMin", .double) == [.infinity, .infinity])
    #expect(try result("ReduceMin", .uint8) == [255, 255])
    #expect(try result("ReduceMax", .int32) == [-2_147_483_648, -2_147_483_648])
    #expect(try result("ReduceMin", .bool) == [1, 1])
    #expect(try result("ReduceLogSumExp", .double) == [-.infinity, -.infinity])
  }

  @Test("log Σ eˣ neither overflows nor loses infinities")
  func logSumExp() throws {
    let sketch = OperatorSketch(
      "ReduceLogSumExp", opset: 18, [.input(.double, [4, 2]), .weight(.indices(1))],
      ["keepdims": .int(0)])
    let infinity = Double.infinity
    let x = Tensor(
      [1000, 1000, -1000, -1000, infinity, 0, -infinity, -infinity], shape: [4, 2])
    let result = try sketch.results([x])[0].doubles
    #expect(abs(result[0] - (1000 + 0.693147180559945309)) < 1e-12)
    #expect(abs(result[1] - (-1000 + 0.693147180559945309)) < 1e-12)
    #expect(result[2] == .infinity && result[3] == -.infinity)
  }

  @Test("the derivative of a norm is 0 where all elements are")
  func normAtZero() throws {
    let sketch = OperatorSketch("ReduceL2", opset: 18, [.input(.double, [2])])
    let gradient = try ReferenceBackend().compile(try sketch.program().differentiated())
    let result = try gradient([Tensor([0, 0] as [Double]), Tensor([1] as [Double])])
    #expect(result[1].doubles == [0, 0])
  }

  // MARK: Casts

  @Test("integers that do not fit wrap around")
  func wrapping() throws {
    func cast(_ number: Int64, to type: ONNXElementType) throws -> Double {
      try OperatorSketch(
        "Cast", opset: 25, [.input(.int64, [1])], ["to": .int(Int(type.rawValue))]
      ).results([Tensor([number])])[0].doubles[0]
    }
    for number in [-70_000, -129, -9, -1, 0, 7, 8, 200, 255, 256, 40_000, 5_000_000_000] as [Int64]
    {
      #expect(try cast(number, to: .int8) == Double(Int8(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .uint8) == Double(UInt8(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .int16) == Double(Int16(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .uint16) == Double(UInt16(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .int32) == Double(Int32(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .uint32) == Double(UInt32(truncatingIfNeeded: number)))
      #expect(try cast(number, to: .uint4) == Double(number & 15))
      #expect(try cast(number, to: .int4) == Double(Int8(truncatingIfNeeded: number << 4) >> 4))
      #expect(try cast(number, to: .int2) == Double(Int8(truncatingIfNeeded: number << 6) >> 6))
    }
    #expect(try cast(-1, to: .bool) == 1)
  }

  // MARK: Refusals

  @Test("what cannot be lowered is refused in a sentence")
  func refusals() {
    let range = OperatorSketch(
      "Range", opset: 11,
      [.input(.float, []), .weight(Tensor(4)), .weight(Tensor(1))])
    #expect(
      range.refusal()
        == "node 'n' (Range, opset 11): input 0, 'x0', must be known before the model runs, but "
        + "depends on its inputs")
    let reduction = OperatorSketch("ReduceProd", opset: 13, [.input(.float, [Shape.batch, 2])])
    #expect(
      reduction.refusal()
        == "node 'n' (ReduceProd, opset 13): cannot multiply along the samples of a batch")
    let text = OperatorSketch("Cast", opset: 13, [.input(.float, [2])], ["to": .int(8)])
    #expect(
      text.refusal()
        == "node 'n' (Cast, opset 13): casts to string, which Assay does not compute")
    let files = OperatorSketch("ImageDecoder", opset: 20, [.input(.uint8, [9])])
    #expect(
      files.refusal()
        == "node 'n' (ImageDecoder, opset 20): decodes image files, which Assay does not do; give "
        + "it their pixels")
  }
}

import Tensors
import Testing

@Suite("Tensor") struct TensorTests {
  @Test("binary operators broadcast as nested loops do")
  func broadcasting() {
    let left = Tensor((0..<6).map { Float($0) }, shape: [2, 1, 3])
    let right = Tensor((0..<4).map { Float($0 * 10) }, shape: [4, 1])
    let sum = left + right
    #expect(sum.shape == [2, 4, 3])
    var expected: [Float] = []
    for i in 0..<2 {
      for j in 0..<4 { for k in 0..<3 { expected.append(Float(i * 3 + k + j * 10)) } }
    }
    #expect(sum.floats == expected)
    #expect((sum - 1.0).floats == expected.map { $0 - 1 })
  }

  @Test(
    "the common shape follows the broadcasting rule",
    arguments: [
      ([2, 3], [3], [2, 3]), ([2, 1], [1, 5], [2, 5]), ([], [4], [4]), ([0, 3], [1, 3], [0, 3]),
      ([2, 3], [2], nil), ([2], [3], nil),
    ] as [([Int], [Int], [Int]?)])
  func commonShape(left: [Int], right: [Int], expected: [Int]?) {
    #expect(Shape(left).broadcast(with: Shape(right)) == expected.map { Shape($0) })
    #expect(Shape(right).broadcast(with: Shape(left)) == expected.map { Shape($0) })
  }

  @Test("a copy does not see later writes")
  func copyOnWrite() {
    let original = Tensor([1, 2, 3] as [Float])
    var copy = original
    copy.withUnsafeMutableScalars(of: Float.self) { $0[0] = 9 }
    #expect(original.floats == [1, 2, 3])
    #expect(copy.floats == [9, 2, 3])
    var rows = original
    rows.setRows([1], to: Tensor([7] as [Float]))
    #expect(original.floats == [1, 2, 3])
    #expect(rows.floats == [1, 7, 3])
  }

  @Test("rows are taken, replaced and joined by their index")
  func rows() {
    let tensor = Tensor((0..<12).map { Int64($0) }, shape: [4, 3])
    #expect(tensor.rows([2, 0]).scalars(of: Int64.self) == [6, 7, 8, 0, 1, 2])
    #expect(tensor.row(3).shape == [3])
    #expect(tensor.rows(1..<2).scalars(of: Int64.self) == [3, 4, 5])
    #expect(Tensor.concatenated([tensor.rows(0..<1), tensor.rows(1..<4)]) == tensor)
  }

  @Test("reductions keep or drop their axes")
  func reductions() {
    let tensor = Tensor([1, -5, 3, 4, 0, -2] as [Float], shape: [2, 3])
    #expect(tensor.sum(over: [1], keepingDimensions: true).shape == [2, 1])
    #expect(tensor.sum(over: [1], keepingDimensions: false).floats == [-1, 2])
    #expect(tensor.maximum(over: [0], keepingDimensions: false).floats == [4, 0, 3])
    #expect(tensor.sum(over: [0, 1], keepingDimensions: false).floats == [1])
  }

  @Test("conversions truncate toward zero and saturate")
  func conversions() {
    let tensor = Tensor([-1.9, 1.9, 300, -1e30, .nan] as [Double])
    #expect(tensor.converted(to: .int64).scalars(of: Int64.self) == [-1, 1, 300, .min, 0])
    #expect(tensor.converted(to: .uint8).scalars(of: UInt8.self) == [0, 1, 255, 0, 0])
    #expect(tensor.converted(to: .bool).scalars(of: Bool.self) == [true, true, true, true, true])
  }

  @Test("equality compares bytes: NaN equals itself, 0 and −0 differ")
  func equality() {
    #expect(Tensor([Float.nan]) == Tensor([Float.nan]))
    #expect(Tensor([Float(0)]) != Tensor([-Float(0)]))
    #expect(Tensor([Float(1)]) != Tensor([Double(1)]))
    #expect(Tensor([1, 2] as [Float]) != Tensor([1, 2] as [Float], shape: [2, 1]))
  }
}

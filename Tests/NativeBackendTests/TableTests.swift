import Execution
import NativeBackend
import Programs
import Tensors
import TestSupport
import Testing

@Suite("Every primitive, natively") struct TableTests {
  /// Float32 products of up to a few hundred terms of order 1 differ by rounding alone.
  @Test("agrees with the reference", arguments: PrimitiveCase.all(.float32))
  func float32(_ primitiveCase: PrimitiveCase) throws {
    let got = try primitiveCase.result(on: NativeBackend())
    let expected = try primitiveCase.result(on: ReferenceBackend())
    let difference = Difference(got, expected)
    #expect(difference.isWithin(absolute: 2e-6, relative: 2e-6), "\(difference)")
  }

  @Test("is computed in full precision for float64", arguments: PrimitiveCase.all(.float64))
  func float64(_ primitiveCase: PrimitiveCase) throws {
    let got = try primitiveCase.result(on: NativeBackend())
    let expected = try primitiveCase.result(on: ReferenceBackend())
    let difference = Difference(got, expected)
    #expect(difference.isWithin(absolute: 0, relative: 0), "\(difference)")
  }
}

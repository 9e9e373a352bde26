import Tensors
import Testing

@testable import NativeBackend

@Suite("Constants in the form that steps read") struct PackedConstantsTests {
  private let form = PackedConstants.Form.panels(depth: 2, columns: 2, isTransposed: false)

  @Test("are made once for a tensor, and anew when nobody uses them any more")
  func sharing() {
    let source = ConstantMemory(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]))
    let other = ConstantMemory(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]))
    var made = 0
    func packed(_ source: ConstantMemory, _ form: PackedConstants.Form) -> ConstantMemory {
      PackedConstants.shared.memory(form, of: source) {
        made += 1
        return ConstantMemory(byteCount: 16)
      }
    }
    do {
      let first = packed(source, form)
      #expect(packed(source, form) === first && made == 1)
      let transposed = packed(source, .panels(depth: 2, columns: 2, isTransposed: true))
      #expect(transposed !== first && made == 2)
      // Equal numbers are not the same memory.
      #expect(packed(other, form) !== first && made == 3)
      withExtendedLifetime((first, transposed)) {}
    }
    _ = packed(source, form)
    #expect(made == 4)
  }
}

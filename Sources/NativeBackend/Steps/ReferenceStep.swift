import Execution
import Programs
import Tensors

/// An equation computed by the reference kernels, in double precision.
struct ReferenceStep: Step {
  let equation: Equation
  let operandTypes: [ValueType]
  let reads: [Int]
  let target: Int

  var writes: [Int] { [target] }

  func kernel(on memory: Memory) -> Kernel {
    {
      let operands = zip(operandTypes, reads).map { type, buffer in
        let tensor = Tensor(zeros: type.shape, elementType: type.elementType)
        tensor.storage.pointer.copyMemory(from: memory[buffer], byteCount: tensor.bytes.count)
        return tensor
      }
      let result = try ReferenceBackend.evaluate(
        equation.primitive, operands, type: equation.type)
      memory[target].copyMemory(from: result.storage.pointer, byteCount: result.bytes.count)
    }
  }
}

import Programs
import Tensors

/// Optional values, as far as they are tensors: those are always there.
enum OptionalOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("OptionalHasElement", since: 15) { call in
      [Operand(call.constant(Tensor([call.has(0)], shape: [])))]
    },
    ONNXOperator("OptionalGetElement", since: 15) { call in [try call.operand(0)] },
  ]
}

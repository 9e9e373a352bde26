import Programs
import TestSupport
import Tensors
import Testing

@Suite("The messages of ill-typed programs")
struct MessageTests {
  private func expectMessage(
    _ message: String, _ types: [ValueType], _ function: ([Value]) -> Value
  ) {
    let ports = types.enumerated().map { Program.Port(name: "x\($0.offset)", type: $0.element) }
    do {
      let program = try Program.trace(ports) { [("y", function($0))] }
      Issue.record("traced \(program), expected: \(message)")
    } catch {
      #expect("\(error)" == message)
    }
  }

  private func float(_ shape: Shape) -> ValueType { ValueType(.float32, shape) }

  @Test("name the equation, its operands and what is wrong")
  func messages() {
    let n = Shape.batch
    expectMessage(
      "equation 1, matrixMultiply(float32[N, 4], float32[5, 2]): inner dimensions 4 and 5 differ",
      [float([n, 4]), float([5, 2])]
    ) { $0[0].relu().matrixMultiplied(by: $0[1]) }
    expectMessage(
      "equation 0, reduceSum(float32[2, 3]): axis 2 does not exist in a value of rank 2",
      [float([2, 3])]
    ) { $0[0].sum(over: [2]) }
    expectMessage(
      "equation 0, convolution(float32[N, 3, 8], float32[4, 2, 3]): a kernel [4, 2, 3] in 1 groups "
        + "does not fit 3 channels",
      [float([n, 3, 8]), float([4, 2, 3])]
    ) { $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 1)) }
    expectMessage(
      "equation 0, convolution(float32[N, 3, 2], float32[4, 3, 3]): a window of [3] does not fit "
        + "into [2]",
      [float([n, 3, 2]), float([4, 3, 3])]
    ) { $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 1)) }
    expectMessage(
      "equation 0, broadcast(float32[2, 3], float32[2]): the shapes do not broadcast",
      [float([2, 3]), float([2])]
    ) { $0[0] + $0[1] }
    expectMessage(
      "equation 0, reshape(float32[N, 6]): cannot reshape [N, 6] into [N, 5]", [float([n, 6])]
    ) { $0[0].reshaped(to: [n, 5]) }
    expectMessage(
      "equation 0, exponential(int64[3]): expects floating-point operands, got int64[3]",
      [ValueType(.int64, [3])]
    ) { $0[0].exponential() }
    expectMessage(
      "equation 0, gather(float32[3], float32[2]): expects indices of type int64 or int32, got "
        + "float32[2]",
      [float([3]), float([2])]
    ) { $0[0].gather($0[1], axis: 0) }
    expectMessage(
      "equation 0, maxPool(float32[1, 1, 4]): a window of [2] may lie in the padding alone",
      [float([1, 1, 4])]
    ) { $0[0].maxPooled(WindowGeometry(rank: 1, size: 2, padding: 2)) }
    expectMessage(
      "equation 0, concatenate(float32[N, 3], float32[1, 3]): symbolic and concrete sizes do not "
        + "add up: N and 1",
      [float([n, 3]), float([1, 3])]
    ) { .concatenated([$0[0], $0[1]], axis: 0) }
    expectMessage(
      "equation 0, slice(float32[N, 3]): an axis of symbolic size can be cut at multiples of N only",
      [float([n, 3])]
    ) { $0[0].slice(axis: 0, 0..<5) }
    expectMessage(
      "equation 0, elementCount(float32[2]): axes [1] do not exist", [float([2])]
    ) { $0[0] / $0[0].elementCount(over: [1]) }
  }

  @Test("keep the first error")
  func firstError() {
    expectMessage(
      "equation 0, argMax(float32[2]): axis 3 does not exist in a value of rank 1", [float([2])]
    ) { $0[0].argMax(axis: 3).exponential().flattened(from: 9) }
  }
}

import Execution
import Foundation
import Models
import Programs
import Tensors
import Testing

@testable import Explanations

/// Attributions of a convolution network beside those that PyTorch's gradients give.
@Suite("Attributions recorded from PyTorch")
struct RecordedTests {
  private let arrays: [String: Tensor]
  private let model: ProgramClassifier
  private let request: AttributionRequest

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appending(path: "fixtures/attributions/network.npz").path
    let arrays = try NumpyArchive.read(path)
    self.arrays = arrays
    let array = { (name: String) throws -> Tensor in try #require(arrays[name]) }
    let (kernel, kernelBias) = (try array("kernel"), try array("kernel_bias"))
    let (hidden, hiddenBias) = (try array("hidden"), try array("hidden_bias"))
    let (final, finalBias) = (try array("final"), try array("final_bias"))
    model = try ClosedFormModels.classifier(.image([2, 8, 8]), classes: 3) { x in
      let constant = x.builder.constant
      let maps = x.convolved(
        with: constant(kernel), ConvolutionGeometry(rank: 2, padding: 1),
        bias: constant(kernelBias)
      ).relu().maxPooled(WindowGeometry(rank: 2, size: 2))
      return maps.flattened().linear(weight: constant(hidden), bias: constant(hiddenBias))
        .relu().linear(weight: constant(final), bias: constant(finalBias))
    }
    request = AttributionRequest(
      inputs: try array("inputs"), classes: try array("classes").doubles.map { Int($0) })
  }

  private func expect(_ method: some AttributionMethod, equals name: String) throws {
    let found = try Explainer.explain(method, request, model)
    let expected = try #require(arrays[name]).doubles
    #expect(agree(found.attributions.doubles, expected), "\(name)")
  }

  @Test("gradients and occlusion agree to a millionth")
  func gradients() throws {
    try expect(Saliency(), equals: "saliency")
    try expect(InputTimesGradient(), equals: "input-x-gradient")
    var occlusion = Occlusion()
    (occlusion.window, occlusion.stride) = (3, 2)
    try expect(occlusion, equals: "occlusion")
  }

  @Test("integrated gradients agree to a millionth", arguments: Quadrature.allCases)
  func integratedGradients(_ quadrature: Quadrature) throws {
    var method = IntegratedGradients()
    method.baseline = .value(0.25)
    method.quadrature = .nodes(quadrature)
    method.steps = 20
    try expect(method, equals: "integrated-gradients \(quadrature.rawValue)")
  }
}

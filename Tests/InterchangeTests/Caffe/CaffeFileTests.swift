import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Caffe networks")
struct CaffeFileTests {
  static func file(_ name: String) throws -> CaffeFile {
    try CaffeFile(
      prototxt: NetworkFixtures.path("caffe/\(name).prototxt"),
      caffemodel: NetworkFixtures.path("caffe/\(name).caffemodel"))
  }

  /// OpenCV's figures, and those of NumPy where OpenCV has no such layer (scripts/record-caffe.py).
  @Test("compute what is recorded of every layer")
  func layers() throws {
    let file = try Self.file("layers")
    let recorded = try NetworkFixtures.arrays("caffe/layers.npz")
    #expect(Set(file.outputs.map(\.name) + ["data"]) == Set(recorded.keys))
    let results = try file.network(NetworkRequest()).outputs(recorded)
    for (name, expected) in recorded where name != "data" {
      let got = try #require(results[name])
      let difference = Difference(got, expected)
      #expect(difference.isWithin(absolute: 1e-5, relative: 1e-5), "\(name): \(difference)")
    }
  }

  @Test(
    "have the right derivatives",
    arguments: [
      "conv", "conv_plane", "deconv", "pool_max", "pool_max_padded", "pool_average", "pool_plane",
      "pool_global", "inner", "inner_axis", "leaky", "prelu", "elu", "sigmoid", "tanh", "power",
      "exp", "log", "bnll", "lrn", "lrn_offset", "lrn_within", "norm", "scale", "bias", "softmax",
      "permute",
      "reduction", "tile", "mvn", "mvn_across", "normalize",
    ])
  func gradients(_ layer: String) throws {
    let network = try Self.file("layers").network(NetworkRequest(outputs: [layer]))
    #expect(network.gradient == .exact)
    // No number is nearer to a kink at 0, or to another number, than central differences reach.
    let data = SampleValues.distinct([1, 4, 7, 6], .float64)
    let scaled = Tensor(data.doubles.map { $0 / 8 + 7.0 / 256 }, shape: data.shape)
    try network.checkGradient(at: ["data": scaled], in: "data")
  }

  @Test("say which layers are constant almost everywhere")
  func gradientless() throws {
    let network = try Self.file("layers").network(NetworkRequest(outputs: ["threshold"]))
    #expect(network.gradient == .none(operators: ["Threshold"]))
  }

  @Test("run layers in place, join branches, and leave out what only a training has")
  func classifier() throws {
    let file = try Self.file("classifier")
    #expect(file.inputs.map(\.name) == ["data"])
    #expect(file.inputs[0].description == "float32[batch, 1, 9, 9]")
    #expect(file.outputs.map(\.name) == ["prob"])
    #expect(file.operatorCounts["Convolution"] == 2)
    let network = try file.network(NetworkRequest())
    guard case .softmax(let logits) = network.origins[0] else {
      Issue.record("the output's softmax is not known")
      return
    }
    #expect(network.program.inputs[0].type.shape == [Shape.batch, 1, 9, 9])
    #expect(logits > 0)
    #expect(network.weightNames.values.contains("conv1[0]"))
    let recorded = try NetworkFixtures.arrays("caffe/classifier.npz")
    let result = try #require(network.outputs(recorded)["prob"])
    let difference = try Difference(result, #require(recorded["prob"]))
    #expect(difference.isWithin(absolute: 1e-5, relative: 1e-5), "\(difference)")
  }

  @Test("of the first generation of files are read")
  func oldGeneration() throws {
    let recorded = try NetworkFixtures.arrays("caffe/old.npz")
    let result = try Self.file("old").network(NetworkRequest()).outputs(recorded)
    let difference = try Difference(#require(result["prob"]), #require(recorded["prob"]))
    #expect(difference.isWithin(absolute: 1e-5, relative: 1e-5), "\(difference)")
  }

  @Test("that are cut off or damaged are refused or read, and never more than that")
  func damaged() throws {
    func bytes(_ name: String) throws -> Data {
      try Data(contentsOf: URL(filePath: NetworkFixtures.path("caffe/\(name)")))
    }
    let (text, weights) = try (bytes("classifier.prototxt"), bytes("classifier.caffemodel"))
    let texts = DamagedFiles.cut(text, every: 50) + DamagedFiles.flipped(text, every: 23, by: 5)
    let models =
      DamagedFiles.cut(weights, every: 50) + DamagedFiles.flipped(weights, every: 11, by: 0x85)
    for (text, weights) in texts.map({ ($0, weights) }) + models.map({ (text, $0) }) {
      do {
        _ = try CaffeFile(prototxt: text, caffemodel: weights).network(NetworkRequest())
      } catch {
        #expect(error is InterchangeError.Fact || error is ProgramError, "\(error)")
      }
    }
  }
}

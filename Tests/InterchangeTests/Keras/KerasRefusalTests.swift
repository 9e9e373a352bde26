import Foundation
import Programs
import Tensors
import Testing

@testable import Interchange

@Suite("Keras files that cannot be read")
struct KerasRefusalTests {
  /// What is said of a network with this description, lowered without weights that fit.
  private func sentence(
    _ description: String, version: String = "3.15.1", request: NetworkRequest = NetworkRequest()
  ) throws -> String? {
    let error = #expect(throws: InterchangeError.Fact.self) {
      let file = try KerasFile(
        version: version, description: KerasFile.parse(Array(description.utf8), "config.json"),
        weights: HDF5File(path: KerasModelTests.path("adult.h5")), isArchive: true)
      _ = try file.network(request)
    }
    return error.map { "\($0)" }
  }

  /// A chain of layers after an input.
  private func chain(_ layers: String..., shape: String = "[null, 4]") -> String {
    let input = #"{"class_name": "InputLayer", "config": {"name": "x", "batch_shape": \#(shape)}}"#
    return #"{"class_name": "Sequential", "config": {"name": "s", "layers": ["#
      + ([input] + layers).joined(separator: ", ") + "]}}"
  }

  private func layer(_ name: String, _ settings: String = "") -> String {
    #"{"class_name": "\#(name)", "config": {"name": "\#(name.lowercased())"\#(settings)}}"#
  }

  @Test("name every layer that is unknown")
  func unknownLayers() throws {
    #expect(
      try sentence(chain(layer("Lambda"), layer("Flatten"), layer("MyLayer"))) == """
        this Keras file asks for what Assay does not support:
          - Lambda at layer 'lambda', which holds Python code
          - MyLayer at layer 'mylayer'
          - build the model without them, of layers that Keras itself provides
        """)
  }

  @Test("name the layer whose settings do not fit")
  func settings() throws {
    #expect(
      try sentence(chain(layer("Activation", #", "activation": "mine""#)))
        == "layer 'activation' (Activation): the activation 'mine' is not supported")
    #expect(
      try sentence(chain(layer("Dense", #", "units": 2"#)))
        == "layer 'dense' (Dense): the file has no weights for 'kernel'")
    #expect(
      try sentence(chain(layer("Reshape", #", "target_shape": [3, -1]"#)))
        == "layer 'reshape' (Reshape): float32[N, 4] does not fit into [3, -1]")
    #expect(
      try sentence(
        chain(layer("MaxPooling1D", #", "strides": 0"#), shape: "[null, 8, 2]"))
        == "layer 'maxpooling1d' (MaxPooling1D): 'strides' is [0], not 1 positive numbers")
    #expect(
      try sentence(
        chain(layer("Cropping1D", #", "cropping": [5, 5]"#), shape: "[null, 8, 2]"))
        == "layer 'cropping1d' (Cropping1D): nothing is left of [8]")
    #expect(
      try sentence(chain(layer("ZeroPadding2D"), shape: "[null, 8, 2]"))
        == "layer 'zeropadding2d' (ZeroPadding2D): expects 4 axes, got float32[N, 8, 2]")
  }

  @Test("ask for shapes that the file leaves open")
  func openShapes() throws {
    let network = chain(layer("MaxPooling1D"), shape: "[null, null, 2]")
    #expect(
      try sentence(network) == "the input 'x' is float32[?, ?, 2]: say how long axis 1 is")
    #expect(
      try sentence(network, request: NetworkRequest(shapes: ["x": [4, Shape.batch, 2]]))
        == "layer 'maxpooling1d' (MaxPooling1D): axis 2 of float32[4, 2, N] must have a fixed "
        + "size: give the input's shape")
    #expect(
      try sentence(network, request: NetworkRequest(shapes: ["y": [1]]))
        == "there is no input 'y'; the model has 'x'")
    #expect(
      try sentence(network, request: NetworkRequest(outputs: ["z"]))
        == "there is no output 'z'; the model has 'maxpooling1d'")
  }

  @Test("describe networks that make no sense")
  func nonsense() throws {
    #expect(
      try sentence("[1, 2")
        == "is no valid Keras file: 'config.json' is not valid JSON")
    #expect(
      try sentence(#"{"class_name": "Mine", "config": {}}"#) == """
        this Keras file asks for what Assay does not support:
          - the network is of the class Mine: save a Sequential or functional model
        """)
    let loop = #"""
      {"class_name": "Functional", "config": {"name": "f", "layers": [
        {"class_name": "InputLayer", "name": "x", "config": {"batch_shape": [null, 2]}},
        {"class_name": "Flatten", "name": "a", "config": {}, "inbound_nodes": [[["b", 0, 0, {}]]]},
        {"class_name": "Flatten", "name": "b", "config": {}, "inbound_nodes": [[["a", 0, 0, {}]]]}],
        "input_layers": [["x", 0, 0]], "output_layers": [["b", 0, 0]]}}
      """#
    #expect(
      try sentence(loop)
        == "is no valid Keras file: call 0 of the layer 'b' depends on itself")
  }

  private func readError(_ path: String) -> String? {
    let error = #expect(throws: InterchangeError.self) {
      _ = try KerasFile(path: path).network(NetworkRequest())
    }
    return error.map { "\($0)" }
  }

  @Test("are missing, or hold something else")
  func otherFiles() throws {
    let arrays = KerasModelTests.path("tabular.npz")
    #expect(readError(arrays) == "\(arrays): is no valid Keras file: it holds no 'metadata.json'")
    #expect(readError("/nowhere.keras") == "/nowhere.keras: cannot be read: there is no such file")
    let types = KerasModelTests.path("types.h5")
    #expect(
      readError(types) == "\(types): is no valid Keras file: it does not describe a network: "
        + "save the whole model, not the weights alone")
  }

  @Test("are cut off anywhere", arguments: ["volume.keras", "volume.h5"])
  func truncated(name: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: KerasModelTests.path(name)))
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for part in 0..<40 {
      try bytes.prefix(bytes.count * part / 40).write(to: URL(filePath: path))
      #expect(throws: (any Error).self) { _ = try KerasFile(path: path).network(NetworkRequest()) }
    }
  }

  @Test("are damaged anywhere, and say so or are read")
  func damaged() throws {
    let original = try Array(Data(contentsOf: URL(filePath: KerasModelTests.path("volume.h5"))))
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var random = RandomStream(seed: 11, purpose: "damage")
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<4 {
        let place = Int(random.next() % UInt64(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      }
      try Data(bytes).write(to: URL(filePath: path))
      do {
        _ = try KerasFile(path: path).network(NetworkRequest())
      } catch {
        #expect(error is InterchangeError || error is InterchangeError.Fact, "\(error)")
      }
    }
  }
}

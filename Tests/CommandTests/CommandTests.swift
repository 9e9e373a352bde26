import Foundation
import Models
import Tensors
import Testing

/// The built program, run as a user runs it.
@Suite("Command line", .serialized)
struct CommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  @Test("a model is trained, audited, shown, attacked, explained and asked; a repeat adds nothing")
  func wholeWay() throws {
    defer { assay.remove() }
    let model = try assay.trained()
    let data = BuiltProgram.fixture("data/wdbc.csv")
    let audit = [
      "audit", model, "--data", data, "--part", "test", "--limit", "80", "--suite",
      "strict.yaml", "--ledger", "runs.sqlite",
    ]
    let suite = try String(
      contentsOfFile: BuiltProgram.fixture("demo/suites/breast-cancer.yaml"), encoding: .utf8)
    try Data(
      suite.replacing("epsilon: 0.01, at-least: 0.8", with: "epsilon: 0.05, at-least: 1").utf8
    )
    .write(to: URL(filePath: assay.path("strict.yaml")))
    func repeated() throws -> BuiltProgram.Outcome { try assay(audit + ["--json"]) }
    let first = try repeated()
    // The normally trained model fails the gate that no model passes.
    #expect(first.status == 1, "\(first.errors)")
    #expect(first.errors.isEmpty)
    #expect(try repeated().output == first.output)
    #expect(try assay("show", "latest", "--ledger", "runs.sqlite").output.contains("failed"))
    let report = try assay("report", "latest", "--ledger", "runs.sqlite", "--out", "report")
    #expect(report.status == 0, "\(report.errors)")
    for name in ["report.html", "report.json", "gates.xml"] {
      #expect(assay.holds("report/" + name))
    }
    let attack = try assay(
      "attack", model, "--data", data, "--part", "test", "--scale", "range", "--epsilon", "0.01",
      "--out", "attacked.npz")
    #expect(attack.status == 0, "\(attack.errors)")
    let attacked = try NumpyArchive.read(assay.path("attacked.npz"))
    #expect(Set(attacked.keys) == ["x", "success", "distance", "y"])
    #expect(attacked["x"]?.shape == [171, 30])
    let explained = try assay(
      "explain", model, "--data", data, "--part", "test", "--target", "label", "--limit", "5",
      "--out", "explained.npz")
    #expect(explained.status == 0, "\(explained.errors)")
    #expect(
      try NumpyArchive.read(assay.path("explained.npz"))["attributions"]?.shape == [5, 30])
    #expect(try assay("predict", model, "--data", data).status == 0)
    #expect(try NumpyArchive.read(assay.path("predictions.npz"))["logits"]?.shape == [569, 2])
  }

  @Test("what a user can mend exits with 2 and one sentence")
  func wrongUse() throws {
    defer { assay.remove() }
    let model = try assay.trained()
    let data = BuiltProgram.fixture("data/wdbc.csv")
    try Data("threats: []\nname: x\nattaks: [fgsm]\n".utf8).write(
      to: URL(filePath: assay.path("suite.yaml")))
    let cases: [(arguments: [String], words: String)] = [
      (["inspect", "missing.safetensors"], "there is no such file"),
      (["inspect", data], "is neither Assay's own model, nor ONNX, Keras, TensorFlow or Caffe"),
      (
        ["export", BuiltProgram.fixture("onnx/digits/digits_cnn.onnx"), "--out", "x.onnx"],
        "give some data with --data"
      ),
      (["predict", model, "--data", "missing.csv"], "missing.csv"),
      (["predict", model, "--data", BuiltProgram.fixture("data/credit-g.arff")], "takes [30]"),
      (["attack", model, "--data", data, "--epsilon", "-1"], "not negative, got -1.0"),
      (["attack", model, "--data", data, "--epsilon", "1", "--method", "pdg"], "'pgd'?"),
      (["attack", model, "--data", data, "--epsilon", "1", "--target-class", "7"], "0 to 1"),
      (["explain", model, "--data", data, "--target", "9"], "from 0 to 1"),
      (["audit", model, "--data", data, "--suite", "suite.yaml"], "did you mean 'attacks'?"),
      (["audit", model, "--data", data, "--ledger", "none/x.sqlite"], "cannot open the ledger"),
      (["runs", "--ledger", "none.sqlite"], "does not exist"),
      (["frobnicate"], "Unexpected argument"),
    ]
    for (arguments, words) in cases {
      let outcome = try assay(arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("bench prints a checked figure as a line of JSON, and names what it knows")
  func bench() throws {
    let outcome = try assay(
      "bench", "--model", "tabular", "--task", "forward", "--runs", "1", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let figure = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let fields = try #require(figure as? [String: Any])
    #expect(fields["model"] as? String == "tabular" && fields["task"] as? String == "forward")
    #expect(try #require(fields["samples_per_s"] as? Double) > 0)
    let refused = try assay("bench", "--model", "vgg")
    #expect(refused.status == 2)
    #expect(
      refused.errors
        == "Error: --model knows mlp, mnist_cnn, resnet18_cifar, tabular, lstm; got 'vgg'.\n")
  }

  @Test("a model without gradient is audited, attacked, explained and asked with what needs none")
  func withoutGradient() throws {
    defer { assay.remove() }
    var model = try ModelFile.load(from: try assay.trained())
    model.gradient = .none(reason: "tree ensembles: TreeEnsembleClassifier")
    model.notes = ["Output 'probabilities' ends in Softmax: the logits before it are audited."]
    let trees = assay.path("trees.safetensors")
    try ModelFile.save(model, to: trees)
    let data = BuiltProgram.fixture("data/wdbc.csv")
    let samples = ["--data", data, "--part", "test", "--limit", "20"]
    let audit = try assay(
      [
        "audit", trees, "--suite", BuiltProgram.fixture("demo/suites/breast-cancer.yaml"), "--out",
        "report",
      ]
        + samples)
    #expect(audit.status < 2, "\(audit.errors)")
    #expect(audit.output.contains("no-gradient"))
    let page = try String(contentsOfFile: assay.path("report/report.html"), encoding: .utf8)
    #expect(page.contains("ends in Softmax"))
    #expect(page.contains("it has no gradient (tree ensembles: TreeEnsembleClassifier)"))
    #expect(try assay("inspect", trees).output.contains("the model can be queried only"))
    #expect(try assay("predict", trees, "--data", data).status == 0)
    let limits = ["--epsilon", "0.01", "--scale", "range"]
    let square = try assay(["attack", trees, "--method", "square"] + samples + limits)
    #expect(square.status == 0, "\(square.errors)")
    let pgd = try assay(["attack", trees] + samples + limits)
    #expect(pgd.status == 2 && pgd.errors.contains("attacks without one are noise"))
    let occlusion = try assay(["explain", trees, "--method", "occlusion"] + samples)
    #expect(occlusion.status == 0, "\(occlusion.errors)")
    let paths = try assay(["explain", trees] + samples)
    #expect(paths.status == 2 && paths.errors.contains("methods without one are occlusion"))
  }
}

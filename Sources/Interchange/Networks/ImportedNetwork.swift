package import Programs
package import Tensors

/// A network that was read from an outside format, before anything says how it is to be used.
package struct ImportedNetwork: Sendable {
  /// The network with its weights as constants; inputs and outputs as the file names them.
  package var program: Program
  /// The file's names of weights, by the number of the value that holds each.
  package var weightNames: [Int: String]
  /// How each output came about, by its position.
  package var origins: [OutputOrigin]
  /// What derivatives of the program mean.
  package var gradient: GradientKind
  /// What a reader of a report should know about the import, in sentences.
  package var notes: [String]
  /// What the file calls the classes of its scores, if it does.
  package var classNames: [String]?
}

/// The activation at the end of an output, if there is one that can be undone.
package enum OutputOrigin: Hashable, Sendable {
  /// Nothing that is known.
  case plain
  /// softmax(x) or log softmax(x) over the last axis, x being the value with this number.
  case softmax(of: Int)
  /// The logistic function of the value with this number.
  case logistic(of: Int)
  /// Probabilities that no logits were computed for: votes of trees, say.
  case probabilities
}

/// What a network's derivatives mean.
package enum GradientKind: Hashable, Sendable {
  case exact
  /// Rounding counts as the identity; the operators where that was done.
  case straightThrough(operators: [String])
  /// There is none: the operators that are constant almost everywhere.
  case none(operators: [String])
}

/// An input or output as a file declares it.
package struct NetworkPort: Hashable, Sendable {
  package enum Dimension: Hashable, Sendable {
    case fixed(Int)
    /// A size that is known by a name: "batch", "sequence".
    case named(String)
    case unknown
  }

  package var name: String
  /// The file's word for the element type: "float16", "string".
  package var typeName: String
  /// How the elements are represented; nil if Assay has no such values.
  package var elementType: ElementType?
  /// Nil if the file does not even state the number of axes.
  package var dimensions: [Dimension]?

  package init(
    name: String, typeName: String, elementType: ElementType?, dimensions: [Dimension]?
  ) {
    self.name = name
    self.typeName = typeName
    self.elementType = elementType
    self.dimensions = dimensions
  }
}

extension NetworkPort: CustomStringConvertible {
  package var description: String {
    let shape = dimensions.map { dimensions in
      let texts = dimensions.map { dimension in
        switch dimension {
        case .fixed(let size): String(size)
        case .named(let name): name
        case .unknown: "?"
        }
      }
      return "[\(texts.joined(separator: ", "))]"
    }
    return "\(typeName)\(shape ?? " of unknown shape")"
  }
}

/// What is asked of a file: which shapes its inputs have, and what is computed.
package struct NetworkRequest: Sendable {
  /// The shapes of inputs, all axes included, in place of what the file declares.
  ///
  /// A dimension may be `Shape.batch`; a first axis without a size is that where nothing is said.
  package var shapes: [String: Shape]
  /// Inputs that always have the same value.
  package var constants: [String: Tensor]
  /// Values of inputs which become constants if a shape turns out to depend on them.
  package var values: [String: Tensor]
  /// Inputs of whole numbers that are declared as real ones, so that derivatives pass.
  package var realInputs: Set<String> = []
  /// The outputs that are wanted; nil: all.
  package var outputs: [String]?
  /// Nodes that are lowered at most, those of unrolled loops and of inlined functions included.
  package var largestNodeCount = 400_000

  package init(
    shapes: [String: Shape] = [:], constants: [String: Tensor] = [:],
    values: [String: Tensor] = [:], outputs: [String]? = nil
  ) {
    self.shapes = shapes
    self.constants = constants
    self.values = values
    self.outputs = outputs
  }
}

/// A file that holds a network, read and checked; `network(_:)` lowers it to a program.
package protocol NetworkFile: Sendable {
  /// The format with its version: "ONNX, opset 17".
  var format: String { get }
  /// The inputs that a caller gives: weights are not among them.
  var inputs: [NetworkPort] { get }
  var outputs: [NetworkPort] { get }
  /// The files beside the one that was opened which hold a part of the network.
  var companions: [String] { get }
  /// The texts that the file carries along.
  var metadata: [String: String] { get }
  /// How often each operator or layer occurs.
  var operatorCounts: [String: Int] { get }

  /// The network as a program.
  ///
  /// - Throws: `InterchangeError` or its `Fact`: what cannot be lowered, all of it at once.
  func network(_ request: NetworkRequest) throws -> ImportedNetwork
}

extension NetworkFile {
  package var companions: [String] { [] }
  package var metadata: [String: String] { [:] }
}

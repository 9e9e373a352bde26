import FuzzSupport
import Models
import Programs
import Tensors

extension Model {
  /// Does what any use of a model begins with.
  ///
  /// - Throws: What the program or a kernel says about it.
  func use() throws {
    _ = program.description
    if input.encodedShape.count <= 100_000 { _ = input.encodedLowerBounds }
    try SmallRun.once(program)
    try SmallRun.once(program.binding(parameters))
  }
}

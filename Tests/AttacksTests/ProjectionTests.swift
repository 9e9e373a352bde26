import Execution
import Programs
import Tensors
import Testing

@testable import Attacks

@Suite("Threat models") struct ProjectionTests {
  /// The exact L1 ∩ box projection by sorting the breakpoints of the total.
  static func slowL1(_ moves: [Double], room: [Double], epsilon: Double) -> [Double] {
    func kept(_ threshold: Double) -> [Double] {
      zip(moves, room).map { min(max(abs($0) - threshold, 0), $1) }
    }
    func total(_ threshold: Double) -> Double { kept(threshold).reduce(0, +) }
    var threshold = 0.0
    if total(0) > epsilon {
      let breakpoints = (moves.map { abs($0) } + zip(moves, room).map { abs($0) - $1 } + [0])
        .filter { $0 >= 0 }.sorted()
      for (low, high) in zip(breakpoints, breakpoints.dropFirst())
      where total(low) >= epsilon && total(high) <= epsilon && total(low) > total(high) {
        threshold = low + (high - low) * (total(low) - epsilon) / (total(low) - total(high))
      }
    }
    return zip(kept(threshold), moves).map { $1 < 0 ? -$0 : $0 }
  }

  @Test("the L1 projection agrees with sorting breakpoints, eager and traced")
  func projectsOntoL1() throws {
    var random = RandomStream(seed: 1, purpose: "projection")
    let input = Fixture.unitBox(12)
    let original = random.uniform([20, 12])
    let moved = original + random.normal([20, 12]) * 0.7
    for epsilon in [0.05, 0.5, 2, 30] {
      let threat = try ThreatModel(norm: .l1, epsilon: epsilon, input: input)
      let projected = threat.project(moved, around: original)
      for row in 0..<20 {
        let clean = original.row(row).doubles
        let moves = zip(moved.row(row).doubles, clean).map { $0 - $1 }
        let room = zip(moves, clean).map { $0 > 0 ? 1 - $1 : $1 }
        let expected = Self.slowL1(moves, room: room, epsilon: epsilon)
        let got = projected.row(row).doubles
        for index in got.indices {
          // Float32 inputs of size 1, a sum of 12 terms.
          #expect(abs(got[index] - (clean[index] + expected[index])) < 1e-6)
        }
      }
      let violations = try threat.permits(projected, around: original)
      #expect(violations.compactMap { $0 }.isEmpty)
      let traced = try traced(threat, moved, original)
      #expect(maximumDifference(traced, projected) < 1e-6)
    }
  }

  func traced(_ threat: ThreatModel, _ moved: Tensor, _ original: Tensor) throws -> Tensor {
    let type = ValueType(.float32, [Shape.batch] + threat.input.encodedShape)
    let ports = ["moved", "original"].map { Program.Port(name: $0, type: type) }
    let program = try Program.trace(ports) {
      [("projected", threat.project($0[0], around: $0[1]))]
    }
    let compiled = try ReferenceBackend().compile(program.bound(batch: 20))
    return try compiled([moved, original])[0]
  }

  func maximumDifference(_ left: Tensor, _ right: Tensor) -> Double {
    zip(left.doubles, right.doubles).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test("projecting a table gives simplices within the budget, eager and traced")
  func projectsTables() throws {
    var random = RandomStream(seed: 2, purpose: "projection")
    let original = Fixture.tableRows(20)
    let moved = original + random.normal(original.shape) * 3
    for norm in Norm.allCases {
      for epsilon in [0.3, 1.0] {
        let threat = try ThreatModel(
          norm: norm, epsilon: epsilon, input: Fixture.table, scale: .range, categoryCost: 0.25)
        let projected = threat.project(moved, around: original)
        let lengths = threat.length(of: projected, from: original).doubles
        #expect(lengths.allSatisfy { $0 <= epsilon * (1 + 1e-5) })
        for block in Fixture.table.encodedBlocks where block.count > 1 {
          for row in 0..<20 {
            let columns = projected.row(row).doubles[block]
            #expect(columns.allSatisfy { $0 >= 0 && $0 <= 1 + 1e-6 })
            #expect(abs(columns.reduce(0, +) - 1) < 1e-5)
          }
        }
        #expect(maximumDifference(try traced(threat, moved, original), projected) < 1e-5)
        // Projecting again moves nothing.
        let again = threat.project(projected, around: original)
        #expect(maximumDifference(again, projected) < 2e-5)
      }
    }
  }

  @Test("blocks go to the nearest point of the simplex")
  func projectsOntoSimplex() throws {
    let input = InputSpecification.table([
      Feature(name: "a", kind: .categorical, categories: ["1", "2", "3", "4", "5"])
    ])
    let threat = try ThreatModel(norm: .linf, epsilon: 1, input: input)
    var random = RandomStream(seed: 3, purpose: "simplex")
    for _ in 0..<50 {
      let point = random.normal([1, 5]) * 2
      let got = threat.onSimplices(point).doubles
      // By sorting: the largest k for which the k-th value is above its threshold.
      let sorted = point.doubles.sorted(by: >)
      var threshold = 0.0
      for count in 1...5 {
        let candidate = (sorted.prefix(count).reduce(0, +) - 1) / Double(count)
        if sorted[count - 1] > candidate { threshold = candidate }
      }
      for (value, expected) in zip(got, point.doubles.map { max($0 - threshold, 0) }) {
        #expect(abs(value - expected) < 2e-6)
      }
    }
  }

  @Test("starting points have the moments of the uniform law", arguments: Norm.allCases)
  func samplesUniformly(norm: Norm) throws {
    let (count, dimension, epsilon) = (4_000, 5, 2.0)
    let threat = try ThreatModel(norm: norm, epsilon: epsilon, input: Fixture.free(dimension))
    let original = Tensor(zeros: [count, dimension])
    let random = SampleRandom(seed: 6, purpose: "moments", samples: Array(0..<count))
    let points = threat.sample(around: original, using: random)
    let lengths = norm.length(of: points).doubles.map { $0 / epsilon }
    #expect(lengths.allSatisfy { $0 <= 1 + 1e-6 })
    // The radius of a uniform point has mean d / (d + 1) and variance below 0.03: five standard
    // errors of 4,000 draws are 0.014.
    let mean = lengths.reduce(0, +) / Double(count)
    #expect(abs(mean - Double(dimension) / Double(dimension + 1)) < 0.014)
    let values = points.doubles.map { $0 / epsilon }
    let expectedSquare = [
      Norm.linf: 1.0 / 3, .l2: 1.0 / 7, .l1: 2.0 / 42,
    ][norm, default: 0]
    let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    #expect(abs(square - expectedSquare) < 0.05 * expectedSquare)
    #expect(abs(values.reduce(0, +) / Double(values.count)) < 0.03)
    let corners = threat.extremeSample(around: original, using: random)
    #expect(norm.length(of: corners).doubles.allSatisfy { abs($0 - epsilon) < 1e-5 })
  }

  @Test("finalizing cuts integers toward the clean value and reverts what does not fit")
  func finalizes() throws {
    let input = InputSpecification.table([
      Feature(name: "months", kind: .integer, range: ValueRange(0...20)),
      Feature(name: "owner", kind: .binary),
      Feature(name: "purpose", kind: .categorical, categories: ["a", "b", "c"]),
      Feature(name: "amount", range: ValueRange(0...1)),
    ])
    let clean = Tensor([10, 0, 1, 0, 0, 0.5] as [Float], shape: [1, 6])
    let moved = Tensor([12.9, 0.8, 0.3, 0.1, 0.6, 0.9] as [Float], shape: [1, 6])
    func finalized(_ norm: Norm, _ epsilon: Double, cost: Double?) throws -> [Float] {
      let threat = try ThreatModel(
        norm: norm, epsilon: epsilon, input: input, scale: .range, categoryCost: cost)
      let result = threat.finalized(moved, around: clean)
      #expect(try threat.permits(result, around: clean) == [nil])
      #expect(threat.finalized(result, around: clean) == result)
      return result.floats
    }
    #expect(try finalized(.linf, 0.5, cost: 0.5) == [12, 1, 0, 0, 1, 0.9])
    #expect(try finalized(.linf, 0.5, cost: nil) == [12, 0, 1, 0, 0, 0.9])
    #expect(try finalized(.linf, 0.5, cost: 0.6) == [12, 0, 1, 0, 0, 0.9])
    // L1: one switch of 0.5 fits, the more decided one; 0.1 is left for 0.1 + 0.4.
    let shared = try finalized(.l1, 0.6, cost: 0.5)
    #expect(shared[1] == 1 && Array(shared[2...4]) == [1, 0, 0])
    #expect(shared[0] == 10 && abs(shared[5] - 0.58) < 1e-6)
  }

  @Test("the checker names the first rule that is broken")
  func namesBrokenRule() throws {
    let original = Fixture.table.encoded(
      Tensor([5, 40, 12, 2, 0, 1, 0, 3] as [Float], shape: [1, 8]))
    let threat = try ThreatModel(
      norm: .l1, epsilon: 0.5, input: Fixture.table, scale: .range, categoryCost: 0.25)
    func violation(_ changes: [Int: Float]) throws -> String? {
      var values = original.floats
      for (column, value) in changes { values[column] = value }
      return try threat.permits(Tensor(values, shape: original.shape), around: original)[0]
        .map { "\($0)" }
    }
    #expect(try violation([:]) == nil)
    #expect(try violation([0: .nan]) == "position 0 is not a finite number")
    #expect(try violation([0: 11]) == "position 0 is 11.0, outside [0.0, 10.0]")
    #expect(try violation([1: 41]) == "position 1 changed, but is immutable")
    #expect(try violation([2: 12.5]) == "position 2 is 12.5, not a whole number")
    #expect(try violation([3: 1]) == "position 3 moved against its only direction, increase")
    #expect(try violation([5: 0.5, 6: 0.5]) == "feature 5 is not exactly one category")
    #expect(try violation([5: 1, 6: 0]) == nil)
    #expect(try violation([5: 1, 6: 0, 4: 1]) == nil)
    #expect(
      try violation([5: 1, 6: 0, 4: 1, 0: 5.5]) == "the distance 0.55 exceeds ε = 0.5"
        || violation([5: 1, 6: 0, 4: 1, 0: 5.5])?.hasPrefix("the distance 0.5499") == true)
    let distance = try threat.distances(
      Fixture.table.encoded(Tensor([6, 40, 12, 2, 1, 0, 0, 3] as [Float], shape: [1, 8])),
      from: original)[0]
    #expect(abs(distance - 0.6) < 1e-12)
  }

  @Test("a threat model survives encoding, and rejects what makes no sense")
  func codesAndValidates() throws {
    let threat = try ThreatModel(
      norm: .l2, epsilon: 0.5, input: Fixture.table, scale: .explicit([1, 1, 2, 1, 1, 1, 1, 0]))
    let copy = try JSON.roundTrip(threat)
    #expect(copy == threat)
    func message(_ body: () throws -> ThreatModel) -> String {
      do {
        _ = try body()
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      message { try ThreatModel(norm: .l2, epsilon: -1, input: Fixture.table) }
        == "epsilon must be a finite number that is not negative, got -1.0")
    #expect(
      message {
        try ThreatModel(norm: .l2, epsilon: 1, input: Fixture.free(2), scale: .range)
      } == "position 0 states no valid range, which the scale 'range' needs; state one in the "
        + "schema, or give --bounds")
    #expect(
      message {
        try ThreatModel(norm: .l2, epsilon: 1, input: Fixture.table, scale: .explicit([1]))
      } == "the scale needs 8 numbers, one per feature, got 1")
  }
}

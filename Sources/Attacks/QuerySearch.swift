import Models
import Tensors

/// A search that only asks for logits.
///
/// Every query is a valid input: points are finalized before they are asked about. Only rows that
/// nothing has broken yet are asked, so that queries count exactly.
struct QuerySearch {
  private(set) var search: AttackSearch
  private let threat: ThreatModel
  private let model: any Classifier

  init(_ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier) {
    search = AttackSearch(batch)
    self.threat = threat
    self.model = model
  }

  private var batch: AttackBatch { search.batch }
  var isFinished: Bool { search.isFinished }

  /// Asks about one point per row; returns the margin toward the goal of each active row, by row.
  @discardableResult
  mutating func query(_ points: Tensor) throws -> [Int: Double] {
    let rows = search.open.map(\.row)
    guard !rows.isEmpty else { return [:] }
    let valid = threat.isDiscrete ? threat.finalized(points, around: batch.inputs) : points
    let answers = try model.logits(valid.rows(rows))
    search.count(PassCount(forward: 1))
    let margins = margins(answers, of: rows)
    search.observe(valid, evaluation(answers, margins, of: rows))
    return Dictionary(uniqueKeysWithValues: zip(rows, margins))
  }

  func proposal() -> AttackProposal { search.proposal() }

  /// How far each row is from its goal: positive once it is reached.
  private func margins(_ logits: Tensor, of rows: [Int]) -> [Double] {
    let classes = batch.classes.scalars(of: Int64.self)
    let values = logits.doubles
    let width = logits.shape[1]
    return rows.indices.map { index in
      batch.goal.margin(
        values[index * width..<(index + 1) * width], of: Int(classes[rows[index]]))
    }
  }

  /// The answers in the places of their rows; other rows are no longer looked at.
  private func evaluation(_ logits: Tensor, _ margins: [Double], of rows: [Int]) -> Evaluation {
    var all = Tensor(zeros: [batch.samples.count, logits.shape[1]])
    all.setRows(rows, to: logits)
    var objective = [Float](repeating: 0, count: batch.samples.count)
    for (row, margin) in zip(rows, margins) { objective[row] = Float(margin) }
    return Evaluation(objective: Tensor(objective), logits: all)
  }
}

import Audits
import Checks
import Tensors

extension CheckRecord {
  /// The same check with every text cut to a line that can be shown; its numbers are untouched.
  ///
  /// Every form for readers is made from this one, the JSON alone from the record itself.
  var displayed: CheckRecord {
    var record = self
    record.baseline = baseline.displayed
    record.candidate = candidate.displayed
    record.data = DisplayText.line(data)
    record.selection = DisplayText.line(selection, limit: 200)
    record.classNames = classNames.map { DisplayText.line($0) }
    record.input.features = input.features.map(\.displayed)
    for group in record.replay.indices {
      record.replay[group].cases = replay[group].cases.map(\.displayed)
    }
    record.budget.limit = DisplayText.line(budget.limit)
    record.gates = gates.map(\.displayed)
    record.warnings = warnings.map(\.displayed)
    record.worst = worst.map(\.displayed)
    return record
  }

  /// The name of a class, or its number where there is no such class.
  func className(_ index: Int) -> String {
    classNames.indices.contains(index) ? classNames[index] : "class \(index)"
  }
}

extension CheckedModel {
  fileprivate var displayed: CheckedModel {
    CheckedModel(
      name: DisplayText.line(name), sha256: DisplayText.line(sha256), run: DisplayText.line(run),
      started: DisplayText.line(started))
  }
}

extension ReplayCase {
  fileprivate var displayed: ReplayCase {
    var shown = self
    shown.name = DisplayText.line(name)
    shown.attack = DisplayText.line(attack)
    shown.model = DisplayText.line(model)
    return shown
  }
}

extension CheckedGate {
  fileprivate var displayed: CheckedGate {
    var shown = self
    shown.requirement = DisplayText.line(requirement, limit: 200)
    shown.kind = DisplayText.line(kind)
    shown.group = DisplayText.line(group)
    shown.test = DisplayText.line(test, limit: 200)
    shown.reason = DisplayText.line(reason, limit: 600)
    return shown
  }
}

extension SoundnessWarning {
  fileprivate var displayed: SoundnessWarning {
    SoundnessWarning(
      name: DisplayText.line(name), raised: DisplayText.line(raised, limit: 600),
      explanation: DisplayText.line(explanation, limit: 600),
      suggestion: DisplayText.line(suggestion, limit: 600), samples: samples, isVeto: isVeto)
  }
}

extension WorstCase {
  fileprivate var displayed: WorstCase {
    var shown = self
    shown.name = DisplayText.line(name)
    shown.attack = DisplayText.line(attack)
    return shown
  }
}

extension Feature {
  fileprivate var displayed: Feature {
    var shown = self
    shown.name = DisplayText.line(name)
    shown.unit = unit.map { DisplayText.line($0, limit: 20) }
    shown.categories = categories.map { DisplayText.line($0) }
    return shown
  }
}

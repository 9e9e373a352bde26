/// What the model's answers to clean samples take from the figures.
extension SoundnessChecks {
  func answersDiffer() -> SoundnessWarning? {
    guard let answers, !answers.changed.isEmpty else { return nil }
    return SoundnessWarning(
      name: "answers-differ",
      raised: "the model answered differently when it was asked again about the same inputs, for "
        + "\(answers.changed.count) of the \(answers.count) samples that were asked twice",
      explanation: "A random model hides its gradients behind noise, and no figure of this audit "
        + "can be repeated exactly.",
      suggestion: "Run the model in inference mode, without dropout or noise; attack a model that "
        + "is random by design through the average of many answers.",
      samples: answers.changed, isVeto: true)
  }

  /// Probabilities instead of logits: a weakness, and a veto where they have saturated.
  ///
  /// A softmax whose largest output rounds to 1 and whose others are 0 has no slope: what zero
  /// gradients there are in a model that ends so are its doing.
  func softmaxOutput() -> SoundnessWarning? {
    guard let answers, answers.areDistributions else { return nil }
    let flat = samples(\.isFlat)
    guard !isVeto(answers.saturated.count, of: answers.count), !isVeto(flat.count) else {
      return saturatedSoftmax(answers, flat: flat)
    }
    return SoundnessWarning(
      name: "softmax-output",
      raised: "the outputs for the first \(answers.count) samples lie in [0, 1] and sum to 1",
      explanation: "The model seems to end in a softmax. Audits expect logits: probabilities "
        + "saturate, which weakens gradients, and a second softmax falsifies confidences.",
      suggestion: "Export the model without its last softmax.", isVeto: false)
  }

  private func saturatedSoftmax(_ answers: ModelAnswers, flat: [Int]) -> SoundnessWarning {
    SoundnessWarning(
      name: "saturated-softmax",
      raised: "the outputs lie in [0, 1] and sum to 1, and the largest rounds to 1 for "
        + "\(answers.saturated.count) of the first \(answers.count) samples; \(share(flat)) "
        + "survived gradient attacks that found zero gradients\(breakers(of: flat))",
      explanation: "The model seems to end in a softmax that has saturated: its outputs no longer "
        + "change with the input, so that gradient attacks have nothing to climb.",
      suggestion: "Export the model without its last softmax, and without any factor before it.",
      samples: Set(answers.saturated + flat).sorted(), isVeto: true)
  }

  /// "; noise and square broke 3 of them", where the attacks had left some; nil: of all samples.
  func breakers(of samples: [Int]? = nil) -> String {
    let concerned = samples.map(Set.init)
    let missed = rounds.filter {
      $0.value.isMissed && concerned?.contains($0.key.sample) != false
    }
    guard !missed.isEmpty else { return "" }
    let methods = Set(missed.flatMap(\.value.blackBoxBreakers)).sorted()
    let count = Set(missed.map(\.key.sample)).count
    return "; \(methods.joined(separator: " and ")) broke \(count) "
      + (concerned == nil ? "that all of them had left" : "of them")
  }
}

package import Statistics

extension GroupAssessment {
  /// Below this many samples an interval of 95 % is wider than ±18 points where it is widest.
  private static let fewSamples = 30
  /// Partitions with more slices are named and left out: tables of them could not be read.
  static let sliceLimit = 100

  /// Assesses every attribute and every pair of attributes of the samples.
  ///
  /// - Parameters:
  ///   - outcomes: What was answered, and who belongs where.
  ///   - bootstrap: Of the intervals of gaps.
  package init(_ outcomes: GroupedOutcomes, bootstrap: Bootstrap) {
    let possible = SamplePartition.all(outcomes)
    let partitions = possible.filter { $0.values.count <= Self.sliceLimit }
    let measuring = GroupMeasuring(
      outcomes, partitions, smallCount: Self.fewSamples, confidence: bootstrap.confidence)
    sampleCount = outcomes.count
    isDecision = outcomes.accepted != nil
    positiveClass = outcomes.positiveClass
    criteria = measuring.profiles.criteria
    overall = measuring.overall
    self.partitions = measuring.partitions(bootstrap, withParity: outcomes.accepted != nil)
    unsliced = possible.filter { $0.values.count > Self.sliceLimit }.map {
      Unsliced(attributes: $0.attributes, sliceCount: $0.values.count)
    }
    testCount = measuring.tests.count
    smallCount = Self.fewSamples
    level = GroupMeasuring.detection.level
    power = GroupMeasuring.detection.power
  }
}

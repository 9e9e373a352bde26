import Assessments
import Audits

extension RecordEvidence {
  var noCorruptions: Shortfall? {
    record.assessments.corruptions == nil ? shortfall(.noCorruptions) : nil
  }

  /// Importance of every part of the input; effects are a table's alone.
  var noGlobalExplanations: Shortfall? {
    record.assessments.importance == nil ? shortfall(.noImportance) : nil
  }

  /// Reasons that stood their test.
  var noReasonCodes: Shortfall? {
    guard let codes = record.assessments.reasonCodes else { return shortfall(.noReasonCodes) }
    return codes.isWithdrawn ? shortfall(.reasonsWithdrawn) : nil
  }

  /// A data sheet, and the drift from the training data.
  var noDataSheet: Shortfall? {
    guard record.assessments.dataSheet != nil else { return shortfall(.noDataSheet) }
    return record.assessments.drift == nil ? shortfall(.noTraining) : nil
  }

  /// A signature over the record as it is now.
  var noSignature: Shortfall? {
    guard !record.signOffs.isEmpty else { return shortfall(.unsigned) }
    return isSigned ? nil : shortfall(.signedEarlier)
  }
}

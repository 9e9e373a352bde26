import Attacks
import Audits
import Checks
import ConfigurationFiles
import Datasets
import Explanations
import Interchange
import Models
import Programs
import ReportTemplates
import Reports
import Serving
import Tensors

// The errors of every module that a user can cause, sorted by who can mend them.

extension AttackError: UserFacingError {}
extension AuditError: UserFacingError {}
extension ComparisonError: UserFacingError {}
extension ComplianceProfileError: UserFacingError {}
extension ConfigurationError: UserFacingError {}
extension ExplanationError: UserFacingError {}
extension LocalServerError: UserFacingError {}
extension ModelError: UserFacingError {}
extension ProgramError: UserFacingError {}
extension UnknownComplianceProfile: UserFacingError {}

extension DatasetError: UserFacingError {}

extension ArrayFileError: UserFacingError {
  var isUsersMistake: Bool {
    if case .cannotWrite = fact { return false }
    return true
  }
}

extension InterchangeError: UserFacingError {
  var isUsersMistake: Bool {
    if case .cannotWrite = fact { return false }
    return true
  }
}

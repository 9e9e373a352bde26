// One import for everything that a user of the library needs. Re-exporting has no other spelling.

@_exported public import Assessments
@_exported public import AttackSuites
@_exported public import Attacks
@_exported public import Attestations
@_exported public import Audits
@_exported public import Checks
@_exported public import ConfigurationFiles
@_exported public import Datasets
@_exported public import Execution
@_exported public import Explanations
@_exported public import Interchange
@_exported public import Ledger
@_exported public import Models
@_exported public import NativeBackend
@_exported public import Programs
@_exported public import Reports
@_exported public import Statistics
@_exported public import Tensors

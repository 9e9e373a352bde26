import ArgumentParser
import Foundation
import Ledger

/// How the program ends.
enum ExitStatus: Int32, Error {
  case passed = 0
  case gateFailed = 1
  case wrongUse = 2
  case internalFailure = 3
  /// No gate failed, but one could not be decided.
  case inconclusive = 4

  /// The status that an error stands for.
  ///
  /// What the user can mend by other arguments or other files is wrong use; the rest, a full disk
  /// or a library that fails, is not.
  init(_ error: any Error) {
    switch error {
    case let status as ExitStatus: self = status
    case let error as LedgerError: self = error.isUsersMistake ? .wrongUse : .internalFailure
    case let error as any UserFacingError:
      self = error.isUsersMistake ? .wrongUse : .internalFailure
    case is CocoaError, is POSIXError: self = .internalFailure
    default:
      self = AssayCommand.exitCode(for: error) == .validationFailure ? .wrongUse : .internalFailure
    }
  }

  /// Whether the error is the argument parser's, which words its own messages.
  func isParsing(_ error: any Error) -> Bool {
    self == .wrongUse && !(error is any UserFacingError) && !(error is LedgerError)
  }
}

/// An error whose description is a sentence for the user.
protocol UserFacingError: Error, CustomStringConvertible {
  /// Whether other arguments or other files would mend it.
  var isUsersMistake: Bool { get }
}

extension UserFacingError {
  var isUsersMistake: Bool { true }
}

/// What is wrong with the arguments of a command, taken together.
struct UsageError: UserFacingError {
  let description: String

  init(_ description: String) { self.description = description }
}

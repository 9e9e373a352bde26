import ArgumentParser
import Foundation
import ReportTemplates
import Reports
import Serving

/// The command `assay serve`.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Shows the audits of a ledger in a browser, on this machine alone.",
    discussion: """
      Prints the address to open, with a key in it; ends with Ctrl-C. The ledger is only read, and an
      audit that is running can be watched. The pages run no script and load nothing from elsewhere.

      Example:
        assay serve --ledger audits.sqlite
      """)

  @OptionGroup var ledger: LedgerOptions
  @Option(help: "The port; 0 for one that is free.") var port = 0
  @Option(
    help: ArgumentHelp(
      "The address to listen on. Others than this machine's own let others read the ledger.",
      valueName: "address"))
  var host = "127.0.0.1"
  @Option(help: "What the pages are written in: en or de.")
  var language: ReportLanguage = .english

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("the port must be from 0 to 65535, not \(port)")
    }
    guard AccessRules.isHost(host) else {
      throw ValidationError("'\(host)' is no address: give a name or an IP address, without a port")
    }
  }

  func run() async throws {
    let access = AccessRules(host: host)
    let site = Site(
      try ledger.read(), templates: try .builtIn(language: language.rawValue), access: access)
    if !access.isLoopback {
      let warning =
        "Warning: \(host) can be reached from other machines, and the connection is not encrypted: "
        + "whoever learns the key can read the ledger.\n"
      StandardStream.errors.write(Data(warning.utf8))
    }
    try await LocalServer(site, port: port).run { Output.line("Serving \($0)") }
  }
}

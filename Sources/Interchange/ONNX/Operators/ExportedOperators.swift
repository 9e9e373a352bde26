import Programs

/// The functions that Assay's own files define, read as the primitives that they were written for.
enum ExportedOperators {
  static let all: [ONNXOperator] = [
    .value("LogarithmOnePlus", domain: ONNXExportedFunctions.domain) { call in
      try call.real(0).logarithmOnePlus()
    }
  ]
}

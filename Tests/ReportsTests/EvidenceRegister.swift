/// The register of evidence as its authors wrote it: item, and what answers it.
enum EvidenceRegister {
  static let text = """
    EU-1: H2 M5
    EU-2: H2 M15
    EU-3: M16
    EU-4: M3
    EU-5: M11
    EU-6: M3
    EU-7: M11 M3
    EU-8: M17
    EU-9: M1 M4 M5 H1
    EU-10: M7 M8
    EU-11: M3 M11
    EU-12: M13 H4
    EU-13: M8 M14 H3
    EU-14: M1 M13
    EU-15: M4 H4
    EU-16: M5 M6
    EU-17: M14
    EU-18: M12 H1
    EU-19: M11 M7
    EU-20: M1-M5 M15
    EU-21: M3 M14 M16
    EU-22: M13 H4
    MRM-1: H1
    MRM-2: H1 M9
    MRM-3: M11
    MRM-4: M4 M5 M9
    MRM-5: M15
    MRM-6: M11 M18 H4
    MRM-7: M1 M13
    MRM-8: M1-M3
    MRM-9: M14
    MRM-10: M12 M13 M17
    MRM-11: M12 M14
    ECO-1: M10
    ECO-2: M10
    ECO-3: M10 M12
    ECO-4: M10 M7
    ECO-5: M8 M10
    ECO-6: M10
    ECO-7: M17
    ECO-8: M1 M3
    NST-1: M14 M16
    NST-2: M15
    NST-3: M12
    NST-4: M1 M4
    NST-5: M1 M14 M18
    NST-6: M2 M4
    NST-7: M5 M6
    NST-8: M12 M15
    NST-9: M7 M8 M9
    NST-10: M3
    NST-11: M8 M18
    NST-12: M13
    FDA-1: H1
    FDA-2: M11
    FDA-3: M12
    FDA-4: M1 M3 M16
    FDA-5: M18 M2
    FDA-6: H2 M5 M4
    FDA-7: M7 M14
    FDA-8: H4 M11
    FDA-9: M13 M16
    FDA-10: M11 M3 H3
    ISO-1: M4
    ISO-2: M1 H4
    ISO-3: M6 M5
    ISO-4: M6 M4
    ISO-5: M7 M8
    ISO-6: M6
    ISO-7: M16
    ISO-8: M12
    ISO-9: H4 M17
    ISO-10: M11
    """

  /// What each item asks for, ranges like "M1-M3" written out.
  static var evidence: [String: Set<String>] {
    var table: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") {
      let halves = line.split(separator: ": ")
      table[String(halves[0])] = Set(halves[1].split(separator: " ").flatMap(expanded))
    }
    return table
  }

  private static func expanded(_ entry: Substring) -> [String] {
    let ends = entry.split(separator: "-").compactMap { Int($0.dropFirst()) }
    guard ends.count == 2 else { return [String(entry)] }
    return (ends[0]...ends[1]).map { "M\($0)" }
  }
}

import Audits
public import Checks
import Images
import Tensors

/// The worst cases of a check as PNG files: clean, perturbed and difference side by side.
///
/// Only images have any. All differences share one scale, so that they can be compared.
public struct CheckPictures: Hashable, Sendable {
  public var check: CheckRecord

  public init(_ check: CheckRecord) { self.check = check }

  /// The folder beside the summary in which they belong.
  public static let folder = "pictures"

  /// The name of a case's picture: nothing of it comes from the data's own names.
  static func fileName(_ index: Int, _ worst: WorstCase) -> String {
    "worst-\(index + 1)-sample-\(worst.sample)-\(worst.norm.rawValue).png"
  }

  /// The files, the nearest case first; none for inputs that are no images.
  ///
  /// - Throws: `PNGError` where libpng fails.
  public func encoded() throws -> [ReportPicture] {
    let check = check.displayed
    guard check.input.layout == .image else { return [] }
    let cases = check.worst.prefix(CheckRecord.shownCases)
    let scale = HeatmapScale(
      panels: cases.map { Triptych.differences($0.clean, $0.perturbed).values })
    return try cases.enumerated().map { try picture($0, $1, check, scale) }
  }

  private func picture(
    _ index: Int, _ worst: WorstCase, _ check: CheckRecord, _ scale: HeatmapScale
  ) throws -> ReportPicture {
    let panels = Triptych(
      clean: worst.clean, perturbed: worst.perturbed, check.input, scale: scale)
    let plate = Plate.image(
      [panels.clean, panels.perturbed, panels.difference].map(Plate.framed), scale: scale)
    let caption = check.caption(worst)
    let texts = [
      PNGText("Title", "\(worst.name) \(worst.attack)"), PNGText("Description", caption),
      PNGText("Software", "Assay"),
      PNGText("Model", "\(check.candidate.name) \(check.candidate.sha256)"),
      PNGText("Data", check.data), PNGText("Run", check.candidate.run),
      PNGText("Seed", String(check.seed)), PNGText("Scale", NumberText.decimal(scale.value)),
    ]
    let bytes = try PNGFile(plate, texts: texts).encoded()
    return ReportPicture(name: Self.fileName(index, worst), bytes: bytes, caption: caption)
  }
}

extension CheckRecord {
  /// The worst cases as PNG files.
  public var pictures: CheckPictures { CheckPictures(self) }
}

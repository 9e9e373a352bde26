import Audits
import Crypto
import Images
package import ReportTemplates
import Tensors

/// A picture of a report as a file of its own.
public struct ReportPicture: Hashable, Sendable {
  /// In reports twelve digits of the SHA-256 of the bytes, and what is shown:
  /// "3fa90c11d2e4-row-17-pgd.png"; in checks the case's place and sample.
  public var name: String
  /// A PNG file whose text chunks say what the caption says.
  public var bytes: [UInt8]
  public var caption: String
}

extension ReportDocument {
  /// The heatmaps of the report as PNG files: the closest breaks, then the explained cases.
  ///
  /// Only images have any. The pictures, scales and choice of cases are those of the HTML report.
  ///
  /// - Throws: `PNGError` where libpng fails.
  package func pictures(templates: ReportTemplates? = nil) throws -> [ReportPicture] {
    let words = Words(try templates ?? .builtIn(language: language.rawValue))
    return try words.writingNumbers {
      try ReportPage(document: self, words: words).chapters.flatMap { try $0.pictures() }
    }
  }
}

extension Chapter {
  /// The stand-alone heatmaps of the chapter's models.
  func pictures() throws -> [ReportPicture] {
    try models.filter { $0.record.model.input.layout == .image }.flatMap { name, record in
      try breakPictures(name, record) + explanationPictures(name, record)
    }
  }

  private func breakPictures(_ name: String, _ record: AuditRecord) throws -> [ReportPicture] {
    try norms.flatMap { norm in
      let worst = WorstCases(record, norm: norm, limit: Self.galleryLimit).cases
      let scale = HeatmapScale(
        panels: worst.map { Triptych.differences($0.prediction.input, $0.perturbed).values })
      return try worst.map { worst in
        let panels = Triptych(
          clean: worst.prediction.input, perturbed: worst.perturbed, record.model.input,
          scale: scale)
        let plate = Plate.image(
          [panels.clean, panels.perturbed, panels.difference].map(Plate.framed), scale: scale)
        let caption = captionText(worst, record, norm)
        return try picture(
          plate, caption, of: "\(worst.prediction.name) \(worst.finding.attack)", name, record,
          scale)
      }
    }
  }

  private func explanationPictures(
    _ name: String, _ record: AuditRecord
  ) throws -> [ReportPicture] {
    let withdrawn = Set(QualitySummary.all(record).filter(\.isWithdrawn).map(\.method))
    return try ExplanationCases(record).cases.flatMap { example in
      try example.explanations
        .filter { !withdrawn.contains($0.method) && $0.attributions.shape.rank == 3 }
        .map { explanation in
          let scale = scale(explanation.method)
          let plate = explanationPlate(explanation, example.prediction, record, scale)
          var caption = "\(explanation.method): \(captionText(explanation, record))"
          if let reason = refusal(of: explanation) { caption += " · \(reason)" }
          return try picture(
            plate, caption, of: "\(example.prediction.name) \(explanation.method)", name, record,
            scale)
        }
    }
  }

  /// Input, map and overlay; neutral panels where there is nothing to show.
  private func explanationPlate(
    _ explanation: ExplanationFinding, _ prediction: PredictionFinding, _ record: AuditRecord,
    _ scale: HeatmapScale
  ) -> Image {
    let factor = InputPicture.enlargement(of: record.model.input.shape)
    let input = InputPicture.image(of: prediction.input, record.model.input)
    let map = InputPicture.map(of: explanation.attributions)
    let large = input.enlarged(by: factor)
    let panels =
      refusal(of: explanation) == nil
      ? [
        large, map.image(scale, enlargedBy: factor),
        map.overlay(on: input, scale, enlargedBy: factor),
      ] : [large, Plate.neutral(width: large.width, height: large.height)]
    return Plate.image(panels.map(Plate.framed), scale: scale)
  }

  private func picture(
    _ image: Image, _ caption: String, of subject: String, _ model: String,
    _ record: AuditRecord, _ scale: HeatmapScale
  ) throws -> ReportPicture {
    let texts = [
      PNGText("Title", subject), PNGText("Description", caption), PNGText("Software", "Assay"),
      PNGText("Model", "\(model) \(record.model.sha256)"),
      PNGText("Data", record.data.name), PNGText("Run", record.run.id),
      PNGText("Seed", String(record.run.seed)), PNGText("Scale", NumberText.decimal(scale.value)),
    ]
    let bytes = try PNGFile(image, texts: texts).encoded()
    let hash = SHA256.hash(data: bytes).prefix(6).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    let safe = subject.lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        ? String(scalar) : "-"
    }.joined()
    return ReportPicture(name: "\(hash)-\(safe).png", bytes: bytes, caption: caption)
  }
}

import ConfigurationFiles

extension DatasetError: CustomStringConvertible {
  public var description: String {
    let place = [path, line.map { "line \($0)" }, column.map { "column '\($0)'" }]
    return "\(place.compactMap(\.self).joined(separator: ", ")): \(fact)"
  }
}

extension DatasetError.Fact: CustomStringConvertible {
  /// One sentence: what is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unknownFormat:
      "the format is not known; give .npz, IDX, .arff, .ts, .csv or a folder of PNG images by class"
    case .emptyFile: "the file is empty"
    case .noRows: "there is no sample in it"
    case .lineTooLong(let limit): "the line is longer than \(limit) bytes; is this a text file?"
    case .unclosedQuote: "a quotation mark is never closed"
    case .noSchema:
      "nothing says which column is the label; put a schema beside the file (NAME.yaml) or name one"
    case .companionMissing(let expected): "the labels are missing; expected them in \(expected)"
    case .damaged(let what): "the file is damaged: \(what)"
    case .unsupported(let what): "\(what) cannot be read"
    default: rowWords ?? shapeWords ?? schemaWords
    }
  }

  private var rowWords: String? {
    switch self {
    case .raggedRow(let expected, let got):
      "expected \(count(expected, "value")), got \(got); every row needs one value a column"
    case .missingValue:
      "the value is missing; fill it, or set 'missing' in the schema (mean, median, category, drop)"
    case .notANumber(let text): "expected a number, got '\(text)'"
    case .notFinite(let text): "expected a finite number, got \(text); remove or fill the value"
    case .notWhole(let text): "expected a whole number, got \(text); or is the kind 'continuous'?"
    case .outOfRange(let text, let range):
      "expected a value in \(range), got \(text); correct the value or the schema's range"
    case .unknownCategory(let text, let categories):
      "'\(text)' is not a category\(suggestion(for: text, among: categories))"
    case .missingColumn(let available):
      "the column is missing; the file has \(list(available))"
    case .unexpectedColumns(let columns):
      "the schema does not mention \(list(columns)); describe it, or list it under 'ignore'"
    case .duplicateColumn: "the column appears twice"
    case .headerIsNumbers:
      "the first row should name the columns but holds only numbers; set 'header: false' if it is data"
    case .labelIsFeature: "the label is also a feature, so that a model could copy it; remove one"
    case .missingLabel: "the label is missing; remove the row or fill it"
    case .unknownClass(let text, let classes):
      "'\(text)' is not a class\(suggestion(for: text, among: classes))"
    case .invalidLabel(let text): "expected a class number 0, 1, 2, …, got \(text)"
    case .labelOutOfRange(let label, let classCount):
      "expected a class below \(classCount), got \(label)"
    default: nil
    }
  }

  private var shapeWords: String? {
    switch self {
    case .countsDiffer(let inputs, let labels):
      "expected as many labels as samples, got \(count(inputs, "sample")) and \(count(labels, "label"))"
    case .wrongShape(let expected, let got): "expected \(expected), got shape \(got)"
    case .unequalLength(let expected, let got):
      "expected a series of length \(expected), got \(got); pad or cut the series to one length"
    case .channelsDiffer(let expected, let got):
      "expected \(count(expected, "channel")), got \(got)"
    case .emptySplit(let part, let samples):
      "the \(part) part would be empty; the data hold only \(count(samples, "sample"))"
    default: nil
    }
  }

  private var schemaWords: String {
    switch self {
    case .wrongValue(let key, let expected, let got):
      "'\(key)' must be \(expected), got \(got)"
    case .noValuesToImpute(let policy): "there is no value to take the \(policy) of"
    default: "the data set cannot be read"
    }
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func suggestion(for word: String, among known: [String]) -> String {
    Suggestion.text(for: word, among: known, or: "expected", atMost: 8)
  }

  private func list(_ names: [String]) -> String { Suggestion.list(names, atMost: 8) }
}

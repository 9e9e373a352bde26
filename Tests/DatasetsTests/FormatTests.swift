import Datasets
import Foundation
import Tensors
import Testing

@Suite("Formats") struct FormatTests {
  /// An IDX file of bytes.
  static func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let lengths = shape.flatMap { length in
      [24, 16, 8, 0].map { UInt8(length >> $0 & 0xFF) }
    }
    return [0, 0, 8, UInt8(shape.count)] + lengths + bytes
  }

  @Test("IDX images find their labels beside them")
  func idxImages() throws {
    try Fixtures.withFolder { folder in
      let images = Self.idx([2, 2, 3], (0..<12).map { UInt8($0 * 20) })
      try Data(images).write(to: URL(fileURLWithPath: "\(folder)/t-images-idx3-ubyte"))
      let path = "\(folder)/t-images-idx3-ubyte"
      let missing = #expect(throws: DatasetError.self) { try DatasetReader.read(path) }
      #expect(missing?.fact == .companionMissing(expected: "\(folder)/t-labels-idx1-ubyte"))
      try Data(Self.idx([2], [3, 1])).write(
        to: URL(fileURLWithPath: "\(folder)/t-labels-idx1-ubyte"))
      let data = try DatasetReader.read(path)
      #expect(data.inputs.shape == [2, 1, 2, 3] && data.input.layout == .image)
      #expect(data.inputs.floats == (0..<12).map { Float($0 * 20) / 255 })
      #expect(data.classIndices == [3, 1] && data.classNames == ["0", "1", "2", "3"])
      #expect(data.files.count == 2)
      try Data(Self.idx([3], [3, 1, 2])).write(
        to: URL(fileURLWithPath: "\(folder)/t-labels-idx1-ubyte"))
      let uneven = #expect(throws: DatasetError.self) { try DatasetReader.read(path) }
      #expect(uneven?.fact == .countsDiffer(inputs: 2, labels: 3))
    }
  }

  @Test("an IDX file that promises more than it holds is refused")
  func idxTruncated() throws {
    for shape in [[2, 2, 4], [1 << 31, 1 << 31, 1 << 31]] {
      try Fixtures.withFile("t-images-idx3-ubyte", Self.idx(shape, [1, 2, 3])) { path in
        #expect(throws: ArrayFileError.self) { try DatasetReader.read(path) }
      }
    }
  }

  /// The samples that `fixtures/images/record.py` writes.
  static func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Int {
    (20 + 97 * row + 31 * column + 53 * channel) % 256
  }

  @Test(
    "PNG images of every kind are decoded to the values that were written",
    arguments: [
      ("grey", 1), ("grey_alpha", 2), ("rgb", 3), ("rgba", 4), ("grey16", 1), ("grey_alpha16", 2),
      ("rgb16", 3), ("rgba16", 4), ("palette", 3), ("gamma", 1),
    ])
  func png(name: String, channels: Int) throws {
    let data = try Self.image(name)
    #expect(data.inputs.shape == [1, channels, 2, 3] && data.labels == nil)
    var expected: [Float] = []
    for channel in 0..<channels {
      for row in 0..<2 {
        for column in 0..<3 {
          let value = Self.pixel(row, column, channel)
          expected.append(
            name.hasSuffix("16")
              ? Float((value * 257 + 1) % 65536) / 65535 : Float(value) / 255)
        }
      }
    }
    #expect(data.inputs.floats == expected)
  }

  @Test("PNG images of one and four bits span [0, 1]")
  func shallow() throws {
    #expect(try Self.image("bits1").inputs.floats == [1, 0, 1, 0, 1, 0])
    let levels: [Float] = [1, 8, 15, 0, 7, 14]
    #expect(try Self.image("bits4").inputs.floats == levels.map { $0 * 17 / 255 })
  }

  /// Reads one of the recorded images from a folder of its own.
  static func image(_ name: String, _ change: ([UInt8]) -> [UInt8] = { $0 }) throws -> Dataset {
    let bytes = change(try Fixtures.bytes("images/formats/\(name).png"))
    return try Fixtures.withFile("a.png", bytes) { path in
      try DatasetReader.read(
        URL(fileURLWithPath: path).deletingLastPathComponent().path,
        options: DatasetOptions(allowsUnlabelled: true))
    }
  }

  @Test("a PNG image that is cut off or changed anywhere is refused")
  func damagedPNG() throws {
    let count = try Fixtures.bytes("images/formats/rgb.png").count
    for length in stride(from: 0, to: count - 12, by: 5) {
      #expect(throws: DatasetError.self) { try Self.image("rgb") { Array($0.prefix(length)) } }
    }
    for position in 0..<count - 12 {
      #expect(throws: DatasetError.self) {
        try Self.image("rgb") { bytes in
          var bytes = bytes
          bytes[position] ^= 0x10
          return bytes
        }
      }
    }
  }

  @Test("a folder of images has its subfolders as classes, in order")
  func folder() throws {
    let data = try DatasetReader.read(Fixtures.path("images/digits"))
    #expect(data.classNames == ["one", "seven", "zero"])
    #expect(data.classIndices == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    #expect(data.inputs.shape == [9, 1, 28, 28] && data.sampleNames[3] == "seven/0.png")
    #expect(data.files.count == 9)
  }

  @Test("archives hold x and y; labels that are no classes are refused")
  func archive() throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/d.npz"
      let inputs = Tensor((0..<12).map { Float($0) }, shape: [2, 2, 3])
      try NumpyArchive.write([("x", inputs), ("y", Tensor([1, 0] as [Int32]))], to: path)
      let data = try DatasetReader.read(path)
      #expect(data.inputs == inputs && data.classIndices == [1, 0])
      #expect(data.input.layout == .sequence && data.classNames == ["0", "1"])
      for (labels, words) in [
        (Tensor([1, -1] as [Int32]), "expected a class number 0, 1, 2, …, got -1"),
        (Tensor([0.5, 1] as [Float]), "expected a class number 0, 1, 2, …, got 0.5"),
        (Tensor([1] as [Int32]), "expected as many labels as samples, got 2 samples and 1 label"),
        (
          Tensor([1, 0, 0, 1] as [Int32], shape: [2, 2]),
          "expected one class number a sample, got shape [2, 2]"
        ),
      ] {
        try NumpyArchive.write([("x", inputs), ("y", labels)], to: path)
        let error = #expect(throws: DatasetError.self) { try DatasetReader.read(path) }
        #expect(error?.fact.description == words)
      }
      try NumpyArchive.write(
        [("x", inputs * Double.nan), ("y", Tensor([1, 0] as [Int32]))], to: path)
      let error = #expect(throws: DatasetError.self) { try DatasetReader.read(path) }
      #expect(error?.description.contains("sample 0: position 0: expected a finite number") == true)
    }
  }

  @Test("archives hold further inputs of a model, read in step with the samples")
  func heldInputs() throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/d.npz"
      let inputs = Tensor((0..<15).map { Float($0) }, shape: [5, 3])
      let labels = Tensor([1, 0, 1, 0, 1] as [Int64])
      let mask = Tensor([1, 0, 1, 1, 0, 0, 0, 1, 1, 1] as [Int64], shape: [5, 2])
      try NumpyArchive.write([("x", inputs), ("y", labels), ("mask", mask)], to: path)
      let options = DatasetOptions(heldInputs: ["mask"])
      let data = try DatasetReader.read(path, options: options)
      #expect(data.input.heldInputs == [HeldInput(name: "mask", shape: [2])])
      #expect(try data.input.audited == DatasetReader.read(path).input)
      var pieces = try DatasetReader.pieces(path, rows: 2, options: options)
      var rows: [Tensor] = []
      while let piece = try pieces.next() { rows.append(piece.inputs) }
      #expect(rows.count == 3 && Tensor.concatenated(rows) == data.inputs)
      #expect(data.inputs.row(3).floats == [9, 10, 11, 0, 1])
      #expect(data.subset([4, 0]).inputs.row(0).floats == [12, 13, 14, 1, 1])
      for (array, words) in [
        (
          Tensor([1, 2] as [Int64]),
          "expected a value for each of 5 samples, got shape [2]"
        ),
        (
          Tensor([0, 0, 16_777_217, 0, 0] as [Int64]),
          "the number 16777217.0 of sample 2, beyond 24 binary digits, cannot be read"
        ),
      ] {
        try NumpyArchive.write([("x", inputs), ("y", labels), ("mask", array)], to: path)
        let error = #expect(throws: DatasetError.self) {
          try DatasetReader.read(path, options: options)
        }
        #expect(error?.fact.description == words && error?.column == "mask")
      }
    }
  }

  @Test("ARFF without a schema: nominal attributes are categories, the last is the label")
  func arff() throws {
    let text = """
      % comment
      @RELATION "a b"
      @attribute 'the size' REAL
      @attribute colour {red, 'dark blue'}
      @attribute class {no,yes}
      @data
      % comment
      1.5, 'dark blue', yes
      2,red,no
      """
    let data = try TableDatasetTests.read(text, "", name: "d.arff")
    #expect(data.inputs.floats == [1.5, 1, 2, 0] && data.classIndices == [1, 0])
    #expect(data.input.features.map(\.name) == ["the size", "colour"])
    #expect(data.classNames == ["no", "yes"])
    for (damaged, words) in [
      (
        text.replacing("'dark blue', yes", with: "green, yes"),
        "d.arff, line 8, column 'colour': 'green' is not a category; expected 'red', 'dark blue'"
      ),
      (
        text.replacing("2,red", with: "?,red"),
        "d.arff, line 9, column 'the size': the value is missing"
      ),
      (
        text.replacing("@data", with: "@date"),
        "d.arff, line 6: the file is damaged: expected @attribute or @data"
      ),
      (
        text.replacing("REAL", with: "string"),
        "d.arff, line 3, column 'the size': an attribute that is neither numeric nor nominal"
      ),
    ] {
      let error = #expect(throws: DatasetError.self) {
        try TableDatasetTests.read(damaged, "", name: "d.arff")
      }
      #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }
  }

  @Test("series are channels by time; unequal lengths are refused")
  func series() throws {
    let text = """
      # comment
      @problemName p
      @classLabel true a b
      @data
      1,2,3:4,5,6:b
      7,8,9:10,11,12:a
      """
    let data = try TableDatasetTests.read(text, "", name: "d.ts")
    #expect(data.inputs.shape == [2, 2, 3] && data.classIndices == [1, 0])
    #expect(data.inputs.floats == (1...12).map { Float($0) } && data.input.layout == .sequence)
    for (damaged, words) in [
      (
        text.replacing("10,11,12", with: "10,11"),
        "d.ts, line 6, column 'channel 2': expected a series of length 3, got 2; pad or cut the series to one length"
      ),
      (text.replacing(":10,11,12", with: ""), "d.ts, line 6: expected 2 channels, got 1"),
      (text.replacing("8", with: "?"), "d.ts, line 6, column 'channel 1': the value is missing"),
      (
        text.replacing(":a", with: ":c"),
        "d.ts, line 6, column 'label': 'c' is not a class; expected 'a', 'b'"
      ),
      (
        text.replacing("1,2,3", with: "(0,1),(1,2)"),
        "d.ts, line 5, column 'channel 1': a series with time stamps cannot be read"
      ),
    ] {
      let error = #expect(throws: DatasetError.self) {
        try TableDatasetTests.read(damaged, "", name: "d.ts")
      }
      #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }
  }

  @Test("a file of no known format says what is known")
  func unknown() throws {
    try Fixtures.withFile("a.bin", [1, 2, 3, 4]) { path in
      let error = #expect(throws: DatasetError.self) { try DatasetReader.read(path) }
      #expect(error?.fact == .unknownFormat)
      #expect(throws: ArrayFileError.self) { try DatasetReader.read(path + "x") }
    }
  }
}

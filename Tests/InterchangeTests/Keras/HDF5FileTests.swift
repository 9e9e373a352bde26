import Foundation
import Tensors
import Testing

@testable import Interchange

@Suite("HDF5 files")
struct HDF5FileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/keras")

  private static func path(_ name: String) -> String { folder.appending(path: name).path }

  private let file: HDF5File

  init() throws { file = try HDF5File(path: Self.path("types.h5")) }

  @Test(
    "hold numbers of every type",
    arguments: [
      ("float16", ElementType.float32), ("float32", .float32), ("float64", .float64),
      ("int8", .int32), ("int16", .int32), ("int32", .int32), ("int64", .int64),
      ("uint8", .uint8), ("uint32", .int64),
    ])
  func types(name: String, type: ElementType) throws {
    let tensor = try file.tensor(name)
    #expect(tensor.elementType == type)
    #expect(tensor.shape == [2, 3])
    #expect(tensor.doubles == [1, 2, 3, 4, 5, 100])
  }

  @Test("hold scalars, nothing, numbers of the other byte order, and compressed blocks")
  func layouts() throws {
    #expect(try file.tensor("scalar") == Tensor(2.5))
    #expect(try file.tensor("empty") == Tensor(zeros: [0, 3]))
    #expect(try file.tensor("big") == Tensor([0, 1, 2] as [Float]))
    #expect(try file.tensor("packed") == Tensor((0..<600).map(Float.init), shape: [20, 30]))
  }

  @Test("hold text of fixed and of any length, and whole numbers, beside groups")
  func attributes() throws {
    #expect(try file.strings("fixed", of: "group") == ["one", "two"])
    #expect(try file.strings("variable", of: "group") == ["eins", "zwei \u{FC}"])
    #expect(try file.strings("single", of: "group") == ["word"])
    #expect(try file.integers("count", of: "group") == [7])
    #expect(try file.integers("counts", of: "group") == [1, 2, 3])
    #expect(try file.strings("none", of: "group") == nil)
    #expect(try file.strings("none", of: "none") == nil)
  }

  @Test("name their members")
  func members() throws {
    #expect(try file.members(of: "group") == ["elsewhere", "soft"])
    #expect(try file.members(of: "none") == [])
    #expect(try file.kind(of: "group") == .group)
    #expect(try file.kind(of: "/float32") == .dataset)
    #expect(try file.kind(of: "none") == nil)
  }

  @Test("are the same in memory")
  func memory() throws {
    let bytes = try Array(Data(contentsOf: URL(filePath: Self.path("types.h5"))))
    let copy = try HDF5File(bytes)
    for name in ["float16", "packed", "int64"] {
      #expect(try copy.tensor(name) == file.tensor(name))
    }
  }

  @Test(
    "lead nowhere else, and take no memory for numbers that are not there",
    arguments: [
      (
        "outside",
        """
        this HDF5 file asks for what Assay does not support:
          - the numbers of 'outside' lie in other files
        """
      ),
      (
        "group/elsewhere",
        """
        this HDF5 file asks for what Assay does not support:
          - 'group/elsewhere' is a link to another place, which Assay does not follow
        """
      ),
      (
        "group/soft",
        """
        this HDF5 file asks for what Assay does not support:
          - 'group/soft' is a link to another place, which Assay does not follow
        """
      ),
      (
        "absent",
        "is no valid HDF5 file: the file is too short for the data set 'absent' of shape "
          + "[1099511627776]"
      ),
      (
        "text",
        """
        this HDF5 file asks for what Assay does not support:
          - the data set 'text' does not hold numbers of a known type
        """
      ),
      ("group", "is no valid HDF5 file: 'group' is no data set"),
      ("none", "is no valid HDF5 file: there is no data set 'none'"),
    ])
  func refusals(path: String, sentence: String) throws {
    let error = #expect(throws: InterchangeError.Fact.self) { try file.tensor(path) }
    #expect(error.map { "\($0)" } == sentence)
  }

  @Test("that are missing or something else are refused")
  func others() throws {
    func sentence(_ body: () throws -> HDF5File) -> String? {
      let error = #expect(throws: InterchangeError.Fact.self) { _ = try body() }
      return error.map { "\($0)" }
    }
    #expect(
      sentence { try HDF5File(path: "/nowhere.h5") }
        == "cannot be read: there is no such file")
    #expect(
      sentence { try HDF5File(Array("no such thing".utf8)) }
        == "is no valid HDF5 file: it does not begin like one")
    #expect(
      sentence { try HDF5File(HDF5File.signature + [0, 0, 0]) }
        == "is no valid HDF5 file: it is cut off or damaged")
  }
}

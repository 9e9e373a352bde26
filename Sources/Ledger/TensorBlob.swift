import Foundation
import GRDB
import Tensors

/// A tensor as a blob in NumPy's `.npy` format, so that other programs can read it.
struct TensorBlob: Codable, DatabaseValueConvertible {
  let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }

  var databaseValue: DatabaseValue { NumpyArray.data(tensor).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> TensorBlob? {
    // GRDB reports the column whose value could not be converted.
    guard let data = Data.fromDatabaseValue(value),
      let tensor = try? NumpyArray.read(data, named: "blob")
    else { return nil }
    return TensorBlob(tensor)
  }
}

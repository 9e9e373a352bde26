/// Arrays in NumPy's `.npy` format.
///
/// Read: versions 1 to 3, both memory orders and byte orders, every numeric type, each as the nearest
/// element type that loses nothing (`f2` as float32, `u4` as int64). Written: version 1, row-major.
public enum NumpyArray {
  /// Reads an array.
  ///
  /// - Throws: `ArrayFileError`, before memory is taken for elements that are not there.
  public static func read(_ path: String) throws -> Tensor {
    try NumpyArrayReader(FileBytes(path: path)).readAll()
  }

  /// Writes an array; the file appears only once it is complete.
  public static func write(_ tensor: Tensor, to path: String) throws {
    try AtomicFile.write(to: path) { file in
      try file.write(header(of: tensor))
      try withExtendedLifetime(tensor) { try file.write(tensor.bytes) }
    }
  }

  static func header(of tensor: Tensor) -> [UInt8] {
    NumpyHeader.bytes(elementType: tensor.elementType, shape: tensor.shape.dimensions)
  }
}

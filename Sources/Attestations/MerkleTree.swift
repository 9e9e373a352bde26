import Crypto

/// One hash for a list of leaves, from which none can be changed, added, taken away or moved.
///
///     MTH() = SHA-256()
///     MTH(d₀) = SHA-256(0x00 ‖ d₀)
///     MTH(d₀ … dₙ₋₁) = SHA-256(0x01 ‖ MTH(d₀ … dₖ₋₁) ‖ MTH(dₖ … dₙ₋₁)),  k = 2^⌈log₂ n⌉ / 2
///
/// The prefixes keep a leaf from being passed off as a node.
///
/// - Source: Laurie, Langley and Kasper 2013, RFC 6962, section 2.1.
public enum MerkleTree {
  /// The root of leaves, 32 bytes.
  public static func root(of leaves: [[UInt8]]) -> [UInt8] { root(of: leaves[...]) }

  private static func root(of leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    guard let first = leaves.first else { return Array(SHA256.hash(data: [UInt8]())) }
    guard leaves.count > 1 else { return Array(SHA256.hash(data: [0] + first)) }
    var half = 1
    while 2 * half < leaves.count { half *= 2 }
    let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
    return Array(SHA256.hash(data: [1] + root(of: left) + root(of: right)))
  }
}

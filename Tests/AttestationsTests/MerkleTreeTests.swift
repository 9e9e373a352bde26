import Crypto
import Testing

@testable import Attestations

@Suite("The Merkle tree")
struct MerkleTreeTests {
  /// The leaves that implementations of RFC 6962 are tested with.
  private static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [
      0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E,
      0x6F,
    ],
  ]

  /// The root of the first n of them, n = 0 … 8.
  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the roots of the known leaves are the known ones", arguments: 0...8)
  func knownAnswers(count: Int) {
    let root = MerkleTree.root(of: Array(Self.leaves.prefix(count)))
    #expect(root.hexadecimal == Self.roots[count])
  }

  @Test("a root is what levels of nodes give, built from the leaves up")
  func levels() {
    for count in 1...40 {
      let leaves = (0..<count).map { Array("leaf \($0)".utf8) }
      var level = leaves.map { Array(SHA256.hash(data: [0] + $0)) }
      // A node without a neighbour rises as it is: the same tree as that of the definition.
      while level.count > 1 {
        level = stride(from: 0, to: level.count, by: 2).map { index in
          index + 1 < level.count
            ? Array(SHA256.hash(data: [1] + level[index] + level[index + 1])) : level[index]
        }
      }
      #expect(MerkleTree.root(of: leaves) == level[0], "\(count)")
    }
  }

  @Test("a leaf that changes, moves, comes or goes changes the root")
  func changes() {
    let leaves = Self.leaves
    let root = MerkleTree.root(of: leaves)
    for index in leaves.indices {
      var other = leaves
      other[index].append(0)
      #expect(MerkleTree.root(of: other) != root)
      other = leaves
      other.remove(at: index)
      #expect(MerkleTree.root(of: other) != root)
      guard index > 0 else { continue }
      other = leaves
      other.swapAt(index, index - 1)
      #expect(MerkleTree.root(of: other) != root)
    }
  }
}

import CKernels

/// The memory that was freed and that the C library keeps for later.
package enum FreeMemory {
  /// Gives it back to the system.
  package static func giveBack() { assay_give_back_memory() }
}

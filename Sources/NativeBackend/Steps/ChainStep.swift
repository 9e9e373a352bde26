import CKernels

/// Elementwise equations applied block by block, so that intermediate values stay in the cache.
struct ChainStep: Step {
  let count: Int
  let registers: [assay_register]
  let instructions: [assay_instruction]
  let extents: [Int64]
  let slotCount: Int
  let reads: [Int]
  let writes: [Int]

  var scratchByteCount: Int { slotCount * Int(ASSAY_SLOT) }

  func kernel(on memory: Memory) -> Kernel {
    {
      registers.withUnsafeBufferPointer { registers in
        instructions.withUnsafeBufferPointer { instructions in
          extents.withUnsafeBufferPointer { extents in
            var chain = assay_elementwise(
              count: Int64(count), register_count: Int32(registers.count),
              instruction_count: Int32(instructions.count), registers: registers.baseAddress,
              instructions: instructions.baseAddress, extents: extents.baseAddress)
            assay_elementwise_run(&chain, memory.pointers, memory.scratch)
          }
        }
      }
    }
  }
}

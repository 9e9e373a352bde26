#ifndef ASSAY_VARIANTS_H
#define ASSAY_VARIANTS_H

/// Compiles a function for each instruction set; the loader chooses.
///
/// Functions that are called in its loops must be `INLINE`, so that they are compiled along.
#if defined(__x86_64__) && defined(__linux__)
#define VARIANTS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VARIANTS
#endif

#define INLINE static inline __attribute__((always_inline))

/// Iterations are independent: an operand may be the result itself, but never overlaps it partly.
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

#endif

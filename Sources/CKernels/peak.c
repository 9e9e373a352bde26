#include "include/kernels.h"

// Multiply-adds whose operands stay in registers: twelve independent sums a thread, since a result
// takes about five cycles and two are begun in each. Vectors of the compiler's own type become
// AVX-512, AVX2 or NEON instructions; the empty assembly keeps the sums alive, and in registers.
enum { SUMS = 12 };

#define PEAK(name, target, width)                                                            \
  target static int64_t name(int64_t rounds) {                                               \
    typedef float vector __attribute__((vector_size(4 * width)));                            \
    vector sums[SUMS], factor, term;                                                         \
    for (int k = 0; k < width; k++) { factor[k] = 0.999999f; term[k] = 1e-6f; }              \
    for (int s = 0; s < SUMS; s++) sums[s] = term;                                           \
    for (int64_t i = 0; i < rounds; i++) {                                                   \
      _Pragma("clang loop unroll(full)") for (int s = 0; s < SUMS; s++)                      \
          sums[s] = __builtin_elementwise_fma(sums[s], factor, term);                        \
    }                                                                                        \
    float total = 0;                                                                         \
    for (int s = 0; s < SUMS; s++)                                                           \
      for (int k = 0; k < width; k++) total += sums[s][k];                                   \
    __asm__ volatile("" : : "g"(&total) : "memory");                                         \
    return 2 * (int64_t)width * SUMS * rounds;                                               \
  }

#if defined(__x86_64__)
PEAK(peak_16, __attribute__((target("arch=x86-64-v4"))), 16)
PEAK(peak_8, __attribute__((target("arch=x86-64-v3"))), 8)

int64_t assay_peak_operations(int64_t rounds) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return peak_16(rounds);
  if (__builtin_cpu_supports("x86-64-v3")) return peak_8(rounds);
  // Without multiply-adds of its own a processor's peak is not what this measures.
  return 0;
}
#else
PEAK(peak_4, , 4)

int64_t assay_peak_operations(int64_t rounds) { return peak_4(rounds); }
#endif

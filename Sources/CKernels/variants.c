#include "variants.h"

#include "include/kernels.h"

#if defined(__x86_64__) && defined(__linux__)
const char *assay_kernels_variant(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "avx512";
  return __builtin_cpu_supports("x86-64-v3") ? "avx2" : "baseline";
}
#else
const char *assay_kernels_variant(void) { return "baseline"; }
#endif

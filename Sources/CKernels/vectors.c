#include "include/kernels.h"
#include "variants.h"

// What methods do to every point of a path or a neighbourhood: 4 to 8 numbers a step, where loops
// compiled for any processor take one or two (20 to 25 microseconds for 25,000 numbers each).

VARIANTS void assay_interpolate(
    float *d, const float *a, const float *b, double position, int64_t count) {
  INDEPENDENT for (int64_t i = 0; i < count; i++) {
    const double start = a[i];
    d[i] = (float)(start + position * ((double)b[i] - start));
  }
}

VARIANTS void assay_accumulate(double *sum, const float *x, double weight, int64_t count) {
  INDEPENDENT for (int64_t i = 0; i < count; i++) sum[i] += weight * (double)x[i];
}

VARIANTS void assay_add(float *sum, const float *x, int64_t count) {
  INDEPENDENT for (int64_t i = 0; i < count; i++) sum[i] += x[i];
}

VARIANTS void assay_displace(float *d, const float *x, const float *scale, int64_t count) {
  INDEPENDENT for (int64_t i = 0; i < count; i++) d[i] = x[i] + scale[i] * d[i];
}

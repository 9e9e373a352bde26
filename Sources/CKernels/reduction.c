#include "functions.h"
#include "include/kernels.h"

enum { LANES = 32 };

INLINE float add_f32(float a, float b) { return a + b; }
INLINE int32_t add_i32(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
INLINE int64_t add_i64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
INLINE float largest_f32(float a, float b) { return maximum(a, b); }
INLINE int32_t largest_i32(int32_t a, int32_t b) { return a > b ? a : b; }
INLINE int64_t largest_i64(int64_t a, int64_t b) { return a > b ? a : b; }

// A row is reduced in lanes that are combined pairwise: the order is the same on every machine,
// and the rounding error of a sum grows with n / LANES + log LANES.
#define REDUCE(name, Element, combine, identity)                                              \
  /* The same order for a few elements, without the lanes that hold nothing. */               \
  INLINE Element name##_short(const Element *s, int64_t n) {                                  \
    Element lanes[LANES];                                                                     \
    int64_t width = 1;                                                                        \
    while (width < n) width *= 2;                                                             \
    for (int64_t k = 0; k < width; k++) lanes[k] = k < n ? combine(identity, s[k]) : identity;\
    for (width /= 2; width > 0; width /= 2)                                                   \
      for (int64_t k = 0; k < width; k++) lanes[k] = combine(lanes[k], lanes[k + width]);     \
    return lanes[0];                                                                          \
  }                                                                                           \
  INLINE Element name##_row(const Element *s, int64_t n) {                                    \
    if (n > 0 && n < LANES / 2) return name##_short(s, n);                                    \
    Element lanes[LANES];                                                                     \
    for (int k = 0; k < LANES; k++) lanes[k] = identity;                                      \
    int64_t i = 0;                                                                            \
    for (; i + LANES <= n; i += LANES)                                                        \
      for (int k = 0; k < LANES; k++) lanes[k] = combine(lanes[k], s[i + k]);                 \
    for (int k = 0; i < n; i++, k++) lanes[k] = combine(lanes[k], s[i]);                      \
    for (int width = LANES / 2; width > 0; width /= 2)                                        \
      for (int k = 0; k < width; k++) lanes[k] = combine(lanes[k], lanes[k + width]);         \
    return lanes[0];                                                                          \
  }                                                                                           \
  static VARIANTS void name(                                                                  \
      Element *d, int64_t dst_count, const Element *s, int64_t rank,                          \
      const int64_t *dimensions, const int64_t *strides) {                                    \
    for (int64_t i = 0; i < dst_count; i++) d[i] = identity;                                  \
    const int64_t last = rank - 1, n = dimensions[last];                                      \
    int64_t rows = 1, index[16] = {0}, offset = 0;                                            \
    for (int64_t axis = 0; axis < last; axis++) rows *= dimensions[axis];                     \
    for (int64_t row = 0; row < rows; row++, s += n) {                                        \
      if (strides[last] == 0) {                                                               \
        d[offset] = combine(d[offset], name##_row(s, n));                                     \
      } else {                                                                                \
        Element *to = d + offset;                                                             \
        INDEPENDENT for (int64_t i = 0; i < n; i++) to[i] = combine(to[i], s[i]);             \
      }                                                                                       \
      for (int64_t axis = last - 1; axis >= 0; axis--) {                                      \
        offset += strides[axis];                                                              \
        if (++index[axis] < dimensions[axis]) break;                                          \
        offset -= dimensions[axis] * strides[axis];                                           \
        index[axis] = 0;                                                                      \
      }                                                                                       \
    }                                                                                         \
  }

REDUCE(sum_f32, float, add_f32, 0)
REDUCE(sum_i32, int32_t, add_i32, 0)
REDUCE(sum_i64, int64_t, add_i64, 0)
REDUCE(maximum_f32, float, largest_f32, -INFINITY)
REDUCE(maximum_i32, int32_t, largest_i32, INT32_MIN)
REDUCE(maximum_i64, int64_t, largest_i64, INT64_MIN)

void assay_reduce(
    int32_t reduction, int32_t type, void *dst, int64_t dst_count, const void *src, int64_t rank,
    const int64_t *dimensions, const int64_t *strides) {
  int sum = reduction == ASSAY_SUM;
  if (type == ASSAY_F32) {
    (sum ? sum_f32 : maximum_f32)(dst, dst_count, src, rank, dimensions, strides);
  } else if (type == ASSAY_I32) {
    (sum ? sum_i32 : maximum_i32)(dst, dst_count, src, rank, dimensions, strides);
  } else {
    (sum ? sum_i64 : maximum_i64)(dst, dst_count, src, rank, dimensions, strides);
  }
}

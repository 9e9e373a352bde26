#include <string.h>

#include "blocks.h"
#include "include/kernels.h"

// Products of a few rows with weights that were packed beforehand.
//
// Weights lie in panels, so that a step along the depth reads one short stretch of memory.
//
// Against oneDNN 2.6, which packs weights at every call, on AVX2 with one thread: forward passes of
// 32 rows 1.9 times as fast for 784-256-128-10, and 6 times for 30-64-32-2, where its calls cost more
// than the arithmetic. A product of 32 x 784 x 256 reaches 88 % of the processor's peak.

/// So few columns would leave most of a panel empty: they are kept as rows instead, and the lanes of
/// a vector sum every so manieth product (256 x 1: 7 times as fast; 32 x 2: twice).
enum { NARROW = 4 };
static int is_narrow(int64_t depth, int64_t columns) { return columns <= NARROW && depth >= 16; }

#define PRODUCT(suffix, target, LANES)                                                         \
  target static void product_##suffix(                                                         \
      float *c, const float *a, const float *packed, const float *bias, int64_t rows,          \
      int64_t depth, int64_t columns) {                                                        \
    const int64_t panels = (columns + WIDTH_##suffix - 1) / WIDTH_##suffix;                    \
    const int64_t panel_stride = depth * WIDTH_##suffix;                                       \
    for (int64_t done = 0; done < depth; done += DEPTH) {                                      \
      const int64_t now = depth - done < DEPTH ? depth - done : DEPTH;                         \
      const float *b = packed + done * WIDTH_##suffix;                                         \
      /* Added last, as an addition of its own would be. */                                    \
      const float *added = done + now == depth ? bias : 0;                                     \
      int64_t p = 0;                                                                           \
      /* One row alone has too few sums to hide how long each step takes. */                   \
      for (; rows == 1 && (p + 4) * WIDTH_##suffix <= columns; p += 4)                         \
        block_##suffix(                                                                        \
            1, 4, c + p * WIDTH_##suffix, columns, a + done, depth, b + p * panel_stride,   \
            panel_stride, added ? added + p * WIDTH_##suffix : 0, done > 0, now);              \
      for (; p < panels; p++)                                                                  \
        strip_##suffix(                                                                        \
            rows, c + p * WIDTH_##suffix, columns, columns - p * WIDTH_##suffix, a + done,     \
            depth, b + p * panel_stride, added ? added + p * WIDTH_##suffix : 0, done > 0,  \
            now);                                                                              \
    }                                                                                          \
  }                                                                                            \
                                                                                               \
  INLINE float sum_##suffix(const vector_##suffix *v) {                                        \
    float part[LANES];                                                                         \
    *(vector_##suffix *)part = *v;                                                             \
    UNROLL for (int width = LANES / 2; width > 0; width /= 2)                                  \
      UNROLL for (int i = 0; i < width; i++) part[i] += part[i + width];                       \
    return part[0];                                                                            \
  }                                                                                            \
                                                                                               \
  target static void narrow_##suffix(                                                          \
      float *c, const float *a, const float *b, const float *bias, int64_t rows,               \
      int64_t depth, int64_t columns) {                                                        \
    for (int64_t r = 0; r < rows; r++, a += depth)                                             \
      for (int64_t n = 0; n < columns; n++) {                                                  \
        const float *w = b + n * depth;                                                        \
        vector_##suffix low = {0}, high = {0};                                                 \
        int64_t k = 0;                                                                         \
        for (; k + 2 * LANES <= depth; k += 2 * LANES) {                                       \
          low += *(const vector_##suffix *)(a + k) * *(const vector_##suffix *)(w + k);        \
          high += *(const vector_##suffix *)(a + k + LANES) *                                  \
                  *(const vector_##suffix *)(w + k + LANES);                                   \
        }                                                                                      \
        low += high;                                                                           \
        float sum = sum_##suffix(&low);                                                        \
        for (; k < depth; k++) sum += a[k] * w[k];                                             \
        *c++ = bias ? sum + bias[n] : sum;                                                     \
      }                                                                                        \
  }

BLOCKS(4, 4, 6, 0)
PRODUCT(4, , 4)
#if defined(__x86_64__)
BLOCKS(8, 8, 6, 1)
PRODUCT(8, TARGET_V3, 8)
BLOCKS(16, 16, 12, 1)
PRODUCT(16, TARGET_V4, 16)
#endif

int64_t assay_product_packed_count(int64_t depth, int64_t columns) {
  if (is_narrow(depth, columns)) return columns * depth;
  const int64_t width = 2 * lanes();
  return (columns + width - 1) / width * width * depth;
}

int64_t assay_product_packed_place(
    int64_t depth, int64_t columns, int64_t row, int64_t column) {
  if (is_narrow(depth, columns)) return column * depth + row;
  const int64_t width = 2 * lanes();
  return column / width * width * depth + row * width + column % width;
}

void assay_product_pack(
    float *packed, const float *b, int64_t depth, int64_t columns, int64_t depth_stride,
    int64_t column_stride) {
  memset(packed, 0, (size_t)assay_product_packed_count(depth, columns) * sizeof(float));
  for (int64_t n = 0; n < columns; n++)
    for (int64_t k = 0; k < depth; k++)
      packed[assay_product_packed_place(depth, columns, k, n)] =
          b[k * depth_stride + n * column_stride];
}

void assay_product(
    float *c, const float *a, const float *packed, const float *bias, int64_t rows,
    int64_t depth, int64_t columns) {
  const int narrow = is_narrow(depth, columns);
#if defined(__x86_64__)
  switch (lanes()) {
    case 16:
      (narrow ? narrow_16 : product_16)(c, a, packed, bias, rows, depth, columns);
      return;
    case 8:
      (narrow ? narrow_8 : product_8)(c, a, packed, bias, rows, depth, columns);
      return;
  }
#endif
  (narrow ? narrow_4 : product_4)(c, a, packed, bias, rows, depth, columns);
}

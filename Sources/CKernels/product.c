#include <string.h>

#include "functions.h"
#include "include/kernels.h"

// Products of a few rows with weights that were packed beforehand.
//
// Weights lie in panels of as many columns as two vectors hold, so that a step along the depth reads
// one short stretch of memory; a block of rows keeps its sums in registers meanwhile. Every element
// is one chain of multiply-adds in the order of the depth, whatever rows are beside it.
//
// Against oneDNN 2.6, which packs weights at every call, on AVX2 with one thread: forward passes of
// 32 rows 1.9 times as fast for 784-256-128-10, and 6 times for 30-64-32-2, where its calls cost more
// than the arithmetic. A product of 32 x 784 x 256 reaches 88 % of the processor's peak.

/// How much of the depth is worked through at a time: a panel of it stays in the first-level cache.
enum { DEPTH = 512 };

/// So few columns would leave most of a panel empty: they are kept as rows instead, and the lanes of
/// a vector sum every so manieth product (256 x 1: 7 times as fast; 32 x 2: twice).
enum { NARROW = 4 };
static int is_narrow(int64_t depth, int64_t columns) { return columns <= NARROW && depth >= 16; }

#define PRODUCT(suffix, target, LANES, HEIGHT, FUSED)                                          \
  typedef float vector_##suffix __attribute__((vector_size(4 * LANES), aligned(4)));           \
  enum { WIDTH_##suffix = 2 * LANES };                                                         \
                                                                                               \
  /* rows x panels sums in registers; both are constants once this is inlined. */              \
  INLINE void block_##suffix(                                                                  \
      int rows, int panels, float *c, int64_t columns, const float *a, int64_t a_stride,       \
      const float *b, int64_t panel_stride, const float *bias, int resumes, int64_t depth) {   \
    vector_##suffix sums[2 * HEIGHT];                                                          \
    UNROLL for (int r = 0; r < rows; r++)                                                      \
      UNROLL for (int v = 0; v < 2 * panels; v++)                                              \
        sums[r * 2 * panels + v] =                                                             \
            resumes ? *(vector_##suffix *)(c + r * columns + v * LANES) : (vector_##suffix){0};\
    for (int64_t k = 0; k < depth; k++) {                                                      \
      UNROLL for (int p = 0; p < panels; p++) {                                                \
        const float *weights = b + p * panel_stride + k * WIDTH_##suffix;                      \
        const vector_##suffix low = *(const vector_##suffix *)weights;                         \
        const vector_##suffix high = *(const vector_##suffix *)(weights + LANES);              \
        UNROLL for (int r = 0; r < rows; r++) {                                                \
          const vector_##suffix x = a[r * a_stride + k] - (vector_##suffix){0};                \
          vector_##suffix *sum = sums + r * 2 * panels + 2 * p;                                \
          sum[0] = FUSED ? __builtin_elementwise_fma(x, low, sum[0]) : sum[0] + x * low;       \
          sum[1] = FUSED ? __builtin_elementwise_fma(x, high, sum[1]) : sum[1] + x * high;     \
        }                                                                                      \
      }                                                                                        \
    }                                                                                          \
    UNROLL for (int r = 0; r < rows; r++)                                                      \
      UNROLL for (int v = 0; v < 2 * panels; v++)                                              \
        *(vector_##suffix *)(c + r * columns + v * LANES) =                                    \
            bias ? sums[r * 2 * panels + v] + *(const vector_##suffix *)(bias + v * LANES)     \
                 : sums[r * 2 * panels + v];                                                   \
  }                                                                                            \
                                                                                               \
  /* The last panel may have fewer columns: it is worked out beside the result. */             \
  INLINE void edge_##suffix(                                                                   \
      int rows, float *c, int64_t columns, int64_t kept, const float *a, int64_t a_stride,     \
      const float *b, const float *bias, int resumes, int64_t depth) {                         \
    float sums[HEIGHT * WIDTH_##suffix];                                                       \
    for (int r = 0; resumes && r < rows; r++)                                                  \
      for (int k = 0; k < WIDTH_##suffix; k++)                                                 \
        sums[r * WIDTH_##suffix + k] = k < kept ? c[r * columns + k] : 0;                      \
    block_##suffix(rows, 1, sums, WIDTH_##suffix, a, a_stride, b, 0, 0, resumes, depth);       \
    for (int r = 0; r < rows; r++)                                                             \
      for (int64_t k = 0; k < kept; k++)                                                       \
        c[r * columns + k] = bias ? sums[r * WIDTH_##suffix + k] + bias[k]                     \
                                  : sums[r * WIDTH_##suffix + k];                              \
  }                                                                                            \
                                                                                               \
  INLINE void rows_##suffix(                                                                   \
      int rows, float *c, int64_t columns, const float *a, int64_t a_stride, const float *b,   \
      int64_t panel_stride, const float *bias, int resumes, int64_t depth, int64_t first,      \
      int64_t last) {                                                                          \
    int64_t p = first;                                                                         \
    for (; p < last && (p + 1) * WIDTH_##suffix <= columns; p++)                               \
      block_##suffix(                                                                          \
          rows, 1, c + p * WIDTH_##suffix, columns, a, a_stride, b + p * panel_stride, 0,      \
          bias ? bias + p * WIDTH_##suffix : 0, resumes, depth);                               \
    if (p < last)                                                                              \
      edge_##suffix(                                                                           \
          rows, c + p * WIDTH_##suffix, columns, columns - p * WIDTH_##suffix, a, a_stride,    \
          b + p * panel_stride, bias ? bias + p * WIDTH_##suffix : 0, resumes, depth);         \
  }                                                                                            \
                                                                                               \
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
      const int resumes = done > 0;                                                            \
      for (int64_t p = 0; p < panels; p += rows == 1 ? 4 : 1) {                                \
        if (rows == 1 && (p + 4) * WIDTH_##suffix <= columns) {                                \
          /* One row alone has too few sums to hide how long each step takes. */               \
          block_##suffix(                                                                      \
              1, 4, c + p * WIDTH_##suffix, columns, a + done, depth, b + p * panel_stride,    \
              panel_stride, added ? added + p * WIDTH_##suffix : 0, resumes, now);             \
          continue;                                                                            \
        }                                                                                      \
        const int64_t last = rows == 1 ? (p + 4 < panels ? p + 4 : panels) : p + 1;            \
        int64_t r = 0;                                                                         \
        for (; r + HEIGHT <= rows; r += HEIGHT) { TAIL_ROWS(suffix, HEIGHT) }                  \
        switch (rows - r) {                                                                    \
          TAILS_##HEIGHT(suffix)                                                               \
        }                                                                                      \
      }                                                                                        \
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

#define UNROLL _Pragma("clang loop unroll(full)")
#define TAIL_ROWS(suffix, count)                                                               \
  rows_##suffix(                                                                               \
      count, c + r * columns, columns, a + r * depth + done, depth, b, panel_stride, added,    \
      resumes, now, p, last);
#define TAIL(suffix, count)                                                                    \
  case count:                                                                                  \
    TAIL_ROWS(suffix, count)                                                                   \
    break;
#define TAILS_6(suffix)                                                                        \
  TAIL(suffix, 1) TAIL(suffix, 2) TAIL(suffix, 3) TAIL(suffix, 4) TAIL(suffix, 5)
#define TAILS_12(suffix)                                                                       \
  TAILS_6(suffix) TAIL(suffix, 6) TAIL(suffix, 7) TAIL(suffix, 8) TAIL(suffix, 9)              \
      TAIL(suffix, 10) TAIL(suffix, 11)

PRODUCT(4, , 4, 6, 0)
#if defined(__x86_64__)
PRODUCT(8, __attribute__((target("arch=x86-64-v3"))), 8, 6, 1)
PRODUCT(16, __attribute__((target("arch=x86-64-v4"))), 16, 12, 1)

/// The number of floats in a vector: 16, 8 or 4.
static int lanes(void) {
  if (__builtin_cpu_supports("x86-64-v4")) return 16;
  return __builtin_cpu_supports("x86-64-v3") ? 8 : 4;
}
#else
static int lanes(void) { return 4; }
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

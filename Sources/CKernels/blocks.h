#ifndef ASSAY_BLOCKS_H
#define ASSAY_BLOCKS_H

#include "functions.h"

// Blocks of a matrix product: some rows times a panel, as many columns as two vectors hold, whose
// elements lie one step of the depth after the other. The sums stay in registers meanwhile, and
// every element is one chain of multiply-adds in the order of the depth, whatever rows are beside it.

/// How much of the depth is worked through at a time: a panel of it stays in the first-level cache.
enum { DEPTH = 512 };

#define UNROLL _Pragma("clang loop unroll(full)")

#define BLOCKS(suffix, LANES, HEIGHT, FUSED)                                                   \
  typedef float vector_##suffix __attribute__((vector_size(4 * LANES), aligned(4)));           \
  enum { WIDTH_##suffix = 2 * LANES };                                                         \
                                                                                               \
  /* rows x panels sums in registers; both are constants once this is inlined. */              \
  INLINE void block_##suffix(                                                                  \
      int rows, int panels, float *c, int64_t columns, const float *a, int64_t a_row,          \
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
          const vector_##suffix x = a[r * a_row + k] - (vector_##suffix){0};                   \
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
      int rows, float *c, int64_t columns, int64_t kept, const float *a, int64_t a_row,        \
      const float *b, const float *bias, int resumes, int64_t depth) {                         \
    float sums[HEIGHT * WIDTH_##suffix];                                                       \
    for (int r = 0; resumes && r < rows; r++)                                                  \
      for (int k = 0; k < WIDTH_##suffix; k++)                                                 \
        sums[r * WIDTH_##suffix + k] = k < kept ? c[r * columns + k] : 0;                      \
    block_##suffix(rows, 1, sums, WIDTH_##suffix, a, a_row, b, 0, 0, resumes, depth);          \
    for (int r = 0; r < rows; r++)                                                             \
      for (int64_t k = 0; k < kept; k++)                                                       \
        c[r * columns + k] = bias ? sums[r * WIDTH_##suffix + k] + bias[k]                     \
                                  : sums[r * WIDTH_##suffix + k];                              \
  }                                                                                            \
                                                                                               \
  INLINE void panel_##suffix(                                                                  \
      int rows, float *c, int64_t columns, int64_t kept, const float *a, int64_t a_row,        \
      const float *b, const float *bias, int resumes, int64_t depth) {                         \
    if (kept >= WIDTH_##suffix)                                                                \
      block_##suffix(rows, 1, c, columns, a, a_row, b, 0, bias, resumes, depth);               \
    else                                                                                       \
      edge_##suffix(rows, c, columns, kept, a, a_row, b, bias, resumes, depth);                \
  }                                                                                            \
                                                                                               \
  /* Any number of rows times one panel, of whose columns some may only fill it. One to three  \
     rows alone have too few sums to hide how long a step takes: the last block gives of its   \
     own (32 rows: 4 % faster). */                                                             \
  INLINE void strip_##suffix(                                                                  \
      int64_t rows, float *c, int64_t columns, int64_t kept, const float *a, int64_t a_row,    \
      const float *b, const float *bias, int resumes, int64_t depth) {                         \
    for (int64_t r = 0, height; r < rows; r += height) {                                       \
      const int64_t left = rows - r;                                                           \
      height = left == HEIGHT || left >= HEIGHT + 4 ? HEIGHT : left > HEIGHT ? left - 4 : left;\
      switch (height) {                                                                        \
        STRIP_HEIGHTS_##HEIGHT(suffix)                                                         \
      }                                                                                        \
    }                                                                                          \
  }

#define STRIP_ROWS(suffix, count)                                                              \
  panel_##suffix(                                                                              \
      count, c + r * columns, columns, kept, a + r * a_row, a_row, b, bias, resumes,           \
      depth);
#define STRIP_HEIGHT(suffix, count)                                                            \
  case count:                                                                                  \
    STRIP_ROWS(suffix, count)                                                                  \
    break;
#define STRIP_HEIGHTS_6(suffix)                                                                \
  STRIP_HEIGHT(suffix, 1) STRIP_HEIGHT(suffix, 2) STRIP_HEIGHT(suffix, 3) STRIP_HEIGHT(suffix, 4)\
      STRIP_HEIGHT(suffix, 5) STRIP_HEIGHT(suffix, 6)
#define STRIP_HEIGHTS_12(suffix)                                                               \
  STRIP_HEIGHTS_6(suffix) STRIP_HEIGHT(suffix, 7) STRIP_HEIGHT(suffix, 8)                      \
      STRIP_HEIGHT(suffix, 9) STRIP_HEIGHT(suffix, 10) STRIP_HEIGHT(suffix, 11)                \
      STRIP_HEIGHT(suffix, 12)

#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define TARGET_V4 __attribute__((target("arch=x86-64-v4")))

/// The number of floats in a vector: 16, 8 or 4.
static inline int lanes(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return 16;
  return __builtin_cpu_supports("x86-64-v3") ? 8 : 4;
#else
  return 4;
#endif
}

#endif

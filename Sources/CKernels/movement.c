#include <string.h>

#include "include/kernels.h"
#include "variants.h"

enum { MAXIMUM_RANK = 16, TILE = 16 };

#define COPY(name, Element)                                                                   \
  INLINE void name##_row(Element *d, const Element *s, int64_t n, int64_t ds, int64_t ss) {   \
    if (ds == 1 && ss == 1) {                                                                 \
      INDEPENDENT for (int64_t i = 0; i < n; i++) d[i] = s[i];                                \
    } else if (ds == 1 && ss == 0) {                                                          \
      const Element value = *s;                                                               \
      INDEPENDENT for (int64_t i = 0; i < n; i++) d[i] = value;                               \
    } else {                                                                                  \
      for (int64_t i = 0; i < n; i++) d[i * ds] = s[i * ss];                                  \
    }                                                                                         \
  }                                                                                           \
  /* Square tiles, so that both sides stay within a few cache lines. */                       \
  INLINE void name##_tiles(                                                                   \
      Element *d, const Element *s, int64_t rows, int64_t columns, int64_t dr, int64_t sc,    \
      int64_t dc, int64_t sr) {                                                               \
    for (int64_t r0 = 0; r0 < rows; r0 += TILE) {                                             \
      int64_t r1 = r0 + TILE < rows ? r0 + TILE : rows;                                       \
      for (int64_t c0 = 0; c0 < columns; c0 += TILE) {                                        \
        int64_t c1 = c0 + TILE < columns ? c0 + TILE : columns;                               \
        for (int64_t r = r0; r < r1; r++)                                                     \
          for (int64_t c = c0; c < c1; c++) d[r * dr + c * dc] = s[r * sr + c * sc];          \
      }                                                                                       \
    }                                                                                         \
  }                                                                                           \
  static void name(                                                                           \
      Element *d, const Element *s, int64_t axis, int64_t rank, int64_t row,                  \
      const int64_t *dimensions, const int64_t *ds, const int64_t *ss);                       \
  static VARIANTS void name##_plane(                                                          \
      Element *d, const Element *s, int64_t rank, int64_t row, const int64_t *dimensions,     \
      const int64_t *ds, const int64_t *ss) {                                                 \
    const int64_t last = rank - 1;                                                            \
    if (row >= 0) {                                                                           \
      name##_tiles(                                                                           \
          d, s, dimensions[row], dimensions[last], ds[row], ss[last], ds[last], ss[row]);     \
    } else {                                                                                  \
      name##_row(d, s, dimensions[last], ds[last], ss[last]);                                 \
    }                                                                                         \
  }                                                                                           \
  static void name(                                                                           \
      Element *d, const Element *s, int64_t axis, int64_t rank, int64_t row,                  \
      const int64_t *dimensions, const int64_t *ds, const int64_t *ss) {                      \
    if (axis == row) axis++;                                                                  \
    if (axis >= rank - 1) {                                                                   \
      name##_plane(d, s, rank, row, dimensions, ds, ss);                                      \
      return;                                                                                 \
    }                                                                                         \
    for (int64_t i = 0; i < dimensions[axis]; i++)                                            \
      name(d + i * ds[axis], s + i * ss[axis], axis + 1, rank, row, dimensions, ds, ss);      \
  }

COPY(copy_1, uint8_t)
COPY(copy_4, uint32_t)
COPY(copy_8, uint64_t)

void assay_copy(
    void *dst, const void *src, int64_t byte_count, int64_t rank, const int64_t *dimensions,
    const int64_t *dst_strides, const int64_t *src_strides) {
  if (rank == 0) {
    memcpy(dst, src, (size_t)byte_count);
    return;
  }
  int64_t row = -1;
  if (src_strides[rank - 1] > 1)
    for (int64_t axis = 0; axis < rank - 1; axis++)
      if (src_strides[axis] == 1 && dimensions[axis] > 1) row = axis;
  if (byte_count == 4) {
    copy_4(dst, src, 0, rank, row, dimensions, dst_strides, src_strides);
  } else if (byte_count == 1) {
    copy_1(dst, src, 0, rank, row, dimensions, dst_strides, src_strides);
  } else {
    copy_8(dst, src, 0, rank, row, dimensions, dst_strides, src_strides);
  }
}

void assay_fill(void *dst, const void *element, int64_t byte_count, int64_t count) {
  const int64_t one = 1, none = 0;
  assay_copy(dst, element, byte_count, 1, &count, &one, &none);
}

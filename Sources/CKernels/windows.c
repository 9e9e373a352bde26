#include <math.h>
#include <string.h>

#include "include/kernels.h"
#include "variants.h"

typedef struct {
  int64_t start[3];
  /// The taps of a window that lie inside the input: `first` up to, not including, `end`.
  int64_t first[3], end[3];
} window;

INLINE window window_at(const assay_windows *w, int64_t d, int64_t h, int64_t x) {
  const int64_t at[3] = {d, h, x};
  window result;
  for (int k = 0; k < 3; k++) {
    int64_t start = at[k] * w->stride[k] - w->low[k], gap = w->dilation[k];
    result.start[k] = start;
    result.first[k] = start < 0 ? (gap - 1 - start) / gap : 0;
    int64_t end = start >= w->input[k] ? 0 : (w->input[k] - 1 - start) / gap + 1;
    result.end[k] = end < w->size[k] ? end : w->size[k];
  }
  return result;
}

// Runs `body` for each window of a sample with its result's position `to`, and within it `tap` for
// each input position `from` inside the input.
#define EACH_WINDOW(w, to, before, tap)                                                        \
  for (int64_t d = 0, to = 0; d < w->output[0]; d++)                                           \
    for (int64_t h = 0; h < w->output[1]; h++)                                                 \
      for (int64_t x = 0; x < w->output[2]; x++, to++) {                                       \
        const window at = window_at(w, d, h, x);                                               \
        before;                                                                                \
        for (int64_t i = at.first[0]; i < at.end[0]; i++)                                      \
          for (int64_t j = at.first[1]; j < at.end[1]; j++)                                    \
            for (int64_t k = at.first[2]; k < at.end[2]; k++) {                                \
              const int64_t from = ((at.start[0] + i * w->dilation[0]) * w->input[1]           \
                                    + at.start[1] + j * w->dilation[1]) * w->input[2]          \
                                   + at.start[2] + k * w->dilation[2];                         \
              tap;                                                                             \
            }                                                                                  \
      }

INLINE int64_t input_count(const assay_windows *w) {
  return w->input[0] * w->input[1] * w->input[2] * w->channels;
}

INLINE int64_t output_count(const assay_windows *w) {
  return w->output[0] * w->output[1] * w->output[2] * w->channels;
}

INLINE void larger(
    const float *s, float *d, int32_t *indices, int32_t from, int64_t channels) {
  INDEPENDENT for (int64_t c = 0; c < channels; c++) {
    const float value = s[c], old = d[c];
    const int wins = (value > old) | ((value != value) & (old == old));
    d[c] = wins ? value : old;
    indices[c] = wins ? from : indices[c];
  }
}

INLINE void largest(const float *s, float *d, int64_t channels) {
  INDEPENDENT for (int64_t c = 0; c < channels; c++) {
    const float value = s[c], old = d[c];
    d[c] = ((value > old) | (value != value)) ? value : old;
  }
}

VARIANTS static void max_pool_values(const assay_windows *w, const float *src, float *dst) {
  const int64_t channels = w->channels;
  for (int64_t n = 0; n < w->samples; n++, src += input_count(w), dst += output_count(w)) {
    EACH_WINDOW(
        w, to, for (int64_t c = 0; c < channels; c++) dst[to * channels + c] = -INFINITY,
        largest(src + from * channels, dst + to * channels, channels))
  }
}

VARIANTS static void max_pool_indexed(
    const assay_windows *w, const float *src, float *dst, int32_t *indices) {
  const int64_t channels = w->channels;
  for (int64_t n = 0; n < w->samples; n++, src += input_count(w), dst += output_count(w),
               indices += output_count(w)) {
    EACH_WINDOW(
        w, to,
        const int32_t first = (int32_t)(((at.start[0] + at.first[0] * w->dilation[0]) * w->input[1]
                                         + at.start[1] + at.first[1] * w->dilation[1])
                                            * w->input[2]
                                        + at.start[2] + at.first[2] * w->dilation[2]);
        for (int64_t c = 0; c < channels; c++) {
          dst[to * channels + c] = -INFINITY;
          indices[to * channels + c] = first;
        },
        larger(
            src + from * channels, dst + to * channels, indices + to * channels, (int32_t)from,
            channels))
  }
}

void assay_max_pool(
    const assay_windows *windows, const float *src, float *dst, int32_t *indices) {
  if (indices) {
    max_pool_indexed(windows, src, dst, indices);
  } else {
    max_pool_values(windows, src, dst);
  }
}

VARIANTS void assay_max_pool_gradient(
    const assay_windows *w, const int32_t *indices, const float *dy, float *dx) {
  const int64_t channels = w->channels;
  memset(dx, 0, (size_t)(w->samples * input_count(w)) * sizeof(float));
  for (int64_t n = 0; n < w->samples; n++, indices += output_count(w), dy += output_count(w),
               dx += input_count(w)) {
    EACH_WINDOW(w, to, , {
      float *sum = dx + from * channels;
      const float *gradient = dy + to * channels;
      const int32_t *chosen = indices + to * channels;
      INDEPENDENT for (int64_t c = 0; c < channels; c++)
        sum[c] += chosen[c] == (int32_t)from ? gradient[c] : 0.0f;
    })
  }
}

VARIANTS void assay_window_sum(const assay_windows *w, const float *src, float *dst) {
  const int64_t channels = w->channels;
  memset(dst, 0, (size_t)(w->samples * output_count(w)) * sizeof(float));
  for (int64_t n = 0; n < w->samples; n++, src += input_count(w), dst += output_count(w)) {
    EACH_WINDOW(w, to, , {
      float *sum = dst + to * channels;
      const float *value = src + from * channels;
      INDEPENDENT for (int64_t c = 0; c < channels; c++) sum[c] += value[c];
    })
  }
}

VARIANTS void assay_window_sum_gradient(const assay_windows *w, const float *dy, float *dx) {
  const int64_t channels = w->channels;
  memset(dx, 0, (size_t)(w->samples * input_count(w)) * sizeof(float));
  for (int64_t n = 0; n < w->samples; n++, dy += output_count(w), dx += input_count(w)) {
    EACH_WINDOW(w, to, , {
      float *sum = dx + from * channels;
      const float *gradient = dy + to * channels;
      INDEPENDENT for (int64_t c = 0; c < channels; c++) sum[c] += gradient[c];
    })
  }
}

/// The windows along an axis whose tap lies inside the input: from `first` up to `end`.
INLINE void windows_inside(
    const assay_windows *w, int axis, int64_t tap, int64_t *first, int64_t *end) {
  const int64_t start = tap * w->dilation[axis] - w->low[axis], stride = w->stride[axis];
  *first = start < 0 ? (stride - 1 - start) / stride : 0;
  const int64_t room = w->input[axis] - 1 - start;
  const int64_t fitting = room < 0 ? 0 : room / stride + 1;
  *end = fitting < w->output[axis] ? fitting : w->output[axis];
}

/// Adds one tap's row of windows; the case of stride 1 is contiguous on both sides.
INLINE void add_row(float *to, const float *from, int64_t count, int64_t stride) {
  if (stride == 1) {
    INDEPENDENT for (int64_t x = 0; x < count; x++) to[x] += from[x];
  } else {
    for (int64_t x = 0; x < count; x++) to[x * stride] += from[x];
  }
}

VARIANTS void assay_columns_scatter(const assay_windows *w, const float *columns, float *dx) {
  const int64_t plane = w->input[0] * w->input[1] * w->input[2];
  const int64_t count = w->output[0] * w->output[1] * w->output[2];
  memset(dx, 0, (size_t)(w->channels * plane) * sizeof(float));
  for (int64_t c = 0; c < w->channels; c++, dx += plane)
    for (int64_t i = 0; i < w->size[0]; i++)
      for (int64_t j = 0; j < w->size[1]; j++)
        for (int64_t k = 0; k < w->size[2]; k++, columns += count) {
          int64_t first[3], end[3];
          windows_inside(w, 0, i, &first[0], &end[0]);
          windows_inside(w, 1, j, &first[1], &end[1]);
          windows_inside(w, 2, k, &first[2], &end[2]);
          const int64_t column = first[2] * w->stride[2] - w->low[2] + k * w->dilation[2];
          for (int64_t d = first[0]; d < end[0]; d++)
            for (int64_t h = first[1]; h < end[1]; h++) {
              const int64_t z = d * w->stride[0] - w->low[0] + i * w->dilation[0];
              const int64_t y = h * w->stride[1] - w->low[1] + j * w->dilation[1];
              add_row(
                  dx + (z * w->input[1] + y) * w->input[2] + column,
                  columns + (d * w->output[1] + h) * w->output[2] + first[2], end[2] - first[2],
                  w->stride[2]);
            }
        }
}

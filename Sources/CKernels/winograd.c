#include <string.h>

#include "include/kernels.h"
#include "variants.h"

// Convolutions of stride 1 by the products of transformed tiles.
//
// A tile of m x m outputs of an r x r kernel is the transform Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A of
// (m + r - 1)² inputs d, in which ⊙ becomes, over all channels and many tiles, one matrix product
// for each element: for 3 x 3 kernels and m = 4 a quarter of the multiplications, for 5 x 5 and
// m = 2 a third (Winograd 1980; Lavin and Gray 2016, arXiv:1509.09308).
//
// The matrices are those of the points 0, ±5/8, ±3/2 and infinity, or 0, ±1 and infinity for tiles
// of 4 x 4. The squares of 5/8 and 3/2 nearly multiply to 1, and all coefficients are exact: the
// error is twice that of a sum in the same precision (root mean square, 64 channels; the usual
// points ±1, ±2 have four times; Barabasz et al. 2018, arXiv:1803.10986, explain why).

/// Eight channels: all loops over channels move by so many.
typedef float channels8 __attribute__((vector_size(32), aligned(4)));
enum { LANES = 8, LARGEST = 6 };

#define UNROLL _Pragma("clang loop unroll(full)")

/// The finite points other than 0 come in pairs of opposite sign.
static const float points_4[1] = {1};
static const float points_6[2] = {0.625f, 1.5f};

/// The product of x² - p² over the points, a power of x each: of all pairs, or of all but one.
typedef struct {
  float all[3];
  float without[2][2];
} coefficients;

INLINE coefficients polynomial(int pairs, const float *points) {
  const float a = points[0] * points[0];
  if (pairs == 1) return (coefficients){{-a, 1, 0}, {{1, 0}, {0, 0}}};
  const float b = points[1] * points[1];
  return (coefficients){{a * b, -a - b, 1}, {{-b, 1}, {-a, 1}}};
}

/// Bᵀ d for `size` inputs; opposite points share all but a sign.
INLINE void transform_input(int pairs, const float *points, const channels8 *d, channels8 *result) {
  const int size = 2 * pairs + 2;
  const coefficients c = polynomial(pairs, points);
  channels8 zero = c.all[0] * d[0], infinity = c.all[0] * d[1];
  UNROLL for (int i = 1; i <= pairs; i++) {
    zero += c.all[i] * d[2 * i];
    infinity += c.all[i] * d[2 * i + 1];
  }
  result[0] = zero;
  result[size - 1] = infinity;
  UNROLL for (int k = 0; k < pairs; k++) {
    channels8 even = c.without[k][0] * d[2], odd = c.without[k][0] * d[1];
    UNROLL for (int i = 1; i < pairs; i++) {
      even += c.without[k][i] * d[2 * i + 2];
      odd += c.without[k][i] * d[2 * i + 1];
    }
    odd *= points[k];
    result[1 + 2 * k] = even + odd;
    result[2 + 2 * k] = even - odd;
  }
}

/// Aᵀ x for `size` elements: their polynomial's values turned into `outputs` sums.
INLINE void transform_output(
    int pairs, int outputs, const float *points, const channels8 *x, channels8 *result) {
  UNROLL for (int i = 0; i < outputs; i++) {
    channels8 sum = i == 0 ? x[0] : i == outputs - 1 ? x[2 * pairs + 1] : (channels8){0};
    UNROLL for (int k = 0; k < pairs; k++) {
      float power = 1;
      UNROLL for (int j = 0; j < i; j++) power *= points[k];
      const channels8 positive = x[1 + 2 * k], negative = x[2 + 2 * k];
      sum += power * (i % 2 == 0 ? positive + negative : positive - negative);
    }
    result[i] = sum;
  }
}

/// The first `count` of eight channels; the others are 0.
INLINE void load(channels8 *to, const float *from, int64_t count) {
  *to = (channels8){0};
  if (count == LANES) {
    *to = *(const channels8 *)from;
  } else {
    for (int64_t c = 0; c < count; c++) (*to)[c] = from[c];
  }
}

INLINE void store(float *to, const channels8 *from, int64_t count) {
  if (count == LANES) {
    *(channels8 *)to = *from;
  } else {
    for (int64_t c = 0; c < count; c++) to[c] = (*from)[c];
  }
}

/// A number for each row, column and channel of an image or of a tile cut from one.
typedef struct {
  float *first;
  int64_t row, column;
} plane;

/// Eight channels of a tile; elements of the result lie `stride` apart.
INLINE void input_tile(
    int pairs, const float *points, plane from, int64_t count, float *to, int64_t stride) {
  const int size = 2 * pairs + 2;
  channels8 columns[LARGEST * LARGEST], d[LARGEST], made[LARGEST];
  UNROLL for (int j = 0; j < size; j++) {
    UNROLL for (int i = 0; i < size; i++)
      load(d + i, from.first + i * from.row + j * from.column, count);
    transform_input(pairs, points, d, made);
    UNROLL for (int i = 0; i < size; i++) columns[i * size + j] = made[i];
  }
  UNROLL for (int i = 0; i < size; i++) {
    transform_input(pairs, points, columns + i * size, made);
    UNROLL for (int j = 0; j < size; j++) store(to + (i * size + j) * stride, made + j, count);
  }
}

INLINE void output_tile(
    int pairs, int outputs, const float *points, const float *from, int64_t stride,
    const float *bias, int64_t count, plane to) {
  const int size = 2 * pairs + 2;
  channels8 rows[LARGEST * LARGEST], x[LARGEST], made[LARGEST], added = {0};
  UNROLL for (int j = 0; j < size; j++) {
    UNROLL for (int i = 0; i < size; i++) load(x + i, from + (i * size + j) * stride, count);
    transform_output(pairs, outputs, points, x, made);
    UNROLL for (int i = 0; i < outputs; i++) rows[i * size + j] = made[i];
  }
  if (bias) load(&added, bias, count);
  UNROLL for (int i = 0; i < outputs; i++) {
    transform_output(pairs, outputs, points, rows + i * size, made);
    UNROLL for (int j = 0; j < outputs; j++) {
      made[j] += added;
      store(to.first + i * to.row + j * to.column, made + j, count);
    }
  }
}

/// The first row and column of a tile of outputs, and its sample.
typedef struct {
  int64_t sample, top, left;
} tile_place;

INLINE tile_place place_of(const assay_winograd *shape, int outputs, int64_t tile) {
  const int64_t across = (shape->output[1] + outputs - 1) / outputs;
  const int64_t down = (shape->output[0] + outputs - 1) / outputs;
  return (tile_place){
      tile / (across * down), tile / across % down * outputs, tile % across * outputs};
}

/// The inputs of a tile: where they lie, or, at the border, a copy with zeros around.
static plane inputs_of(
    const assay_winograd *shape, tile_place place, const float *src, float *patch) {
  const int64_t height = shape->input[0], width = shape->input[1];
  const int64_t channels = shape->input_channels, size = shape->tile;
  const int64_t top = place.top - shape->low[0], left = place.left - shape->low[1];
  const float *image = src + place.sample * height * width * channels;
  if (top >= 0 && left >= 0 && top + size <= height && left + size <= width)
    return (plane){(float *)image + (top * width + left) * channels, width * channels, channels};
  memset(patch, 0, (size_t)(size * size * channels) * sizeof(float));
  const int64_t first = left < 0 ? -left : 0;
  const int64_t end = left + size > width ? width - left : size;
  for (int64_t i = 0; i < size && first < end; i++)
    if (top + i >= 0 && top + i < height)
      memcpy(
          patch + (i * size + first) * channels,
          image + ((top + i) * width + left + first) * channels,
          (size_t)((end - first) * channels) * sizeof(float));
  return (plane){patch, size * channels, channels};
}

/// Elements of the transformed tiles lie `stride` apart, for each a matrix [tiles, channels].
INLINE void input_tiles(
    const assay_winograd *shape, int pairs, int outputs, const float *points, const float *src,
    int64_t first, int64_t count, float *transformed, int64_t stride, float *patch) {
  const int64_t channels = shape->input_channels;
  for (int64_t t = 0; t < count; t++, transformed += channels) {
    plane from = inputs_of(shape, place_of(shape, outputs, first + t), src, patch);
    int64_t c = 0;
    for (; c + LANES <= channels; c += LANES, from.first += LANES)
      input_tile(pairs, points, from, LANES, transformed + c, stride);
    if (c < channels) input_tile(pairs, points, from, channels - c, transformed + c, stride);
  }
}

INLINE void output_tiles(
    const assay_winograd *shape, int pairs, int outputs, const float *points, float *dst,
    const float *bias, int64_t first, int64_t count, const float *transformed, int64_t stride,
    float *patch) {
  const int64_t channels = shape->output_channels;
  const int64_t height = shape->output[0], width = shape->output[1];
  for (int64_t t = 0; t < count; t++, transformed += channels) {
    const tile_place place = place_of(shape, outputs, first + t);
    float *corner =
        dst + ((place.sample * height + place.top) * width + place.left) * channels;
    const int64_t rows = height - place.top, columns = width - place.left;
    const int is_whole = rows >= outputs && columns >= outputs;
    plane to = {is_whole ? corner : patch, (is_whole ? width : outputs) * channels, channels};
    int64_t c = 0;
    for (; c + LANES <= channels; c += LANES, to.first += LANES)
      output_tile(
          pairs, outputs, points, transformed + c, stride, bias ? bias + c : 0, LANES, to);
    if (c < channels)
      output_tile(
          pairs, outputs, points, transformed + c, stride, bias ? bias + c : 0, channels - c, to);
    for (int64_t i = 0; !is_whole && i < outputs && i < rows; i++)
      memcpy(
          corner + i * width * channels, patch + i * outputs * channels,
          (size_t)((columns < outputs ? columns : outputs) * channels) * sizeof(float));
  }
}

// MARK: The three algorithms: tiles of 4 x 4 or 6 x 6 inputs, 2 x 2 or 4 x 4 outputs

VARIANTS static void inputs(
    const assay_winograd *shape, const float *src, int64_t first, int64_t count,
    float *transformed, int64_t stride, float *patch) {
  if (shape->tile == 4)
    input_tiles(shape, 1, 2, points_4, src, first, count, transformed, stride, patch);
  else if (shape->kernel == 3)
    input_tiles(shape, 2, 4, points_6, src, first, count, transformed, stride, patch);
  else
    input_tiles(shape, 2, 2, points_6, src, first, count, transformed, stride, patch);
}

VARIANTS static void outputs(
    const assay_winograd *shape, float *dst, const float *bias, int64_t first, int64_t count,
    const float *transformed, int64_t stride, float *patch) {
  if (shape->tile == 4)
    output_tiles(shape, 1, 2, points_4, dst, bias, first, count, transformed, stride, patch);
  else if (shape->kernel == 3)
    output_tiles(shape, 2, 4, points_6, dst, bias, first, count, transformed, stride, patch);
  else
    output_tiles(shape, 2, 2, points_6, dst, bias, first, count, transformed, stride, patch);
}

// MARK: Kernels

/// G: row i turns the taps of a kernel into their polynomial's value at point i, scaled as
/// Lagrange's polynomials are.
typedef struct {
  double of[LARGEST][5];
} kernel_matrix;

static kernel_matrix kernel_transform(int size, int taps) {
  const int pairs = size / 2 - 1;
  const float *points = pairs == 1 ? points_4 : points_6;
  kernel_matrix g = {{{0}}};
  for (int i = 0; i < size - 1; i++) {
    const double point = i == 0 ? 0 : (i % 2 == 0 ? -1.0 : 1.0) * points[(i - 1) / 2];
    double scale = 1, power = 1;
    for (int k = 0; k < pairs; k++) {
      const double square = (double)points[k] * points[k];
      scale *= i > 0 && k == (i - 1) / 2 ? 2 * square : point * point - square;
    }
    for (int k = 0; k < taps; k++, power *= point) g.of[i][k] = power / scale;
  }
  g.of[size - 1][taps - 1] = 1;
  return g;
}

/// Eight kernels at a time, in double precision.
typedef double kernels8 __attribute__((vector_size(64), aligned(8)));

/// G g Gᵀ of kernels whose taps lie in `taps`; elements of the result lie `stride` apart.
INLINE void transform_kernels(
    const kernel_matrix *g, int size, int taps, const kernels8 *kernel, float *to,
    int64_t stride) {
  kernels8 rows[LARGEST * 5];
  UNROLL for (int i = 0; i < size; i++)
    UNROLL for (int x = 0; x < taps; x++) {
      kernels8 sum = {0};
      UNROLL for (int y = 0; y < taps; y++) sum += g->of[i][y] * kernel[y * taps + x];
      rows[i * taps + x] = sum;
    }
  UNROLL for (int i = 0; i < size; i++)
    UNROLL for (int j = 0; j < size; j++) {
      kernels8 sum = {0};
      UNROLL for (int x = 0; x < taps; x++) sum += g->of[j][x] * rows[i * taps + x];
      *(channels8 *)(to + (i * size + j) * stride) = __builtin_convertvector(sum, channels8);
    }
}

/// All kernels; columns that only fill a panel are 0.
INLINE void pack_kernels(
    const assay_winograd *shape, int size, int taps, float *packed, const float *kernel,
    const int64_t strides[4]) {
  const int64_t depth = shape->input_channels, columns = shape->output_channels;
  const int64_t count = assay_product_packed_count(depth, columns);
  const kernel_matrix g = kernel_transform(size, taps);
  for (int64_t o = 0; o < columns; o += LANES)
    for (int64_t i = 0; i < depth; i++) {
      kernels8 held[25] = {{0}};
      const float *from = kernel + o * strides[0] + i * strides[1];
      for (int lane = 0; lane < LANES && o + lane < columns; lane++, from += strides[0])
        UNROLL for (int y = 0; y < taps; y++)
          UNROLL for (int x = 0; x < taps; x++)
            held[y * taps + x][lane] = from[y * strides[2] + x * strides[3]];
      transform_kernels(
          &g, size, taps, held, packed + assay_product_packed_place(depth, columns, i, o), count);
    }
}

int64_t assay_winograd_packed_count(const assay_winograd *shape) {
  return shape->tile * shape->tile *
         assay_product_packed_count(shape->input_channels, shape->output_channels);
}

VARIANTS void assay_winograd_pack(
    const assay_winograd *shape, float *packed, const float *kernel, const int64_t strides[4]) {
  const int64_t width = assay_product_packed_count(1, 1), columns = shape->output_channels;
  // The last panel of each matrix may be wider than the columns that are left, even by eights.
  if (columns % width != 0)
    memset(packed, 0, (size_t)assay_winograd_packed_count(shape) * sizeof(float));
  if (shape->tile == 4)
    pack_kernels(shape, 4, 3, packed, kernel, strides);
  else if (shape->kernel == 3)
    pack_kernels(shape, 6, 3, packed, kernel, strides);
  else
    pack_kernels(shape, 6, 5, packed, kernel, strides);
}

// MARK: The convolution

static int64_t tile_count(const assay_winograd *shape) {
  const int64_t outputs = shape->tile - shape->kernel + 1;
  return shape->samples * ((shape->output[0] + outputs - 1) / outputs) *
         ((shape->output[1] + outputs - 1) / outputs);
}

/// Beyond a multiple of large powers of two, so that the elements of a tile share no cache set.
enum { PADDING = 16 };

/// As many tiles as half a megabyte holds; at least 48, else the products read their weights for
/// too few rows.
static int64_t tiles_at_once(const assay_winograd *shape) {
  const int64_t bytes = 4 * shape->tile * shape->tile *
                        (shape->input_channels + shape->output_channels);
  const int64_t fitting = (512 << 10) / bytes / 6 * 6, all = tile_count(shape);
  const int64_t wanted = fitting > 48 ? fitting : 48;
  return wanted < all ? wanted : all;
}

int64_t assay_winograd_scratch_count(const assay_winograd *shape) {
  return shape->tile * shape->tile *
         ((tiles_at_once(shape) + 1) * (shape->input_channels + shape->output_channels) +
          2 * PADDING);
}

void assay_winograd_run(
    const assay_winograd *shape, float *dst, const float *src, const float *packed,
    const float *bias, float *scratch) {
  const int elements = shape->tile * shape->tile;
  const int64_t at_once = tiles_at_once(shape), all = tile_count(shape);
  const int64_t input_stride = at_once * shape->input_channels + PADDING;
  const int64_t output_stride = at_once * shape->output_channels + PADDING;
  const int64_t weights =
      assay_product_packed_count(shape->input_channels, shape->output_channels);
  float *products = scratch + elements * input_stride;
  float *patch = products + elements * output_stride;
  for (int64_t first = 0; first < all; first += at_once) {
    const int64_t count = all - first < at_once ? all - first : at_once;
    inputs(shape, src, first, count, scratch, input_stride, patch);
    for (int e = 0; e < elements; e++)
      assay_product(
          products + e * output_stride, scratch + e * input_stride, packed + e * weights, 0,
          count, shape->input_channels, shape->output_channels);
    outputs(shape, dst, bias, first, count, products, output_stride, patch);
  }
}

#ifndef ASSAY_KERNELS_H
#define ASSAY_KERNELS_H

#include <stdint.h>

/// Loops that oneDNN has no primitive for, compiled for several instruction sets.
///
/// Every function is single-threaded, allocates nothing, and computes an element of the result
/// from the same operations in the same order wherever the element lies.

/// The name of the instruction set that the loops run on: "avx512", "avx2" or "baseline".
const char *assay_kernels_variant(void);

/// Runs multiply-adds on registers alone, and returns how many operations these were, two each;
/// 0 on a processor that has none.
int64_t assay_peak_operations(int64_t rounds);

/// Gives the system back what has been freed, where the C library keeps it.
void assay_give_back_memory(void);

// MARK: Elementwise

/// The number of elements that a chain of instructions is applied to at a time.
enum { ASSAY_BLOCK = 512 };

/// The bytes of a block of scratch memory: the elements of a block, and as much as keeps blocks from
/// sharing the same few sets of a cache.
enum { ASSAY_SLOT = ASSAY_BLOCK * 8 + 192 };

/// Where a register's elements lie.
enum {
  /// A block of scratch memory.
  ASSAY_TEMPORARY = 0,
  /// A buffer, element by element.
  ASSAY_CONTIGUOUS = 1,
  /// One element of a buffer for all.
  ASSAY_SCALAR = 2,
  /// A buffer read with strides (0 repeats) into a block of scratch memory.
  ASSAY_STRIDED = 3,
  /// A result in a block of scratch memory that is then written to a buffer with strides.
  ASSAY_SCATTERED = 4,
};

typedef struct {
  int32_t kind;
  int32_t buffer;
  int32_t byte_count;
  /// Where the first element lies in the buffer, in bytes.
  int64_t offset;
  /// The scratch block of a register that does not lie in a buffer as it is.
  int32_t slot;
  /// A strided or scattered register's rank, and where its dimensions, then its strides, start in `extents`.
  int32_t rank;
  int32_t extents;
} assay_register;

typedef struct {
  int32_t opcode;
  int32_t result, first, second, third;
} assay_instruction;

typedef struct {
  int64_t count;
  int32_t register_count;
  int32_t instruction_count;
  const assay_register *registers;
  const assay_instruction *instructions;
  const int64_t *extents;
} assay_elementwise;

/// f32 functions, then those of other types; the third letter group names operand and result.
enum {
  ASSAY_NEGATE_F32, ASSAY_ABSOLUTE_F32, ASSAY_SIGN_F32, ASSAY_EXPONENTIAL_F32,
  ASSAY_LOGARITHM_F32, ASSAY_LOGARITHM_ONE_PLUS_F32, ASSAY_SQUARE_ROOT_F32, ASSAY_SINE_F32,
  ASSAY_COSINE_F32, ASSAY_ARCTANGENT_F32, ASSAY_HYPERBOLIC_TANGENT_F32, ASSAY_LOGISTIC_F32,
  ASSAY_ERROR_FUNCTION_F32, ASSAY_FLOOR_F32, ASSAY_CEILING_F32, ASSAY_ROUND_F32, ASSAY_RELU_F32,
  ASSAY_ADD_F32, ASSAY_SUBTRACT_F32, ASSAY_MULTIPLY_F32, ASSAY_DIVIDE_F32, ASSAY_POWER_F32,
  ASSAY_MAXIMUM_F32, ASSAY_MINIMUM_F32, ASSAY_REMAINDER_F32,
  ASSAY_EQUAL_F32, ASSAY_LESS_F32, ASSAY_LESS_OR_EQUAL_F32,
  /// A comparison that gives 1 or 0 as a float32.
  ASSAY_EQUAL_F32_F32, ASSAY_LESS_F32_F32, ASSAY_LESS_OR_EQUAL_F32_F32,
  ASSAY_SELECT_1, ASSAY_SELECT_4, ASSAY_SELECT_8,
  ASSAY_COPY_1, ASSAY_COPY_4, ASSAY_COPY_8,
  ASSAY_NOT_BOOL, ASSAY_AND_BOOL, ASSAY_OR_BOOL, ASSAY_EQUAL_BOOL, ASSAY_LESS_BOOL,
  ASSAY_LESS_OR_EQUAL_BOOL,
  ASSAY_ADD_I32, ASSAY_SUBTRACT_I32, ASSAY_MULTIPLY_I32, ASSAY_MAXIMUM_I32, ASSAY_MINIMUM_I32,
  ASSAY_EQUAL_I32, ASSAY_LESS_I32, ASSAY_LESS_OR_EQUAL_I32,
  ASSAY_ADD_I64, ASSAY_SUBTRACT_I64, ASSAY_MULTIPLY_I64, ASSAY_MAXIMUM_I64, ASSAY_MINIMUM_I64,
  ASSAY_EQUAL_I64, ASSAY_LESS_I64, ASSAY_LESS_OR_EQUAL_I64,
  ASSAY_BOOL_TO_F32, ASSAY_U8_TO_F32, ASSAY_I32_TO_F32, ASSAY_I64_TO_F32, ASSAY_F32_TO_BOOL,
  ASSAY_F32_TO_I32, ASSAY_F32_TO_I64, ASSAY_BOOL_TO_I32, ASSAY_BOOL_TO_I64, ASSAY_I32_TO_I64,
  ASSAY_I64_TO_I32,
};

/// Applies the instructions to blocks of `count` elements.
///
/// Errors against the exact value: exponential, logarithm 2 ulp; logarithm-one-plus, tangent,
/// logistic and error function 4 ulp; sine, cosine, arctangent and power as the C library's.
void assay_elementwise_run(
    const assay_elementwise *chain, void *const *buffers, void *scratch);

// MARK: Movement

/// Copies a strided array of elements of 1, 4 or 8 bytes; `dst` strides are descending.
void assay_copy(
    void *dst, const void *src, int64_t byte_count, int64_t rank, const int64_t *dimensions,
    const int64_t *dst_strides, const int64_t *src_strides);

/// Fills `count` elements of 1, 4 or 8 bytes with one.
void assay_fill(void *dst, const void *element, int64_t byte_count, int64_t count);

// MARK: Reductions

enum { ASSAY_SUM = 0, ASSAY_MAXIMUM = 1 };
enum { ASSAY_F32 = 0, ASSAY_I32 = 1, ASSAY_I64 = 2 };

/// Reduces a contiguous array over some axes; `dst_strides` are 0 along these.
void assay_reduce(
    int32_t reduction, int32_t type, void *dst, int64_t dst_count, const void *src, int64_t rank,
    const int64_t *dimensions, const int64_t *dst_strides);

// MARK: Windows over `[samples, d, h, w, channels]`

typedef struct {
  int64_t samples, channels;
  int64_t input[3], output[3], size[3], stride[3], low[3], dilation[3];
} assay_windows;

/// The largest element of each window, and its index in the flattened d, h, w; either may be null.
void assay_max_pool(
    const assay_windows *windows, const float *src, float *dst, int32_t *indices);

/// Adds each gradient to the element that its window's maximum came from.
void assay_max_pool_gradient(
    const assay_windows *windows, const int32_t *indices, const float *dy, float *dx);

/// The sum of each window; padding counts as 0.
void assay_window_sum(const assay_windows *windows, const float *src, float *dst);

/// Adds the columns `[channels, taps, windows]` of one sample to the elements `[channels, d, h, w]`
/// that the taps of the windows lie on.
void assay_columns_scatter(const assay_windows *windows, const float *columns, float *dx);

/// Adds each gradient to every element of its window.
void assay_window_sum_gradient(const assay_windows *windows, const float *dy, float *dx);

// MARK: Vectors

/// Writes numbers of the standard normal distribution: four to each block of the Philox 4x32-10
/// stream of this key whose counters are (block, path), by Box and Muller; 5 ulp. On one
/// instruction set a block gives the same bits wherever it lies, and whatever the count.
void assay_normals(
    float *out, int64_t count, const uint32_t key[2], const uint32_t path[2], uint64_t block);

/// a + position (b - a), computed in double precision.
void assay_interpolate(
    float *d, const float *a, const float *b, double position, int64_t count);

/// sum += weight x in double precision.
void assay_accumulate(double *sum, const float *x, double weight, int64_t count);

/// sum += x.
void assay_add(float *sum, const float *x, int64_t count);

/// x + scale d in place of d.
void assay_displace(float *d, const float *x, const float *scale, int64_t count);

// MARK: Products

/// The numbers that a matrix takes once it is packed for this machine.
int64_t assay_product_packed_count(int64_t depth, int64_t columns);

/// Where an element of a matrix [depth, columns] lies once it is packed.
int64_t assay_product_packed_place(
    int64_t depth, int64_t columns, int64_t row, int64_t column);

/// Packs a matrix [depth, columns] whose elements lie at these distances.
void assay_product_pack(
    float *packed, const float *b, int64_t depth, int64_t columns, int64_t depth_stride,
    int64_t column_stride);

/// C = A B for A [rows, depth] and C [rows, columns], both row-major; the depth is not 0. A bias
/// that is not NULL is added to the sums.
void assay_product(
    float *c, const float *a, const float *packed, const float *bias, int64_t rows,
    int64_t depth, int64_t columns);

/// A matrix of numbers at these distances, one of which is 1.
typedef struct {
  const float *first;
  int64_t row, column;
} assay_matrix;

/// The numbers that `assay_matrix_product` needs as scratch memory.
int64_t assay_matrix_scratch_count(int64_t rows, int64_t depth, int64_t columns);

/// C = A B for C [rows, columns], row-major; the depth is not 0. A bias that is not NULL is added.
void assay_matrix_product(
    float *c, const assay_matrix *a, const assay_matrix *b, const float *bias, int64_t rows,
    int64_t depth, int64_t columns, float *scratch);

// MARK: Convolutions of stride 1 over `[samples, h, w, channels]`

typedef struct {
  int64_t samples, input_channels, output_channels;
  int64_t input[2], output[2], low[2];
  /// The length of a tile of inputs and of a kernel: 4 and 3, 6 and 3, or 6 and 5.
  int32_t tile, kernel;
} assay_winograd;

/// The numbers that a kernel takes once it is transformed and packed for this machine.
int64_t assay_winograd_packed_count(const assay_winograd *shape);

/// Transforms and packs a kernel whose outputs, inputs, rows and columns lie at these distances.
void assay_winograd_pack(
    const assay_winograd *shape, float *packed, const float *kernel, const int64_t strides[4]);

/// The numbers that `assay_winograd_run` needs as scratch memory.
int64_t assay_winograd_scratch_count(const assay_winograd *shape);

/// The convolution of an image, and a bias that is added unless it is NULL.
void assay_winograd_run(
    const assay_winograd *shape, float *dst, const float *src, const float *packed,
    const float *bias, float *scratch);

#endif

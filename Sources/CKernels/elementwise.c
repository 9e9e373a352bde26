#include "functions.h"
#include "include/kernels.h"

#define UNARY(name, To, From, expression, HINT)                  \
  INLINE void name(To *d, const From *a, int64_t n) {            \
    HINT for (int64_t i = 0; i < n; i++) {                \
      From x = a[i];                                             \
      d[i] = expression;                                         \
    }                                                            \
  }

// Either operand, but not both, may be one element for all.
#define BINARY(name, To, From, expression, HINT)                                         \
  INLINE void name(To *d, const From *a, const From *b, int one_a, int one_b, int64_t n) { \
    if (one_a) {                                                                         \
      const From x = *a;                                                                 \
      HINT for (int64_t i = 0; i < n; i++) {                                      \
        From y = b[i];                                                                   \
        d[i] = expression;                                                               \
      }                                                                                  \
    } else if (one_b) {                                                                  \
      const From y = *b;                                                                 \
      HINT for (int64_t i = 0; i < n; i++) {                                      \
        From x = a[i];                                                                   \
        d[i] = expression;                                                               \
      }                                                                                  \
    } else {                                                                             \
      HINT for (int64_t i = 0; i < n; i++) {                                      \
        From x = a[i], y = b[i];                                                         \
        d[i] = expression;                                                               \
      }                                                                                  \
    }                                                                                    \
  }

#define SELECT(name, Element)                                                                   \
  INLINE void name(Element *d, const uint8_t *c, const Element *a, const Element *b, int64_t n) { \
    INDEPENDENT for (int64_t i = 0; i < n; i++) {                                               \
      Element x = a[i], y = b[i];                                                               \
      d[i] = c[i] ? x : y;                                                                      \
    }                                                                                           \
  }

#define UNARY_LIST(X)                                            \
  X(NEGATE_F32, float, float, -x)                                \
  X(ABSOLUTE_F32, float, float, fabsf(x))                        \
  X(SIGN_F32, float, float, sign(x))                             \
  X(SQUARE_ROOT_F32, float, float, __builtin_elementwise_sqrt(x))                  \
  X(FLOOR_F32, float, float, floorf(x))                          \
  X(CEILING_F32, float, float, ceilf(x))                         \
  X(ROUND_F32, float, float, rintf(x))                           \
  X(RELU_F32, float, float, relu(x))                             \
  X(COPY_1, uint8_t, uint8_t, x)                                 \
  X(COPY_4, uint32_t, uint32_t, x)                               \
  X(COPY_8, uint64_t, uint64_t, x)                               \
  X(NOT_BOOL, uint8_t, uint8_t, !x)                              \
  X(BOOL_TO_F32, float, uint8_t, x ? 1.0f : 0.0f)                \
  X(U8_TO_F32, float, uint8_t, (float)x)                         \
  X(I32_TO_F32, float, int32_t, (float)x)                        \
  X(I64_TO_F32, float, int64_t, (float)x)                        \
  X(F32_TO_BOOL, uint8_t, float, x != 0.0f)                      \
  X(F32_TO_I32, int32_t, float, to_i32(x))                       \
  X(F32_TO_I64, int64_t, float, to_i64(x))                       \
  X(BOOL_TO_I32, int32_t, uint8_t, x)                            \
  X(BOOL_TO_I64, int64_t, uint8_t, x)                            \
  X(I32_TO_I64, int64_t, int32_t, x)                             \
  X(I64_TO_I32, int32_t, int64_t, saturated(x))

// Long chains of dependent steps: several overlap, which pays although it spills registers.
#define OVERLAPPED INDEPENDENT _Pragma("clang loop interleave_count(4)")
#define UNARY_FUNCTIONS(X)                                       \
  X(EXPONENTIAL_F32, float, float, exponential(x))               \
  X(LOGARITHM_F32, float, float, logarithm(x))                   \
  X(LOGARITHM_ONE_PLUS_F32, float, float, logarithm_one_plus(x)) \
  X(HYPERBOLIC_TANGENT_F32, float, float, hyperbolic_tangent(x)) \
  X(LOGISTIC_F32, float, float, logistic(x))                     \
  X(ERROR_FUNCTION_F32, float, float, error_function(x))

// Integers wrap, as unsigned arithmetic does.
#define BINARY_LIST(X)                                                \
  X(ADD_F32, float, float, x + y)                                     \
  X(SUBTRACT_F32, float, float, x - y)                                \
  X(MULTIPLY_F32, float, float, x *y)                                 \
  X(DIVIDE_F32, float, float, x / y)                                  \
  X(MAXIMUM_F32, float, float, maximum(x, y))                         \
  X(MINIMUM_F32, float, float, minimum(x, y))                         \
  X(EQUAL_F32, uint8_t, float, x == y)                                \
  X(LESS_F32, uint8_t, float, x < y)                                  \
  X(LESS_OR_EQUAL_F32, uint8_t, float, x <= y)                        \
  X(EQUAL_F32_F32, float, float, x == y ? 1.0f : 0.0f)                \
  X(LESS_F32_F32, float, float, x < y ? 1.0f : 0.0f)                  \
  X(LESS_OR_EQUAL_F32_F32, float, float, x <= y ? 1.0f : 0.0f)        \
  X(AND_BOOL, uint8_t, uint8_t, x &y)                                 \
  X(OR_BOOL, uint8_t, uint8_t, x | y)                                 \
  X(EQUAL_BOOL, uint8_t, uint8_t, x == y)                             \
  X(LESS_BOOL, uint8_t, uint8_t, x < y)                               \
  X(LESS_OR_EQUAL_BOOL, uint8_t, uint8_t, x <= y)                     \
  X(ADD_I32, int32_t, int32_t, (int32_t)((uint32_t)x + (uint32_t)y))  \
  X(SUBTRACT_I32, int32_t, int32_t, (int32_t)((uint32_t)x - (uint32_t)y)) \
  X(MULTIPLY_I32, int32_t, int32_t, (int32_t)((uint32_t)x * (uint32_t)y)) \
  X(MAXIMUM_I32, int32_t, int32_t, x > y ? x : y)                     \
  X(MINIMUM_I32, int32_t, int32_t, x < y ? x : y)                     \
  X(EQUAL_I32, uint8_t, int32_t, x == y)                              \
  X(LESS_I32, uint8_t, int32_t, x < y)                                \
  X(LESS_OR_EQUAL_I32, uint8_t, int32_t, x <= y)                      \
  X(ADD_I64, int64_t, int64_t, (int64_t)((uint64_t)x + (uint64_t)y))  \
  X(SUBTRACT_I64, int64_t, int64_t, (int64_t)((uint64_t)x - (uint64_t)y)) \
  X(MULTIPLY_I64, int64_t, int64_t, (int64_t)((uint64_t)x * (uint64_t)y)) \
  X(MAXIMUM_I64, int64_t, int64_t, x > y ? x : y)                     \
  X(MINIMUM_I64, int64_t, int64_t, x < y ? x : y)                     \
  X(EQUAL_I64, uint8_t, int64_t, x == y)                              \
  X(LESS_I64, uint8_t, int64_t, x < y)                                \
  X(LESS_OR_EQUAL_I64, uint8_t, int64_t, x <= y)

// Calls into the C library, which are not vectorised.
#define UNARY_CALLS(X) \
  X(SINE_F32, float, float, sinf(x))                             \
  X(COSINE_F32, float, float, cosf(x))                           \
  X(ARCTANGENT_F32, float, float, atanf(x))

#define BINARY_CALLS(X) \
  X(POWER_F32, float, float, powf(x, y))                              \
  X(REMAINDER_F32, float, float, floored_remainder(x, y))

#define DEFINE_UNARY(code, To, From, expression) UNARY(run_##code, To, From, expression, INDEPENDENT)
#define DEFINE_BINARY(code, To, From, expression) BINARY(run_##code, To, From, expression, INDEPENDENT)
#define DEFINE_FUNCTION(code, To, From, expression) UNARY(run_##code, To, From, expression, OVERLAPPED)
#define DEFINE_UNARY_CALL(code, To, From, expression) UNARY(run_##code, To, From, expression, )
#define DEFINE_BINARY_CALL(code, To, From, expression) BINARY(run_##code, To, From, expression, )
UNARY_LIST(DEFINE_UNARY)
UNARY_FUNCTIONS(DEFINE_FUNCTION)
BINARY_LIST(DEFINE_BINARY)
UNARY_CALLS(DEFINE_UNARY_CALL)
BINARY_CALLS(DEFINE_BINARY_CALL)
SELECT(run_SELECT_1, uint8_t)
SELECT(run_SELECT_4, uint32_t)
SELECT(run_SELECT_8, uint64_t)

#define CASE_UNARY(code, To, From, expression) \
  case ASSAY_##code:                           \
    run_##code(d, a, n);                       \
    break;
#define CASE_BINARY(code, To, From, expression) \
  case ASSAY_##code:                            \
    run_##code(d, a, b, one_a, one_b, n);       \
    break;
#define CASE_SELECT(bytes)                   \
  case ASSAY_SELECT_##bytes:                 \
    run_SELECT_##bytes(d, a, b, c, n);       \
    break;

/// Applies one instruction to n elements; kept out of line, so that each is compiled once.
VARIANTS void assay_instruction_run(
    int32_t opcode, void *d, const void *a, const void *b, const void *c, int one_a, int one_b,
    int64_t n) {
  switch (opcode) {
    UNARY_LIST(CASE_UNARY)
    UNARY_FUNCTIONS(CASE_UNARY)
    BINARY_LIST(CASE_BINARY)
    UNARY_CALLS(CASE_UNARY)
    BINARY_CALLS(CASE_BINARY)
    CASE_SELECT(1)
    CASE_SELECT(4)
    CASE_SELECT(8)
  }
}

/// Visits n elements of a strided array from `start` on, a run along the last axis at a time.
#define EACH_RUN(n, rank, dimensions, strides, start, BODY)                                    \
  {                                                                                            \
    int64_t index[16];                                                                         \
    int64_t rest = start, offset = 0;                                                          \
    for (int32_t axis = rank - 1; axis >= 0; axis--) {                                         \
      index[axis] = rest % dimensions[axis];                                                   \
      rest /= dimensions[axis];                                                                \
      offset += index[axis] * strides[axis];                                                   \
    }                                                                                          \
    const int32_t last = rank - 1;                                                             \
    const int64_t step = strides[last];                                                        \
    while (n > 0) {                                                                            \
      int64_t run = dimensions[last] - index[last];                                            \
      run = run < n ? run : n;                                                                 \
      BODY;                                                                                    \
      n -= run;                                                                                \
      offset -= index[last] * step;                                                            \
      index[last] = 0;                                                                         \
      for (int32_t axis = last - 1; axis >= 0; axis--) {                                       \
        offset += strides[axis];                                                               \
        if (++index[axis] < dimensions[axis]) break;                                           \
        offset -= dimensions[axis] * strides[axis];                                            \
        index[axis] = 0;                                                                       \
      }                                                                                        \
    }                                                                                          \
  }

#define STRIDED(bits)                                                                          \
  INLINE void expand_##bits(                                                                   \
      uint##bits##_t *d, const uint##bits##_t *s, int64_t start, int64_t n, int32_t rank,      \
      const int64_t *dimensions, const int64_t *strides) {                                     \
    EACH_RUN(n, rank, dimensions, strides, start, {                                            \
      const uint##bits##_t *from = s + offset;                                                 \
      if (step == 1) {                                                                         \
        for (int64_t i = 0; i < run; i++) d[i] = from[i];                                      \
      } else if (step == 0) {                                                                  \
        const uint##bits##_t value = *from;                                                    \
        for (int64_t i = 0; i < run; i++) d[i] = value;                                        \
      } else {                                                                                 \
        for (int64_t i = 0; i < run; i++) d[i] = from[i * step];                               \
      }                                                                                        \
      d += run;                                                                                \
    })                                                                                         \
  }                                                                                            \
                                                                                               \
  INLINE void scatter_##bits(                                                                  \
      uint##bits##_t *d, const uint##bits##_t *s, int64_t start, int64_t n, int32_t rank,      \
      const int64_t *dimensions, const int64_t *strides) {                                     \
    EACH_RUN(n, rank, dimensions, strides, start, {                                            \
      uint##bits##_t *to = d + offset;                                                         \
      if (step == 1) {                                                                         \
        INDEPENDENT for (int64_t i = 0; i < run; i++) to[i] = s[i];                            \
      } else {                                                                                 \
        for (int64_t i = 0; i < run; i++) to[i * step] = s[i];                                 \
      }                                                                                        \
      s += run;                                                                                \
    })                                                                                         \
  }

STRIDED(8)
STRIDED(32)
STRIDED(64)

VARIANTS void assay_expand(
    void *d, const void *s, int32_t byte_count, int64_t start, int64_t n, int32_t rank,
    const int64_t *dimensions, const int64_t *strides) {
  switch (byte_count) {
    case 1: expand_8(d, s, start, n, rank, dimensions, strides); break;
    case 4: expand_32(d, s, start, n, rank, dimensions, strides); break;
    default: expand_64(d, s, start, n, rank, dimensions, strides);
  }
}

VARIANTS void assay_scatter(
    void *d, const void *s, int32_t byte_count, int64_t start, int64_t n, int32_t rank,
    const int64_t *dimensions, const int64_t *strides) {
  switch (byte_count) {
    case 1: scatter_8(d, s, start, n, rank, dimensions, strides); break;
    case 4: scatter_32(d, s, start, n, rank, dimensions, strides); break;
    default: scatter_64(d, s, start, n, rank, dimensions, strides);
  }
}

enum { MAXIMUM_REGISTERS = 160 };

void assay_elementwise_run(
    const assay_elementwise *chain, void *const *buffers, void *scratch) {
  char *pointers[MAXIMUM_REGISTERS];
  for (int64_t start = 0; start < chain->count; start += ASSAY_BLOCK) {
    int64_t n = chain->count - start;
    n = n < ASSAY_BLOCK ? n : ASSAY_BLOCK;
    for (int32_t r = 0; r < chain->register_count; r++) {
      const assay_register *from = &chain->registers[r];
      char *slot = (char *)scratch + (int64_t)from->slot * ASSAY_SLOT;
      switch (from->kind) {
        case ASSAY_TEMPORARY:
        case ASSAY_SCATTERED:
          pointers[r] = slot;
          break;
        case ASSAY_CONTIGUOUS:
          pointers[r] = (char *)buffers[from->buffer] + from->offset + start * from->byte_count;
          break;
        case ASSAY_SCALAR:
          pointers[r] = (char *)buffers[from->buffer] + from->offset;
          break;
        default: {
          const int64_t *dimensions = chain->extents + from->extents;
          assay_expand(
              slot, (char *)buffers[from->buffer] + from->offset, from->byte_count, start, n,
              from->rank, dimensions, dimensions + from->rank);
          pointers[r] = slot;
        }
      }
    }
    for (int32_t k = 0; k < chain->instruction_count; k++) {
      const assay_instruction *step = &chain->instructions[k];
      assay_instruction_run(
          step->opcode, pointers[step->result], pointers[step->first],
          pointers[step->second], pointers[step->third],
          chain->registers[step->first].kind == ASSAY_SCALAR,
          chain->registers[step->second].kind == ASSAY_SCALAR, n);
    }
    for (int32_t r = 0; r < chain->register_count; r++) {
      const assay_register *from = &chain->registers[r];
      if (from->kind != ASSAY_SCATTERED) continue;
      const int64_t *dimensions = chain->extents + from->extents;
      assay_scatter(
          (char *)buffers[from->buffer] + from->offset, pointers[r], from->byte_count, start, n,
          from->rank, dimensions, dimensions + from->rank);
    }
  }
}

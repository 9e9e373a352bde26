#ifndef ASSAY_FUNCTIONS_H
#define ASSAY_FUNCTIONS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "variants.h"

// Functions of a float32 that compile to vector code: no branches, no tables, no library calls.
// The polynomials are least-maximum fits (Lawson's weighting over Chebyshev nodes).

/// Fused where the instruction set can; the constants are chosen to do without.
#define MADD(a, b, c) ((a) * (b) + (c))

INLINE float from_bits(int32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINE int32_t to_bits(float value) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// e^x = 2^n e^r with |r| <= ln(2) / 2; the scale in two factors, so that subnormals come out.
INLINE float exponential(float x) {
  const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  float bounded = x > 100.0f ? 100.0f : x;
  bounded = bounded < -110.0f ? -110.0f : bounded;
  float shifted = MADD(bounded, 1.44269504f, shift);
  float n = shifted - shift;
  float r = MADD(n, -0.693145752f, bounded);
  r = MADD(n, -1.42860677e-6f, r);
  float p = MADD(1.394110957e-03f, r, 8.363175256e-03f);
  p = MADD(p, r, 4.166637530e-02f);
  p = MADD(p, r, 1.666657701e-01f);
  p = MADD(p, r, 5.000000027e-01f);
  p = MADD(p, r * r, r);
  int32_t exponent = to_bits(shifted) - to_bits(shift);
  int32_t half = exponent >> 1;
  float first = from_bits((half + 127) << 23);
  float second = from_bits((exponent - half + 127) << 23);
  return (1.0f + p) * first * second;
}

/// log x = e ln(2) + log(1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
INLINE float logarithm(float x) {
  int subnormal = x < 1.17549435e-38f;
  int32_t bits = to_bits(subnormal ? x * 8388608.0f : x);
  int32_t exponent = (bits - 0x3f3504f3) >> 23;
  float f = from_bits(bits - exponent * 8388608) - 1.0f;
  float e = (float)exponent - (subnormal ? 23.0f : 0.0f);
  float p = MADD(6.917984047e-02f, f, -1.177966705e-01f);
  p = MADD(p, f, 1.186603515e-01f);
  p = MADD(p, f, -1.238579852e-01f);
  p = MADD(p, f, 1.421991860e-01f);
  p = MADD(p, f, -1.666919745e-01f);
  p = MADD(p, f, 2.000215140e-01f);
  p = MADD(p, f, -2.499998688e-01f);
  p = MADD(p, f, 3.333331183e-01f);
  float square = f * f;
  float tail = MADD(p * f, square, e * 1.42860677e-6f);
  tail = MADD(-0.5f, square, tail) + f;
  float result = MADD(e, 0.693145752f, tail);
  result = x == INFINITY ? x : result;
  result = x == 0.0f ? -INFINITY : result;
  return x >= 0.0f ? result : NAN;
}

/// log(1 + x) = log(u) x / (u - 1) for u = 1 + x rounded, which cancels the rounding.
INLINE float logarithm_one_plus(float x) {
  float u = 1.0f + x;
  float quotient = logarithm(u) * (x / (u - 1.0f));
  quotient = u == INFINITY ? u : quotient;
  quotient = u == 0.0f ? -INFINITY : quotient;
  return u == 1.0f ? x : quotient;
}

/// A polynomial for small x, else 1 - 2 / (e^2x + 1).
INLINE float hyperbolic_tangent(float x) {
  float s = x * x;
  float p = MADD(-6.062237074e-03f, s, 2.097501874e-02f);
  p = MADD(p, s, -5.384669692e-02f);
  p = MADD(p, s, 1.333274645e-01f);
  p = MADD(p, s, -3.333332878e-01f);
  float small = MADD(p * s, x, x);
  float large = 1.0f - 2.0f / (exponential(2.0f * fabsf(x)) + 1.0f);
  return s < 0.4f ? small : copysignf(large, x);
}

/// 1 / (1 + e^-x), from e^-|x| so that neither side loses digits.
INLINE float logistic(float x) {
  float e = exponential(-fabsf(x));
  float numerator = x < 0.0f ? e : 1.0f;
  return numerator / (1.0f + e);
}

/// A polynomial for small x, else 1 - e^(-t q(t)) with t = |x|.
INLINE float error_function(float x) {
  float s = x * x;
  float p = MADD(-5.988752584e-04f, s, 4.993274673e-03f);
  p = MADD(p, s, -2.676710040e-02f);
  p = MADD(p, s, 1.128184390e-01f);
  p = MADD(p, s, -3.761249809e-01f);
  p = MADD(p, s, 1.283791506e-01f);
  float small = MADD(p, x, x);
  float t = fabsf(x);
  t = t > 3.95f ? 3.95f : t;
  float q = MADD(4.806461592e-06f, t, -4.399980753e-05f);
  q = MADD(q, t, -5.751379198e-05f);
  q = MADD(q, t, 2.951673552e-03f);
  q = MADD(q, t, -2.270830107e-02f);
  q = MADD(q, t, 1.052944472e-01f);
  q = MADD(q, t, 6.356092735e-01f);
  q = MADD(q, t, 1.285551234e-01f);
  float large = 1.0f - exponential(-MADD(q, t, t));
  return s < 0.86f ? small : copysignf(large, x);
}

INLINE float sign(float x) { return x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : (x == x ? 0.0f : x)); }
INLINE float relu(float x) { return x <= 0.0f ? 0.0f : x; }
INLINE float maximum(float a, float b) { return ((a > b) | (a != a)) ? a : b; }
INLINE float minimum(float a, float b) { return ((a < b) | (a != a)) ? a : b; }

/// a - b floor(a / b) without the rounding of the quotient.
INLINE float floored_remainder(float a, float b) {
  float remainder = fmodf(a, b);
  return remainder != 0.0f && (remainder < 0.0f) != (b < 0.0f) ? remainder + b : remainder;
}

INLINE int32_t to_i32(float x) {
  float bounded = x < -2147483648.0f ? -2147483648.0f : x;
  bounded = bounded == bounded ? bounded : 0.0f;
  int overflows = bounded >= 2147483648.0f;
  return overflows ? INT32_MAX : (int32_t)(overflows ? 0.0f : bounded);
}

INLINE int64_t to_i64(float x) {
  float bounded = x < -9223372036854775808.0f ? -9223372036854775808.0f : x;
  bounded = bounded == bounded ? bounded : 0.0f;
  int overflows = bounded >= 9223372036854775808.0f;
  return overflows ? INT64_MAX : (int64_t)(overflows ? 0.0f : bounded);
}

INLINE int32_t saturated(int64_t x) {
  return x > INT32_MAX ? INT32_MAX : (x < INT32_MIN ? INT32_MIN : (int32_t)x);
}

#endif

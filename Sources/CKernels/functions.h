#ifndef ASSAY_FUNCTIONS_H
#define ASSAY_FUNCTIONS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "variants.h"

// Functions of a float32 that compile to vector code: no branches, no tables, no library calls.
// The polynomials are least-maximum fits (Lawson's weighting over Chebyshev nodes, Remez' exchange
// for quotients).
//
// A loop's time is mostly an element's chain of dependent steps, of which few fit into a processor
// at a time. Hence sums in pairs, and quotients in place of long polynomials.

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

/// Adding 1.5 * 2^23 rounds to an integer; `bias` more makes of its low bits a float's exponent.
#define SHIFT(bias) (12582912.0f + (bias))

/// 2^n for n + SHIFT(127)
INLINE float power_of_two(float shifted) {
  return from_bits((int32_t)((uint32_t)to_bits(shifted) << 23));
}

/// e^x = 4^n (1 + p), with |x| < 170: gives 2^n, and p = e^r - 1 where |r| <= ln(2).
///
/// With a root of the scale to multiply by twice, subnormals come out.
INLINE float reduced_exponential(float x, float *root) {
  float shifted = MADD(x, 0.721347520f, SHIFT(127.0f));
  float n = shifted - SHIFT(127.0f);
  float r = MADD(n, -1.386291504f, x);
  r = MADD(n, -2.85721354e-6f, r);
  float square = r * r;
  float p = MADD(1.962976239e-04f, r, 1.410477911e-03f);
  p = MADD(p, square, MADD(8.335934952e-03f, r, 4.166122898e-02f));
  p = MADD(p, square, MADD(1.666661799e-01f, r, 5.000003576e-01f));
  *root = power_of_two(shifted);
  return MADD(p, square, r);
}

INLINE float exponential(float x) {
  float bounded = x > 100.0f ? 100.0f : x;
  bounded = bounded < -110.0f ? -110.0f : bounded;
  float root, p = reduced_exponential(bounded, &root);
  return MADD(p, root, root) * root;
}

/// log x = e ln(2) + log m with m = 1 + f between sqrt(1/2) and sqrt(2).
///
/// log m = f - s (f - s^2 p(s^2)) with s = f / (2 + f), since it is 2 artanh(s).
INLINE float logarithm(float x) {
  int subnormal = x < 1.17549435e-38f;
  // Unsigned, because -0 and less wrap.
  uint32_t scaled = (uint32_t)to_bits(x * 8388608.0f) - (23u << 23);
  uint32_t bits = subnormal ? scaled : (uint32_t)to_bits(x);
  int32_t exponent = (int32_t)(bits - 0x3f3504f3) >> 23;
  float m = from_bits((int32_t)(bits - ((uint32_t)exponent << 23)));
  float f = m - 1.0f, s = f / (m + 1.0f);
  float square = s * s;
  float p = MADD(2.987091839e-01f, square, 3.997758031e-01f);
  p = MADD(p, square, 6.666677594e-01f);
  float rest = MADD(-p, square, f);
  float result = MADD((float)exponent, 0.693147181f, MADD(-s, rest, f));
  result = x == INFINITY ? x : result;
  result = x == 0.0f ? -INFINITY : result;
  return from_bits(to_bits(result) | -!(x >= 0.0f));  // all bits set are no number
}

/// log(1 + x) = log(u) x / (u - 1) for u = 1 + x rounded, which cancels the rounding.
INLINE float logarithm_one_plus(float x) {
  float u = 1.0f + x;
  float quotient = logarithm(u) * (x / (u - 1.0f));
  quotient = u == INFINITY ? u : quotient;
  quotient = u == 0.0f ? -INFINITY : quotient;
  return u == 1.0f ? x : quotient;
}

/// tanh(r + k ln(2) / 2) = (t + l (1 + t)) / (1 + l (1 + t)), with t = tanh(r), l = (2^k - 1) / 2.
///
/// k is 0 for small x, so that no digits are lost; and the quotient, of |x|, cannot exceed 1.
INLINE float hyperbolic_tangent(float x) {
  float bounded = fabsf(x);
  bounded = bounded > 9.2f ? 9.2f : bounded;
  float shifted = MADD(bounded, 2.88539008f, SHIFT(126.0f));
  float r = MADD(shifted - SHIFT(126.0f), -0.346573591f, bounded);
  float square = r * r;
  // t = n / d for |r| <= ln(2) / 4
  float n = MADD(6.658712775e-02f * square, r, r);
  float d = MADD(3.999202251e-01f, square, 1.0f);
  float l = power_of_two(shifted) - 0.5f, sum = d + n;
  float result = MADD(l, sum, n) / MADD(l, sum, d);
  return from_bits(to_bits(result) | (to_bits(x) & INT32_MIN));
}

/// 1 / (1 + e^-x) = e^x / (1 + e^x), with e^x = 2^k (d + n) / (d - n), where n / d = tanh(r / 2).
///
/// All is 2^32 times as large, so that 2^k is in range down to where results vanish.
INLINE float logistic(float x) {
  float bounded = x > 60.0f ? 60.0f : x;
  bounded = bounded < -105.0f ? -105.0f : bounded;
  float shifted = MADD(bounded, 1.44269504f, SHIFT(127.0f + 32.0f));
  float k = shifted - SHIFT(127.0f + 32.0f);
  float r = MADD(k, -0.693145752f, bounded);
  r = MADD(k, -1.42860677e-6f, r);
  float square = r * r;
  // The coefficients of the tangent, of r in place of r / 2.
  float n = MADD(1.664678194e-02f * square, r, r);
  float d = MADD(1.999601126e-01f, square, 2.0f);
  float scaled = power_of_two(shifted) * (d + n);
  return scaled / MADD(d - n, 0x1p32f, scaled);
}

/// A polynomial for small x, else 1 - e^(-t q(t)) with t = |x|.
INLINE float error_function(float x) {
  float s = x * x, square = s * s;
  float p = MADD(-5.988752584e-04f, s, 4.993274673e-03f);
  p = MADD(p, square, MADD(-2.676710040e-02f, s, 1.128184390e-01f));
  p = MADD(p, square, MADD(-3.761249809e-01f, s, 1.283791506e-01f));
  float small = MADD(p, x, x);
  float t = fabsf(x);
  t = t > 3.95f ? 3.95f : t;
  float u = t * t;
  float q = MADD(4.806461592e-06f, t, -4.399980753e-05f);
  q = MADD(q, u, MADD(-5.751379198e-05f, t, 2.951673552e-03f));
  q = MADD(q, u, MADD(-2.270830107e-02f, t, 1.052944472e-01f));
  q = MADD(q, u, MADD(6.356092735e-01f, t, 1.285551234e-01f));
  float root, e = reduced_exponential(-MADD(q, t, t), &root);
  float large = 1.0f - MADD(e, root, root) * root;
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

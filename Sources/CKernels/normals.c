#include "functions.h"
#include "include/kernels.h"

// Normal numbers from a counter: Philox 4x32-10 (Salmon et al. 2011), then Box and Muller (1958).
//
// A group of blocks is always worked out whole, first all its words, then all its numbers, each in
// a loop without branches: a number depends neither on how many are asked for, nor on where among
// them its block lies. The loops run over so many lanes that several chains of dependent steps
// overlap, which pays although it spills registers: 0.98 ns a number on AVX2 at 3.2 GHz.

/// How many blocks are worked out at a time.
enum { GROUP = 64 };

#define LOOP(text) _Pragma(#text)
#define OVERLAPPED(lanes) \
  INDEPENDENT LOOP(clang loop vectorize_width(lanes) interleave_count(1))

/// The words of a group: of each block the first and third, then of each the second and fourth.
///
/// A pair is written as one number, the earlier word in its lower half, as this machine reads it.
typedef union {
  uint64_t pairs[2 * GROUP];
  uint32_t words[4 * GROUP];
} group;

/// Blocks whose counters differ in the lowest word alone, which wraps.
///
/// Words are worked on in lanes of 64 bits, as wide as their products, so that a round packs
/// nothing. What the products leave in the upper halves is never read.
INLINE void draw(group *d, const uint32_t key[2], const uint32_t path[2], uint64_t block) {
  const uint64_t lower = 0xffffffff;
  OVERLAPPED(16) for (int i = 0; i < GROUP; i++) {
    uint64_t x = (block & lower) + (uint64_t)i, y = block >> 32, z = path[0], w = path[1];
    uint32_t k = key[0], l = key[1];
    for (int round = 0; round < 10; round++) {
      uint64_t first = (x & lower) * 0xd2511f53, second = (z & lower) * 0xcd9e8d57;
      x = (second >> 32) ^ y ^ k;
      y = second;
      z = (first >> 32) ^ w ^ l;
      w = first;
      k += 0x9e3779b9;
      l += 0xbb67ae85;
    }
    d->pairs[i] = (x & lower) | z << 32;
    d->pairs[GROUP + i] = (y & lower) | w << 32;
  }
}

/// (word + 1/2) / 2^32, rounded once: either half of the word is exact, and so are the products.
INLINE float fraction(uint32_t word) {
  float high = (float)(int32_t)(word >> 16);
  float low = (float)(int32_t)(word & 0xffff);
  return MADD(high, 0x1p-16f, MADD(low, 0x1p-32f, 0x1p-33f));
}

/// sqrt(-2 log u) for normal u <= 1, with u split as in `logarithm`: no term is less than 0 then.
///
/// -2 log(1 + f) = -2f + f^2 p(f), with p summed in pairs, which depend less on one another.
INLINE float radius(float u) {
  int32_t bits = to_bits(u);
  int32_t exponent = (bits - 0x3f3504f3) >> 23;
  float f = from_bits(bits - exponent * 8388608) - 1.0f;
  float square = f * f;
  float p = MADD(-1.825006703e-01f, f, 2.930350388e-01f);
  p = MADD(p, square, MADD(-2.981774067e-01f, f, 3.301789192e-01f));
  p = MADD(p, square, MADD(-3.991520456e-01f, f, 5.001064283e-01f));
  p = MADD(p, square, MADD(-6.666830295e-01f, f, 9.999985305e-01f));
  float line = MADD((float)exponent, -1.386294361f, -2.0f * f);
  return __builtin_elementwise_sqrt(MADD(p, square, line));
}

/// Cosine and sine of word / 2^32 turns.
INLINE void direction(uint32_t word, float *cosine, float *sine) {
  // The upper two bits number the nearest quarter turn; y is the rest, in quarter turns.
  uint32_t quarter = word + 0x20000000;
  float y = (float)(int32_t)(word << 2) * 0x1p-32f;
  float square = y * y;
  float s = MADD(-4.601659224e-03f, square, 7.968003336e-02f);
  s = MADD(s, square, -6.459634603e-01f);
  s = MADD(s, square, 1.570796322e+00f) * y;
  float c = MADD(9.037665435e-04f, square, -2.086016511e-02f);
  c = MADD(c, square, 2.536692260e-01f);
  c = MADD(c, square, -1.233700543e+00f);
  c = MADD(c, square, 1.0f);
  int odd = (quarter & 0x40000000) != 0;
  uint32_t cosine_sign = (quarter + 0x40000000) & 0x80000000;
  uint32_t sine_sign = quarter & 0x80000000;
  *cosine = from_bits(to_bits(odd ? s : c) ^ (int32_t)cosine_sign);
  *sine = from_bits(to_bits(odd ? c : s) ^ (int32_t)sine_sign);
}

INLINE void transform(float *d, const group *drawn) {
  const uint32_t *first = drawn->words, *second = drawn->words + 2 * GROUP;
  OVERLAPPED(32) for (int i = 0; i < 2 * GROUP; i++) {
    float r = radius(fraction(first[i])), cosine, sine;
    direction(second[i], &cosine, &sine);
    d[2 * i] = r * cosine;
    d[2 * i + 1] = r * sine;
  }
}

VARIANTS void assay_normals(
    float *out, int64_t count, const uint32_t key[2], const uint32_t path[2], uint64_t block) {
  // Aligned, and with it the registers that are spilled beside it.
  group drawn __attribute__((aligned(64)));
  float part[4 * GROUP];
  while (count > 0) {
    // A group ends where the counter's second word changes.
    int64_t blocks = 0x100000000 - (int64_t)(uint32_t)block;
    int64_t n = 4 * (blocks < GROUP ? blocks : GROUP);
    n = n < count ? n : count;
    int whole = n == 4 * GROUP;
    draw(&drawn, key, path, block);
    transform(whole ? out : part, &drawn);
    if (!whole) memcpy(out, part, (size_t)n * sizeof *out);
    out += n;
    count -= n;
    block += (uint64_t)(n + 3) / 4;
  }
}

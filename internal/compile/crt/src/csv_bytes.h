/* csv_bytes.h: 64 bytes at once, as bit masks, for the CSV cutter and reader. */
#ifndef FL_CSV_BYTES_H
#define FL_CSV_BYTES_H

#include "fl.h"

/* b64_load takes 64 bytes; b64_eq: those that are c; b64_odd: those that are zero or not ASCII, which a check of UTF-8 has to
 * look at. */
#if defined(__AVX512BW__)
#include <immintrin.h>
typedef __m512i b64;
static inline b64 b64_load(const u8 *p) { return _mm512_loadu_si512((const void *)p); }
static inline u64 b64_eq(b64 v, u8 c) { return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)c)); }
static inline u64 b64_odd(b64 v) { return _mm512_cmple_epi8_mask(v, _mm512_setzero_si512()); }
#elif defined(__AVX2__)
#include <immintrin.h>
typedef struct { __m256i a, b; } b64;
static inline b64 b64_load(const u8 *p) {
  b64 v = {_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
  return v;
}
static inline u64 b64_join(__m256i a, __m256i b) {
  return (u32)_mm256_movemask_epi8(a) | (u64)(u32)_mm256_movemask_epi8(b) << 32;
}
static inline u64 b64_eq(b64 v, u8 c) {
  __m256i k = _mm256_set1_epi8((char)c);
  return b64_join(_mm256_cmpeq_epi8(v.a, k), _mm256_cmpeq_epi8(v.b, k));
}
static inline u64 b64_odd(b64 v) {
  __m256i z = _mm256_setzero_si256();
  return ~b64_join(_mm256_cmpgt_epi8(v.a, z), _mm256_cmpgt_epi8(v.b, z));
}
#elif defined(__SSE2__)
#include <emmintrin.h>
typedef struct { __m128i x[4]; } b64;
static inline b64 b64_load(const u8 *p) {
  b64 v;
  for (int i = 0; i < 4; i++) v.x[i] = _mm_loadu_si128((const __m128i *)(p + 16 * i));
  return v;
}
static inline u64 b64_eq(b64 v, u8 c) {
  __m128i k = _mm_set1_epi8((char)c);
  u64 m = 0;
  for (int i = 0; i < 4; i++) m |= (u64)(u32)_mm_movemask_epi8(_mm_cmpeq_epi8(v.x[i], k)) << (16 * i);
  return m;
}
static inline u64 b64_odd(b64 v) {
  u64 m = 0;
  for (int i = 0; i < 4; i++) m |= (u64)(u32)_mm_movemask_epi8(_mm_cmpgt_epi8(v.x[i], _mm_setzero_si128())) << (16 * i);
  return ~m;
}
#else
typedef struct { u8 x[64]; } b64;
static inline b64 b64_load(const u8 *p) {
  b64 v;
  __builtin_memcpy(v.x, p, 64);
  return v;
}
static inline u64 b64_eq(b64 v, u8 c) {
  u64 m = 0;
  for (int i = 0; i < 64; i++) m |= (u64)(v.x[i] == c) << i;
  return m;
}
static inline u64 b64_odd(b64 v) {
  u64 m = 0;
  for (int i = 0; i < 64; i++) m |= (u64)((i8)v.x[i] <= 0) << i;
  return m;
}
#endif

/* Bit i of the result: parity of bits 0…i. */
static inline u64 prefix_xor(u64 x) {
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  return x ^ x << 32;
}

/* The n (1…64) lowest bits. */
static inline u64 low_bits(u64 n) { return n >= 64 ? ~0ul : (1ul << n) - 1; }

/* Loads the n < 64 bytes that are left, zeros after them. */
static inline b64 b64_load_tail(const u8 *p, u64 n) {
  u8 t[64] = {0};
  __builtin_memcpy(t, p, n);
  return b64_load(t);
}

#endif

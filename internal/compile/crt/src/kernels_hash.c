/* kernels_hash.c: hashes of lanes. The same in every program, tier and process: state of a query holds them. */
#include "datetime.h"
#include "flv.h"

/* Two multiplications spread every bit of the input over the upper bits and, by the shifts, over the lower ones. */
static inline u64 spread(u64 x) {
  x = (x ^ x >> 32) * 0x9fb21c651e98df25ul;
  x = (x ^ x >> 29) * 0xd6e8feb86659fd93ul;
  return x ^ x >> 32;
}
static inline u64 combine(u64 a, u64 b) { return spread(a * 0x9e3779b97f4a7c15ul + b + 0x632be59bd9b4e019ul); }

#define HASH(T, CONVERT)                                                             \
  void flk_hash_##T(u64 *d, const T *a, u32 bc, u32 n) {                             \
    u32 step = bc & 1 ? 0 : 1;                                                       \
    if (step) {                                                                      \
      for (u32 i = 0; i < n; i++) d[i] = spread(CONVERT(a[i]));                      \
    } else {                                                                         \
      u64 h = spread(CONVERT(a[0]));                                                 \
      for (u32 i = 0; i < n; i++) d[i] = h;                                          \
    }                                                                                \
  }
#define WHOLE(x) (u64)(i64)(x)
static inline u64 float_bits(f64 x) {
  union { f64 f; u64 u; } v = {x};
  if (x == 0) return 0;
  return x != x ? 0x7ff8000000000000ul : v.u;
}
HASH(u8, WHOLE)
HASH(u16, WHOLE)
HASH(u32, WHOLE)
HASH(i32, WHOLE)
HASH(i64, WHOLE)
HASH(f32, float_bits)
HASH(f64, float_bits)

void flk_hash_m(u64 *d, const u64 *a, u32 bc, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 at = bc & 1 ? 0 : i;
    d[i] = spread(a ? a[at / 64] >> (at % 64) & 1 : 1);
  }
}

static u64 hash_wide(u64 lo, i64 hi) {
  u64 h = spread(lo);
  return hi == (i64)lo >> 63 ? h : combine(h, (u64)hi);
}
void flk_hash_i128(u64 *d, const fl_i128 *a, u32 bc, u32 n) {
  for (u32 i = 0; i < n; i++) {
    fl_i128 x = a[bc & 1 ? 0 : i];
    d[i] = hash_wide(x.lo, x.hi);
  }
}

/* Intervals that compare equal hash alike. */
void flk_hash_interval(u64 *d, const fl_interval *a, u32 bc, u32 n) {
  for (u32 i = 0; i < n; i++) {
    fl_i128 t = wide_to(interval_length(a[bc & 1 ? 0 : i]));
    d[i] = hash_wide(t.lo, t.hi);
  }
}

static inline u64 load8(const u8 *p) {
  u64 v;
  __builtin_memcpy(&v, p, 8);
  return v;
}
static inline u64 fold(u64 a, u64 b) {
  uwide p = (uwide)a * b;
  return (u64)p ^ (u64)(p >> 64);
}
u64 flk_hash_bytes(const u8 *p, u64 n) {
  u64 h = n * 0x9e3779b97f4a7c15ul ^ 0x2545f4914f6cdd1dul, rest = n, tail = 0;
  for (; rest >= 16; rest -= 16, p += 16) h = fold(load8(p) ^ 0xa0761d6478bd642ful, load8(p + 8) ^ h);
  if (rest >= 8) {
    h = fold(load8(p) ^ 0xe7037ed1a0b428dbul, h ^ 0x8ebc6af09c88c6e3ul);
    p += 8;
    rest -= 8;
  }
  for (u64 i = 0; i < rest; i++) tail |= (u64)p[i] << (8 * i);
  return spread(h ^ tail * 0x589965cc75374cc3ul);
}

void flk_hash_str(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n) {
  for (u32 i = 0; i < n; i++) {
    const fl_str *s = &a[bc & 1 ? 0 : i];
    d[i] = picked(m, i) ? flk_hash_bytes(s->p, s->n) : 0;
  }
}
void flk_hash_num(u64 *d, const fl_str *a, const u64 *m, u32 bc, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    fl_num head;
    const u8 *p = a[bc & 1 ? 0 : i].p;
    __builtin_memcpy(&head, p, sizeof head);
    u64 about = head.ndigits == 0 && head.sign < 0xC000 ? 0 : (u64)head.sign << 16 | (u16)head.weight;
    d[i] = combine(flk_hash_bytes(p + sizeof head, head.ndigits * 2ul), about);
  }
}

void flk_hashmix(u64 *d, const u64 *a, const u64 *b, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = combine(a[i], b[i]);
}
void flk_hashnull(u64 *d, const u64 *valid, u32 n) {
  if (!valid) return;
  for (u32 i = 0; i < n; i++)
    if (!(valid[i / 64] >> (i % 64) & 1)) d[i] = 0x71c9d3a5b4e2f687ul;
}

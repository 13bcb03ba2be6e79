/* trees_sliced.h: tree ensembles on planes of bits, a slab of 512 rows at a time (decision 0020). SLICED(T) names the functions
 * for features of type T; SLICED_VBMI tells that there are AVX-512 VBMI and GFNI.
 *
 * 1. A feature is searched among its cuts; the bits of the place found make the planes of all its tests.
 * 2. A piece's way through its levels is chosen by multiplexers, all rows at once: as many planes as it has levels, which turned
 *    around are a byte a row, the number of the leaf.
 * 3. The leaf's value is looked up byte by byte, and bytes are added up in lanes of 16 bits. */
#include <immintrin.h>
#include "flv.h"
#include "trees.h"

#define UNROLL _Pragma("GCC unroll 16")
#define PLANE FL_TREES_PLANE
typedef fp_u64 bits; /* of a plane, as much as a register holds */
FL bits load(const u8 *p) { return *(const fp_u64 *)p; }
FL void store(u8 *p, bits x) { *(fp_u64 *)p = x; }

/* ---- places among cuts ---- */
/* The bits of a slab's places, the highest first, and of NaN. */
typedef struct {
  u8 level[8][PLANE], nan[PLANE];
} __attribute__((aligned(64))) places;

#define SEARCH(T)                                                                                                     \
  static void search_##T(places *p, const T *heap, u32 levels, const T *x, u32 rows, T nan) {                         \
    T v[FL_TREES_SLAB];                                                                                               \
    u32 at[FL_TREES_SLAB];                                                                                            \
    u8 byte[FL_TREES_SLAB], none[FL_TREES_SLAB];                                                                      \
    for (u32 i = 0; i < rows; i++) v[i] = x[i] != x[i] ? nan : x[i], none[i] = x[i] != x[i] ? 0x80 : 0, at[i] = 0;     \
    for (u32 l = 0; l < levels; l++)                                                                                  \
      for (u32 i = 0; i < rows; i++) at[i] |= (u32) !(v[i] < heap[(1u << l) + at[i]]) << l;                           \
    for (u32 i = 0; i < rows; i++) byte[i] = (u8)(at[i] << (8 - levels));                                             \
    for (u32 i = 0; i < rows; i += 16) {                                                                              \
      __m128i b = _mm_loadu_si128((const __m128i *)(byte + i));                                                       \
      *(fl_word *)(p->nan + i / 8) = (u16)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(none + i)));            \
      for (u32 l = levels; l-- > 0; b = _mm_add_epi8(b, b)) *(fl_word *)(p->level[l] + i / 8) = (u16)_mm_movemask_epi8(b); \
    }                                                                                                                 \
  }
SEARCH(f64)

#ifdef FL_AVX512
/* The whole heap in registers: a permutation takes an entry of one or of two, as the first five choices say; later ones choose
 * among what permutations have taken. */
#define OF(j) _mm512_permutexvar_ps(k, h[j])
#define OF_TWO(j) _mm512_permutex2var_ps(h[j], k, h[j + 1])
#define STEP(l, entries)                                                                                              \
  {                                                                                                                   \
    up[l] = _mm512_cmp_ps_mask(v, entries, _CMP_GE_OQ);                                                               \
    *(fl_word *)(p->level[l] + i / 8) = up[l];                                                                        \
    if (l < 5) k = _mm512_mask_or_epi32(k, up[l], k, _mm512_set1_epi32(1 << l));                                      \
  }
FL void search_levels(places *p, const f32 *heap, const f32 *x, u32 rows, f32 nan, u32 levels) {
  __m512 h[19]; /* of levels 0 to 4 one register each, then 2, 4, 8 */
  UNROLL for (u32 l = 0; l < 5; l++) h[l] = _mm512_loadu_ps(heap + ((1u << l) & ((1u << levels) - 1)));
  UNROLL for (u32 j = 2; j < 16; j++) h[3 + j] = 16 * j < 1u << levels ? _mm512_loadu_ps(heap + 16 * j) : h[0];
  h[0] = _mm512_set1_ps(heap[1]);
  for (u32 i = 0; i < rows; i += 16) {
    __m512 v = _mm512_loadu_ps(x + i);
    __builtin_prefetch(x + i + FL_TREES_SLAB, 0, 2); /* for the next slab: the processor does not foresee it */
    __m512i k = _mm512_setzero_si512();
    __mmask16 up[8], none = _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q);
    *(fl_word *)(p->nan + i / 8) = none;
    v = _mm512_mask_mov_ps(v, none, _mm512_set1_ps(nan));
    STEP(0, h[0])
    STEP(1, OF(1))
    STEP(2, OF(2))
    STEP(3, OF(3))
    if (levels > 4) STEP(4, OF(4))
    if (levels > 5) STEP(5, OF_TWO(5))
    if (levels > 6) STEP(6, _mm512_mask_blend_ps(up[5], OF_TWO(7), OF_TWO(9)))
    if (levels > 7) STEP(7, _mm512_mask_blend_ps(up[6], _mm512_mask_blend_ps(up[5], OF_TWO(11), OF_TWO(13)), _mm512_mask_blend_ps(up[5], OF_TWO(15), OF_TWO(17))))
  }
}
#define LEVELS(n) static __attribute__((noinline)) void search_##n(places *p, const f32 *heap, const f32 *x, u32 rows, f32 nan) { search_levels(p, heap, x, rows, nan, n); }
LEVELS(4)
LEVELS(5)
LEVELS(6)
LEVELS(7)
LEVELS(8)
static void search_f32(places *p, const f32 *heap, u32 levels, const f32 *x, u32 rows, f32 nan) {
  static void (*const of[])(places *, const f32 *, const f32 *, u32, f32) = {search_4, search_5, search_6, search_7, search_8};
  of[levels - 4](p, heap, x, rows, nan);
}
#else
SEARCH(f32)
#endif

/* t[k]: the number whose bits are given, the lowest first, is at most k, for k below 15. */
FL void thermometer(bits *t, const bits *b) {
  t[0] = ~b[0];
  UNROLL for (u32 j = 1; j < 4; j++) {
    u32 half = 1u << j;
    t[half - 1] = ~b[j];
    UNROLL for (u32 k = 0; k < half - 1; k++) {
      t[half + k] = ~b[j] | t[k];
      t[k] &= ~b[j];
    }
  }
}

/* The planes of x < cut: the place is at most the cut's own. The high digit of sixteen decides, or else the low one. */
static void planes_of(u8 *out, const places *p, u32 levels, u32 cuts) {
  for (u32 at = 0; at < PLANE; at += FL_PART) {
    bits low[15], high[15], b[8];
    UNROLL for (u32 j = 0; j < 8; j++) b[j] = j < levels ? load(p->level[levels - 1 - j] + at) : (bits){};
    thermometer(low, b);
    thermometer(high, b + 4);
    u8 *to = out + at;
    bits below = {}, upto = high[0];
    for (u32 digit = 0; digit * 16 < cuts; digit++, below = upto, upto = digit < 15 ? high[digit] : ~(bits){}, to += 16 * PLANE) {
      u32 left = cuts - digit * 16;
      if (left >= 16) {
        UNROLL for (u32 k = 0; k < 15; k++) store(to + k * PLANE, below | (upto & low[k]));
        store(to + 15 * PLANE, upto);
      } else {
        UNROLL for (u32 k = 0; k < 15; k++)
          if (k < left) store(to + k * PLANE, below | (upto & low[k]));
      }
    }
  }
}

/* ---- derived planes ---- */
static void derive(const fl_trees *m, const fl_trees_part *part, u8 *planes) {
  const u32 *begin = (const u32 *)((const u8 *)m + part->steps), *step = (const u32 *)((const u8 *)m + part->step);
  for (u32 at = 0; at < PLANE; at += FL_PART) {
    u8 *out = planes + (u64)(part->planes - part->derived) * PLANE + at;
    for (u32 d = 0; d < part->derived; d++, out += PLANE) {
      bits acc = {};
      for (u32 k = begin[d]; k < begin[d + 1]; k++) {
        bits x = load(planes + (step[k] & ~(u32)(PLANE - 1)) + at);
        switch (step[k] & (PLANE - 1)) {
        case FL_TREES_XOR: acc ^= x; break;
        case FL_TREES_OR: acc |= x; break;
        case FL_TREES_AND: acc &= x; break;
        default: acc &= ~x;
        }
      }
      store(out, acc);
    }
  }
}

/* ---- ways through pieces ---- */
#ifdef FL_AVX512 /* which of its operands an instruction overwrites matters */
FL bits mux(bits s, bits one, bits zero) { return (bits)_mm512_ternarylogic_epi64((__m512i)one, (__m512i)s, (__m512i)zero, 0xe2); }
#else
FL bits mux(bits s, bits one, bits zero) { return (s & one) | (~s & zero); }
#endif
/* pickJ: the plane of level l that the rows come to, J of whose choices are still to be made. */
FL bits pick0(const u8 *planes, const u32 *level, const bits *way, u32 l, u32 i) { return load(planes + level[i]); }
#define PICK(J, I)                                                                                                     \
  FL bits pick##J(const u8 *planes, const u32 *level, const bits *way, u32 l, u32 i) {                                 \
    bits zero = pick##I(planes, level, way, l, 2 * i), one = pick##I(planes, level, way, l, 2 * i + 1);                \
    return mux(way[l - J], one, zero);                                                                                 \
  }
PICK(1, 0)
PICK(2, 1)
PICK(3, 2)
PICK(4, 3)
PICK(5, 4)
PICK(6, 5)
PICK(7, 6)
/* The ways of a piece of so many levels, the last one first: the bits of the leaf's number from the lowest on. */
FL void ways(u8 (*out)[PLANE], const u8 *planes, const u32 *node, u32 depth) {
  for (u32 at = 0; at < PLANE; at += FL_PART) {
    bits way[8];
#define LEVEL(l) if (depth > l) store(out[depth - 1 - l] + at, way[l] = pick##l(planes + at, node + (1 << l) - 1, way, l, 0));
    LEVEL(0) LEVEL(1) LEVEL(2) LEVEL(3) LEVEL(4) LEVEL(5) LEVEL(6) LEVEL(7)
  }
}

#if FL_PART == 64
typedef __m512i vec;
#define LOW(a, b) _mm512_unpacklo_epi8(a, b)
#define HIGH(a, b) _mm512_unpackhi_epi8(a, b)
#elif FL_PART == 32
typedef __m256i vec;
#define LOW(a, b) _mm256_unpacklo_epi8(a, b)
#define HIGH(a, b) _mm256_unpackhi_epi8(a, b)
#else
typedef __m128i vec;
#define LOW(a, b) _mm_unpacklo_epi8(a, b)
#define HIGH(a, b) _mm_unpackhi_epi8(a, b)
#endif

/* Eight planes' bits, the first the lowest, as a byte a row. Within 16 bytes of each plane, bytes are interleaved until eight
 * planes' bytes of the same rows lie together: 8 × 8 bits, which are transposed. Rows are in the order that this gives. */
static inline void numbers_of(u8 *out, u8 (*plane)[PLANE]) {
#ifdef SLICED_VBMI
#define PLANE_OF(k) (7 - (k)) /* as the instruction wants them */
#else
#define PLANE_OF(k) (k)
#endif
  for (u32 at = 0; at < PLANE; at += FL_PART) {
    vec p[8], a[8];
    UNROLL for (u32 k = 0; k < 8; k++) p[k] = (vec)load(plane[PLANE_OF(k)] + at);
    UNROLL for (u32 k = 0; k < 4; k++) a[k] = LOW(p[k], p[k + 4]), a[k + 4] = HIGH(p[k], p[k + 4]);
    UNROLL for (u32 h = 0; h < 8; h += 4)
      UNROLL for (u32 k = 0; k < 2; k++) p[h + k] = LOW(a[h + k], a[h + k + 2]), p[h + k + 2] = HIGH(a[h + k], a[h + k + 2]);
    UNROLL for (u32 h = 0; h < 8; h += 2) a[h] = LOW(p[h], p[h + 1]), a[h + 1] = HIGH(p[h], p[h + 1]);
    UNROLL for (u32 k = 0; k < 8; k++) {
#ifdef SLICED_VBMI
      bits x = (bits)_mm512_gf2p8affine_epi64_epi8(_mm512_set1_epi64((i64)0x8040201008040201), a[k], 0);
#else
      bits x = (bits)a[k], t;
#define SWAP(shift, mask) t = (x ^ (x >> shift)) & (mask - (bits){}), x ^= t ^ (t << shift);
      SWAP(7, 0x00aa00aa00aa00aaul) SWAP(14, 0x0000cccc0000ccccul) SWAP(28, 0x00000000f0f0f0f0ul)
#endif
      store(out + k * 64 + at, x);
    }
  }
}

#define WAYS(d)                                                                                                       \
  static const u32 *pieces_##d(u8 *numbers, const u8 *planes, const u32 *node, u32 count) {                           \
    u8 way[8][PLANE] __attribute__((aligned(64)));                                                                    \
    for (u32 k = d; k < 8; k++)                                                                                       \
      for (u32 at = 0; at < PLANE; at += FL_PART) store(way[k] + at, (bits){});                                       \
    for (u32 i = 0; i < count; i++, node += (1 << d) - 1) {                                                           \
      ways(way, planes, node, d);                                                                                     \
      numbers_of(numbers + (u64)i * FL_TREES_SLAB, way);                                                              \
    }                                                                                                                 \
    return node;                                                                                                      \
  }
WAYS(1)
WAYS(2)
WAYS(3)
WAYS(4)
WAYS(5)
WAYS(6)
WAYS(7)
WAYS(8)

/* ---- values of leaves ---- */
#ifdef SLICED_VBMI
typedef __m512i bytes;
#define BYTES 64
#define ADD16(a, b) _mm512_add_epi16(a, b)
#define SUB16(a, b) _mm512_sub_epi16(a, b)
#define UP8(a) _mm512_slli_epi16(a, 8)
#define DOWN8(a) _mm512_srli_epi16(a, 8)
/* What is looked up in all bytes' tables: the numbers, and their highest bits where a register does not hold a table. */
typedef struct { bytes at; __mmask64 top, next; } leaves;
FL leaves leaves_of(const u8 *numbers, u32 depth) {
  leaves l = {.at = _mm512_load_si512(numbers)};
  if (depth == 7) l.top = _mm512_movepi8_mask(_mm512_add_epi8(l.at, l.at));
  if (depth == 8) l.top = _mm512_movepi8_mask(l.at), l.next = _mm512_movepi8_mask(_mm512_add_epi8(l.at, l.at));
  return l;
}
FL bytes quarters(leaves l, const u8 *table, __mmask64 second) {
  bytes x = _mm512_permutexvar_epi8(l.at, _mm512_loadu_si512(table));
  return _mm512_mask_permutexvar_epi8(x, second, l.at, _mm512_loadu_si512(table + 64));
}
FL bytes look_up(leaves l, const u8 *table, u32 depth) {
  if (depth <= 6) return _mm512_permutexvar_epi8(l.at, _mm512_loadu_si512(table));
  if (depth == 7) return quarters(l, table, l.top);
  return _mm512_mask_mov_epi8(quarters(l, table, l.next), l.top, quarters(l, table + 128, l.next));
}
#elif defined(FL_AVX2) || defined(FL_AVX512)
typedef __m256i bytes;
#define BYTES 32
#define ADD16(a, b) _mm256_add_epi16(a, b)
#define SUB16(a, b) _mm256_sub_epi16(a, b)
#define UP8(a) _mm256_slli_epi16(a, 8)
#define DOWN8(a) _mm256_srli_epi16(a, 8)
/* The low four bits of the numbers, and the other ones as the highest bits of bytes. */
typedef struct { bytes at, by[4]; } leaves;
FL leaves leaves_of(const u8 *numbers, u32 depth) {
  bytes x = _mm256_load_si256((const bytes *)numbers);
  leaves l = {.at = _mm256_and_si256(x, _mm256_set1_epi8(15))};
  UNROLL for (u32 k = 4; k < depth; k++) l.by[k - 4] = _mm256_slli_epi16(x, 7 - (i32)k);
  return l;
}
FL bytes sixteen(leaves l, const u8 *table) {
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table)), l.at);
}
#define HALVES(d, e)                                                                                                  \
  FL bytes look_up_##d(leaves l, const u8 *table) {                                                                   \
    return _mm256_blendv_epi8(look_up_##e(l, table), look_up_##e(l, table + (1 << e)), l.by[e - 4]);                  \
  }
FL bytes look_up_4(leaves l, const u8 *table) { return sixteen(l, table); }
HALVES(5, 4)
HALVES(6, 5)
HALVES(7, 6)
HALVES(8, 7)
FL bytes look_up(leaves l, const u8 *table, u32 depth) {
  return depth <= 4 ? look_up_4(l, table) : depth == 5 ? look_up_5(l, table) : depth == 6 ? look_up_6(l, table) : depth == 7 ? look_up_7(l, table) : look_up_8(l, table);
}
#else
typedef __m128i bytes;
#define BYTES 16
#define ADD16(a, b) _mm_add_epi16(a, b)
#define SUB16(a, b) _mm_sub_epi16(a, b)
#define UP8(a) _mm_slli_epi16(a, 8)
#define DOWN8(a) _mm_srli_epi16(a, 8)
typedef const u8 *leaves;
FL leaves leaves_of(const u8 *numbers, u32 depth) { return numbers; }
FL bytes look_up(leaves l, const u8 *table, u32 depth) {
  u8 x[BYTES] __attribute__((aligned(16)));
  for (u32 i = 0; i < BYTES; i++) x[i] = table[l[i]];
  return *(const bytes *)x;
}
#endif

/* Adds sums of bytes, one of each value's byte after the other. */
FL void add_bytes(i64 *sums, const bytes *whole, const bytes *high, u32 width) {
  u16 even[8][BYTES / 2], odd[8][BYTES / 2];
  UNROLL for (u32 k = 0; k < width; k++) {
    bytes e = SUB16(whole[k], UP8(high[k]));
    __builtin_memcpy(even[k], &e, BYTES);
    __builtin_memcpy(odd[k], &high[k], BYTES);
  }
  for (u32 i = 0; i < BYTES / 2; i++) {
    u64 a = 0, b = 0;
    UNROLL for (u32 k = 0; k < width; k++) a += (u64)even[k][i] << 8 * k, b += (u64)odd[k][i] << 8 * k;
    sums[2 * i] += (i64)a;
    sums[2 * i + 1] += (i64)b;
  }
}

/* How many registers of rows go side by side, so that tables are read less often: what there are registers for. */
#ifdef SLICED_VBMI
#define SIDE(width) ((width) == 4 ? 2 : 1)
#else
#define SIDE(width) 1
#endif

/* Adds the values of a run's pieces. whole has the sums of pairs of bytes as numbers of 16 bits, high those of their second bytes. */
FL void add_run(i64 *sums, const u8 *numbers, const fl_trees *m, const fl_trees_run *run, u32 width, u32 depth, u32 side) {
  const u16 *piece = (const u16 *)((const u8 *)m + run->piece);
  u32 leaves_each = 1u << run->depth;
  for (u32 at = 0; at < FL_TREES_SLAB; at += BYTES * side) {
    bytes whole[2][8] = {}, high[2][8] = {};
    const u8 *table = (const u8 *)m + run->table;
    for (u32 i = 0; i < run->pieces; i++) {
      leaves l[2];
      UNROLL for (u32 g = 0; g < 2; g++) if (g < side) l[g] = leaves_of(numbers + (u64)piece[i] * FL_TREES_SLAB + at + g * BYTES, depth);
      UNROLL for (u32 k = 0; k < width; k++, table += leaves_each)
        UNROLL for (u32 g = 0; g < 2; g++) if (g < side) {
          bytes x = look_up(l[g], table, depth);
          whole[g][k] = ADD16(whole[g][k], x);
          high[g][k] = ADD16(high[g][k], DOWN8(x));
        }
    }
    UNROLL for (u32 g = 0; g < 2; g++) if (g < side) add_bytes(sums + at + g * BYTES, whole[g], high[g], width);
  }
}

/* Tables of up to 16 leaves are looked up alike. */
#define RUN(w, d)                                                                                                     \
  static void run_##w##_##d(i64 *sums, const u8 *numbers, const fl_trees *m, const fl_trees_run *run) {               \
    add_run(sums, numbers, m, run, w, d, SIDE(w));                                                                    \
  }
#define RUNS(w) RUN(w, 4) RUN(w, 5) RUN(w, 6) RUN(w, 7) RUN(w, 8)
RUNS(4)
RUNS(8)

static void chunk(const fl_trees_slab *s, const fl_trees_chunk *c) {
  static const u32 *(*const pieces[])(u8 *, const u8 *, const u32 *, u32) = {NULL, pieces_1, pieces_2, pieces_3, pieces_4, pieces_5, pieces_6, pieces_7, pieces_8};
  static void (*const runs[2][5])(i64 *, const u8 *, const fl_trees *, const fl_trees_run *) = {
      {run_4_4, run_4_5, run_4_6, run_4_7, run_4_8}, {run_8_4, run_8_5, run_8_6, run_8_7, run_8_8}};
  const u32 *node = (const u32 *)((const u8 *)s->m + c->node);
  const fl_trees_run *run = (const fl_trees_run *)((const u8 *)s->m + c->run);
  u8 *numbers = s->numbers;
  for (u32 d = 1; d <= FL_TREES_DEPTH; d++) {
    if (c->pieces[d]) node = pieces[d](numbers, s->planes, node, c->pieces[d]);
    numbers += (u64)c->pieces[d] * FL_TREES_SLAB;
  }
  for (u32 i = 0; i < c->runs; i++)
    runs[s->m->width / 8][run[i].depth > 4 ? run[i].depth - 4 : 0](s->sums + (u64)run[i].target * FL_TREES_SLAB, s->numbers, s->m, run + i);
}

#define SLAB(T)                                                                                                       \
  void SLICED(T)(const fl_trees_slab *s, const T *const *in, u32 at) {                                                \
    const u8 *blob = (const u8 *)s->m;                                                                                \
    const fl_trees_part *part = FL_TREES_AT(s->m, fl_trees_part, part);                                               \
    for (u32 k = 0; k < PLANE; k++) s->planes[k] = 0, s->planes[PLANE + k] = 0xff;                                    \
    for (u32 i = 0; i < s->m->parts; i++, part++) {                                                                   \
      const fl_trees_feature *f = (const fl_trees_feature *)(blob + part->feature);                                   \
      places p;                                                                                                       \
      __builtin_memset(&p, 0, sizeof p); /* of rows that are not there */                                             \
      for (u32 k = 0; k < part->features; k++, f++) {                                                                 \
        T nan = f->low ? -(T)__builtin_inff() : (T)__builtin_inff();                                                  \
        search_##T(&p, (const T *)(blob + part->heap) + f->heap, f->levels, in[f->feature] + at, (s->rows + 15) / 16 * 16, nan); \
        __builtin_memcpy(s->planes + f->plane, p.nan, PLANE);                                                         \
        planes_of(s->planes + f->plane + PLANE, &p, f->levels, f->cuts);                                              \
      }                                                                                                               \
      derive(s->m, part, s->planes);                                                                                  \
      const fl_trees_chunk *c = (const fl_trees_chunk *)(blob + part->chunk);                                         \
      for (u32 k = 0; k < part->chunks; k++) chunk(s, c + k);                                                         \
    }                                                                                                                 \
  }
SLAB(f32)
SLAB(f64)

/* conv_bf16_test.c: convolutions with products of bf16 (conv_bf16.c), by the instruction and without it, against those of f32, to the bit:
 * numbers are rounded before, and of each two channels the second one comes first, so that the order of the sums is the same. */
#include "../src/bf16.h"
#include "../src/gemm.h"
#include "../src/kernels.h"
#include "some_window.h"
#include <math.h>

static f32 number(void) { return (f32)((f64)(i64)rnd() / 9e18); }
static f32 *numbers(i64 n, u32 specials) {
  static const f32 special[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1e-40f, -1e-44f, 3.4e38f};
  f32 *p = malloc((u64)n * sizeof(f32));
  for (i64 i = 0; i < n; i++) p[i] = specials && rnd() % 50 == 0 ? special[rnd() % 8] : number();
  return p;
}
static u32 bits_of(f32 x) { u32 b; memcpy(&b, &x, 4); return fl_bf16_bits(b); }
static f32 of_bits(u32 b) { f32 x; memcpy(&x, &b, 4); return x; }

/* Number i of each `per`, which have `even` places: the second one of each two comes first. */
static i64 turned(i64 i, i64 per, i64 even) { return i / per * even + (i % per ^ 1); }

/* Weights [other, per group, window], packed for flk_conv_bf16 and, turned, for flk_conv_f32. */
static void pack(f32 *words, f32 *plain, const f32 *weights, const f32 *bias, const fl_window *w, i64 elements) {
  i64 per = w->in_channels / w->groups, sums = w->other / w->groups, pairs = (per + 1) / 2, k = pairs * elements;
  u32 *matrix = malloc((u64)(k * sums) * 4);
  f32 *turn = malloc((u64)(2 * k * sums) * 4);
  for (i64 g = 0; g < w->groups; g++) {
    memset(matrix, 0, (u64)(k * sums) * 4), memset(turn, 0, (u64)(2 * k * sums) * 4);
    for (i64 j = 0; j < sums; j++)
      for (i64 c = 0; c < per; c++)
        for (i64 e = 0; e < elements; e++) {
          u32 bits = bits_of(weights[((g * sums + j) * per + c) * elements + e]);
          matrix[(e * pairs + c / 2) * sums + j] |= c % 2 ? bits : bits >> 16;
          turn[(2 * e * pairs + (c ^ 1)) * sums + j] = of_bits(bits);
        }
    fl_gemm_pack_f32(words, (f32 *)matrix, (u64)sums, 0, bias + g * sums, (u64)k, (u64)sums);
    fl_gemm_pack_f32(plain, turn, (u64)sums, 0, bias + g * sums, (u64)(2 * k), (u64)sums);
    words += fl_gemm_packed((u64)k, (u64)sums), plain += fl_gemm_packed((u64)(2 * k), (u64)sums);
  }
  free(matrix), free(turn);
}

static void same(const char *form, const fl_window *w, i64 act, const f32 *got, const f32 *want, i64 size) {
  for (i64 i = 0; i < size; i++)
    if (memcmp(got + i, want + i, 4) && (got[i] == got[i] || want[i] == want[i]))
      failed("bf16 %s: %ld channels in %ld groups, window %ld,%ld,%ld, activation %ld: element %ld of %ld is %.9g, not %.9g", form,
             w->in_channels, w->groups, w->window[0], w->window[1], w->window[2], act, i, size, (f64)got[i], (f64)want[i]);
}

static void test(u32 rank, u64 longest) {
  fl_window w = some_window(rank, longest);
  i64 rows = upto(3), groups = rnd() % 2 ? 1 : upto(4), per = rnd() % 4 ? upto(9) : upto(300), sums = rnd() % 4 ? upto(9) : upto(200);
  if (rnd() % 3 == 0) {
    groups = 1;
    for (u32 a = 0; a < 3; a++) w.window[a] = w.stride[a] = 1, w.before[a] = w.after[a] = 0, w.out[a] = w.in[a];
  }
  w.groups = groups, w.in_channels = per * groups, w.other = sums * groups;
  i64 plane = rows * w.in[0] * w.in[1] * w.in[2], places = rows * w.out[0] * w.out[1] * w.out[2];
  i64 elements = w.window[0] * w.window[1] * w.window[2], even = (per + 1) / 2 * 2, k = elements * even;
  fl_conv_end end = {w.other + (rnd() % 2 ? upto(20) : 0), rnd() % 2 ? FL_ACT_RELU : (i64)(rnd() % FL_ACTS), 0.3};
  i64 size = places * end.stride;
  /* Where nothing follows the input, the sanitizer sees what is read beyond it. */
  f32 *in = numbers(plane * w.in_channels, rnd() % 2), *weights = numbers(w.other * per * elements, 0), *bias = numbers(w.other, 0);
  f32 *add = rnd() % 2 ? numbers(w.other * places + 48, 0) : NULL, *out = numbers(size, 0), *want = malloc((u64)size * 4);
  f32 *words = malloc((u64)groups * fl_gemm_packed((u64)k / 2, (u64)sums) * 4);
  f32 *plain = malloc((u64)groups * fl_gemm_packed((u64)k, (u64)sums) * 4), *turn = calloc((u64)(plane * groups * even) + 16, 4);
  memcpy(want, out, (u64)size * 4);
  pack(words, plain, weights, bias, &w, elements);
  for (i64 i = 0; i < plane * w.in_channels; i++) turn[turned(i, per, even)] = of_bits(bits_of(in[i]));
  fl_window of_turned = w;
  of_turned.in_channels = groups * even;
  flk_conv_f32(&worker, want, turn, plain, add, (const i64 *)&of_turned, (const i64 *)&end, (u64)rows);
  fl_conv_bf16(&worker, out, in, words, add, &w, &end, (u64)rows);
  same("in f32", &w, end.act, out, want, size);
#ifdef __AVX512BW__
  if (__builtin_cpu_supports("avx512bf16")) {
    for (i64 i = 0; i < size; i++)
      if (i % end.stride < w.other) out[i] = -1;
    fl_conv_bf16_native(&worker, out, in, words, add, &w, &end, (u64)rows);
    same("by instruction", &w, end.act, out, want, size);
  }
#endif
  flk_conv_bf16(&worker, out, in, (const u8 *)words, add, (const i64 *)&w, (const i64 *)&end, (u64)rows);
  same("in a query", &w, end.act, out, want, size);
  free(in), free(weights), free(bias), free(add), free(out), free(want), free(words), free(plain), free(turn);
  fl_temp_reset(&worker);
}

int main(void) {
  static const u64 longest[] = {60, 20, 6}; /* of an axis, by how many there are */
  for (u32 round = 0; round < 50; round++)
    for (u32 rank = 1; rank <= 3; rank++) test(rank, longest[rank - 1]);
  return report("convolutions in bf16");
}

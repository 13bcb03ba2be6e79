/* conv_bf16.c: convolutions with products of bf16 (conv_bf16.h), by f32's products where the processor has no others.
 *
 * Numbers: as in network_bf16.c. */
#include "bf16.h"
#include "conv_tile.h"

#define fp_upper_f32_u32(x) (fp_f32)((x) & 0xffff0000u)
#define fp_lower_f32_u32(x) (fp_f32)((x) << 16)
/* The same, but unknown to the compiler, which would take a word apart in a general register and send both halves to all lanes. */
FL fp_u32 fp_unknown_u32(fp_u32 x) {
  __asm__("" : "+v"(x));
  return x;
}
FL_DEF1(unknown, u32, u32)
FL_DEF1(upper_f32, f32, u32)
FL_DEF1(lower_f32, f32, u32)

typedef struct { v_f32 first, second; } v_bf16;
FL v_bf16 numbers(v_u32 words) { return (v_bf16){fl_lower_f32_u32(words), fl_upper_f32_u32(words)}; }
FL v_bf16 fl_load_bf16(const u32 *p) { return numbers(fl_load_u32(p)); }
FL v_bf16 fl_set_bf16(u32 word) { return numbers(fl_unknown_u32(fl_set_u32(word))); }
FL v_f32 fl_fma_bf16(v_bf16 x, v_bf16 y, v_f32 sum) {
  return fl_fma_f32(x.first, y.first, fl_fma_f32(x.second, y.second, sum));
}
static void pairs_bf16(u32 *to, const f32 *from, u64 n) {
  const u32 *bits = (const u32 *)from;
  for (u64 i = 0; i < n / 2; i++) to[i] = fl_bf16_bits(bits[2 * i]) >> 16 | fl_bf16_bits(bits[2 * i + 1]);
  if (n % 2) to[n / 2] = fl_bf16_bits(bits[n - 1]) >> 16;
}
#define CONV_J_bf16 TILE_J_f32
#include "conv_bf16.h"

void fl_conv_bf16(fl_worker *worker, f32 *out, const f32 *in, const f32 *packed, const f32 *add, const fl_window *w,
                  const fl_conv_end *end, u64 rows) {
  convolve_bf16(worker, out, in, packed, add, w, end, rows);
}

#ifdef FL_AVX512
#define CONVOLVE (__builtin_cpu_supports("avx512bf16") ? fl_conv_bf16_native : fl_conv_bf16)
#else
#define CONVOLVE fl_conv_bf16
#endif
void flk_conv_bf16(fl_worker *worker, f32 *out, const f32 *in, const u8 *packed, const f32 *add, const i64 *window, const i64 *end,
                   u64 rows) {
  CONVOLVE(worker, out, in, (const f32 *)packed, add, (const fl_window *)window, (const fl_conv_end *)end, rows);
}

/* sink_num.c: numerics of fixed scale in the packed form of numerics without a scale. */
#include "sink_int.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

static const u32 tens[4] = {1, 10, 100, 1000};

/* v, with `scale` digits after the point, to `out` (room for 8 + 2*12 bytes); its length. */
static u64 pack(u8 *out, i128 v, u32 scale) {
  fl_num *head = (fl_num *)out;
  i16 digits[16], *to = (i16 *)(out + sizeof *head);
  u128 m = v < 0 ? -(u128)v : (u128)v;
  /* The last base-10000 digit covers the places up to the next multiple of four; it is the first to come off. */
  u32 odd = (4 - scale % 4) % 4, n = 0;
  *head = (fl_num){.sign = v < 0 ? 0x4000 : 0, .dscale = (u16)scale};
  if (odd && m) {
    u32 unit = tens[4 - odd];
    digits[n++] = (i16)((u32)(m % unit) * tens[odd]);
    m /= unit;
  }
  for (; m; m /= 10000) digits[n++] = (i16)(m % 10000);
  if (n == 0) return sizeof *head;
  i32 weight = (i32)n - 1 - (i32)((scale + 3) / 4);
  u32 low = 0;
  while (n > 0 && digits[n - 1] == 0) n--, weight--;
  while (low < n && digits[low] == 0) low++;
  head->weight = (i16)weight;
  head->ndigits = (u16)(n - low);
  for (u32 i = 0; i < n - low; i++) to[i] = digits[n - 1 - i];
  return sizeof *head + 2 * (n - low);
}

void fl_sink_pack(fl_worker *w, fl_str *out, const fl_vec *v, u32 n) {
  const u64 room = 48;
  u8 *to = fl_temp(w, n * room);
  for (u32 i = 0; i < n; i++, to += room) {
    i128 x;
    if (v->kind == FL_DEC64) {
      x = ((const i64 *)v->data)[i];
    } else {
      fl_i128 d = ((const fl_i128 *)v->data)[i];
      x = (i128)((u128)(u64)d.hi << 64 | d.lo);
    }
    if (v->valid && !bit_of(v->valid, i)) x = 0;
    out[i] = (fl_str){to, pack(to, x, (u32)v->scale)};
  }
}

/* sink_num.c: numerics of fixed scale in the packed form of numerics without a scale. */
#include "num.h"
#include "sink_int.h"

void fl_sink_pack(fl_worker *w, fl_str *out, const fl_vec *v, u32 n) {
  u8 *to = fl_temp(w, n * (u64)NUM_DEC_ROOM);
  for (u32 i = 0; i < n; i++, to += NUM_DEC_ROOM) {
    wide x = v->kind == FL_DEC64 ? ((const i64 *)v->data)[i] : wide_of(((const fl_i128 *)v->data)[i]);
    if (v->valid && !bit_of(v->valid, i)) x = 0;
    out[i] = (fl_str){to, num_put_dec(to, x, (u32)v->scale)};
  }
}

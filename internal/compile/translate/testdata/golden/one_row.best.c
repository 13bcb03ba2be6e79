/*
 * Result
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct state {
  u64 unused;
};

static void p0_values_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_sel = (i32 *)(w->scratch + 0);
  u64 *const a_andnot = (u64 *)(w->scratch + 4096);
  u64 *const a_rows = (u64 *)(w->scratch + 4224);
  u64 *counters = w->counters;
  {
    u64 acc = 0;
    for (u32 i = 0; i < 1u; i += FL_LANES) {
      const m16 rows = fl_head(1u, i);
      acc += fl_popcount(rows);
    }
    counters[2ul] += acc;
    counters[1ul] += acc;
  }
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  i32 t_4 = (i32)t_3;
  u8 **t_5 = q->blobs;
  u8 *t_6 = t_5[0ul];
  fl_str t_7 = fl_str_of_blob(t_6);
  u8 *t_8 = t + 8ul;
  i64 *t_9 = (i64 *)t_8;
  i64 t_10 = t_9[0ul];
  u8 *t_11 = t + 16ul;
  i64 *t_12 = (i64 *)t_11;
  i64 t_13 = t_12[0ul];
  {
    a_andnot[(1u - (1u != 0)) >> 6] = 0;
    for (u32 i = 0; i < 1u; i += FL_LANES) {
      const m16 rows_2 = fl_head(1u, i);
      const v_i32 sel = fl_set_i32(1);
      fl_store_i32(a_sel + i, sel);
      const m16 andnot = fl_andnot_m(rows_2, rows_2);
      fl_store_m(a_andnot, i, andnot);
    }
  }
  fl_vec t_14[5];
  i32 t_14_c0[1]; t_14_c0[0] = t_4;
  t_14[0].kind = FL_I32; t_14[0].constant = 1; t_14[0].scale = 0; t_14[0].typmod = -1; t_14[0].count = 0; t_14[0].pad = 0;
  t_14[0].data = t_14_c0; t_14[0].valid = NULL; t_14[0].elems = NULL;
  fl_str t_14_c1[1]; t_14_c1[0] = t_7;
  t_14[1].kind = FL_STR; t_14[1].constant = 1; t_14[1].scale = 0; t_14[1].typmod = -1; t_14[1].count = 0; t_14[1].pad = 0;
  t_14[1].data = t_14_c1; t_14[1].valid = NULL; t_14[1].elems = NULL;
  i64 t_14_c2[1]; t_14_c2[0] = t_10;
  t_14[2].kind = FL_DEC64; t_14[2].constant = 1; t_14[2].scale = 16; t_14[2].typmod = -1; t_14[2].count = 0; t_14[2].pad = 0;
  t_14[2].data = t_14_c2; t_14[2].valid = NULL; t_14[2].elems = NULL;
  t_14[3].kind = FL_I32; t_14[3].constant = 0; t_14[3].scale = 0; t_14[3].typmod = -1; t_14[3].count = 0; t_14[3].pad = 0;
  t_14[3].data = a_sel; t_14[3].valid = a_andnot; t_14[3].elems = NULL;
  i64 t_14_c4[1]; t_14_c4[0] = t_13;
  t_14[4].kind = FL_TIMESTAMP; t_14[4].constant = 1; t_14[4].scale = 0; t_14[4].typmod = -1; t_14[4].count = 0; t_14[4].pad = 0;
  t_14[4].data = t_14_c4; t_14[4].valid = NULL; t_14[4].elems = NULL;
  flk_ones_m(a_rows, 1u);
  u64 *t_15 = (u64 *)a_rows;
  flk_result_rows(w, t_14, 5u, (u16 *)0, t_15, 1u);
}

static const fl_pipeline pipelines[] = {
  {"p0_values", NULL, NULL, p0_values_worker, NULL, 4352, FL_ORDERED, 0, 1},
};

const fl_program fl_main = {FL_ABI, 1, 0x8a1e5c1cda6c3240ul, sizeof(struct state), pipelines, 3, 0};

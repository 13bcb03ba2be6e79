/*
 * Filter
 *   Filter: (column1 > 1)
 *   ->  Values Scan on "*VALUES*"
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

static u64 p0_values_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  u64 t_4 = (u64)t_3;
  u64 t_5 = fl_morsels_of(q, t_4);
  return t_5;
}

static void p0_values_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_add = (i32 *)(w->scratch + 0);
  fl_str *const a_n2_column2 = (fl_str *)(w->scratch + 4096);
  i64 *const a_n2_column3 = (i64 *)(w->scratch + 20480);
  u64 *const a_and = (u64 *)(w->scratch + 28672);
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  u64 t_4 = (u64)t_3;
  u64 morsel_rows = q->morsel;
  u64 from = morsel * morsel_rows;
  u64 t_5 = from + morsel_rows;
  u64 to = fl_min_u64(t_5, t_4);
  u8 **t_6 = q->blobs;
  u8 *t_7 = t_6[0ul];
  i64 *t_8 = (i64 *)t_7;
  u8 *t_9 = t_6[3ul];
  u8 *t_10 = t_6[2ul];
  i32 *t_11 = (i32 *)t_10;
  u8 *t_12 = t_6[1ul];
  u8 *t_13 = t_6[5ul];
  u8 *t_14 = t_6[4ul];
  i64 *t_15 = (i64 *)t_14;
  u64 *counters = w->counters;
  u8 *t_16 = t + 8ul;
  i64 *t_17 = (i64 *)t_16;
  i64 t_18 = t_17[0ul];
  i32 t_19 = (i32)t_18;
  for (u64 at_14 = from; at_14 < to; at_14 += 1024ul) {
    u32 t_20 = q->stop;
    if (t_20) {
      return;
    }
    fl_temp_reset(w);
    u64 t_21 = to - at_14;
    u64 t_22 = fl_min_u64(t_21, 1024ul);
    u32 n = (u32)t_22;
    i64 *t_23 = t_8 + at_14;
    u64 t_24 = at_14 >> 3ul;
    u8 *t_25 = t_9 + t_24;
    u64 *t_26 = (u64 *)t_25;
    u8 *t_27 = t_13 + t_24;
    u64 *t_28 = (u64 *)t_27;
    i64 *t_29 = t_15 + at_14;
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_23 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i64 n2_column1 = fl_load_i64(t_23 + i);
        const v_i32 n2_column1_2 = fl_cvt_i32_i64(n2_column1);
        const m16 gt = fl_gt_i32(n2_column1_2, fl_set_i32(t_19));
        const m16 and = fl_and_m(rows, gt);
        fl_store_m(a_and, i, and);
        acc_2 += fl_popcount(and);
        const v_i32 add = fl_add_i32(n2_column1_2, fl_set_i32(t_19));
        fl_store_i32(a_add + i, add);
      }
      counters[2ul] += acc;
      counters[1ul] += acc_2;
      counters[3ul] += acc_2;
    }
    flk_bytes_str(a_n2_column2, t_11, t_12, at_14, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_29 + i + FL_BLOCK / 2);
        const v_i64 n2_column3 = fl_load_i64(t_29 + i);
        const v_i32 n2_column3_2 = fl_cvt_i32_i64(n2_column3);
        const v_i64 n2_column3_3 = fl_cvt_i64_i32(n2_column3_2);
        fl_store_i64(a_n2_column3 + i, n2_column3_3);
      }
    }
    fl_vec t_30[3];
    t_30[0].kind = FL_I32; t_30[0].constant = 0; t_30[0].scale = 0; t_30[0].typmod = -1; t_30[0].count = 0; t_30[0].pad = 0;
    t_30[0].data = a_add; t_30[0].valid = NULL; t_30[0].elems = NULL;
    t_30[1].kind = FL_STR; t_30[1].constant = 0; t_30[1].scale = 0; t_30[1].typmod = -1; t_30[1].count = 0; t_30[1].pad = 0;
    t_30[1].data = a_n2_column2; t_30[1].valid = t_26; t_30[1].elems = NULL;
    t_30[2].kind = FL_DEC64; t_30[2].constant = 0; t_30[2].scale = 2; t_30[2].typmod = -1; t_30[2].count = 0; t_30[2].pad = 0;
    t_30[2].data = a_n2_column3; t_30[2].valid = t_28; t_30[2].elems = NULL;
    u64 *t_31 = (u64 *)a_and;
    flk_result_rows(w, t_30, 3u, (u16 *)0, t_31, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_values", NULL, p0_values_morsels, p0_values_worker, NULL, 28800, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 1, 0xeb5295ade644b935ul, sizeof(struct state), pipelines, 4, 0};

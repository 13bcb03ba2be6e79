/*
 * Seq Scan on t
 *   Filter: ((d + '1 mon'::interval month) < ts)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"

struct state {
  u64 unused;
};

static u64 p0_t_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_t_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_d_raw = (i32 *)(w->scratch + 0);
  u64 *const a_rows = (u64 *)(w->scratch + 4096);
  u64 *const a_and = (u64 *)(w->scratch + 4224);
  i64 *const a_t = (i64 *)(w->scratch + 4352);
  fl_interval *const a_t_2 = (fl_interval *)(w->scratch + 12544);
  i64 *const a_t_3 = (i64 *)(w->scratch + 28928);
  u64 *const a_lt = (u64 *)(w->scratch + 37120);
  u64 *const a_and_2 = (u64 *)(w->scratch + 37248);
  u64 *const a_and_3 = (u64 *)(w->scratch + 37376);
  u64 *const a_and_4 = (u64 *)(w->scratch + 37504);
  u64 *const a_and_5 = (u64 *)(w->scratch + 37632);
  i64 *const a_t_4 = (i64 *)(w->scratch + 37760);
  u64 *const a_t_5 = (u64 *)(w->scratch + 45952);
  u64 *const a_and_6 = (u64 *)(w->scratch + 46080);
  i64 *const a_t_6 = (i64 *)(w->scratch + 46208);
  i32 *const a_sel = (i32 *)(w->scratch + 54400);
  i32 *const a_t_7 = (i32 *)(w->scratch + 58496);
  u64 *const a_and_7 = (u64 *)(w->scratch + 62592);
  u64 *const a_and_8 = (u64 *)(w->scratch + 62720);
  i64 *const a_t_8 = (i64 *)(w->scratch + 62848);
  i32 *const a_sel_2 = (i32 *)(w->scratch + 71040);
  i64 *const a_cvt = (i64 *)(w->scratch + 75136);
  fl_interval *const a_t_9 = (fl_interval *)(w->scratch + 83328);
  u64 *const a_and_9 = (u64 *)(w->scratch + 99712);
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_segment *segment = fl_segment_of(t, morsel);
  fl_column *t_2 = segment->cols;
  u32 t_3 = segment->first_morsel;
  u64 t_4 = (u64)t_3;
  u64 t_5 = morsel - t_4;
  u64 morsel_rows = q->morsel;
  u64 from = t_5 * morsel_rows;
  u64 t_6 = from + morsel_rows;
  u64 t_7 = segment->rows;
  u64 to = fl_min_u64(t_6, t_7);
  u8 *t_8 = t_2->valid;
  void *t_9 = t_2->data;
  i64 *n1_d_data = (i64 *)t_9;
  fl_column *t_10 = t_2 + 1ul;
  u8 *t_11 = t_10->valid;
  void *t_12 = t_10->data;
  i64 *n1_ts_data = (i64 *)t_12;
  fl_column *t_13 = t_2 + 2ul;
  u8 *t_14 = t_13->valid;
  void *t_15 = t_13->data;
  fl_i128 *n1_iv_data = (fl_i128 *)t_15;
  u8 *t_16 = q->params;
  fl_interval *t_17 = (fl_interval *)t_16;
  fl_interval t_18 = t_17[0ul];
  fl_interval t_19[1]; t_19[0] = t_18;
  u64 *counters = w->counters;
  u8 *t_20 = t_16 + 16ul;
  i64 *t_21 = (i64 *)t_20;
  i64 t_22 = t_21[0ul];
  i32 t_23 = (i32)t_22;
  u8 *t_24 = t_16 + 24ul;
  i64 *t_25 = (i64 *)t_24;
  i64 t_26 = t_25[0ul];
  i32 t_27 = (i32)t_26;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_28 = q->stop;
    if (t_28) {
      return;
    }
    fl_temp_reset(w);
    u64 t_29 = to - at_17;
    u64 t_30 = fl_min_u64(t_29, 1024ul);
    u32 n = (u32)t_30;
    u64 t_31 = at_17 >> 3ul;
    u8 *t_32 = t_8 + t_31;
    u64 *t_33 = (u64 *)t_32;
    i64 *t_34 = n1_d_data + at_17;
    u8 *t_35 = t_11 + t_31;
    u64 *t_36 = (u64 *)t_35;
    i64 *t_37 = n1_ts_data + at_17;
    u8 *t_38 = t_14 + t_31;
    u64 *t_39 = (u64 *)t_38;
    fl_i128 *t_40 = n1_iv_data + at_17;
    fl_interval *t_41 = (fl_interval *)t_40;
    flk_cvt_i32_i64(a_n1_d_raw, t_34, 0, n);
    flk_ones_m(a_rows, n);
    flk_and_m(a_and, a_rows, t_33, n);
    flk_timestamp_date(w, a_t, a_n1_d_raw, a_and, 189, n);
    flk_fill_16(a_t_2, t_19, n);
    flk_timestamp_add_interval(w, a_t_3, a_t, a_t_2, a_and, 189, n);
    flk_lt_i64(a_lt, a_t_3, t_37, 0, n);
    flk_and_m(a_and_2, t_33, t_36, n);
    flk_and_m(a_and_3, a_lt, a_and_2, n);
    flk_and_m(a_and_4, a_rows, a_and_3, n);
    counters[1ul] += flk_count(a_and_4, n);
    counters[2ul] += flk_count(a_and_4, n);
    flk_and_m(a_and_5, a_and_4, t_33, n);
    flk_extract_date(w, a_t_4, a_t_5, a_n1_d_raw, FL_YEAR, a_and_5, 44, n);
    flk_and_m(a_and_6, a_and_4, t_36, n);
    flk_trunc_timestamp(w, a_t_6, t_37, FL_MONTH, a_and_6, 66, n);
    flk_sel_i32(a_sel, a_rows, &(i32){t_23}, &(i32){t_23}, 3, n);
    flk_date_add_int(w, a_t_7, a_n1_d_raw, a_sel, a_and_5, 93, n);
    flk_and_m(a_and_7, t_36, t_39, n);
    flk_and_m(a_and_8, a_and_4, a_and_7, n);
    flk_timestamp_sub_interval(w, a_t_8, t_37, t_41, a_and_8, 102, n);
    flk_sel_i32(a_sel_2, a_rows, &(i32){t_27}, &(i32){t_27}, 3, n);
    flk_cvt_i64_i32(a_cvt, a_sel_2, 0, n);
    flk_timestamp_sub(w, a_t_9, t_37, a_cvt, a_and_6, 139, n);
    flk_and_m(a_and_9, a_t_5, t_33, n);
    fl_vec t_42[5];
    t_42[0].kind = FL_DEC64; t_42[0].constant = 0; t_42[0].scale = 0; t_42[0].typmod = -1; t_42[0].count = 0; t_42[0].pad = 0;
    t_42[0].data = a_t_4; t_42[0].valid = a_and_9; t_42[0].elems = NULL;
    t_42[1].kind = FL_TIMESTAMP; t_42[1].constant = 0; t_42[1].scale = 0; t_42[1].typmod = -1; t_42[1].count = 0; t_42[1].pad = 0;
    t_42[1].data = a_t_6; t_42[1].valid = t_36; t_42[1].elems = NULL;
    t_42[2].kind = FL_DATE; t_42[2].constant = 0; t_42[2].scale = 0; t_42[2].typmod = -1; t_42[2].count = 0; t_42[2].pad = 0;
    t_42[2].data = a_t_7; t_42[2].valid = t_33; t_42[2].elems = NULL;
    t_42[3].kind = FL_TIMESTAMP; t_42[3].constant = 0; t_42[3].scale = 0; t_42[3].typmod = -1; t_42[3].count = 0; t_42[3].pad = 0;
    t_42[3].data = a_t_8; t_42[3].valid = a_and_7; t_42[3].elems = NULL;
    t_42[4].kind = FL_INTERVAL; t_42[4].constant = 0; t_42[4].scale = 0; t_42[4].typmod = -1; t_42[4].count = 0; t_42[4].pad = 0;
    t_42[4].data = a_t_9; t_42[4].valid = t_36; t_42[4].elems = NULL;
    u64 *t_43 = (u64 *)a_and_4;
    flk_result_rows(w, t_42, 5u, (u16 *)0, t_43, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_t", NULL, p0_t_morsels, p0_t_worker, NULL, 99840, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0xed4342a9f8c6fd8dul, sizeof(struct state), pipelines, 3, 0};

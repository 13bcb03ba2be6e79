/*
 * Seq Scan on t
 *   Filter: ((d + '1 mon'::interval month) < ts)
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

static u64 p0_t_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_t_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_d_raw = (i32 *)(w->scratch + 0);
  u64 *const a_and = (u64 *)(w->scratch + 4096);
  i64 *const a_t = (i64 *)(w->scratch + 4224);
  fl_interval *const a_t_2 = (fl_interval *)(w->scratch + 12416);
  i64 *const a_t_3 = (i64 *)(w->scratch + 28800);
  u64 *const a_and_2 = (u64 *)(w->scratch + 36992);
  i64 *const a_t_4 = (i64 *)(w->scratch + 37120);
  u64 *const a_t_5 = (u64 *)(w->scratch + 45312);
  u64 *const a_and_3 = (u64 *)(w->scratch + 45440);
  u64 *const a_and_4 = (u64 *)(w->scratch + 45568);
  i64 *const a_t_6 = (i64 *)(w->scratch + 45696);
  i32 *const a_sel = (i32 *)(w->scratch + 53888);
  i32 *const a_t_7 = (i32 *)(w->scratch + 57984);
  u64 *const a_and_5 = (u64 *)(w->scratch + 62080);
  i64 *const a_t_8 = (i64 *)(w->scratch + 62208);
  i64 *const a_cvt = (i64 *)(w->scratch + 70400);
  fl_interval *const a_t_9 = (fl_interval *)(w->scratch + 78592);
  u64 *const a_and_6 = (u64 *)(w->scratch + 94976);
  u64 *const a_and_7 = (u64 *)(w->scratch + 95104);
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
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i64 n1_d_raw = fl_load_i64(t_34 + i);
        const v_i32 n1_d_raw_2 = fl_cvt_i32_i64(n1_d_raw);
        fl_store_i32(a_n1_d_raw + i, n1_d_raw_2);
        const m16 rows = fl_head(n, i);
        const m16 n1_d_valid = fl_load_m(t_33, i);
        const m16 and = fl_and_m(rows, n1_d_valid);
        fl_store_m(a_and, i, and);
      }
    }
    flk_timestamp_date(w, a_t, a_n1_d_raw, a_and, 189, n);
    flk_fill_16(a_t_2, t_19, n);
    flk_timestamp_add_interval(w, a_t_3, a_t, a_t_2, a_and, 189, n);
    {
      a_and_3[(n - (n != 0)) >> 6] = 0;
      a_and_2[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_34 + i + FL_BLOCK);
        fl_prefetch(t_37 + i + FL_BLOCK);
        const m16 rows_2 = fl_head(n, i);
        const v_i64 t_42 = fl_load_i64(a_t_3 + i);
        const v_i64 n1_ts_raw = fl_load_i64(t_37 + i);
        const m16 lt = fl_lt_i64(t_42, n1_ts_raw);
        const m16 n1_d_valid_2 = fl_load_m(t_33, i);
        const m16 n1_ts_valid = fl_load_m(t_36, i);
        const m16 and_2 = fl_and_m(n1_d_valid_2, n1_ts_valid);
        const m16 and_3 = fl_and_m(lt, and_2);
        const m16 and_4 = fl_and_m(rows_2, and_3);
        fl_store_m(a_and_3, i, and_4);
        acc += fl_popcount(and_4);
        const m16 and_5 = fl_and_m(and_4, n1_d_valid_2);
        fl_store_m(a_and_2, i, and_5);
      }
      counters[1ul] += acc;
      counters[2ul] += acc;
    }
    flk_extract_date(w, a_t_4, a_t_5, a_n1_d_raw, FL_YEAR, a_and_2, 44, n);
    {
      a_and_4[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 and_6 = fl_load_m(a_and_3, i);
        const m16 n1_ts_valid_2 = fl_load_m(t_36, i);
        const m16 and_7 = fl_and_m(and_6, n1_ts_valid_2);
        fl_store_m(a_and_4, i, and_7);
      }
    }
    flk_trunc_timestamp(w, a_t_6, t_37, FL_MONTH, a_and_4, 66, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_3 = fl_head(n, i);
        const v_i32 sel = fl_set_i32(t_23);
        fl_store_i32(a_sel + i, sel);
      }
    }
    flk_date_add_int(w, a_t_7, a_n1_d_raw, a_sel, a_and_2, 93, n);
    {
      a_and_7[(n - (n != 0)) >> 6] = 0;
      a_and_5[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 and_8 = fl_load_m(a_and_3, i);
        const m16 n1_ts_valid_3 = fl_load_m(t_36, i);
        const m16 n1_iv_valid = fl_load_m(t_39, i);
        const m16 and_9 = fl_and_m(n1_ts_valid_3, n1_iv_valid);
        fl_store_m(a_and_7, i, and_9);
        const m16 and_10 = fl_and_m(and_8, and_9);
        fl_store_m(a_and_5, i, and_10);
      }
    }
    flk_timestamp_sub_interval(w, a_t_8, t_37, t_41, a_and_5, 102, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_4 = fl_head(n, i);
        const v_i32 sel_2 = fl_set_i32(t_27);
        const v_i64 cvt = fl_cvt_i64_i32(sel_2);
        fl_store_i64(a_cvt + i, cvt);
      }
    }
    flk_timestamp_sub(w, a_t_9, t_37, a_cvt, a_and_4, 139, n);
    {
      a_and_6[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 t_43 = fl_load_m(a_t_5, i);
        const m16 n1_d_valid_3 = fl_load_m(t_33, i);
        const m16 and_11 = fl_and_m(t_43, n1_d_valid_3);
        fl_store_m(a_and_6, i, and_11);
      }
    }
    fl_vec t_44[5];
    t_44[0].kind = FL_DEC64; t_44[0].constant = 0; t_44[0].scale = 0; t_44[0].typmod = -1; t_44[0].count = 0; t_44[0].pad = 0;
    t_44[0].data = a_t_4; t_44[0].valid = a_and_6; t_44[0].elems = NULL;
    t_44[1].kind = FL_TIMESTAMP; t_44[1].constant = 0; t_44[1].scale = 0; t_44[1].typmod = -1; t_44[1].count = 0; t_44[1].pad = 0;
    t_44[1].data = a_t_6; t_44[1].valid = t_36; t_44[1].elems = NULL;
    t_44[2].kind = FL_DATE; t_44[2].constant = 0; t_44[2].scale = 0; t_44[2].typmod = -1; t_44[2].count = 0; t_44[2].pad = 0;
    t_44[2].data = a_t_7; t_44[2].valid = t_33; t_44[2].elems = NULL;
    t_44[3].kind = FL_TIMESTAMP; t_44[3].constant = 0; t_44[3].scale = 0; t_44[3].typmod = -1; t_44[3].count = 0; t_44[3].pad = 0;
    t_44[3].data = a_t_8; t_44[3].valid = a_and_7; t_44[3].elems = NULL;
    t_44[4].kind = FL_INTERVAL; t_44[4].constant = 0; t_44[4].scale = 0; t_44[4].typmod = -1; t_44[4].count = 0; t_44[4].pad = 0;
    t_44[4].data = a_t_9; t_44[4].valid = t_36; t_44[4].elems = NULL;
    u64 *t_45 = (u64 *)a_and_3;
    flk_result_rows(w, t_44, 5u, (u16 *)0, t_45, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_t", NULL, p0_t_morsels, p0_t_worker, NULL, 95232, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0xed4342a9f8c6fd8dul, sizeof(struct state), pipelines, 3, 0};

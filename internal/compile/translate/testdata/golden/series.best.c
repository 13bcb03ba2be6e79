/*
 * Insert on big
 *   ->  Function Scan on generate_series i
 *         Function Call: generate_series('1'::bigint, '10000000'::bigint, '1'::bigint)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "sink.h"
#include "flv.h"

struct state {
  fl_sink *sink;
};

static u64 p0_series_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  u8 *t = q->params;
  u8 *t_2 = t + 16ul;
  i64 *t_3 = (i64 *)t_2;
  i64 t_4 = t_3[0ul];
  u64 t_5 = (u64)t_4;
  u64 t_6 = fl_morsels_of(q, t_5);
  return t_6;
}

static void p0_series_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[0ul];
  fl_table *t_3 = q->tables;
  fl_dict *t_4 = t_3->dicts;
  fl_sink *t_5 = fl_sink_open(w, t_2, t_4);
  s->sink = t_5;
}

static void p0_series_worker(fl_worker *w, void *state_, u64 morsel) {
  f64 *const a_t = (f64 *)(w->scratch + 0);
  u64 *const a_rows = (u64 *)(w->scratch + 8192);
  f32 *const a_t_2 = (f32 *)(w->scratch + 8320);
  i32 *const a_n2_i = (i32 *)(w->scratch + 12416);
  i64 *const a_n2_i_2 = (i64 *)(w->scratch + 16512);
  i64 *const a_sel = (i64 *)(w->scratch + 24704);
  i64 *const a_t_3 = (i64 *)(w->scratch + 32896);
  f64 *const a_div = (f64 *)(w->scratch + 41088);
  f32 *const a_t_4 = (f32 *)(w->scratch + 49280);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 *t = q->params;
  u8 *t_2 = t + 16ul;
  i64 *t_3 = (i64 *)t_2;
  i64 t_4 = t_3[0ul];
  u64 count = (u64)t_4;
  i64 *t_5 = (i64 *)t;
  i64 start = t_5[0ul];
  u8 *t_6 = t + 8ul;
  i64 *t_7 = (i64 *)t_6;
  i64 step = t_7[0ul];
  u64 morsel_rows = q->morsel;
  u64 from = morsel * morsel_rows;
  u64 t_8 = from + morsel_rows;
  u64 to = fl_min_u64(t_8, count);
  u64 *counters = w->counters;
  u64 t_9 = q->seed;
  u8 *t_10 = t + 24ul;
  i64 *t_11 = (i64 *)t_10;
  i64 t_12 = t_11[0ul];
  i32 t_13 = (i32)t_12;
  i64 t_14 = (i64)t_13;
  u8 *t_15 = t + 32ul;
  f64 *t_16 = (f64 *)t_15;
  f64 t_17 = t_16[0ul];
  fl_sink *t_18 = s->sink;
  for (u64 at_20 = from; at_20 < to; at_20 += 1024ul) {
    u32 t_19 = q->stop;
    if (t_19) {
      return;
    }
    fl_temp_reset(w);
    u64 t_20 = to - at_20;
    u64 t_21 = fl_min_u64(t_20, 1024ul);
    u32 n = (u32)t_21;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[2ul] += acc;
      counters[1ul] += acc;
    }
    u64 t_22 = fl_next_block(w);
    flk_random(a_t, t_9, 1ul, morsel, t_22, n);
    flk_ones_m(a_rows, n);
    flk_f32_f64(w, a_t_2, a_t, a_rows, 73, n);
    flk_series_i32(a_n2_i, start, step, at_20, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i32 n2_i = fl_load_i32(a_n2_i + i);
        const v_i64 n2_i_2 = fl_cvt_i64_i32(n2_i);
        fl_store_i64(a_n2_i_2 + i, n2_i_2);
        const m16 rows_2 = fl_head(n, i);
        const v_i64 sel = fl_set_i64(t_14);
        fl_store_i64(a_sel + i, sel);
      }
    }
    flk_intmod(w, a_t_3, a_n2_i_2, a_sel, a_rows, 84, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_3 = fl_head(n, i);
        const v_f64 sel_2 = fl_set_f64(t_17);
        const m16 oeq = fl_oeq_f64(sel_2, fl_set_f64(0x0p+00));
        const v_i64 t_23 = fl_load_i64(a_t_3 + i);
        const v_f64 cvt = fl_cvt_f64_i64(t_23);
        const m16 isnan = fl_isnan_f64(cvt);
        const m16 andnot = fl_andnot_m(oeq, isnan);
        const m16 and = fl_and_m(rows_3, andnot);
        if (fl_any_m(and)) fl_raise(w, "22012", 91, "division by zero");
        const v_f64 div = fl_div_f64(cvt, fl_set_f64(t_17));
        fl_store_f64(a_div + i, div);
        const m16 isinf = fl_isinf_f64(div);
        const m16 isinf_2 = fl_isinf_f64(cvt);
        const m16 isinf_3 = fl_isinf_f64(sel_2);
        const m16 or = fl_or_m(isinf_2, isinf_3);
        const m16 andnot_2 = fl_andnot_m(isinf, or);
        const m16 and_2 = fl_and_m(rows_3, andnot_2);
        if (fl_any_m(and_2)) fl_raise(w, "22003", 91, "value out of range: overflow");
        const m16 oeq_2 = fl_oeq_f64(div, fl_set_f64(0x0p+00));
        const m16 oeq_3 = fl_oeq_f64(cvt, fl_set_f64(0x0p+00));
        const m16 or_2 = fl_or_m(oeq_3, isinf_3);
        const m16 andnot_3 = fl_andnot_m(oeq_2, or_2);
        const m16 and_3 = fl_and_m(rows_3, andnot_3);
        if (fl_any_m(and_3)) fl_raise(w, "22003", 91, "value out of range: underflow");
      }
    }
    flk_f32_f64(w, a_t_4, a_div, a_rows, 82, n);
    fl_vec t_24[3];
    t_24[0].kind = FL_I64; t_24[0].constant = 0; t_24[0].scale = 0; t_24[0].typmod = -1; t_24[0].count = 0; t_24[0].pad = 0;
    t_24[0].data = a_n2_i_2; t_24[0].valid = NULL; t_24[0].elems = NULL;
    t_24[1].kind = FL_F32; t_24[1].constant = 0; t_24[1].scale = 0; t_24[1].typmod = -1; t_24[1].count = 0; t_24[1].pad = 0;
    t_24[1].data = a_t_2; t_24[1].valid = NULL; t_24[1].elems = NULL;
    t_24[2].kind = FL_F32; t_24[2].constant = 0; t_24[2].scale = 0; t_24[2].typmod = -1; t_24[2].count = 0; t_24[2].pad = 0;
    t_24[2].data = a_t_4; t_24[2].valid = NULL; t_24[2].elems = NULL;
    u64 *t_25 = (u64 *)a_rows;
    fl_sink_block(w, t_18, morsel, t_24, t_25, n);
  }
  fl_sink_morsel_end(w, t_18, morsel);
}

static void p0_series_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sink *t = s->sink;
  u64 t_2 = fl_sink_finish(w, t);
}

static const fl_pipeline pipelines[] = {
  {"p0_series", p0_series_prepare, p0_series_morsels, p0_series_worker, p0_series_finish, 53376, FL_IN_TURN, 0, 1},
};

const fl_program fl_main = {FL_ABI, 1, 0x90713a3e5921089cul, sizeof(struct state), pipelines, 3, 0};

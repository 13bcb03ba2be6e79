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
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  f64 *const a_t = (f64 *)(w->scratch + 128);
  f32 *const a_t_2 = (f32 *)(w->scratch + 8320);
  i32 *const a_n2_i = (i32 *)(w->scratch + 12416);
  i64 *const a_n2_i_2 = (i64 *)(w->scratch + 16512);
  i64 *const a_sel = (i64 *)(w->scratch + 24704);
  i64 *const a_t_3 = (i64 *)(w->scratch + 32896);
  f64 *const a_sel_2 = (f64 *)(w->scratch + 41088);
  u64 *const a_oeq = (u64 *)(w->scratch + 49280);
  f64 *const a_cvt = (f64 *)(w->scratch + 49408);
  u64 *const a_isnan = (u64 *)(w->scratch + 57600);
  u64 *const a_andnot = (u64 *)(w->scratch + 57728);
  u64 *const a_and = (u64 *)(w->scratch + 57856);
  f64 *const a_div = (f64 *)(w->scratch + 57984);
  u64 *const a_isinf = (u64 *)(w->scratch + 66176);
  u64 *const a_isinf_2 = (u64 *)(w->scratch + 66304);
  u64 *const a_isinf_3 = (u64 *)(w->scratch + 66432);
  u64 *const a_or = (u64 *)(w->scratch + 66560);
  u64 *const a_andnot_2 = (u64 *)(w->scratch + 66688);
  u64 *const a_and_2 = (u64 *)(w->scratch + 66816);
  u64 *const a_oeq_2 = (u64 *)(w->scratch + 66944);
  u64 *const a_oeq_3 = (u64 *)(w->scratch + 67072);
  u64 *const a_or_2 = (u64 *)(w->scratch + 67200);
  u64 *const a_andnot_3 = (u64 *)(w->scratch + 67328);
  u64 *const a_and_3 = (u64 *)(w->scratch + 67456);
  f32 *const a_t_4 = (f32 *)(w->scratch + 67584);
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
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    counters[1ul] += flk_count(a_rows, n);
    u64 t_22 = fl_next_block(w);
    flk_random(a_t, t_9, 1ul, morsel, t_22, n);
    flk_f32_f64(w, a_t_2, a_t, a_rows, 73, n);
    flk_series_i32(a_n2_i, start, step, at_20, n);
    flk_cvt_i64_i32(a_n2_i_2, a_n2_i, 0, n);
    flk_sel_i64(a_sel, a_rows, &(i64){t_14}, &(i64){t_14}, 3, n);
    flk_intmod(w, a_t_3, a_n2_i_2, a_sel, a_rows, 84, n);
    flk_sel_f64(a_sel_2, a_rows, &(f64){t_17}, &(f64){t_17}, 3, n);
    flk_oeq_f64(a_oeq, a_sel_2, &(f64){0x0p+00}, 2, n);
    flk_cvt_f64_i64(a_cvt, a_t_3, 0, n);
    flk_isnan_f64(a_isnan, a_cvt, 0, n);
    flk_andnot_m(a_andnot, a_oeq, a_isnan, n);
    flk_and_m(a_and, a_rows, a_andnot, n);
    if (flk_count(a_and, n)) fl_raise(w, "22012", 91, "division by zero");
    flk_div_f64(a_div, a_cvt, &(f64){t_17}, 2, n);
    flk_isinf_f64(a_isinf, a_div, 0, n);
    flk_isinf_f64(a_isinf_2, a_cvt, 0, n);
    flk_isinf_f64(a_isinf_3, a_sel_2, 0, n);
    flk_or_m(a_or, a_isinf_2, a_isinf_3, n);
    flk_andnot_m(a_andnot_2, a_isinf, a_or, n);
    flk_and_m(a_and_2, a_rows, a_andnot_2, n);
    if (flk_count(a_and_2, n)) fl_raise(w, "22003", 91, "value out of range: overflow");
    flk_oeq_f64(a_oeq_2, a_div, &(f64){0x0p+00}, 2, n);
    flk_oeq_f64(a_oeq_3, a_cvt, &(f64){0x0p+00}, 2, n);
    flk_or_m(a_or_2, a_oeq_3, a_isinf_3, n);
    flk_andnot_m(a_andnot_3, a_oeq_2, a_or_2, n);
    flk_and_m(a_and_3, a_rows, a_andnot_3, n);
    if (flk_count(a_and_3, n)) fl_raise(w, "22003", 91, "value out of range: underflow");
    flk_f32_f64(w, a_t_4, a_div, a_rows, 82, n);
    fl_vec t_23[3];
    t_23[0].kind = FL_I64; t_23[0].constant = 0; t_23[0].scale = 0; t_23[0].typmod = -1; t_23[0].count = 0; t_23[0].pad = 0;
    t_23[0].data = a_n2_i_2; t_23[0].valid = NULL; t_23[0].elems = NULL;
    t_23[1].kind = FL_F32; t_23[1].constant = 0; t_23[1].scale = 0; t_23[1].typmod = -1; t_23[1].count = 0; t_23[1].pad = 0;
    t_23[1].data = a_t_2; t_23[1].valid = NULL; t_23[1].elems = NULL;
    t_23[2].kind = FL_F32; t_23[2].constant = 0; t_23[2].scale = 0; t_23[2].typmod = -1; t_23[2].count = 0; t_23[2].pad = 0;
    t_23[2].data = a_t_4; t_23[2].valid = NULL; t_23[2].elems = NULL;
    u64 *t_24 = (u64 *)a_rows;
    fl_sink_block(w, t_18, morsel, t_23, t_24, n);
  }
  fl_sink_morsel_end(w, t_18, morsel);
}

static void p0_series_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sink *t = s->sink;
  u64 t_2 = fl_sink_finish(w, t);
}

static const fl_pipeline pipelines[] = {
  {"p0_series", p0_series_prepare, p0_series_morsels, p0_series_worker, p0_series_finish, 71680, FL_IN_TURN, 0, 1},
};

const fl_program fl_main = {FL_ABI, 1, 0x90713a3e5921089cul, sizeof(struct state), pipelines, 3, 0};

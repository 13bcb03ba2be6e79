/*
 * Insert on t
 *   ->  Values Scan on "*VALUES*"
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

static u64 p0_values_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  u64 t_4 = (u64)t_3;
  u64 t_5 = fl_morsels_of(q, t_4);
  return t_5;
}

static void p0_values_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[11ul];
  fl_table *t_3 = q->tables;
  fl_dict *t_4 = t_3->dicts;
  fl_sink *t_5 = fl_sink_open(w, t_2, t_4);
  s->sink = t_5;
}

static void p0_values_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  i32 *const a_n2_a = (i32 *)(w->scratch + 128);
  fl_str *const a_n2_b = (fl_str *)(w->scratch + 4224);
  i32 *const a_n2_c = (i32 *)(w->scratch + 20608);
  i64 *const a_n2_c_2 = (i64 *)(w->scratch + 24704);
  i32 *const a_n2_d = (i32 *)(w->scratch + 32896);
  f64 *const a_sel = (f64 *)(w->scratch + 36992);
  u64 *const a_andnot = (u64 *)(w->scratch + 45184);
  u64 *const a_ne = (u64 *)(w->scratch + 45312);
  i64 *const a_sel_2 = (i64 *)(w->scratch + 45440);
  i32 *const a_cvt = (i32 *)(w->scratch + 53632);
  fl_interval *const a_t = (fl_interval *)(w->scratch + 57728);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 74112);
  fl_str *const a_n2_ch = (fl_str *)(w->scratch + 90496);
  f32 *const a_sel_3 = (f32 *)(w->scratch + 106880);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 110976);
  struct state *s = (struct state *)state_;
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
  u8 *t_13 = t_6[4ul];
  i64 *t_14 = (i64 *)t_13;
  u8 *t_15 = t_6[6ul];
  u8 *t_16 = t_6[5ul];
  i64 *t_17 = (i64 *)t_16;
  u8 *t_18 = t_6[7ul];
  u8 *t_19 = t_6[10ul];
  u8 *t_20 = t_6[9ul];
  i32 *t_21 = (i32 *)t_20;
  u8 *t_22 = t_6[8ul];
  u64 *counters = w->counters;
  u8 *t_23 = t + 8ul;
  fl_interval *t_24 = (fl_interval *)t_23;
  fl_interval t_25 = t_24[0ul];
  fl_interval t_26[1]; t_26[0] = t_25;
  u8 *t_27 = t_6[12ul];
  fl_str t_28 = fl_str_of_blob(t_27);
  fl_str t_29[1]; t_29[0] = t_28;
  fl_sink *t_30 = s->sink;
  for (u64 at_14 = from; at_14 < to; at_14 += 1024ul) {
    u32 t_31 = q->stop;
    if (t_31) {
      return;
    }
    fl_temp_reset(w);
    u64 t_32 = to - at_14;
    u64 t_33 = fl_min_u64(t_32, 1024ul);
    u32 n = (u32)t_33;
    i64 *t_34 = t_8 + at_14;
    u64 t_35 = at_14 >> 3ul;
    u8 *t_36 = t_9 + t_35;
    u64 *t_37 = (u64 *)t_36;
    i64 *t_38 = t_14 + at_14;
    u8 *t_39 = t_15 + t_35;
    u64 *t_40 = (u64 *)t_39;
    i64 *t_41 = t_17 + at_14;
    u8 *t_42 = t_18 + at_14;
    u8 *t_43 = t_19 + t_35;
    u64 *t_44 = (u64 *)t_43;
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    counters[1ul] += flk_count(a_rows, n);
    flk_cvt_i32_i64(a_n2_a, t_34, 0, n);
    flk_bytes_str(a_n2_b, t_11, t_12, at_14, n);
    flk_cvt_i32_i64(a_n2_c, t_38, 0, n);
    flk_cvt_i64_i32(a_n2_c_2, a_n2_c, 0, n);
    flk_cvt_i32_i64(a_n2_d, t_41, 0, n);
    flk_sel_f64(a_sel, a_rows, &(f64){0x0p+00}, &(f64){0x0p+00}, 3, n);
    flk_andnot_m(a_andnot, a_rows, a_rows, n);
    flk_ne_u8(a_ne, t_42, &(u8){0}, 2, n);
    flk_sel_i64(a_sel_2, a_rows, &(i64){0l}, &(i64){0l}, 3, n);
    flk_cvt_i32_i64(a_cvt, a_sel_2, 0, n);
    flk_fill_16(a_t, t_26, n);
    flk_fill_16(a_t_2, t_29, n);
    flk_bytes_str(a_n2_ch, t_21, t_22, at_14, n);
    flk_sel_f32(a_sel_3, a_rows, &(f32){0x0p+00f}, &(f32){0x0p+00f}, 3, n);
    flk_num_dec64(w, a_t_3, a_sel_2, 0, a_andnot, n);
    fl_vec t_45[14];
    t_45[0].kind = FL_I32; t_45[0].constant = 0; t_45[0].scale = 0; t_45[0].typmod = -1; t_45[0].count = 0; t_45[0].pad = 0;
    t_45[0].data = a_n2_a; t_45[0].valid = NULL; t_45[0].elems = NULL;
    t_45[1].kind = FL_STR; t_45[1].constant = 0; t_45[1].scale = 0; t_45[1].typmod = -1; t_45[1].count = 0; t_45[1].pad = 0;
    t_45[1].data = a_n2_b; t_45[1].valid = t_37; t_45[1].elems = NULL;
    t_45[2].kind = FL_DEC64; t_45[2].constant = 0; t_45[2].scale = 2; t_45[2].typmod = 655362; t_45[2].count = 0; t_45[2].pad = 0;
    t_45[2].data = a_n2_c_2; t_45[2].valid = NULL; t_45[2].elems = NULL;
    t_45[3].kind = FL_DATE; t_45[3].constant = 0; t_45[3].scale = 0; t_45[3].typmod = -1; t_45[3].count = 0; t_45[3].pad = 0;
    t_45[3].data = a_n2_d; t_45[3].valid = t_40; t_45[3].elems = NULL;
    t_45[4].kind = FL_F64; t_45[4].constant = 0; t_45[4].scale = 0; t_45[4].typmod = -1; t_45[4].count = 0; t_45[4].pad = 0;
    t_45[4].data = a_sel; t_45[4].valid = a_andnot; t_45[4].elems = NULL;
    t_45[5].kind = FL_BOOL; t_45[5].constant = 0; t_45[5].scale = 0; t_45[5].typmod = -1; t_45[5].count = 0; t_45[5].pad = 0;
    t_45[5].data = a_ne; t_45[5].valid = NULL; t_45[5].elems = NULL;
    t_45[6].kind = FL_I16; t_45[6].constant = 0; t_45[6].scale = 0; t_45[6].typmod = -1; t_45[6].count = 0; t_45[6].pad = 0;
    t_45[6].data = a_cvt; t_45[6].valid = a_andnot; t_45[6].elems = NULL;
    t_45[7].kind = FL_I64; t_45[7].constant = 0; t_45[7].scale = 0; t_45[7].typmod = -1; t_45[7].count = 0; t_45[7].pad = 0;
    t_45[7].data = a_sel_2; t_45[7].valid = a_andnot; t_45[7].elems = NULL;
    t_45[8].kind = FL_TIMESTAMP; t_45[8].constant = 0; t_45[8].scale = 0; t_45[8].typmod = -1; t_45[8].count = 0; t_45[8].pad = 0;
    t_45[8].data = a_sel_2; t_45[8].valid = a_andnot; t_45[8].elems = NULL;
    t_45[9].kind = FL_INTERVAL; t_45[9].constant = 0; t_45[9].scale = 0; t_45[9].typmod = -1; t_45[9].count = 0; t_45[9].pad = 0;
    t_45[9].data = a_t; t_45[9].valid = a_andnot; t_45[9].elems = NULL;
    t_45[10].kind = FL_STR; t_45[10].constant = 0; t_45[10].scale = 0; t_45[10].typmod = 5; t_45[10].count = 0; t_45[10].pad = 0;
    t_45[10].data = a_t_2; t_45[10].valid = a_andnot; t_45[10].elems = NULL;
    t_45[11].kind = FL_STR; t_45[11].constant = 0; t_45[11].scale = 0; t_45[11].typmod = 3; t_45[11].count = 0; t_45[11].pad = 0;
    t_45[11].data = a_n2_ch; t_45[11].valid = t_44; t_45[11].elems = NULL;
    t_45[12].kind = FL_F32; t_45[12].constant = 0; t_45[12].scale = 0; t_45[12].typmod = -1; t_45[12].count = 0; t_45[12].pad = 0;
    t_45[12].data = a_sel_3; t_45[12].valid = a_andnot; t_45[12].elems = NULL;
    t_45[13].kind = FL_NUM; t_45[13].constant = 0; t_45[13].scale = 0; t_45[13].typmod = -1; t_45[13].count = 0; t_45[13].pad = 0;
    t_45[13].data = a_t_3; t_45[13].valid = a_andnot; t_45[13].elems = NULL;
    u64 *t_46 = (u64 *)a_rows;
    fl_sink_block(w, t_30, morsel, t_45, t_46, n);
  }
  fl_sink_morsel_end(w, t_30, morsel);
}

static void p0_values_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sink *t = s->sink;
  u64 t_2 = fl_sink_finish(w, t);
}

static const fl_pipeline pipelines[] = {
  {"p0_values", p0_values_prepare, p0_values_morsels, p0_values_worker, p0_values_finish, 127360, FL_IN_TURN, 0, 1},
};

const fl_program fl_main = {FL_ABI, 1, 0xbe1d8ae437a46482ul, sizeof(struct state), pipelines, 3, 0};

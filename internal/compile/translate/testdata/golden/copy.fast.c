/*
 * Insert on t
 *   ->  Copy Source
 *         Format: csv, delimiter ",", null "", header
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "csv.h"
#include "sink.h"

struct state {
  fl_sink *sink;
};

static void p0_csv_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[0ul];
  fl_table *t_3 = q->tables;
  fl_dict *t_4 = t_3->dicts;
  fl_sink *t_5 = fl_sink_open(w, t_2, t_4);
  s->sink = t_5;
}

static void p0_csv_worker(fl_worker *w, void *state_, u64 morsel) {
  fl_str *const a_n2_a = (fl_str *)(w->scratch + 0);
  u64 *const a_n2_a_valid = (u64 *)(w->scratch + 16384);
  fl_str *const a_n2_b = (fl_str *)(w->scratch + 16512);
  u64 *const a_n2_b_valid = (u64 *)(w->scratch + 32896);
  fl_str *const a_n2_c = (fl_str *)(w->scratch + 33024);
  u64 *const a_n2_c_valid = (u64 *)(w->scratch + 49408);
  fl_str *const a_n2_d = (fl_str *)(w->scratch + 49536);
  u64 *const a_n2_d_valid = (u64 *)(w->scratch + 65920);
  fl_str *const a_n2_e = (fl_str *)(w->scratch + 66048);
  u64 *const a_n2_e_valid = (u64 *)(w->scratch + 82432);
  fl_str *const a_n2_f = (fl_str *)(w->scratch + 82560);
  u64 *const a_n2_f_valid = (u64 *)(w->scratch + 98944);
  fl_str *const a_n2_g = (fl_str *)(w->scratch + 99072);
  u64 *const a_n2_g_valid = (u64 *)(w->scratch + 115456);
  fl_str *const a_n2_h = (fl_str *)(w->scratch + 115584);
  u64 *const a_n2_h_valid = (u64 *)(w->scratch + 131968);
  fl_str *const a_n2_ts = (fl_str *)(w->scratch + 132096);
  u64 *const a_n2_ts_valid = (u64 *)(w->scratch + 148480);
  fl_str *const a_n2_iv = (fl_str *)(w->scratch + 148608);
  u64 *const a_n2_iv_valid = (u64 *)(w->scratch + 164992);
  fl_str *const a_n2_vc = (fl_str *)(w->scratch + 165120);
  u64 *const a_n2_vc_valid = (u64 *)(w->scratch + 181504);
  fl_str *const a_n2_ch = (fl_str *)(w->scratch + 181632);
  u64 *const a_n2_ch_valid = (u64 *)(w->scratch + 198016);
  fl_str *const a_n2_r = (fl_str *)(w->scratch + 198144);
  u64 *const a_n2_r_valid = (u64 *)(w->scratch + 214528);
  fl_str *const a_n2_n = (fl_str *)(w->scratch + 214656);
  u64 *const a_n2_n_valid = (u64 *)(w->scratch + 231040);
  u64 *const a_rows = (u64 *)(w->scratch + 231168);
  u64 *const a_and = (u64 *)(w->scratch + 231296);
  i64 *const a_t = (i64 *)(w->scratch + 231424);
  u64 *const a_and_2 = (u64 *)(w->scratch + 239616);
  i64 *const a_t_2 = (i64 *)(w->scratch + 239744);
  u64 *const a_and_3 = (u64 *)(w->scratch + 247936);
  i32 *const a_t_3 = (i32 *)(w->scratch + 248064);
  u64 *const a_and_4 = (u64 *)(w->scratch + 252160);
  f64 *const a_t_4 = (f64 *)(w->scratch + 252288);
  u64 *const a_and_5 = (u64 *)(w->scratch + 260480);
  u64 *const a_t_5 = (u64 *)(w->scratch + 260608);
  u64 *const a_and_6 = (u64 *)(w->scratch + 260736);
  i64 *const a_t_6 = (i64 *)(w->scratch + 260864);
  u64 *const a_and_7 = (u64 *)(w->scratch + 269056);
  i64 *const a_t_7 = (i64 *)(w->scratch + 269184);
  u64 *const a_and_8 = (u64 *)(w->scratch + 277376);
  i64 *const a_t_8 = (i64 *)(w->scratch + 277504);
  u64 *const a_and_9 = (u64 *)(w->scratch + 285696);
  fl_interval *const a_t_9 = (fl_interval *)(w->scratch + 285824);
  u64 *const a_and_10 = (u64 *)(w->scratch + 302208);
  fl_str *const a_t_10 = (fl_str *)(w->scratch + 302336);
  u64 *const a_and_11 = (u64 *)(w->scratch + 318720);
  fl_str *const a_t_11 = (fl_str *)(w->scratch + 318848);
  u64 *const a_and_12 = (u64 *)(w->scratch + 335232);
  f32 *const a_t_12 = (f32 *)(w->scratch + 335360);
  u64 *const a_and_13 = (u64 *)(w->scratch + 339456);
  fl_str *const a_t_13 = (fl_str *)(w->scratch + 339584);
  i32 *const a_cvt = (i32 *)(w->scratch + 355968);
  i32 *const a_cvt_2 = (i32 *)(w->scratch + 360064);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[1ul];
  void *t_3 = fl_alloc(w, sizeof(fl_csv_reader));
  fl_csv_reader *t_4 = (fl_csv_reader *)t_3;
  u8 *t_5 = w->chunk;
  u64 t_6 = w->chunk_len;
  u64 t_7 = w->chunk_row;
  fl_csv_open(w, t_4, t_2, t_5, t_6, t_7);
  u64 *counters = w->counters;
  fl_sink *t_8 = s->sink;
  for (;;) {
    u32 t_9 = q->stop;
    if (t_9) {
      return;
    }
    fl_temp_reset(w);
    fl_str *t_10 = (fl_str *)a_n2_a;
    u64 *t_11 = (u64 *)a_n2_a_valid;
    fl_str *t_12 = (fl_str *)a_n2_b;
    u64 *t_13 = (u64 *)a_n2_b_valid;
    fl_str *t_14 = (fl_str *)a_n2_c;
    u64 *t_15 = (u64 *)a_n2_c_valid;
    fl_str *t_16 = (fl_str *)a_n2_d;
    u64 *t_17 = (u64 *)a_n2_d_valid;
    fl_str *t_18 = (fl_str *)a_n2_e;
    u64 *t_19 = (u64 *)a_n2_e_valid;
    fl_str *t_20 = (fl_str *)a_n2_f;
    u64 *t_21 = (u64 *)a_n2_f_valid;
    fl_str *t_22 = (fl_str *)a_n2_g;
    u64 *t_23 = (u64 *)a_n2_g_valid;
    fl_str *t_24 = (fl_str *)a_n2_h;
    u64 *t_25 = (u64 *)a_n2_h_valid;
    fl_str *t_26 = (fl_str *)a_n2_ts;
    u64 *t_27 = (u64 *)a_n2_ts_valid;
    fl_str *t_28 = (fl_str *)a_n2_iv;
    u64 *t_29 = (u64 *)a_n2_iv_valid;
    fl_str *t_30 = (fl_str *)a_n2_vc;
    u64 *t_31 = (u64 *)a_n2_vc_valid;
    fl_str *t_32 = (fl_str *)a_n2_ch;
    u64 *t_33 = (u64 *)a_n2_ch_valid;
    fl_str *t_34 = (fl_str *)a_n2_r;
    u64 *t_35 = (u64 *)a_n2_r_valid;
    fl_str *t_36 = (fl_str *)a_n2_n;
    u64 *t_37 = (u64 *)a_n2_n_valid;
    fl_str *const t_38[] = {t_10, t_12, t_14, t_16, t_18, t_20, t_22, t_24, t_26, t_28, t_30, t_32, t_34, t_36};
    u64 *const t_39[] = {t_11, t_13, t_15, t_17, t_19, t_21, t_23, t_25, t_27, t_29, t_31, t_33, t_35, t_37};
    u32 n = fl_csv_block(t_4, t_38, t_39, 14u);
    i32 t_40 = !n;
    if (t_40) {
      break;
    }
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    counters[1ul] += flk_count(a_rows, n);
    flk_and_m(a_and, a_rows, a_n2_a_valid, n);
    flk_int_str(w, a_t, a_n2_a, 32, a_and, 0, n);
    flk_and_m(a_and_2, a_rows, a_n2_c_valid, n);
    flk_dec64_str(w, a_t_2, a_n2_c, 10, 2, a_and_2, 0, n);
    flk_and_m(a_and_3, a_rows, a_n2_d_valid, n);
    flk_date_str(w, a_t_3, a_n2_d, a_and_3, 0, n);
    flk_and_m(a_and_4, a_rows, a_n2_e_valid, n);
    flk_f64_str(w, a_t_4, a_n2_e, a_and_4, 0, n);
    flk_and_m(a_and_5, a_rows, a_n2_f_valid, n);
    flk_bool_str(w, a_t_5, a_n2_f, a_and_5, 0, n);
    flk_and_m(a_and_6, a_rows, a_n2_g_valid, n);
    flk_int_str(w, a_t_6, a_n2_g, 16, a_and_6, 0, n);
    flk_and_m(a_and_7, a_rows, a_n2_h_valid, n);
    flk_int_str(w, a_t_7, a_n2_h, 64, a_and_7, 0, n);
    flk_and_m(a_and_8, a_rows, a_n2_ts_valid, n);
    flk_timestamp_str(w, a_t_8, a_n2_ts, a_and_8, 0, n);
    flk_and_m(a_and_9, a_rows, a_n2_iv_valid, n);
    flk_interval_str(w, a_t_9, a_n2_iv, a_and_9, 0, n);
    flk_and_m(a_and_10, a_rows, a_n2_vc_valid, n);
    flk_varchar_str(w, a_t_10, a_n2_vc, 5, 1, a_and_10, 0, n);
    flk_and_m(a_and_11, a_rows, a_n2_ch_valid, n);
    flk_char_str(w, a_t_11, a_n2_ch, 3, 1, a_and_11, 0, n);
    flk_and_m(a_and_12, a_rows, a_n2_r_valid, n);
    flk_f32_str(w, a_t_12, a_n2_r, a_and_12, 0, n);
    flk_and_m(a_and_13, a_rows, a_n2_n_valid, n);
    flk_num_str(w, a_t_13, a_n2_n, a_and_13, 0, n);
    flk_cvt_i32_i64(a_cvt, a_t, 0, n);
    flk_cvt_i32_i64(a_cvt_2, a_t_6, 0, n);
    fl_vec t_41[14];
    t_41[0].kind = FL_I32; t_41[0].constant = 0; t_41[0].scale = 0; t_41[0].typmod = -1; t_41[0].count = 0; t_41[0].pad = 0;
    t_41[0].data = a_cvt; t_41[0].valid = a_n2_a_valid; t_41[0].elems = NULL;
    t_41[1].kind = FL_STR; t_41[1].constant = 0; t_41[1].scale = 0; t_41[1].typmod = -1; t_41[1].count = 0; t_41[1].pad = 0;
    t_41[1].data = a_n2_b; t_41[1].valid = a_n2_b_valid; t_41[1].elems = NULL;
    t_41[2].kind = FL_DEC64; t_41[2].constant = 0; t_41[2].scale = 2; t_41[2].typmod = 655362; t_41[2].count = 0; t_41[2].pad = 0;
    t_41[2].data = a_t_2; t_41[2].valid = a_n2_c_valid; t_41[2].elems = NULL;
    t_41[3].kind = FL_DATE; t_41[3].constant = 0; t_41[3].scale = 0; t_41[3].typmod = -1; t_41[3].count = 0; t_41[3].pad = 0;
    t_41[3].data = a_t_3; t_41[3].valid = a_n2_d_valid; t_41[3].elems = NULL;
    t_41[4].kind = FL_F64; t_41[4].constant = 0; t_41[4].scale = 0; t_41[4].typmod = -1; t_41[4].count = 0; t_41[4].pad = 0;
    t_41[4].data = a_t_4; t_41[4].valid = a_n2_e_valid; t_41[4].elems = NULL;
    t_41[5].kind = FL_BOOL; t_41[5].constant = 0; t_41[5].scale = 0; t_41[5].typmod = -1; t_41[5].count = 0; t_41[5].pad = 0;
    t_41[5].data = a_t_5; t_41[5].valid = a_n2_f_valid; t_41[5].elems = NULL;
    t_41[6].kind = FL_I16; t_41[6].constant = 0; t_41[6].scale = 0; t_41[6].typmod = -1; t_41[6].count = 0; t_41[6].pad = 0;
    t_41[6].data = a_cvt_2; t_41[6].valid = a_n2_g_valid; t_41[6].elems = NULL;
    t_41[7].kind = FL_I64; t_41[7].constant = 0; t_41[7].scale = 0; t_41[7].typmod = -1; t_41[7].count = 0; t_41[7].pad = 0;
    t_41[7].data = a_t_7; t_41[7].valid = a_n2_h_valid; t_41[7].elems = NULL;
    t_41[8].kind = FL_TIMESTAMP; t_41[8].constant = 0; t_41[8].scale = 0; t_41[8].typmod = -1; t_41[8].count = 0; t_41[8].pad = 0;
    t_41[8].data = a_t_8; t_41[8].valid = a_n2_ts_valid; t_41[8].elems = NULL;
    t_41[9].kind = FL_INTERVAL; t_41[9].constant = 0; t_41[9].scale = 0; t_41[9].typmod = -1; t_41[9].count = 0; t_41[9].pad = 0;
    t_41[9].data = a_t_9; t_41[9].valid = a_n2_iv_valid; t_41[9].elems = NULL;
    t_41[10].kind = FL_STR; t_41[10].constant = 0; t_41[10].scale = 0; t_41[10].typmod = 5; t_41[10].count = 0; t_41[10].pad = 0;
    t_41[10].data = a_t_10; t_41[10].valid = a_n2_vc_valid; t_41[10].elems = NULL;
    t_41[11].kind = FL_STR; t_41[11].constant = 0; t_41[11].scale = 0; t_41[11].typmod = 3; t_41[11].count = 0; t_41[11].pad = 0;
    t_41[11].data = a_t_11; t_41[11].valid = a_n2_ch_valid; t_41[11].elems = NULL;
    t_41[12].kind = FL_F32; t_41[12].constant = 0; t_41[12].scale = 0; t_41[12].typmod = -1; t_41[12].count = 0; t_41[12].pad = 0;
    t_41[12].data = a_t_12; t_41[12].valid = a_n2_r_valid; t_41[12].elems = NULL;
    t_41[13].kind = FL_NUM; t_41[13].constant = 0; t_41[13].scale = 0; t_41[13].typmod = -1; t_41[13].count = 0; t_41[13].pad = 0;
    t_41[13].data = a_t_13; t_41[13].valid = a_n2_n_valid; t_41[13].elems = NULL;
    u64 *t_42 = (u64 *)a_rows;
    fl_sink_block(w, t_8, morsel, t_41, t_42, n);
  }
  fl_free(w, t_4, sizeof(fl_csv_reader));
  fl_sink_morsel_end(w, t_8, morsel);
}

static void p0_csv_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sink *t = s->sink;
  u64 t_2 = fl_sink_finish(w, t);
}

static const fl_pipeline pipelines[] = {
  {"p0_csv", p0_csv_prepare, NULL, p0_csv_worker, p0_csv_finish, 364160, FL_IN_TURN | FL_STREAM, 0, 1},
};

const fl_program fl_main = {FL_ABI, 1, 0xdbddaf438a1ebc0ful, sizeof(struct state), pipelines, 3, 0};

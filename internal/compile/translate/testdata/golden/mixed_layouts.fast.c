/*
 * Seq Scan on u
 *   Filter: ((a >= 10) AND (a <= 20) AND (x ~~ 'a%'::text))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"

struct state {
  fl_like *like_0;
};

static u64 p0_u_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_u_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[3ul];
  fl_str t_3 = fl_str_of_blob(t_2);
  u8 *t_4 = t[5ul];
  fl_str t_5 = fl_str_of_blob(t_4);
  fl_str t_6[1]; t_6[0] = t_3;
  fl_str t_7[1]; t_7[0] = t_5;
  fl_like *t_8 = flk_like_prepare(w, t_6, t_7, 0u, 112);
  s->like_0 = t_8;
}

static void p0_u_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_a = (i32 *)(w->scratch + 0);
  i32 *const a_n1_a_raw = (i32 *)(w->scratch + 4096);
  u64 *const a_n1_a_valid = (u64 *)(w->scratch + 8192);
  fl_str *const a_n1_x = (fl_str *)(w->scratch + 8320);
  fl_str *const a_n1_x_2 = (fl_str *)(w->scratch + 24704);
  u64 *const a_n1_x_valid = (u64 *)(w->scratch + 41088);
  i64 *const a_n1_y = (i64 *)(w->scratch + 41216);
  u64 *const a_n1_y_valid = (u64 *)(w->scratch + 49408);
  u64 *const a_selected = (u64 *)(w->scratch + 49536);
  u64 *const a_rows = (u64 *)(w->scratch + 49664);
  u64 *const a_ge = (u64 *)(w->scratch + 49792);
  u64 *const a_le = (u64 *)(w->scratch + 49920);
  u64 *const a_and = (u64 *)(w->scratch + 50048);
  u64 *const a_and_2 = (u64 *)(w->scratch + 50176);
  u64 *const a_and_3 = (u64 *)(w->scratch + 50304);
  i32 *const a_n1_a_raw_2 = (i32 *)(w->scratch + 50432);
  u64 *const a_ge_2 = (u64 *)(w->scratch + 54528);
  u64 *const a_le_2 = (u64 *)(w->scratch + 54656);
  u64 *const a_and_4 = (u64 *)(w->scratch + 54784);
  u64 *const a_and_5 = (u64 *)(w->scratch + 54912);
  u64 *const a_and_6 = (u64 *)(w->scratch + 55040);
  u64 *const a_and_7 = (u64 *)(w->scratch + 55168);
  u64 *const a_t = (u64 *)(w->scratch + 55296);
  u64 *const a_and_8 = (u64 *)(w->scratch + 55424);
  u64 *const a_and_9 = (u64 *)(w->scratch + 55552);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_segment *segment = fl_segment_of(t, morsel);
  fl_column *t_2 = segment->cols;
  u8 *t_3 = q->params;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_3 + 8ul;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  i32 t_9 = fl_excluded(t_2, t_5, t_8);
  if (t_9) {
    return;
  }
  u32 t_10 = segment->first_morsel;
  u64 t_11 = (u64)t_10;
  u64 t_12 = morsel - t_11;
  u64 morsel_rows = q->morsel;
  u64 from = t_12 * morsel_rows;
  u64 t_13 = from + morsel_rows;
  u64 t_14 = segment->rows;
  u64 to = fl_min_u64(t_13, t_14);
  u32 t_15 = segment->layout;
  i32 t_16 = t_15 == 0u;
  u8 *t_17 = t_2->valid;
  void *t_18 = t_2->data;
  u8 *n1_a_data = (u8 *)t_18;
  fl_column *t_19 = t_2 + 1ul;
  u8 *t_20 = t_19->valid;
  void *t_21 = t_19->data;
  u8 *t_22 = (u8 *)t_21;
  i32 *t_23 = t_19->offsets;
  fl_column *t_24 = t_2 + 2ul;
  u8 *t_25 = t_24->valid;
  void *t_26 = t_24->data;
  i64 *n1_y_data = (i64 *)t_26;
  u32 t_27 = fl_encode_lo(t_2, 1l, 255u, t_5, t_8);
  u8 t_28 = (u8)t_27;
  u32 t_29 = fl_encode_hi(t_2, 1l, 255u, t_5, t_8);
  u8 t_30 = (u8)t_29;
  i32 t_31 = t_15 == 1u;
  i64 *n1_a_data_2 = (i64 *)t_18;
  fl_like *t_32 = s->like_0;
  u64 *counters = w->counters;
  for (u64 at_24 = from; at_24 < to; at_24 += 1024ul) {
    u32 t_33 = q->stop;
    if (t_33) {
      return;
    }
    fl_temp_reset(w);
    u64 t_34 = to - at_24;
    u64 t_35 = fl_min_u64(t_34, 1024ul);
    u32 n = (u32)t_35;
    u64 t_36 = at_24 >> 3ul;
    u8 *t_37 = t_17 + t_36;
    u64 *t_38 = (u64 *)t_37;
    u8 *t_39 = n1_a_data + at_24;
    u8 *t_40 = t_20 + t_36;
    u64 *t_41 = (u64 *)t_40;
    u8 *t_42 = t_25 + t_36;
    u64 *t_43 = (u64 *)t_42;
    i64 *t_44 = n1_y_data + at_24;
    if (t_16) {
      i32 *t_45 = (i32 *)a_n1_a;
      flk_cvt_i32_u8(a_n1_a_raw, t_39, 0, n);
      fl_copy((u8 *)t_45, (const u8 *)a_n1_a_raw, (u64)n * 4);
      u64 *t_46 = (u64 *)a_n1_a_valid;
      fl_copy((u8 *)t_46, (const u8 *)t_38, (n + 63) / 64 * 8);
      fl_str *t_47 = (fl_str *)a_n1_x;
      flk_bytes_str(a_n1_x_2, t_23, t_22, at_24, n);
      fl_copy((u8 *)t_47, (const u8 *)a_n1_x_2, (u64)n * 16);
      u64 *t_48 = (u64 *)a_n1_x_valid;
      fl_copy((u8 *)t_48, (const u8 *)t_41, (n + 63) / 64 * 8);
      i64 *t_49 = (i64 *)a_n1_y;
      fl_copy((u8 *)t_49, (const u8 *)t_44, (u64)n * 8);
      u64 *t_50 = (u64 *)a_n1_y_valid;
      fl_copy((u8 *)t_50, (const u8 *)t_43, (n + 63) / 64 * 8);
      u64 *t_51 = (u64 *)a_selected;
      flk_ones_m(a_rows, n);
      flk_ge_u8(a_ge, t_39, &(u8){t_28}, 2, n);
      flk_le_u8(a_le, t_39, &(u8){t_30}, 2, n);
      flk_and_m(a_and, a_ge, a_le, n);
      flk_and_m(a_and_2, a_and, t_38, n);
      flk_and_m(a_and_3, a_rows, a_and_2, n);
      fl_copy((u8 *)t_51, (const u8 *)a_and_3, (n + 63) / 64 * 8);
    }
    i64 *t_52 = n1_a_data_2 + at_24;
    if (t_31) {
      i32 *t_53 = (i32 *)a_n1_a;
      flk_cvt_i32_i64(a_n1_a_raw_2, t_52, 0, n);
      fl_copy((u8 *)t_53, (const u8 *)a_n1_a_raw_2, (u64)n * 4);
      u64 *t_54 = (u64 *)a_n1_a_valid;
      fl_copy((u8 *)t_54, (const u8 *)t_38, (n + 63) / 64 * 8);
      fl_str *t_55 = (fl_str *)a_n1_x;
      flk_bytes_str(a_n1_x_2, t_23, t_22, at_24, n);
      fl_copy((u8 *)t_55, (const u8 *)a_n1_x_2, (u64)n * 16);
      u64 *t_56 = (u64 *)a_n1_x_valid;
      fl_copy((u8 *)t_56, (const u8 *)t_41, (n + 63) / 64 * 8);
      i64 *t_57 = (i64 *)a_n1_y;
      fl_copy((u8 *)t_57, (const u8 *)t_44, (u64)n * 8);
      u64 *t_58 = (u64 *)a_n1_y_valid;
      fl_copy((u8 *)t_58, (const u8 *)t_43, (n + 63) / 64 * 8);
      u64 *t_59 = (u64 *)a_selected;
      flk_ones_m(a_rows, n);
      flk_ge_i64(a_ge_2, t_52, &(i64){t_5}, 2, n);
      flk_le_i64(a_le_2, t_52, &(i64){t_8}, 2, n);
      flk_and_m(a_and_4, a_ge_2, a_le_2, n);
      flk_and_m(a_and_5, a_and_4, t_38, n);
      flk_and_m(a_and_6, a_rows, a_and_5, n);
      fl_copy((u8 *)t_59, (const u8 *)a_and_6, (n + 63) / 64 * 8);
    }
    flk_and_m(a_and_7, a_selected, a_n1_x_valid, n);
    flk_like(w, a_t, a_n1_x, t_32, a_and_7, 112, n);
    flk_and_m(a_and_8, a_t, a_n1_x_valid, n);
    flk_and_m(a_and_9, a_selected, a_and_8, n);
    counters[1ul] += flk_count(a_and_9, n);
    counters[2ul] += flk_count(a_and_9, n);
    fl_vec t_60[2];
    t_60[0].kind = FL_I64; t_60[0].constant = 0; t_60[0].scale = 0; t_60[0].typmod = -1; t_60[0].count = 0; t_60[0].pad = 0;
    t_60[0].data = a_n1_y; t_60[0].valid = a_n1_y_valid; t_60[0].elems = NULL;
    t_60[1].kind = FL_STR; t_60[1].constant = 0; t_60[1].scale = 0; t_60[1].typmod = -1; t_60[1].count = 0; t_60[1].pad = 0;
    t_60[1].data = a_n1_x; t_60[1].valid = a_n1_x_valid; t_60[1].elems = NULL;
    u64 *t_61 = (u64 *)a_and_9;
    flk_result_rows(w, t_60, 2u, (u16 *)0, t_61, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_u", p0_u_prepare, p0_u_morsels, p0_u_worker, NULL, 55680, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0x71afb53f45713157ul, sizeof(struct state), pipelines, 3, 0};

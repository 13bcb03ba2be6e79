/*
 * Seq Scan on u
 *   Filter: ((a >= 10) AND (a <= 20) AND (y > '5'::bigint))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"

struct state {
  u64 unused;
};

static u64 p0_u_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_u_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  u64 *const a_ge = (u64 *)(w->scratch + 128);
  u64 *const a_le = (u64 *)(w->scratch + 256);
  u64 *const a_and = (u64 *)(w->scratch + 384);
  u64 *const a_and_2 = (u64 *)(w->scratch + 512);
  u64 *const a_and_3 = (u64 *)(w->scratch + 640);
  u64 *const a_ge_2 = (u64 *)(w->scratch + 768);
  u64 *const a_le_2 = (u64 *)(w->scratch + 896);
  u64 *const a_and_4 = (u64 *)(w->scratch + 1024);
  u64 *const a_and_5 = (u64 *)(w->scratch + 1152);
  u64 *const a_and_6 = (u64 *)(w->scratch + 1280);
  i32 *const a_a = (i32 *)(w->scratch + 1408);
  i32 *const a_n1_a_raw = (i32 *)(w->scratch + 5504);
  u64 *const a_a_valid = (u64 *)(w->scratch + 9600);
  i64 *const a_y = (i64 *)(w->scratch + 9728);
  u64 *const a_y_valid = (u64 *)(w->scratch + 17920);
  u64 *const a_selected = (u64 *)(w->scratch + 18048);
  u64 *const a_ge_3 = (u64 *)(w->scratch + 18176);
  u64 *const a_le_3 = (u64 *)(w->scratch + 18304);
  u64 *const a_and_7 = (u64 *)(w->scratch + 18432);
  u64 *const a_and_8 = (u64 *)(w->scratch + 18560);
  u64 *const a_and_9 = (u64 *)(w->scratch + 18688);
  u64 *const a_and_10 = (u64 *)(w->scratch + 18816);
  i32 *const a_n1_a_raw_2 = (i32 *)(w->scratch + 18944);
  u64 *const a_and_11 = (u64 *)(w->scratch + 23040);
  u64 *const a_mulo = (u64 *)(w->scratch + 23168);
  u64 *const a_and_12 = (u64 *)(w->scratch + 23296);
  i64 *const a_mul = (i64 *)(w->scratch + 23424);
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
  u8 *t_10 = t_3 + 16ul;
  i64 *t_11 = (i64 *)t_10;
  i64 t_12 = t_11[0ul];
  u8 *t_13 = t_3 + 24ul;
  i64 *t_14 = (i64 *)t_13;
  i64 t_15 = t_14[0ul];
  fl_column *t_16 = t_2 + 1ul;
  i32 t_17 = fl_excluded(t_16, t_12, t_15);
  if (t_17) {
    return;
  }
  u32 t_18 = segment->first_morsel;
  u64 t_19 = (u64)t_18;
  u64 t_20 = morsel - t_19;
  u64 from = t_20 * 65536ul;
  u64 t_21 = from + 65536ul;
  u64 t_22 = segment->rows;
  u64 to = fl_min_u64(t_21, t_22);
  u32 t_23 = segment->layout;
  i32 t_24 = t_23 == 0u;
  u8 *t_25 = t_2->valid;
  void *t_26 = t_2->data;
  u8 *a_data = (u8 *)t_26;
  u8 *t_27 = t_16->valid;
  void *t_28 = t_16->data;
  i64 *y_data = (i64 *)t_28;
  u32 t_29 = fl_encode_lo(t_2, 1l, 255u, t_5, t_8);
  u8 t_30 = (u8)t_29;
  u32 t_31 = fl_encode_hi(t_2, 1l, 255u, t_5, t_8);
  u8 t_32 = (u8)t_31;
  i32 t_33 = t_23 == 1u;
  i64 *a_data_2 = (i64 *)t_26;
  u64 *counters = w->counters;
  u8 *t_34 = t_3 + 32ul;
  i64 *t_35 = (i64 *)t_34;
  i64 t_36 = t_35[0ul];
  i32 t_37 = (i32)t_36;
  i64 t_38 = (i64)t_37;
  for (u64 at_31 = from; at_31 < to; at_31 += 1024ul) {
    u32 t_39 = q->stop;
    if (t_39) {
      return;
    }
    fl_temp_reset(w);
    u64 t_40 = to - at_31;
    u64 t_41 = fl_min_u64(t_40, 1024ul);
    u32 n = (u32)t_41;
    u64 t_42 = at_31 >> 3ul;
    u8 *t_43 = t_25 + t_42;
    u64 *t_44 = (u64 *)t_43;
    u8 *t_45 = a_data + at_31;
    u8 *t_46 = t_27 + t_42;
    u64 *t_47 = (u64 *)t_46;
    i64 *t_48 = y_data + at_31;
    flk_ones_m(a_rows, n);
    flk_ge_u8(a_ge, t_45, &(u8){t_30}, 2, n);
    flk_le_u8(a_le, t_45, &(u8){t_32}, 2, n);
    flk_and_m(a_and, a_ge, a_le, n);
    flk_and_m(a_and_2, a_and, t_44, n);
    flk_and_m(a_and_3, a_rows, a_and_2, n);
    flk_ge_i64(a_ge_2, t_48, &(i64){t_12}, 2, n);
    flk_le_i64(a_le_2, t_48, &(i64){t_15}, 2, n);
    flk_and_m(a_and_4, a_ge_2, a_le_2, n);
    flk_and_m(a_and_5, a_and_4, t_47, n);
    flk_and_m(a_and_6, a_and_3, a_and_5, n);
    if (t_24) {
      i32 *t_49 = (i32 *)a_a;
      flk_cvt_i32_u8(a_n1_a_raw, t_45, 0, n);
      fl_copy((u8 *)t_49, (const u8 *)a_n1_a_raw, (u64)n * 4);
      u64 *t_50 = (u64 *)a_a_valid;
      fl_copy((u8 *)t_50, (const u8 *)t_44, (n + 63) / 64 * 8);
      i64 *t_51 = (i64 *)a_y;
      fl_copy((u8 *)t_51, (const u8 *)t_48, (u64)n * 8);
      u64 *t_52 = (u64 *)a_y_valid;
      fl_copy((u8 *)t_52, (const u8 *)t_47, (n + 63) / 64 * 8);
      u64 *t_53 = (u64 *)a_selected;
      fl_copy((u8 *)t_53, (const u8 *)a_and_6, (n + 63) / 64 * 8);
    }
    i64 *t_54 = a_data_2 + at_31;
    flk_ge_i64(a_ge_3, t_54, &(i64){t_5}, 2, n);
    flk_le_i64(a_le_3, t_54, &(i64){t_8}, 2, n);
    flk_and_m(a_and_7, a_ge_3, a_le_3, n);
    flk_and_m(a_and_8, a_and_7, t_44, n);
    flk_and_m(a_and_9, a_rows, a_and_8, n);
    flk_and_m(a_and_10, a_and_9, a_and_5, n);
    if (t_33) {
      i32 *t_55 = (i32 *)a_a;
      flk_cvt_i32_i64(a_n1_a_raw_2, t_54, 0, n);
      fl_copy((u8 *)t_55, (const u8 *)a_n1_a_raw_2, (u64)n * 4);
      u64 *t_56 = (u64 *)a_a_valid;
      fl_copy((u8 *)t_56, (const u8 *)t_44, (n + 63) / 64 * 8);
      i64 *t_57 = (i64 *)a_y;
      fl_copy((u8 *)t_57, (const u8 *)t_48, (u64)n * 8);
      u64 *t_58 = (u64 *)a_y_valid;
      fl_copy((u8 *)t_58, (const u8 *)t_47, (n + 63) / 64 * 8);
      u64 *t_59 = (u64 *)a_selected;
      fl_copy((u8 *)t_59, (const u8 *)a_and_10, (n + 63) / 64 * 8);
    }
    counters[1ul] += flk_count(a_selected, n);
    counters[2ul] += flk_count(a_selected, n);
    flk_and_m(a_and_11, a_selected, a_y_valid, n);
    flk_mulo_i64(a_mulo, a_y, &(i64){t_38}, 2, n);
    flk_and_m(a_and_12, a_and_11, a_mulo, n);
    if (flk_count(a_and_12, n)) fl_raise(w, "22003", 73, "bigint out of range");
    flk_mul_i64(a_mul, a_y, &(i64){t_38}, 2, n);
    fl_vec t_60[2];
    t_60[0].kind = FL_I32; t_60[0].constant = 0; t_60[0].scale = 0; t_60[0].typmod = -1; t_60[0].count = 0; t_60[0].pad = 0;
    t_60[0].data = a_a; t_60[0].valid = a_a_valid; t_60[0].elems = NULL;
    t_60[1].kind = FL_I64; t_60[1].constant = 0; t_60[1].scale = 0; t_60[1].typmod = -1; t_60[1].count = 0; t_60[1].pad = 0;
    t_60[1].data = a_mul; t_60[1].valid = a_y_valid; t_60[1].elems = NULL;
    u64 *t_61 = (u64 *)a_selected;
    flk_result_rows(w, t_60, 2u, (u16 *)0, t_61, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_u", NULL, p0_u_morsels, p0_u_worker, NULL, 31616, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0x315259a6d1fbf488ul, sizeof(struct state), pipelines, 3, 0};

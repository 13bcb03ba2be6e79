/*
 * Seq Scan on t
 *   Filter: (((NOT f) OR (a <= 5)) OR ((h / (g)::bigint) > '2'::bigint))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct state {
  fl_like *like_0;
};

static u64 p0_t_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_t_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 **t = q->blobs;
  u8 *t_2 = t[3ul];
  fl_str t_3 = fl_str_of_blob(t_2);
  u8 *t_4 = t[5ul];
  fl_str t_5 = fl_str_of_blob(t_4);
  fl_str t_6[1]; t_6[0] = t_3;
  fl_str t_7[1]; t_7[0] = t_5;
  fl_like *t_8 = flk_like_prepare(w, t_6, t_7, 0u, 167);
  s->like_0 = t_8;
}

static void p0_t_worker(fl_worker *w, void *state_, u64 morsel) {
  i64 *const a_n1_g_raw = (i64 *)(w->scratch + 0);
  u64 *const a_and = (u64 *)(w->scratch + 8192);
  i64 *const a_t = (i64 *)(w->scratch + 8320);
  u64 *const a_and_2 = (u64 *)(w->scratch + 16512);
  u64 *const a_and_3 = (u64 *)(w->scratch + 16640);
  u64 *const a_or = (u64 *)(w->scratch + 16768);
  i64 *const a_sel = (i64 *)(w->scratch + 16896);
  i64 *const a_n1_a_raw = (i64 *)(w->scratch + 25088);
  u64 *const a_and_4 = (u64 *)(w->scratch + 33280);
  i64 *const a_t_2 = (i64 *)(w->scratch + 33408);
  fl_str *const a_n1_b = (fl_str *)(w->scratch + 41600);
  u64 *const a_and_5 = (u64 *)(w->scratch + 57984);
  u64 *const a_and_6 = (u64 *)(w->scratch + 58112);
  u64 *const a_t_3 = (u64 *)(w->scratch + 58240);
  u64 *const a_and_7 = (u64 *)(w->scratch + 58368);
  u64 *const a_n1_f = (u64 *)(w->scratch + 58496);
  i32 *const a_sel_2 = (i32 *)(w->scratch + 58624);
  u64 *const a_or_2 = (u64 *)(w->scratch + 62720);
  u64 *const a_and_8 = (u64 *)(w->scratch + 62848);
  fl_str *const a_t_4 = (fl_str *)(w->scratch + 62976);
  i64 *const a_cvt = (i64 *)(w->scratch + 79360);
  fl_str *const a_t_5 = (fl_str *)(w->scratch + 87552);
  fl_str *const a_t_6 = (fl_str *)(w->scratch + 103936);
  u64 *const a_or_3 = (u64 *)(w->scratch + 120320);
  u64 *const a_and_9 = (u64 *)(w->scratch + 120448);
  u64 *const a_or_4 = (u64 *)(w->scratch + 120576);
  u64 *const a_or_5 = (u64 *)(w->scratch + 120704);
  i32 *const a_n1_g_raw_2 = (i32 *)(w->scratch + 120832);
  u64 *const a_andnot = (u64 *)(w->scratch + 124928);
  u64 *const a_and_10 = (u64 *)(w->scratch + 125056);
  u64 *const a_or_6 = (u64 *)(w->scratch + 125184);
  struct state *s = (struct state *)state_;
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
  i64 *n1_a_data = (i64 *)t_9;
  fl_column *t_10 = t_2 + 1ul;
  u8 *t_11 = t_10->valid;
  void *t_12 = t_10->data;
  u8 *t_13 = (u8 *)t_12;
  i32 *t_14 = t_10->offsets;
  fl_column *t_15 = t_2 + 2ul;
  u8 *t_16 = t_15->valid;
  void *t_17 = t_15->data;
  i64 *n1_c_data = (i64 *)t_17;
  fl_column *t_18 = t_2 + 3ul;
  u8 *t_19 = t_18->valid;
  void *t_20 = t_18->data;
  i64 *n1_f_data = (i64 *)t_20;
  fl_column *t_21 = t_2 + 4ul;
  u8 *t_22 = t_21->valid;
  void *t_23 = t_21->data;
  i64 *n1_g_data = (i64 *)t_23;
  fl_column *t_24 = t_2 + 5ul;
  u8 *t_25 = t_24->valid;
  void *t_26 = t_24->data;
  i64 *n1_h_data = (i64 *)t_26;
  u8 *t_27 = q->params;
  i64 *t_28 = (i64 *)t_27;
  i64 t_29 = t_28[0ul];
  i32 t_30 = (i32)t_29;
  u8 *t_31 = t_27 + 8ul;
  i64 *t_32 = (i64 *)t_31;
  i64 t_33 = t_32[0ul];
  i32 t_34 = (i32)t_33;
  i64 t_35 = (i64)t_34;
  u64 *counters = w->counters;
  u8 *t_36 = t_27 + 16ul;
  i64 *t_37 = (i64 *)t_36;
  i64 t_38 = t_37[0ul];
  i32 t_39 = (i32)t_38;
  u8 *t_40 = t_27 + 24ul;
  i64 *t_41 = (i64 *)t_40;
  i64 t_42 = t_41[0ul];
  i32 t_43 = (i32)t_42;
  i64 t_44 = (i64)t_43;
  u8 *t_45 = t_27 + 32ul;
  i64 *t_46 = (i64 *)t_45;
  i64 t_47 = t_46[0ul];
  i32 t_48 = (i32)t_47;
  u8 *t_49 = t_27 + 40ul;
  i64 *t_50 = (i64 *)t_49;
  i64 t_51 = t_50[0ul];
  i32 t_52 = (i32)t_51;
  fl_like *t_53 = s->like_0;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_54 = q->stop;
    if (t_54) {
      return;
    }
    fl_temp_reset(w);
    u64 t_55 = to - at_17;
    u64 t_56 = fl_min_u64(t_55, 1024ul);
    u32 n = (u32)t_56;
    u64 t_57 = at_17 >> 3ul;
    u8 *t_58 = t_8 + t_57;
    u64 *t_59 = (u64 *)t_58;
    i64 *t_60 = n1_a_data + at_17;
    u8 *t_61 = t_11 + t_57;
    u64 *t_62 = (u64 *)t_61;
    u8 *t_63 = t_16 + t_57;
    u64 *t_64 = (u64 *)t_63;
    i64 *t_65 = n1_c_data + at_17;
    u8 *t_66 = t_19 + t_57;
    u64 *t_67 = (u64 *)t_66;
    i64 *t_68 = n1_f_data + at_17;
    u8 *t_69 = t_22 + t_57;
    u64 *t_70 = (u64 *)t_69;
    i64 *t_71 = n1_g_data + at_17;
    u8 *t_72 = t_25 + t_57;
    u64 *t_73 = (u64 *)t_72;
    i64 *t_74 = n1_h_data + at_17;
    {
      a_n1_f[(n - (n != 0)) >> 6] = 0;
      a_and_9[(n - (n != 0)) >> 6] = 0;
      a_or[(n - (n != 0)) >> 6] = 0;
      a_and_2[(n - (n != 0)) >> 6] = 0;
      a_and_3[(n - (n != 0)) >> 6] = 0;
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i64 n1_g_raw = fl_load_i64(t_71 + i);
        const v_i32 n1_g_raw_2 = fl_cvt_i32_i64(n1_g_raw);
        fl_store_i32(a_n1_g_raw_2 + i, n1_g_raw_2);
        const v_i64 n1_g_raw_3 = fl_cvt_i64_i32(n1_g_raw_2);
        fl_store_i64(a_n1_g_raw + i, n1_g_raw_3);
        const m16 rows = fl_head(n, i);
        const v_i64 n1_f_raw = fl_load_i64(t_68 + i);
        const m16 n1_f = fl_ne_i64(n1_f_raw, fl_set_i64(0l));
        fl_store_m(a_n1_f, i, n1_f);
        const m16 not = fl_not_m(n1_f);
        const m16 n1_f_valid = fl_load_m(t_67, i);
        const m16 and = fl_and_m(not, n1_f_valid);
        fl_store_m(a_and_9, i, and);
        const v_i64 n1_a_raw = fl_load_i64(t_60 + i);
        const v_i32 n1_a_raw_2 = fl_cvt_i32_i64(n1_a_raw);
        const m16 le = fl_le_i32(n1_a_raw_2, fl_set_i32(t_30));
        const m16 n1_a_valid = fl_load_m(t_59, i);
        const m16 and_2 = fl_and_m(le, n1_a_valid);
        const m16 or = fl_or_m(and, and_2);
        const m16 and_3 = fl_and_m(n1_f_valid, n1_a_valid);
        const m16 or_2 = fl_or_m(and_3, and);
        const m16 or_3 = fl_or_m(or_2, and_2);
        fl_store_m(a_or, i, or_3);
        const m16 and_4 = fl_and_m(or, or_3);
        fl_store_m(a_and_2, i, and_4);
        const m16 andnot = fl_andnot_m(rows, and_4);
        const m16 n1_h_valid = fl_load_m(t_73, i);
        const m16 n1_g_valid = fl_load_m(t_70, i);
        const m16 and_5 = fl_and_m(n1_h_valid, n1_g_valid);
        fl_store_m(a_and_3, i, and_5);
        const m16 and_6 = fl_and_m(andnot, and_5);
        fl_store_m(a_and, i, and_6);
      }
    }
    flk_intdiv(w, a_t, t_74, a_n1_g_raw, a_and, 219, n);
    {
      a_and_5[(n - (n != 0)) >> 6] = 0;
      a_and_7[(n - (n != 0)) >> 6] = 0;
      a_and_4[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        const m16 and_7 = fl_load_m(a_and_2, i);
        const v_i64 t_75 = fl_load_i64(a_t + i);
        const m16 gt = fl_gt_i64(t_75, fl_set_i64(t_35));
        const m16 and_8 = fl_load_m(a_and_3, i);
        const m16 and_9 = fl_and_m(gt, and_8);
        const m16 or_4 = fl_or_m(and_7, and_9);
        const m16 or_5 = fl_load_m(a_or, i);
        const m16 and_10 = fl_and_m(or_5, and_8);
        const m16 or_6 = fl_or_m(and_10, and_7);
        const m16 or_7 = fl_or_m(or_6, and_9);
        const m16 and_11 = fl_and_m(or_4, or_7);
        const m16 and_12 = fl_and_m(rows_2, and_11);
        fl_store_m(a_and_5, i, and_12);
        acc += fl_popcount(and_12);
        const v_i64 sel = fl_set_i64(t_44);
        fl_store_i64(a_sel + i, sel);
        const v_i64 n1_a_raw_3 = fl_load_i64(t_60 + i);
        const v_i32 n1_a_raw_4 = fl_cvt_i32_i64(n1_a_raw_3);
        const v_i64 n1_a_raw_5 = fl_cvt_i64_i32(n1_a_raw_4);
        fl_store_i64(a_n1_a_raw + i, n1_a_raw_5);
        const m16 gt_2 = fl_gt_i32(n1_a_raw_4, fl_set_i32(t_39));
        const m16 n1_a_valid_2 = fl_load_m(t_59, i);
        const m16 and_13 = fl_and_m(gt_2, n1_a_valid_2);
        fl_store_m(a_and_7, i, and_13);
        const m16 and_14 = fl_and_m(and_12, and_13);
        const m16 and_15 = fl_and_m(and_14, n1_a_valid_2);
        fl_store_m(a_and_4, i, and_15);
      }
      counters[1ul] += acc;
      counters[2ul] += acc;
    }
    flk_intdiv(w, a_t_2, a_sel, a_n1_a_raw, a_and_4, 84, n);
    flk_bytes_str(a_n1_b, t_14, t_13, at_17, n);
    {
      a_and_6[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 and_16 = fl_load_m(a_and_5, i);
        const m16 n1_b_valid = fl_load_m(t_62, i);
        const m16 and_17 = fl_and_m(and_16, n1_b_valid);
        fl_store_m(a_and_6, i, and_17);
      }
    }
    flk_like(w, a_t_3, a_n1_b, t_53, a_and_6, 167, n);
    {
      a_or_2[(n - (n != 0)) >> 6] = 0;
      a_and_8[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 and_18 = fl_load_m(a_and_7, i);
        const v_i64 t_76 = fl_load_i64(a_t_2 + i);
        const v_i32 cvt = fl_cvt_i32_i64(t_76);
        const m16 n1_f_2 = fl_load_m(a_n1_f, i);
        const m16 n1_f_valid_2 = fl_load_m(t_67, i);
        const m16 and_19 = fl_and_m(n1_f_2, n1_f_valid_2);
        const v_i64 n1_a_raw_6 = fl_load_i64(t_60 + i);
        const v_i32 n1_a_raw_7 = fl_cvt_i32_i64(n1_a_raw_6);
        const v_i32 sub = fl_sub_i32(fl_set_i32(0), n1_a_raw_7);
        const v_i32 sel_2 = fl_sel_i32(and_19, sub, fl_set_i32(t_39));
        const v_i32 sel_3 = fl_sel_i32(and_18, cvt, sel_2);
        fl_store_i32(a_sel_2 + i, sel_3);
        const m16 n1_a_valid_3 = fl_load_m(t_59, i);
        const m16 and_20 = fl_and_m(and_18, n1_a_valid_3);
        const m16 and_21 = fl_and_m(and_19, n1_a_valid_3);
        const m16 rows_3 = fl_head(n, i);
        const m16 andnot_2 = fl_andnot_m(rows_3, and_19);
        const m16 or_8 = fl_or_m(and_21, andnot_2);
        const m16 andnot_3 = fl_andnot_m(or_8, and_18);
        const m16 or_9 = fl_or_m(and_20, andnot_3);
        fl_store_m(a_or_2, i, or_9);
        const m16 and_22 = fl_load_m(a_and_5, i);
        const m16 n1_c_valid = fl_load_m(t_64, i);
        const m16 and_23 = fl_and_m(and_22, n1_c_valid);
        fl_store_m(a_and_8, i, and_23);
      }
    }
    flk_num_dec64(w, a_t_4, t_65, 2, a_and_8, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_4 = fl_head(n, i);
        const v_i32 sel_4 = fl_set_i32(t_48);
        const v_i64 cvt_2 = fl_cvt_i64_i32(sel_4);
        fl_store_i64(a_cvt + i, cvt_2);
      }
    }
    flk_num_dec64(w, a_t_5, a_cvt, 0, a_and_5, n);
    flk_sel_16(a_t_6, t_64, a_t_4, a_t_5, 0u, n);
    {
      a_or_3[(n - (n != 0)) >> 6] = 0;
      a_or_4[(n - (n != 0)) >> 6] = 0;
      a_or_5[(n - (n != 0)) >> 6] = 0;
      a_andnot[(n - (n != 0)) >> 6] = 0;
      a_and_10[(n - (n != 0)) >> 6] = 0;
      a_or_6[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_71 + i + FL_BLOCK);
        fl_prefetch(t_68 + i + FL_BLOCK);
        fl_prefetch(t_60 + i + FL_BLOCK);
        const m16 n1_c_valid_2 = fl_load_m(t_64, i);
        const m16 rows_5 = fl_head(n, i);
        const m16 andnot_4 = fl_andnot_m(rows_5, n1_c_valid_2);
        const m16 or_10 = fl_or_m(n1_c_valid_2, andnot_4);
        fl_store_m(a_or_3, i, or_10);
        const m16 n1_a_valid_4 = fl_load_m(t_59, i);
        const m16 andnot_5 = fl_andnot_m(rows_5, n1_a_valid_4);
        const m16 and_24 = fl_load_m(a_and_9, i);
        const m16 or_11 = fl_or_m(andnot_5, and_24);
        fl_store_m(a_or_4, i, or_11);
        const m16 n1_f_valid_3 = fl_load_m(t_67, i);
        const m16 or_12 = fl_or_m(n1_f_valid_3, andnot_5);
        const m16 or_13 = fl_or_m(or_12, and_24);
        fl_store_m(a_or_5, i, or_13);
        const m16 n1_g_valid_2 = fl_load_m(t_70, i);
        const v_i64 n1_g_raw_4 = fl_load_i64(t_71 + i);
        const v_i32 n1_g_raw_5 = fl_cvt_i32_i64(n1_g_raw_4);
        const m16 eq = fl_eq_i32(n1_g_raw_5, fl_set_i32(t_52));
        const m16 and_25 = fl_and_m(eq, n1_g_valid_2);
        const m16 andnot_6 = fl_andnot_m(n1_g_valid_2, and_25);
        fl_store_m(a_andnot, i, andnot_6);
        const m16 t_77 = fl_load_m(a_t_3, i);
        const m16 n1_b_valid_2 = fl_load_m(t_62, i);
        const m16 not_2 = fl_not_m(n1_b_valid_2);
        const m16 or_14 = fl_or_m(t_77, not_2);
        const m16 n1_f_3 = fl_load_m(a_n1_f, i);
        const m16 not_3 = fl_not_m(n1_f_valid_3);
        const m16 or_15 = fl_or_m(n1_f_3, not_3);
        const m16 and_26 = fl_and_m(or_14, or_15);
        fl_store_m(a_and_10, i, and_26);
        const m16 and_27 = fl_and_m(n1_b_valid_2, n1_f_valid_3);
        const m16 not_4 = fl_not_m(t_77);
        const m16 and_28 = fl_and_m(not_4, n1_b_valid_2);
        const m16 or_16 = fl_or_m(and_27, and_28);
        const m16 or_17 = fl_or_m(or_16, and_24);
        fl_store_m(a_or_6, i, or_17);
      }
    }
    fl_vec t_78[5];
    t_78[0].kind = FL_I32; t_78[0].constant = 0; t_78[0].scale = 0; t_78[0].typmod = -1; t_78[0].count = 0; t_78[0].pad = 0;
    t_78[0].data = a_sel_2; t_78[0].valid = a_or_2; t_78[0].elems = NULL;
    t_78[1].kind = FL_NUM; t_78[1].constant = 0; t_78[1].scale = 0; t_78[1].typmod = -1; t_78[1].count = 0; t_78[1].pad = 0;
    t_78[1].data = a_t_6; t_78[1].valid = a_or_3; t_78[1].elems = NULL;
    t_78[2].kind = FL_BOOL; t_78[2].constant = 0; t_78[2].scale = 0; t_78[2].typmod = -1; t_78[2].count = 0; t_78[2].pad = 0;
    t_78[2].data = a_or_4; t_78[2].valid = a_or_5; t_78[2].elems = NULL;
    t_78[3].kind = FL_I16; t_78[3].constant = 0; t_78[3].scale = 0; t_78[3].typmod = -1; t_78[3].count = 0; t_78[3].pad = 0;
    t_78[3].data = a_n1_g_raw_2; t_78[3].valid = a_andnot; t_78[3].elems = NULL;
    t_78[4].kind = FL_BOOL; t_78[4].constant = 0; t_78[4].scale = 0; t_78[4].typmod = -1; t_78[4].count = 0; t_78[4].pad = 0;
    t_78[4].data = a_and_10; t_78[4].valid = a_or_6; t_78[4].elems = NULL;
    u64 *t_79 = (u64 *)a_and_5;
    flk_result_rows(w, t_78, 5u, (u16 *)0, t_79, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_t", p0_t_prepare, p0_t_morsels, p0_t_worker, NULL, 125312, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0xc4c0a273378a1466ul, sizeof(struct state), pipelines, 3, 0};

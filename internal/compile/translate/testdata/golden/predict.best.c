/*
 * Sort
 *   Sort Key: real_class
 *   ->  HashAggregate
 *         Group Key: real_class
 *         Aggregates: sum(CASE WHEN ((classifier(c1, c2, c3, c4)) = '0'::bigint) THEN 1 ELSE 0 END), sum(CASE WHEN ((classifier(c1, c2, c3, c4)) = '1'::bigint) THEN 1 ELSE 0 END), count(*)
 *         ->  Predict
 *               Model: classifier v1 (c1, c2, c3, c4)
 *               ->  Seq Scan on data
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n2_group {
  i64 n;
  i32 c0_real_class;
  i32 c0_real_class_valid;
  i64 a0_sum;
  i64 a1_sum;
};

struct n1_row {
  u64 order;
  i32 k0;
  i32 k0_valid;
  i32 c0_real_class;
  i32 c0_real_class_valid;
  i64 c1_sum;
  i32 c1_sum_valid;
  i64 c2_sum;
  i32 c2_sum_valid;
  i64 c3_count;
};

struct state {
  struct n2_group **n2_rows;
  u64 n2_count;
  struct n2_group *n2_acc;
  u64 n2_slots;
  struct n1_row **n1_rows;
  u64 n1_count;
  fl_rows *n1_buffers;
  fl_sort *n1_sort;
};

static i32 n1_compare(void *x_, void *y_) {
  struct n1_row *x = (struct n1_row *)x_;
  struct n1_row *y = (struct n1_row *)y_;
  i32 t = x->k0_valid;
  i32 t_2 = y->k0_valid;
  i32 t_3 = t != t_2;
  i32 t_4 = t_2 - t;
  if (t_3) {
    return t_4;
  }
  if (t) {
    i32 t_5 = x->k0;
    i32 t_6 = y->k0;
    i64 t_7 = (i64)t_5;
    i64 t_8 = (i64)t_6;
    i32 t_9 = fl_compare_i64(t_7, t_8);
    if (t_9) {
      return t_9;
    }
  }
  u64 t_10 = x->order;
  u64 t_11 = y->order;
  i32 t_12 = fl_compare_u64(t_10, t_11);
  return t_12;
}

static u64 p0_data_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_data_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  s->n2_slots = t_2;
  u64 t_3 = 128ul / sizeof(struct n2_group);
  u64 t_4 = t_3 + 7ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n2_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n2_group *t_8 = (struct n2_group *)t_7;
  s->n2_acc = t_8;
}

static void p0_data_worker(fl_worker *w, void *state_, u64 morsel) {
  u8 *const a_n2_group = (u8 *)(w->scratch + 0);
  i32 *const a_n2_packed = (i32 *)(w->scratch + 1024);
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
  u8 *n4_real_class_data = (u8 *)t_9;
  fl_column *t_10 = t_2 + 1ul;
  u8 *t_11 = t_10->valid;
  void *t_12 = t_10->data;
  f32 *n4_c1_data = (f32 *)t_12;
  fl_column *t_13 = t_2 + 2ul;
  u8 *t_14 = t_13->valid;
  void *t_15 = t_13->data;
  f32 *n4_c2_data = (f32 *)t_15;
  fl_column *t_16 = t_2 + 3ul;
  u8 *t_17 = t_16->valid;
  void *t_18 = t_16->data;
  f32 *n4_c3_data = (f32 *)t_18;
  fl_column *t_19 = t_2 + 4ul;
  u8 *t_20 = t_19->valid;
  void *t_21 = t_19->data;
  f32 *n4_c4_data = (f32 *)t_21;
  u64 *counters = w->counters;
  u8 **t_22 = q->blobs;
  u8 *t_23 = t_22[0ul];
  f32 *t_24 = (f32 *)t_23;
  u8 *t_25 = t_22[1ul];
  f32 *t_26 = (f32 *)t_25;
  f32 t_27 = t_24[0ul];
  f32 t_28 = t_26[0ul];
  f32 t_29 = t_26[1ul];
  f32 t_30 = t_26[2ul];
  f32 t_31 = t_26[3ul];
  f32 t_32 = t_24[1ul];
  f32 t_33 = t_26[4ul];
  f32 t_34 = t_26[5ul];
  f32 t_35 = t_26[6ul];
  f32 t_36 = t_26[7ul];
  f32 t_37 = t_24[2ul];
  f32 t_38 = t_26[8ul];
  f32 t_39 = t_26[9ul];
  f32 t_40 = t_26[10ul];
  f32 t_41 = t_26[11ul];
  u8 *t_42 = q->params;
  i64 *t_43 = (i64 *)t_42;
  i64 t_44 = t_43[0ul];
  i32 t_45 = (i32)t_44;
  u8 *t_46 = t_42 + 8ul;
  i64 *t_47 = (i64 *)t_46;
  i64 t_48 = t_47[0ul];
  i32 t_49 = (i32)t_48;
  u8 *t_50 = t_42 + 16ul;
  i64 *t_51 = (i64 *)t_50;
  i64 t_52 = t_51[0ul];
  i32 t_53 = (i32)t_52;
  u8 *t_54 = t_42 + 24ul;
  i64 *t_55 = (i64 *)t_54;
  i64 t_56 = t_55[0ul];
  i32 t_57 = (i32)t_56;
  u32 t_58 = w->id;
  u64 t_59 = (u64)t_58;
  struct n2_group *t_60 = s->n2_acc;
  u64 t_61 = 128ul / sizeof(struct n2_group);
  u64 t_62 = t_61 + 7ul;
  u64 t_63 = t_59 * t_62;
  struct n2_group *groups = t_60 + t_63;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_64 = q->stop;
    if (t_64) {
      return;
    }
    fl_temp_reset(w);
    u64 t_65 = to - at_17;
    u64 t_66 = fl_min_u64(t_65, 1024ul);
    u32 n = (u32)t_66;
    u64 t_67 = at_17 >> 3ul;
    u8 *t_68 = t_8 + t_67;
    u64 *t_69 = (u64 *)t_68;
    u8 *t_70 = n4_real_class_data + at_17;
    u8 *t_71 = t_11 + t_67;
    u64 *t_72 = (u64 *)t_71;
    f32 *t_73 = n4_c1_data + at_17;
    u8 *t_74 = t_14 + t_67;
    u64 *t_75 = (u64 *)t_74;
    f32 *t_76 = n4_c2_data + at_17;
    u8 *t_77 = t_17 + t_67;
    u64 *t_78 = (u64 *)t_77;
    f32 *t_79 = n4_c3_data + at_17;
    u8 *t_80 = t_20 + t_67;
    u64 *t_81 = (u64 *)t_80;
    f32 *t_82 = n4_c4_data + at_17;
    i32 present_150 = 0;
    {
      u64 acc = 0;
      v_i32 acc_2 = fl_id_ror_i32();
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_70 + i + FL_BLOCK / 2);
        fl_prefetch(t_82 + i + FL_BLOCK / 2);
        fl_prefetch(t_79 + i + FL_BLOCK / 2);
        fl_prefetch(t_76 + i + FL_BLOCK / 2);
        fl_prefetch(t_73 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i32 sel = fl_set_i32(1);
        const m16 n4_real_class_valid = fl_load_m(t_69, i);
        const v_u8 n4_real_class_raw = fl_load_u8(t_70 + i);
        const v_i32 n4_real_class_raw_2 = fl_cvt_i32_u8(n4_real_class_raw);
        const v_i32 sel_2 = fl_sel_i32(n4_real_class_valid, n4_real_class_raw_2, fl_set_i32(4));
        const v_i32 shl = fl_shl_i32(sel, sel_2);
        acc_2 = fl_ror_i32(acc_2, rows, shl);
        const v_u8 cvt = fl_cvt_u8_i32(sel_2);
        const v_u8 n2_group = fl_sel_u8(rows, cvt, fl_set_u8(255));
        fl_store_u8(a_n2_group + i, n2_group);
        const v_f32 n4_c4_raw = fl_load_f32(t_82 + i);
        const v_f32 n4_c3_raw = fl_load_f32(t_79 + i);
        const v_f32 n4_c2_raw = fl_load_f32(t_76 + i);
        const v_f32 n4_c1_raw = fl_load_f32(t_73 + i);
        const v_f32 fma = fl_fma_f32(n4_c1_raw, fl_set_f32(t_38), fl_set_f32(t_37));
        const v_f32 fma_2 = fl_fma_f32(n4_c2_raw, fl_set_f32(t_39), fma);
        const v_f32 fma_3 = fl_fma_f32(n4_c3_raw, fl_set_f32(t_40), fma_2);
        const v_f32 fma_4 = fl_fma_f32(n4_c4_raw, fl_set_f32(t_41), fma_3);
        const v_f32 fma_5 = fl_fma_f32(n4_c1_raw, fl_set_f32(t_33), fl_set_f32(t_32));
        const v_f32 fma_6 = fl_fma_f32(n4_c2_raw, fl_set_f32(t_34), fma_5);
        const v_f32 fma_7 = fl_fma_f32(n4_c3_raw, fl_set_f32(t_35), fma_6);
        const v_f32 fma_8 = fl_fma_f32(n4_c4_raw, fl_set_f32(t_36), fma_7);
        const v_f32 fma_9 = fl_fma_f32(n4_c1_raw, fl_set_f32(t_28), fl_set_f32(t_27));
        const v_f32 fma_10 = fl_fma_f32(n4_c2_raw, fl_set_f32(t_29), fma_9);
        const v_f32 fma_11 = fl_fma_f32(n4_c3_raw, fl_set_f32(t_30), fma_10);
        const v_f32 fma_12 = fl_fma_f32(n4_c4_raw, fl_set_f32(t_31), fma_11);
        const m16 ogt = fl_ogt_f32(fma_8, fma_12);
        const v_f32 sel_3 = fl_sel_f32(ogt, fma_8, fma_12);
        const m16 ogt_2 = fl_ogt_f32(fma_4, sel_3);
        const v_i32 sel_4 = fl_set_i32(0);
        const v_i32 sel_5 = fl_sel_i32(ogt, fl_set_i32(1), sel_4);
        const v_i32 n3_class = fl_sel_i32(ogt_2, fl_set_i32(2), sel_5);
        const m16 eq = fl_eq_i32(n3_class, fl_set_i32(t_45));
        const m16 n4_c1_valid = fl_load_m(t_72, i);
        const m16 n4_c2_valid = fl_load_m(t_75, i);
        const m16 and = fl_and_m(n4_c1_valid, n4_c2_valid);
        const m16 n4_c3_valid = fl_load_m(t_78, i);
        const m16 and_2 = fl_and_m(and, n4_c3_valid);
        const m16 n4_c4_valid = fl_load_m(t_81, i);
        const m16 and_3 = fl_and_m(and_2, n4_c4_valid);
        const m16 and_4 = fl_and_m(eq, and_3);
        const v_i32 sel_6 = fl_sel_i32(and_4, fl_set_i32(t_49), fl_set_i32(t_53));
        const m16 eq_2 = fl_eq_i32(n3_class, fl_set_i32(t_57));
        const m16 and_5 = fl_and_m(eq_2, and_3);
        const v_i32 sel_7 = fl_sel_i32(and_5, fl_set_i32(t_49), fl_set_i32(t_53));
        const v_i32 mul = fl_mul_i32(sel_7, fl_set_i32(128));
        const v_i32 add = fl_add_i32(sel_6, mul);
        const v_i32 n2_packed = fl_add_i32(add, fl_set_i32(16384));
        fl_store_i32(a_n2_packed + i, n2_packed);
      }
      counters[4ul] += acc;
      counters[3ul] += acc;
      present_150 |= fl_hror_i32(acc_2);
    }
    for (;;) {
      i32 t_83 = !present_150;
      if (t_83) {
        break;
      }
      u32 t_84 = (u32)present_150;
      u32 g = fl_lowest_bit(t_84, 5u);
      i32 t_85 = present_150 - 1;
      i32 t_86 = present_150 & t_85;
      present_150 = t_86;
      u8 t_87 = (u8)g;
      struct n2_group *t_88 = groups + g;
      u32 t_89 = (u32)present_150;
      u32 g_2 = fl_lowest_bit(t_89, 5u);
      i32 t_90 = present_150 - 1;
      i32 t_91 = present_150 & t_90;
      present_150 = t_91;
      u8 t_92 = (u8)g_2;
      struct n2_group *t_93 = groups + g_2;
      u32 t_94 = (u32)present_150;
      u32 g_3 = fl_lowest_bit(t_94, 5u);
      i32 t_95 = present_150 - 1;
      i32 t_96 = present_150 & t_95;
      present_150 = t_96;
      u8 t_97 = (u8)g_3;
      struct n2_group *t_98 = groups + g_3;
      u32 t_99 = (u32)present_150;
      u32 g_4 = fl_lowest_bit(t_99, 5u);
      i32 t_100 = present_150 - 1;
      i32 t_101 = present_150 & t_100;
      present_150 = t_101;
      u8 t_102 = (u8)g_4;
      struct n2_group *t_103 = groups + g_4;
      {
        v_i32 acc_3 = fl_id_sumw_i32();
        v_i32 acc_4 = fl_id_sumw_i32();
        v_i32 acc_5 = fl_id_sumw_i32();
        v_i32 acc_6 = fl_id_sumw_i32();
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_u8 n2_group_2 = fl_load_u8(a_n2_group + i);
          const m16 in_group = fl_eq_u8(n2_group_2, fl_set_u8(t_87));
          const v_i32 n2_packed_2 = fl_load_i32(a_n2_packed + i);
          acc_3 = fl_sumw_i32(acc_3, in_group, n2_packed_2);
          const m16 in_group_2 = fl_eq_u8(n2_group_2, fl_set_u8(t_92));
          acc_4 = fl_sumw_i32(acc_4, in_group_2, n2_packed_2);
          const m16 in_group_3 = fl_eq_u8(n2_group_2, fl_set_u8(t_97));
          acc_5 = fl_sumw_i32(acc_5, in_group_3, n2_packed_2);
          const m16 in_group_4 = fl_eq_u8(n2_group_2, fl_set_u8(t_102));
          acc_6 = fl_sumw_i32(acc_6, in_group_4, n2_packed_2);
        }
        t_88->a0_sum += fl_hfield_i32(acc_3, 0, 7);
        t_88->a1_sum += fl_hfield_i32(acc_3, 7, 7);
        t_88->n += fl_hfield_i32(acc_3, 14, 7);
        t_93->a0_sum += fl_hfield_i32(acc_4, 0, 7);
        t_93->a1_sum += fl_hfield_i32(acc_4, 7, 7);
        t_93->n += fl_hfield_i32(acc_4, 14, 7);
        t_98->a0_sum += fl_hfield_i32(acc_5, 0, 7);
        t_98->a1_sum += fl_hfield_i32(acc_5, 7, 7);
        t_98->n += fl_hfield_i32(acc_5, 14, 7);
        t_103->a0_sum += fl_hfield_i32(acc_6, 0, 7);
        t_103->a1_sum += fl_hfield_i32(acc_6, 7, 7);
        t_103->n += fl_hfield_i32(acc_6, 14, 7);
      }
    }
  }
}

static void p0_data_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n2_group *t = s->n2_acc;
  u64 t_2 = 128ul / sizeof(struct n2_group);
  u64 t_3 = t_2 + 7ul;
  u64 t_4 = s->n2_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 5ul; g_9 += 1ul) {
      struct n2_group *t_6 = t + g_9;
      u64 t_7 = t_5 + g_9;
      struct n2_group *t_8 = t + t_7;
      i64 t_9 = t_8->n;
      i32 t_10 = !t_9;
      if (t_10) {
        continue;
      }
      i64 t_11 = t_6->n;
      i64 t_12 = t_8->n;
      i64 t_13 = t_11 + t_12;
      t_6->n = t_13;
      i64 t_14 = t_6->a0_sum;
      i64 t_15 = t_8->a0_sum;
      i64 t_16 = t_14 + t_15;
      t_6->a0_sum = t_16;
      i64 t_17 = t_6->a1_sum;
      i64 t_18 = t_8->a1_sum;
      i64 t_19 = t_17 + t_18;
      t_6->a1_sum = t_19;
    }
  }
  void *t_20 = fl_alloc(w, 40ul);
  struct n2_group **t_21 = (struct n2_group **)t_20;
  s->n2_rows = t_21;
  u64 count_27 = 0ul;
  for (u64 g_28 = 0ul; g_28 < 5ul; g_28 += 1ul) {
    struct n2_group *t_22 = t + g_28;
    i64 t_23 = t_22->n;
    i32 t_24 = !t_23;
    if (t_24) {
      continue;
    }
    u64 t_25 = g_28 / 1ul;
    u64 t_26 = t_25 % 5ul;
    i32 t_27 = t_26 != 4ul;
    t_22->c0_real_class_valid = t_27;
    i64 t_28 = (i64)t_26;
    i32 t_29 = (i32)t_28;
    t_22->c0_real_class = t_29;
    t_21[count_27] = t_22;
    u64 t_30 = count_27 + 1ul;
    count_27 = t_30;
  }
  s->n2_count = count_27;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n2_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_groups_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n2_real_class = (i32 *)(w->scratch + 0);
  u64 *const a_n2_real_class_valid = (u64 *)(w->scratch + 4096);
  i64 *const a_n2_n = (i64 *)(w->scratch + 4224);
  i64 *const a_n2_a0_sum = (i64 *)(w->scratch + 12416);
  i64 *const a_n2_a1_sum = (i64 *)(w->scratch + 20608);
  u64 *const a_rows = (u64 *)(w->scratch + 28800);
  u64 *const a_gt = (u64 *)(w->scratch + 28928);
  struct state *s = (struct state *)state_;
  u64 t = s->n2_count;
  struct n2_group **t_2 = s->n2_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  fl_rows *t_6 = s->n1_buffers;
  u32 t_7 = w->id;
  u64 t_8 = (u64)t_7;
  fl_rows *buffer = t_6 + t_8;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_9 = q->stop;
    if (t_9) {
      return;
    }
    fl_temp_reset(w);
    u64 t_10 = t_5 - at_12;
    u64 t_11 = fl_min_u64(t_10, 1024ul);
    u32 n = (u32)t_11;
    struct n2_group **t_12 = t_2 + at_12;
    i32 *t_13 = (i32 *)a_n2_real_class;
    u64 *t_14 = (u64 *)a_n2_real_class_valid;
    i64 *t_15 = (i64 *)a_n2_n;
    i64 *t_16 = (i64 *)a_n2_a0_sum;
    i64 *t_17 = (i64 *)a_n2_a1_sum;
    for (u32 i_30 = 0u; i_30 < n; i_30 += 1u) {
      struct n2_group *t_18 = t_12[i_30];
      i32 t_19 = t_18->c0_real_class;
      t_13[i_30] = t_19;
      i32 t_20 = t_18->c0_real_class_valid;
      fl_setbit(t_14, i_30, t_20);
      i64 t_21 = t_18->n;
      t_15[i_30] = t_21;
      i64 t_22 = t_18->a0_sum;
      t_16[i_30] = t_22;
      i64 t_23 = t_18->a1_sum;
      t_17[i_30] = t_23;
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[2ul] += acc;
    }
    flk_ones_m(a_rows, n);
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i64 n2_n = fl_load_i64(a_n2_n + i);
        const m16 gt = fl_gt_i64(n2_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
      }
    }
    for (u32 r_45_w = 0; r_45_w < n; r_45_w += 64) {
      for (u64 r_45_m = a_rows[r_45_w >> 6]; r_45_m; r_45_m &= r_45_m - 1) {
        const u32 r_45 = r_45_w + fl_ctz(r_45_m);
        void *t_24 = fl_rows_add(w, buffer, sizeof(struct n1_row));
        struct n1_row *t_25 = (struct n1_row *)t_24;
        u64 t_26 = fl_row_order(morsel, buffer);
        t_25->order = t_26;
        i32 t_27 = (i32)(a_n2_real_class_valid[r_45 >> 6] >> (r_45 & 63) & 1);
        t_25->k0_valid = t_27;
        i32 t_28 = a_n2_real_class[r_45];
        t_25->k0 = t_28;
        i32 t_29 = (i32)(a_n2_real_class_valid[r_45 >> 6] >> (r_45 & 63) & 1);
        t_25->c0_real_class_valid = t_29;
        i32 t_30 = a_n2_real_class[r_45];
        t_25->c0_real_class = t_30;
        i32 t_31 = (i32)(a_gt[r_45 >> 6] >> (r_45 & 63) & 1);
        t_25->c1_sum_valid = t_31;
        i64 t_32 = a_n2_a0_sum[r_45];
        t_25->c1_sum = t_32;
        i32 t_33 = (i32)(a_gt[r_45 >> 6] >> (r_45 & 63) & 1);
        t_25->c2_sum_valid = t_33;
        i64 t_34 = a_n2_a1_sum[r_45];
        t_25->c2_sum = t_34;
        i64 t_35 = a_n2_n[r_45];
        t_25->c3_count = t_35;
      }
    }
  }
}

static void p1_groups_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n1_buffers;
  fl_sort *t_4 = fl_sort_new(w, t_3, t_2, n1_compare);
  s->n1_sort = t_4;
}

static u64 p1_groups_sort_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->chunks;
  return t_2;
}

static void p1_groups_sort_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_chunk(w, t, morsel);
}

static void p1_groups_sort_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_split(w, t);
}

static u64 p1_groups_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->ranges;
  return t_2;
}

static void p1_groups_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_range(w, t, morsel);
}

static void p1_groups_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_query *q = w->q;
  u8 *t_2 = q->params;
  u8 *t_3 = t_2 + 32ul;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_2 + 40ul;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  void **t_9 = fl_sort_rows(t, t_5, t_8);
  struct n1_row **t_10 = (struct n1_row **)t_9;
  s->n1_rows = t_10;
  u64 t_11 = t->left;
  s->n1_count = t_11;
}

static u64 p2_sorted_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p2_sorted_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_real_class = (i32 *)(w->scratch + 0);
  u64 *const a_n1_real_class_valid = (u64 *)(w->scratch + 4096);
  i64 *const a_n1_sum = (i64 *)(w->scratch + 4224);
  u64 *const a_n1_sum_valid = (u64 *)(w->scratch + 12416);
  i64 *const a_n1_sum_2 = (i64 *)(w->scratch + 12544);
  u64 *const a_n1_sum_valid_2 = (u64 *)(w->scratch + 20736);
  i64 *const a_n1_count = (i64 *)(w->scratch + 20864);
  u64 *const a_rows = (u64 *)(w->scratch + 29056);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_row **t_2 = s->n1_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_6 = q->stop;
    if (t_6) {
      return;
    }
    fl_temp_reset(w);
    u64 t_7 = t_5 - at_12;
    u64 t_8 = fl_min_u64(t_7, 1024ul);
    u32 n = (u32)t_8;
    struct n1_row **t_9 = t_2 + at_12;
    i32 *t_10 = (i32 *)a_n1_real_class;
    u64 *t_11 = (u64 *)a_n1_real_class_valid;
    i64 *t_12 = (i64 *)a_n1_sum;
    u64 *t_13 = (u64 *)a_n1_sum_valid;
    i64 *t_14 = (i64 *)a_n1_sum_2;
    u64 *t_15 = (u64 *)a_n1_sum_valid_2;
    i64 *t_16 = (i64 *)a_n1_count;
    for (u32 i_34 = 0u; i_34 < n; i_34 += 1u) {
      struct n1_row *t_17 = t_9[i_34];
      i32 t_18 = t_17->c0_real_class;
      t_10[i_34] = t_18;
      i32 t_19 = t_17->c0_real_class_valid;
      fl_setbit(t_11, i_34, t_19);
      i64 t_20 = t_17->c1_sum;
      t_12[i_34] = t_20;
      i32 t_21 = t_17->c1_sum_valid;
      fl_setbit(t_13, i_34, t_21);
      i64 t_22 = t_17->c2_sum;
      t_14[i_34] = t_22;
      i32 t_23 = t_17->c2_sum_valid;
      fl_setbit(t_15, i_34, t_23);
      i64 t_24 = t_17->c3_count;
      t_16[i_34] = t_24;
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[1ul] += acc;
      counters[5ul] += acc;
    }
    fl_vec t_25[4];
    t_25[0].kind = FL_I32; t_25[0].constant = 0; t_25[0].scale = 0; t_25[0].typmod = -1; t_25[0].count = 0; t_25[0].pad = 0;
    t_25[0].data = a_n1_real_class; t_25[0].valid = a_n1_real_class_valid; t_25[0].elems = NULL;
    t_25[1].kind = FL_I64; t_25[1].constant = 0; t_25[1].scale = 0; t_25[1].typmod = -1; t_25[1].count = 0; t_25[1].pad = 0;
    t_25[1].data = a_n1_sum; t_25[1].valid = a_n1_sum_valid; t_25[1].elems = NULL;
    t_25[2].kind = FL_I64; t_25[2].constant = 0; t_25[2].scale = 0; t_25[2].typmod = -1; t_25[2].count = 0; t_25[2].pad = 0;
    t_25[2].data = a_n1_sum_2; t_25[2].valid = a_n1_sum_valid_2; t_25[2].elems = NULL;
    t_25[3].kind = FL_I64; t_25[3].constant = 0; t_25[3].scale = 0; t_25[3].typmod = -1; t_25[3].count = 0; t_25[3].pad = 0;
    t_25[3].data = a_n1_count; t_25[3].valid = NULL; t_25[3].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_26 = (u64 *)a_rows;
    flk_result_rows(w, t_25, 4u, (u16 *)0, t_26, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 5120, 0, 0, 2},
  {"p1_groups", p1_groups_prepare, p1_groups_morsels, p1_groups_worker, p1_groups_finish, 29056, 0, 0, 1},
  {"p1_groups_sort", NULL, p1_groups_sort_morsels, p1_groups_sort_worker, p1_groups_sort_finish, 0, 0, 0, 1},
  {"p1_groups_merge", NULL, p1_groups_merge_morsels, p1_groups_merge_worker, p1_groups_merge_finish, 0, 0, 0, 1},
  {"p2_sorted", NULL, p2_sorted_morsels, p2_sorted_worker, NULL, 29184, FL_ORDERED, 0, 5},
};

const fl_program fl_main = {FL_ABI, 5, 0xe14a420672a8cea0ul, sizeof(struct state), pipelines, 6, 0};

/*
 * HashAggregate
 *   Group Key: real_class
 *   Aggregates: sum(c1), avg(c2)
 *   ->  Seq Scan on data
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_group {
  i64 n;
  i32 c0_real_class;
  i32 c0_real_class_valid;
  i64 a0_sum_n;
  fl_fsum a0_sum;
  i64 a1_avg_n;
  fl_fsum a1_avg;
};

struct state {
  struct n1_group **n1_rows;
  u64 n1_count;
  struct n1_group *n1_acc;
  u64 n1_slots;
};

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
  s->n1_slots = t_2;
  u64 t_3 = 128ul / sizeof(struct n1_group);
  u64 t_4 = t_3 + 7ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n1_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n1_group *t_8 = (struct n1_group *)t_7;
  s->n1_acc = t_8;
}

static void p0_data_worker(fl_worker *w, void *state_, u64 morsel) {
  u8 *const a_n1_group = (u8 *)(w->scratch + 0);
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
  u8 *n2_real_class_data = (u8 *)t_9;
  fl_column *t_10 = t_2 + 1ul;
  u8 *t_11 = t_10->valid;
  void *t_12 = t_10->data;
  f32 *n2_c1_data = (f32 *)t_12;
  fl_column *t_13 = t_2 + 2ul;
  u8 *t_14 = t_13->valid;
  void *t_15 = t_13->data;
  f32 *n2_c2_data = (f32 *)t_15;
  u64 *counters = w->counters;
  u32 t_16 = w->id;
  u64 t_17 = (u64)t_16;
  struct n1_group *t_18 = s->n1_acc;
  u64 t_19 = 128ul / sizeof(struct n1_group);
  u64 t_20 = t_19 + 7ul;
  u64 t_21 = t_17 * t_20;
  struct n1_group *groups = t_18 + t_21;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_22 = q->stop;
    if (t_22) {
      return;
    }
    fl_temp_reset(w);
    u64 t_23 = to - at_17;
    u64 t_24 = fl_min_u64(t_23, 1024ul);
    u32 n = (u32)t_24;
    u64 t_25 = at_17 >> 3ul;
    u8 *t_26 = t_8 + t_25;
    u64 *t_27 = (u64 *)t_26;
    u8 *t_28 = n2_real_class_data + at_17;
    u8 *t_29 = t_11 + t_25;
    u64 *t_30 = (u64 *)t_29;
    f32 *t_31 = n2_c1_data + at_17;
    u8 *t_32 = t_14 + t_25;
    u64 *t_33 = (u64 *)t_32;
    f32 *t_34 = n2_c2_data + at_17;
    i32 present_63 = 0;
    {
      u64 acc = 0;
      v_i32 acc_2 = fl_id_ror_i32();
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i32 sel = fl_set_i32(1);
        const m16 n2_real_class_valid = fl_load_m(t_27, i);
        const v_u8 n2_real_class_raw = fl_load_u8(t_28 + i);
        const v_i32 n2_real_class_raw_2 = fl_cvt_i32_u8(n2_real_class_raw);
        const v_i32 sel_2 = fl_sel_i32(n2_real_class_valid, n2_real_class_raw_2, fl_set_i32(4));
        const v_i32 shl = fl_shl_i32(sel, sel_2);
        acc_2 = fl_ror_i32(acc_2, rows, shl);
        const v_u8 cvt = fl_cvt_u8_i32(sel_2);
        const v_u8 n1_group = fl_sel_u8(rows, cvt, fl_set_u8(255));
        fl_store_u8(a_n1_group + i, n1_group);
      }
      counters[2ul] += acc;
      present_63 |= fl_hror_i32(acc_2);
    }
    for (;;) {
      i32 t_35 = !present_63;
      if (t_35) {
        break;
      }
      u32 t_36 = (u32)present_63;
      u32 g = fl_lowest_bit(t_36, 5u);
      i32 t_37 = present_63 - 1;
      i32 t_38 = present_63 & t_37;
      present_63 = t_38;
      u8 t_39 = (u8)g;
      struct n1_group *t_40 = groups + g;
      u32 t_41 = (u32)present_63;
      u32 g_2 = fl_lowest_bit(t_41, 5u);
      i32 t_42 = present_63 - 1;
      i32 t_43 = present_63 & t_42;
      present_63 = t_43;
      u8 t_44 = (u8)g_2;
      struct n1_group *t_45 = groups + g_2;
      u32 t_46 = (u32)present_63;
      u32 g_3 = fl_lowest_bit(t_46, 5u);
      i32 t_47 = present_63 - 1;
      i32 t_48 = present_63 & t_47;
      present_63 = t_48;
      u8 t_49 = (u8)g_3;
      struct n1_group *t_50 = groups + g_3;
      u32 t_51 = (u32)present_63;
      u32 g_4 = fl_lowest_bit(t_51, 5u);
      i32 t_52 = present_63 - 1;
      i32 t_53 = present_63 & t_52;
      present_63 = t_53;
      u8 t_54 = (u8)g_4;
      struct n1_group *t_55 = groups + g_4;
      fl_fsum *t_56 = (fl_fsum *)&t_40->a0_sum;
      fl_fsum *t_57 = (fl_fsum *)&t_45->a0_sum;
      fl_fsum *t_58 = (fl_fsum *)&t_50->a0_sum;
      fl_fsum *t_59 = (fl_fsum *)&t_55->a0_sum;
      fl_fsum *t_60 = (fl_fsum *)&t_40->a1_avg;
      fl_fsum *t_61 = (fl_fsum *)&t_45->a1_avg;
      fl_fsum *t_62 = (fl_fsum *)&t_50->a1_avg;
      fl_fsum *t_63 = (fl_fsum *)&t_55->a1_avg;
      {
        u64 acc_3 = 0;
        u64 acc_4 = 0;
        u64 acc_5 = 0;
        u64 acc_6 = 0;
        u64 acc_7 = 0;
        v_f64 acc_8 = fl_id_sum_f32();
        u64 acc_9 = 0;
        u64 acc_10 = 0;
        v_f64 acc_11 = fl_id_sum_f32();
        u64 acc_12 = 0;
        u64 acc_13 = 0;
        v_f64 acc_14 = fl_id_sum_f32();
        u64 acc_15 = 0;
        u64 acc_16 = 0;
        v_f64 acc_17 = fl_id_sum_f32();
        u64 acc_18 = 0;
        u64 acc_19 = 0;
        v_f64 acc_20 = fl_id_sum_f32();
        u64 acc_21 = 0;
        u64 acc_22 = 0;
        v_f64 acc_23 = fl_id_sum_f32();
        u64 acc_24 = 0;
        u64 acc_25 = 0;
        v_f64 acc_26 = fl_id_sum_f32();
        u64 acc_27 = 0;
        u64 acc_28 = 0;
        v_f64 acc_29 = fl_id_sum_f32();
        u64 acc_30 = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_28 + i + FL_BLOCK);
          fl_prefetch(t_31 + i + FL_BLOCK);
          fl_prefetch(t_34 + i + FL_BLOCK);
          const v_u8 n1_group_2 = fl_load_u8(a_n1_group + i);
          const m16 in_group = fl_eq_u8(n1_group_2, fl_set_u8(t_39));
          acc_3 += fl_popcount(in_group);
          const m16 in_group_2 = fl_eq_u8(n1_group_2, fl_set_u8(t_44));
          acc_4 += fl_popcount(in_group_2);
          const m16 in_group_3 = fl_eq_u8(n1_group_2, fl_set_u8(t_49));
          acc_5 += fl_popcount(in_group_3);
          const m16 in_group_4 = fl_eq_u8(n1_group_2, fl_set_u8(t_54));
          acc_6 += fl_popcount(in_group_4);
          const m16 n2_c1_valid = fl_load_m(t_30, i);
          const m16 and = fl_and_m(in_group, n2_c1_valid);
          acc_7 += fl_popcount(and);
          const v_f32 n2_c1_raw = fl_load_f32(t_31 + i);
          acc_8 = fl_sum_f32(acc_8, and, n2_c1_raw);
          const v_f32 sub = fl_sub_f32(n2_c1_raw, n2_c1_raw);
          const m16 ne = fl_ne_f32(sub, fl_set_f32(0x0p+00f));
          const m16 and_2 = fl_and_m(and, ne);
          acc_9 += fl_popcount(and_2);
          const m16 and_3 = fl_and_m(in_group_2, n2_c1_valid);
          acc_10 += fl_popcount(and_3);
          acc_11 = fl_sum_f32(acc_11, and_3, n2_c1_raw);
          const m16 and_4 = fl_and_m(and_3, ne);
          acc_12 += fl_popcount(and_4);
          const m16 and_5 = fl_and_m(in_group_3, n2_c1_valid);
          acc_13 += fl_popcount(and_5);
          acc_14 = fl_sum_f32(acc_14, and_5, n2_c1_raw);
          const m16 and_6 = fl_and_m(and_5, ne);
          acc_15 += fl_popcount(and_6);
          const m16 and_7 = fl_and_m(in_group_4, n2_c1_valid);
          acc_16 += fl_popcount(and_7);
          acc_17 = fl_sum_f32(acc_17, and_7, n2_c1_raw);
          const m16 and_8 = fl_and_m(and_7, ne);
          acc_18 += fl_popcount(and_8);
          const m16 n2_c2_valid = fl_load_m(t_33, i);
          const m16 and_9 = fl_and_m(in_group, n2_c2_valid);
          acc_19 += fl_popcount(and_9);
          const v_f32 n2_c2_raw = fl_load_f32(t_34 + i);
          acc_20 = fl_sum_f32(acc_20, and_9, n2_c2_raw);
          const v_f32 sub_2 = fl_sub_f32(n2_c2_raw, n2_c2_raw);
          const m16 ne_2 = fl_ne_f32(sub_2, fl_set_f32(0x0p+00f));
          const m16 and_10 = fl_and_m(and_9, ne_2);
          acc_21 += fl_popcount(and_10);
          const m16 and_11 = fl_and_m(in_group_2, n2_c2_valid);
          acc_22 += fl_popcount(and_11);
          acc_23 = fl_sum_f32(acc_23, and_11, n2_c2_raw);
          const m16 and_12 = fl_and_m(and_11, ne_2);
          acc_24 += fl_popcount(and_12);
          const m16 and_13 = fl_and_m(in_group_3, n2_c2_valid);
          acc_25 += fl_popcount(and_13);
          acc_26 = fl_sum_f32(acc_26, and_13, n2_c2_raw);
          const m16 and_14 = fl_and_m(and_13, ne_2);
          acc_27 += fl_popcount(and_14);
          const m16 and_15 = fl_and_m(in_group_4, n2_c2_valid);
          acc_28 += fl_popcount(and_15);
          acc_29 = fl_sum_f32(acc_29, and_15, n2_c2_raw);
          const m16 and_16 = fl_and_m(and_15, ne_2);
          acc_30 += fl_popcount(and_16);
        }
        t_40->n += acc_3;
        t_45->n += acc_4;
        t_50->n += acc_5;
        t_55->n += acc_6;
        t_40->a0_sum_n += acc_7;
        fl_fsum_add(w, &t_56[0ul], fl_hsum_f32(acc_8));
        t_56->odd += acc_9;
        t_45->a0_sum_n += acc_10;
        fl_fsum_add(w, &t_57[0ul], fl_hsum_f32(acc_11));
        t_57->odd += acc_12;
        t_50->a0_sum_n += acc_13;
        fl_fsum_add(w, &t_58[0ul], fl_hsum_f32(acc_14));
        t_58->odd += acc_15;
        t_55->a0_sum_n += acc_16;
        fl_fsum_add(w, &t_59[0ul], fl_hsum_f32(acc_17));
        t_59->odd += acc_18;
        t_40->a1_avg_n += acc_19;
        fl_fsum_add(w, &t_60[0ul], fl_hsum_f32(acc_20));
        t_60->odd += acc_21;
        t_45->a1_avg_n += acc_22;
        fl_fsum_add(w, &t_61[0ul], fl_hsum_f32(acc_23));
        t_61->odd += acc_24;
        t_50->a1_avg_n += acc_25;
        fl_fsum_add(w, &t_62[0ul], fl_hsum_f32(acc_26));
        t_62->odd += acc_27;
        t_55->a1_avg_n += acc_28;
        fl_fsum_add(w, &t_63[0ul], fl_hsum_f32(acc_29));
        t_63->odd += acc_30;
      }
    }
  }
}

static void p0_data_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n1_group *t = s->n1_acc;
  u64 t_2 = 128ul / sizeof(struct n1_group);
  u64 t_3 = t_2 + 7ul;
  u64 t_4 = s->n1_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 5ul; g_9 += 1ul) {
      struct n1_group *t_6 = t + g_9;
      u64 t_7 = t_5 + g_9;
      struct n1_group *t_8 = t + t_7;
      i64 t_9 = t_8->n;
      i32 t_10 = !t_9;
      if (t_10) {
        continue;
      }
      i64 t_11 = t_6->n;
      i64 t_12 = t_8->n;
      i64 t_13 = t_11 + t_12;
      t_6->n = t_13;
      i64 t_14 = t_6->a0_sum_n;
      i64 t_15 = t_8->a0_sum_n;
      i64 t_16 = t_14 + t_15;
      t_6->a0_sum_n = t_16;
      fl_fsum *t_17 = (fl_fsum *)&t_6->a0_sum;
      fl_fsum *t_18 = (fl_fsum *)&t_8->a0_sum;
      fl_fsum_merge(w, t_17, t_18);
      i64 t_19 = t_6->a1_avg_n;
      i64 t_20 = t_8->a1_avg_n;
      i64 t_21 = t_19 + t_20;
      t_6->a1_avg_n = t_21;
      fl_fsum *t_22 = (fl_fsum *)&t_6->a1_avg;
      fl_fsum *t_23 = (fl_fsum *)&t_8->a1_avg;
      fl_fsum_merge(w, t_22, t_23);
    }
  }
  void *t_24 = fl_alloc(w, 40ul);
  struct n1_group **t_25 = (struct n1_group **)t_24;
  s->n1_rows = t_25;
  u64 count_33 = 0ul;
  for (u64 g_34 = 0ul; g_34 < 5ul; g_34 += 1ul) {
    struct n1_group *t_26 = t + g_34;
    i64 t_27 = t_26->n;
    i32 t_28 = !t_27;
    if (t_28) {
      continue;
    }
    u64 t_29 = g_34 / 1ul;
    u64 t_30 = t_29 % 5ul;
    i32 t_31 = t_30 != 4ul;
    t_26->c0_real_class_valid = t_31;
    i64 t_32 = (i64)t_30;
    i32 t_33 = (i32)t_32;
    t_26->c0_real_class = t_33;
    t_25[count_33] = t_26;
    u64 t_34 = count_33 + 1ul;
    count_33 = t_34;
  }
  s->n1_count = count_33;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_real_class = (i32 *)(w->scratch + 0);
  u64 *const a_n1_real_class_valid = (u64 *)(w->scratch + 4096);
  i64 *const a_n1_a0_sum_n = (i64 *)(w->scratch + 4224);
  f64 *const a_n1_a0_sum_to_32 = (f64 *)(w->scratch + 12416);
  i64 *const a_n1_a1_avg_n = (i64 *)(w->scratch + 20608);
  f64 *const a_n1_a1_avg_to_64 = (f64 *)(w->scratch + 28800);
  f32 *const a_n1_a0_sum_to_32_2 = (f32 *)(w->scratch + 36992);
  u64 *const a_gt = (u64 *)(w->scratch + 41088);
  f64 *const a_div = (f64 *)(w->scratch + 41216);
  u64 *const a_gt_2 = (u64 *)(w->scratch + 49408);
  u64 *const a_rows = (u64 *)(w->scratch + 49536);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_group **t_2 = s->n1_rows;
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
    struct n1_group **t_9 = t_2 + at_12;
    i32 *t_10 = (i32 *)a_n1_real_class;
    u64 *t_11 = (u64 *)a_n1_real_class_valid;
    i64 *t_12 = (i64 *)a_n1_a0_sum_n;
    f64 *t_13 = (f64 *)a_n1_a0_sum_to_32;
    i64 *t_14 = (i64 *)a_n1_a1_avg_n;
    f64 *t_15 = (f64 *)a_n1_a1_avg_to_64;
    for (u32 i_32 = 0u; i_32 < n; i_32 += 1u) {
      struct n1_group *t_16 = t_9[i_32];
      i32 t_17 = t_16->c0_real_class;
      t_10[i_32] = t_17;
      i32 t_18 = t_16->c0_real_class_valid;
      fl_setbit(t_11, i_32, t_18);
      i64 t_19 = t_16->a0_sum_n;
      t_12[i_32] = t_19;
      fl_fsum *t_20 = (fl_fsum *)&t_16->a0_sum;
      f64 t_21 = fl_fsum_value(w, t_20, 1);
      t_13[i_32] = t_21;
      i64 t_22 = t_16->a1_avg_n;
      t_14[i_32] = t_22;
      fl_fsum *t_23 = (fl_fsum *)&t_16->a1_avg;
      f64 t_24 = fl_fsum_value(w, t_23, 0);
      t_15[i_32] = t_24;
    }
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      a_gt_2[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_f64 n1_a0_sum_to_32 = fl_load_f64(a_n1_a0_sum_to_32 + i);
        const v_f32 n1_a0_sum_to_32_2 = fl_cvt_f32_f64(n1_a0_sum_to_32);
        fl_store_f32(a_n1_a0_sum_to_32_2 + i, n1_a0_sum_to_32_2);
        const v_i64 n1_a0_sum_n = fl_load_i64(a_n1_a0_sum_n + i);
        const m16 gt = fl_gt_i64(n1_a0_sum_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
        const v_f64 n1_a1_avg_to_64 = fl_load_f64(a_n1_a1_avg_to_64 + i);
        const v_i64 n1_a1_avg_n = fl_load_i64(a_n1_a1_avg_n + i);
        const v_f64 n1_a1_avg_n_2 = fl_cvt_f64_i64(n1_a1_avg_n);
        const v_f64 div = fl_div_f64(n1_a1_avg_to_64, n1_a1_avg_n_2);
        fl_store_f64(a_div + i, div);
        const m16 gt_2 = fl_gt_i64(n1_a1_avg_n, fl_set_i64(0l));
        fl_store_m(a_gt_2, i, gt_2);
      }
      counters[1ul] += acc;
      counters[3ul] += acc;
    }
    fl_vec t_25[3];
    t_25[0].kind = FL_I32; t_25[0].constant = 0; t_25[0].scale = 0; t_25[0].typmod = -1; t_25[0].count = 0; t_25[0].pad = 0;
    t_25[0].data = a_n1_real_class; t_25[0].valid = a_n1_real_class_valid; t_25[0].elems = NULL;
    t_25[1].kind = FL_F32; t_25[1].constant = 0; t_25[1].scale = 0; t_25[1].typmod = -1; t_25[1].count = 0; t_25[1].pad = 0;
    t_25[1].data = a_n1_a0_sum_to_32_2; t_25[1].valid = a_gt; t_25[1].elems = NULL;
    t_25[2].kind = FL_F64; t_25[2].constant = 0; t_25[2].scale = 0; t_25[2].typmod = -1; t_25[2].count = 0; t_25[2].pad = 0;
    t_25[2].data = a_div; t_25[2].valid = a_gt_2; t_25[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_26 = (u64 *)a_rows;
    flk_result_rows(w, t_25, 3u, (u16 *)0, t_26, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 1024, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 49664, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0x2804dc8846a3997ful, sizeof(struct state), pipelines, 4, 0};

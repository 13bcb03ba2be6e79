/*
 * HashAggregate
 *   Group Key: real_class
 *   Aggregates: sum(c1), avg(c2)
 *   ->  Seq Scan on data
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "runs.h"
#include "flv.h"

struct n1_group {
  i64 n;
  i32 c0_real_class;
  i32 c0_real_class_valid;
  i64 a0_sum_n;
  i64 a0_sum_odd;
  f64 a0_sum;
  i64 a1_avg_n;
  i64 a1_avg_odd;
  f64 a1_avg;
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
  u64 t = p0_data_morsels(w, s);
  u64 t_2 = fl_max_u64(t, 1ul);
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
  u64 *const a_isnan = (u64 *)(w->scratch + 1024);
  u64 *const a_isnan_2 = (u64 *)(w->scratch + 1152);
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
  struct n1_group *t_16 = s->n1_acc;
  u64 t_17 = 128ul / sizeof(struct n1_group);
  u64 t_18 = t_17 + 7ul;
  u64 t_19 = morsel * t_18;
  struct n1_group *groups = t_16 + t_19;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_20 = q->stop;
    if (t_20) {
      return;
    }
    fl_temp_reset(w);
    u64 t_21 = to - at_17;
    u64 t_22 = fl_min_u64(t_21, 1024ul);
    u32 n = (u32)t_22;
    u64 t_23 = at_17 >> 3ul;
    u8 *t_24 = t_8 + t_23;
    u64 *t_25 = (u64 *)t_24;
    u8 *t_26 = n2_real_class_data + at_17;
    u8 *t_27 = t_11 + t_23;
    u64 *t_28 = (u64 *)t_27;
    f32 *t_29 = n2_c1_data + at_17;
    u8 *t_30 = t_14 + t_23;
    u64 *t_31 = (u64 *)t_30;
    f32 *t_32 = n2_c2_data + at_17;
    i32 present_63 = 0;
    {
      a_isnan[(n - (n != 0)) >> 6] = 0;
      a_isnan_2[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      v_i32 acc_2 = fl_id_ror_i32();
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i32 sel = fl_set_i32(1);
        const m16 n2_real_class_valid = fl_load_m(t_25, i);
        const v_u8 n2_real_class_raw = fl_load_u8(t_26 + i);
        const v_i32 n2_real_class_raw_2 = fl_cvt_i32_u8(n2_real_class_raw);
        const v_i32 sel_2 = fl_sel_i32(n2_real_class_valid, n2_real_class_raw_2, fl_set_i32(4));
        const v_i32 shl = fl_shl_i32(sel, sel_2);
        acc_2 = fl_ror_i32(acc_2, rows, shl);
        const v_u8 cvt = fl_cvt_u8_i32(sel_2);
        const v_u8 n1_group = fl_sel_u8(rows, cvt, fl_set_u8(255));
        fl_store_u8(a_n1_group + i, n1_group);
        const v_f32 n2_c1_raw = fl_load_f32(t_29 + i);
        const v_f32 sub = fl_sub_f32(n2_c1_raw, n2_c1_raw);
        const m16 isnan = fl_isnan_f32(sub);
        fl_store_m(a_isnan, i, isnan);
        const v_f32 n2_c2_raw = fl_load_f32(t_32 + i);
        const v_f32 sub_2 = fl_sub_f32(n2_c2_raw, n2_c2_raw);
        const m16 isnan_2 = fl_isnan_f32(sub_2);
        fl_store_m(a_isnan_2, i, isnan_2);
      }
      counters[2ul] += acc;
      present_63 |= fl_hror_i32(acc_2);
    }
    for (;;) {
      i32 t_33 = !present_63;
      if (t_33) {
        break;
      }
      u32 t_34 = (u32)present_63;
      u32 g = fl_lowest_bit(t_34, 5u);
      i32 t_35 = present_63 - 1;
      i32 t_36 = present_63 & t_35;
      present_63 = t_36;
      u8 t_37 = (u8)g;
      struct n1_group *t_38 = groups + g;
      u32 t_39 = (u32)present_63;
      u32 g_2 = fl_lowest_bit(t_39, 5u);
      i32 t_40 = present_63 - 1;
      i32 t_41 = present_63 & t_40;
      present_63 = t_41;
      u8 t_42 = (u8)g_2;
      struct n1_group *t_43 = groups + g_2;
      u32 t_44 = (u32)present_63;
      u32 g_3 = fl_lowest_bit(t_44, 5u);
      i32 t_45 = present_63 - 1;
      i32 t_46 = present_63 & t_45;
      present_63 = t_46;
      u8 t_47 = (u8)g_3;
      struct n1_group *t_48 = groups + g_3;
      u32 t_49 = (u32)present_63;
      u32 g_4 = fl_lowest_bit(t_49, 5u);
      i32 t_50 = present_63 - 1;
      i32 t_51 = present_63 & t_50;
      present_63 = t_51;
      u8 t_52 = (u8)g_4;
      struct n1_group *t_53 = groups + g_4;
      {
        u64 acc_3 = 0;
        u64 acc_4 = 0;
        u64 acc_5 = 0;
        u64 acc_6 = 0;
        u64 acc_7 = 0;
        u64 acc_8 = 0;
        v_f64 acc_9 = fl_id_sum_f32();
        u64 acc_10 = 0;
        u64 acc_11 = 0;
        v_f64 acc_12 = fl_id_sum_f32();
        u64 acc_13 = 0;
        u64 acc_14 = 0;
        v_f64 acc_15 = fl_id_sum_f32();
        u64 acc_16 = 0;
        u64 acc_17 = 0;
        v_f64 acc_18 = fl_id_sum_f32();
        u64 acc_19 = 0;
        u64 acc_20 = 0;
        v_f64 acc_21 = fl_id_sum_f32();
        u64 acc_22 = 0;
        u64 acc_23 = 0;
        v_f64 acc_24 = fl_id_sum_f32();
        u64 acc_25 = 0;
        u64 acc_26 = 0;
        v_f64 acc_27 = fl_id_sum_f32();
        u64 acc_28 = 0;
        u64 acc_29 = 0;
        v_f64 acc_30 = fl_id_sum_f32();
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_26 + i + FL_BLOCK);
          fl_prefetch(t_29 + i + FL_BLOCK);
          fl_prefetch(t_32 + i + FL_BLOCK);
          const v_u8 n1_group_2 = fl_load_u8(a_n1_group + i);
          const m16 in_group = fl_eq_u8(n1_group_2, fl_set_u8(t_37));
          acc_3 += fl_popcount(in_group);
          const m16 in_group_2 = fl_eq_u8(n1_group_2, fl_set_u8(t_42));
          acc_4 += fl_popcount(in_group_2);
          const m16 in_group_3 = fl_eq_u8(n1_group_2, fl_set_u8(t_47));
          acc_5 += fl_popcount(in_group_3);
          const m16 in_group_4 = fl_eq_u8(n1_group_2, fl_set_u8(t_52));
          acc_6 += fl_popcount(in_group_4);
          const m16 n2_c1_valid = fl_load_m(t_28, i);
          const m16 and = fl_and_m(in_group, n2_c1_valid);
          acc_7 += fl_popcount(and);
          const m16 isnan_3 = fl_load_m(a_isnan, i);
          const m16 and_2 = fl_and_m(and, isnan_3);
          acc_8 += fl_popcount(and_2);
          const v_f32 n2_c1_raw_2 = fl_load_f32(t_29 + i);
          acc_9 = fl_sum_f32(acc_9, and, n2_c1_raw_2);
          const m16 and_3 = fl_and_m(in_group_2, n2_c1_valid);
          acc_10 += fl_popcount(and_3);
          const m16 and_4 = fl_and_m(and_3, isnan_3);
          acc_11 += fl_popcount(and_4);
          acc_12 = fl_sum_f32(acc_12, and_3, n2_c1_raw_2);
          const m16 and_5 = fl_and_m(in_group_3, n2_c1_valid);
          acc_13 += fl_popcount(and_5);
          const m16 and_6 = fl_and_m(and_5, isnan_3);
          acc_14 += fl_popcount(and_6);
          acc_15 = fl_sum_f32(acc_15, and_5, n2_c1_raw_2);
          const m16 and_7 = fl_and_m(in_group_4, n2_c1_valid);
          acc_16 += fl_popcount(and_7);
          const m16 and_8 = fl_and_m(and_7, isnan_3);
          acc_17 += fl_popcount(and_8);
          acc_18 = fl_sum_f32(acc_18, and_7, n2_c1_raw_2);
          const m16 n2_c2_valid = fl_load_m(t_31, i);
          const m16 and_9 = fl_and_m(in_group, n2_c2_valid);
          acc_19 += fl_popcount(and_9);
          const m16 isnan_4 = fl_load_m(a_isnan_2, i);
          const m16 and_10 = fl_and_m(and_9, isnan_4);
          acc_20 += fl_popcount(and_10);
          const v_f32 n2_c2_raw_2 = fl_load_f32(t_32 + i);
          acc_21 = fl_sum_f32(acc_21, and_9, n2_c2_raw_2);
          const m16 and_11 = fl_and_m(in_group_2, n2_c2_valid);
          acc_22 += fl_popcount(and_11);
          const m16 and_12 = fl_and_m(and_11, isnan_4);
          acc_23 += fl_popcount(and_12);
          acc_24 = fl_sum_f32(acc_24, and_11, n2_c2_raw_2);
          const m16 and_13 = fl_and_m(in_group_3, n2_c2_valid);
          acc_25 += fl_popcount(and_13);
          const m16 and_14 = fl_and_m(and_13, isnan_4);
          acc_26 += fl_popcount(and_14);
          acc_27 = fl_sum_f32(acc_27, and_13, n2_c2_raw_2);
          const m16 and_15 = fl_and_m(in_group_4, n2_c2_valid);
          acc_28 += fl_popcount(and_15);
          const m16 and_16 = fl_and_m(and_15, isnan_4);
          acc_29 += fl_popcount(and_16);
          acc_30 = fl_sum_f32(acc_30, and_15, n2_c2_raw_2);
        }
        t_38->n += acc_3;
        t_43->n += acc_4;
        t_48->n += acc_5;
        t_53->n += acc_6;
        t_38->a0_sum_n += acc_7;
        t_38->a0_sum_odd += acc_8;
        t_38->a0_sum += fl_hsum_f32(acc_9);
        t_43->a0_sum_n += acc_10;
        t_43->a0_sum_odd += acc_11;
        t_43->a0_sum += fl_hsum_f32(acc_12);
        t_48->a0_sum_n += acc_13;
        t_48->a0_sum_odd += acc_14;
        t_48->a0_sum += fl_hsum_f32(acc_15);
        t_53->a0_sum_n += acc_16;
        t_53->a0_sum_odd += acc_17;
        t_53->a0_sum += fl_hsum_f32(acc_18);
        t_38->a1_avg_n += acc_19;
        t_38->a1_avg_odd += acc_20;
        t_38->a1_avg += fl_hsum_f32(acc_21);
        t_43->a1_avg_n += acc_22;
        t_43->a1_avg_odd += acc_23;
        t_43->a1_avg += fl_hsum_f32(acc_24);
        t_48->a1_avg_n += acc_25;
        t_48->a1_avg_odd += acc_26;
        t_48->a1_avg += fl_hsum_f32(acc_27);
        t_53->a1_avg_n += acc_28;
        t_53->a1_avg_odd += acc_29;
        t_53->a1_avg += fl_hsum_f32(acc_30);
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
      f64 t_17 = t_6->a0_sum;
      f64 t_18 = t_8->a0_sum;
      f64 t_19 = t_17 + t_18;
      t_6->a0_sum = t_19;
      i64 t_20 = t_6->a0_sum_odd;
      i64 t_21 = t_8->a0_sum_odd;
      i64 t_22 = t_20 + t_21;
      t_6->a0_sum_odd = t_22;
      i64 t_23 = t_6->a1_avg_n;
      i64 t_24 = t_8->a1_avg_n;
      i64 t_25 = t_23 + t_24;
      t_6->a1_avg_n = t_25;
      f64 t_26 = t_6->a1_avg;
      f64 t_27 = t_8->a1_avg;
      f64 t_28 = t_26 + t_27;
      t_6->a1_avg = t_28;
      i64 t_29 = t_6->a1_avg_odd;
      i64 t_30 = t_8->a1_avg_odd;
      i64 t_31 = t_29 + t_30;
      t_6->a1_avg_odd = t_31;
    }
  }
  void *t_32 = fl_alloc(w, 40ul);
  struct n1_group **t_33 = (struct n1_group **)t_32;
  s->n1_rows = t_33;
  u64 count_39 = 0ul;
  for (u64 g_40 = 0ul; g_40 < 5ul; g_40 += 1ul) {
    struct n1_group *t_34 = t + g_40;
    i64 t_35 = t_34->n;
    i32 t_36 = !t_35;
    if (t_36) {
      continue;
    }
    u64 t_37 = g_40 / 1ul;
    u64 t_38 = t_37 % 5ul;
    i32 t_39 = t_38 != 4ul;
    t_34->c0_real_class_valid = t_39;
    i64 t_40 = (i64)t_38;
    i32 t_41 = (i32)t_40;
    t_34->c0_real_class = t_41;
    t_33[count_39] = t_34;
    u64 t_42 = count_39 + 1ul;
    count_39 = t_42;
  }
  s->n1_count = count_39;
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
  f64 *const a_n1_a0_sum = (f64 *)(w->scratch + 12416);
  i64 *const a_n1_a0_sum_odd = (i64 *)(w->scratch + 20608);
  i64 *const a_n1_a1_avg_n = (i64 *)(w->scratch + 28800);
  f64 *const a_n1_a1_avg = (f64 *)(w->scratch + 36992);
  i64 *const a_n1_a1_avg_odd = (i64 *)(w->scratch + 45184);
  f32 *const a_n1_a0_sum_2 = (f32 *)(w->scratch + 53376);
  u64 *const a_gt = (u64 *)(w->scratch + 57472);
  f64 *const a_div = (f64 *)(w->scratch + 57600);
  u64 *const a_gt_2 = (u64 *)(w->scratch + 65792);
  u64 *const a_rows = (u64 *)(w->scratch + 65920);
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
    f64 *t_13 = (f64 *)a_n1_a0_sum;
    i64 *t_14 = (i64 *)a_n1_a0_sum_odd;
    i64 *t_15 = (i64 *)a_n1_a1_avg_n;
    f64 *t_16 = (f64 *)a_n1_a1_avg;
    i64 *t_17 = (i64 *)a_n1_a1_avg_odd;
    for (u32 i_36 = 0u; i_36 < n; i_36 += 1u) {
      struct n1_group *t_18 = t_9[i_36];
      i32 t_19 = t_18->c0_real_class;
      t_10[i_36] = t_19;
      i32 t_20 = t_18->c0_real_class_valid;
      fl_setbit(t_11, i_36, t_20);
      i64 t_21 = t_18->a0_sum_n;
      t_12[i_36] = t_21;
      f64 t_22 = t_18->a0_sum;
      t_13[i_36] = t_22;
      i64 t_23 = t_18->a0_sum_odd;
      t_14[i_36] = t_23;
      i64 t_24 = t_18->a1_avg_n;
      t_15[i_36] = t_24;
      f64 t_25 = t_18->a1_avg;
      t_16[i_36] = t_25;
      i64 t_26 = t_18->a1_avg_odd;
      t_17[i_36] = t_26;
    }
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      a_gt_2[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        const v_i64 n1_a0_sum_n = fl_load_i64(a_n1_a0_sum_n + i);
        const m16 gt = fl_gt_i64(n1_a0_sum_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
        const m16 and = fl_and_m(rows, gt);
        const v_i64 n1_a0_sum_odd = fl_load_i64(a_n1_a0_sum_odd + i);
        const m16 eq = fl_eq_i64(n1_a0_sum_odd, fl_set_i64(0l));
        const v_f64 n1_a0_sum = fl_load_f64(a_n1_a0_sum + i);
        const v_f32 n1_a0_sum_2 = fl_cvt_f32_f64(n1_a0_sum);
        fl_store_f32(a_n1_a0_sum_2 + i, n1_a0_sum_2);
        const v_f32 sub = fl_sub_f32(n1_a0_sum_2, n1_a0_sum_2);
        const m16 isnan = fl_isnan_f32(sub);
        const m16 and_2 = fl_and_m(eq, isnan);
        const m16 and_3 = fl_and_m(and, and_2);
        if (and_3) fl_raise(w, "22003", 0, "value out of range: overflow");
        const v_i64 n1_a1_avg_n = fl_load_i64(a_n1_a1_avg_n + i);
        const m16 gt_2 = fl_gt_i64(n1_a1_avg_n, fl_set_i64(0l));
        fl_store_m(a_gt_2, i, gt_2);
        const m16 and_4 = fl_and_m(rows, gt_2);
        const v_i64 n1_a1_avg_odd = fl_load_i64(a_n1_a1_avg_odd + i);
        const m16 eq_2 = fl_eq_i64(n1_a1_avg_odd, fl_set_i64(0l));
        const v_f64 n1_a1_avg = fl_load_f64(a_n1_a1_avg + i);
        const v_f64 sub_2 = fl_sub_f64(n1_a1_avg, n1_a1_avg);
        const m16 isnan_2 = fl_isnan_f64(sub_2);
        const m16 and_5 = fl_and_m(eq_2, isnan_2);
        const m16 and_6 = fl_and_m(and_4, and_5);
        if (and_6) fl_raise(w, "22003", 0, "value out of range: overflow");
        acc += fl_popcount(rows);
        acc_2 += fl_popcount(rows);
        const v_f64 n1_a1_avg_n_2 = fl_cvt_f64_i64(n1_a1_avg_n);
        const v_f64 div = fl_div_f64(n1_a1_avg, n1_a1_avg_n_2);
        fl_store_f64(a_div + i, div);
      }
      counters[1ul] += acc;
      counters[3ul] += acc_2;
    }
    fl_vec t_27[3];
    t_27[0].kind = FL_I32; t_27[0].constant = 0; t_27[0].scale = 0; t_27[0].typmod = -1; t_27[0].count = 0; t_27[0].pad = 0;
    t_27[0].data = a_n1_real_class; t_27[0].valid = a_n1_real_class_valid; t_27[0].elems = NULL;
    t_27[1].kind = FL_F32; t_27[1].constant = 0; t_27[1].scale = 0; t_27[1].typmod = -1; t_27[1].count = 0; t_27[1].pad = 0;
    t_27[1].data = a_n1_a0_sum_2; t_27[1].valid = a_gt; t_27[1].elems = NULL;
    t_27[2].kind = FL_F64; t_27[2].constant = 0; t_27[2].scale = 0; t_27[2].typmod = -1; t_27[2].count = 0; t_27[2].pad = 0;
    t_27[2].data = a_div; t_27[2].valid = a_gt_2; t_27[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_28 = (u64 *)a_rows;
    flk_result_rows(w, t_27, 3u, (u16 *)0, t_28, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 1280, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 66048, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0x297f26a42d23bdd0ul, sizeof(struct state), pipelines, 4, 0};

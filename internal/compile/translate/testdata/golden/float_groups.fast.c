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
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  i32 *const a_sel = (i32 *)(w->scratch + 128);
  i32 *const a_n2_real_class_raw = (i32 *)(w->scratch + 4224);
  i32 *const a_sel_2 = (i32 *)(w->scratch + 8320);
  i32 *const a_shl = (i32 *)(w->scratch + 12416);
  u8 *const a_cvt = (u8 *)(w->scratch + 16512);
  u8 *const a_n1_group = (u8 *)(w->scratch + 17536);
  f32 *const a_sub = (f32 *)(w->scratch + 18560);
  u64 *const a_isnan = (u64 *)(w->scratch + 22656);
  f32 *const a_sub_2 = (f32 *)(w->scratch + 22784);
  u64 *const a_isnan_2 = (u64 *)(w->scratch + 26880);
  u64 *const a_in_group = (u64 *)(w->scratch + 27008);
  u64 *const a_in_group_2 = (u64 *)(w->scratch + 27136);
  u64 *const a_in_group_3 = (u64 *)(w->scratch + 27264);
  u64 *const a_in_group_4 = (u64 *)(w->scratch + 27392);
  u64 *const a_and = (u64 *)(w->scratch + 27520);
  u64 *const a_and_2 = (u64 *)(w->scratch + 27648);
  u64 *const a_and_3 = (u64 *)(w->scratch + 27776);
  u64 *const a_and_4 = (u64 *)(w->scratch + 27904);
  u64 *const a_and_5 = (u64 *)(w->scratch + 28032);
  u64 *const a_and_6 = (u64 *)(w->scratch + 28160);
  u64 *const a_and_7 = (u64 *)(w->scratch + 28288);
  u64 *const a_and_8 = (u64 *)(w->scratch + 28416);
  u64 *const a_and_9 = (u64 *)(w->scratch + 28544);
  u64 *const a_and_10 = (u64 *)(w->scratch + 28672);
  u64 *const a_and_11 = (u64 *)(w->scratch + 28800);
  u64 *const a_and_12 = (u64 *)(w->scratch + 28928);
  u64 *const a_and_13 = (u64 *)(w->scratch + 29056);
  u64 *const a_and_14 = (u64 *)(w->scratch + 29184);
  u64 *const a_and_15 = (u64 *)(w->scratch + 29312);
  u64 *const a_and_16 = (u64 *)(w->scratch + 29440);
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
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    i32 present_63 = 0;
    flk_sel_i32(a_sel, a_rows, &(i32){1}, &(i32){1}, 3, n);
    flk_cvt_i32_u8(a_n2_real_class_raw, t_26, 0, n);
    flk_sel_i32(a_sel_2, t_25, a_n2_real_class_raw, &(i32){4}, 2, n);
    flk_shl_i32(a_shl, a_sel, a_sel_2, 0, n);
    present_63 |= flk_ror_i32(a_shl, a_rows, n);
    flk_cvt_u8_i32(a_cvt, a_sel_2, 0, n);
    flk_sel_u8(a_n1_group, a_rows, a_cvt, &(u8){255}, 2, n);
    flk_sub_f32(a_sub, t_29, t_29, 0, n);
    flk_isnan_f32(a_isnan, a_sub, 0, n);
    flk_sub_f32(a_sub_2, t_32, t_32, 0, n);
    flk_isnan_f32(a_isnan_2, a_sub_2, 0, n);
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
      flk_eq_u8(a_in_group, a_n1_group, &(u8){t_37}, 2, n);
      t_38->n += flk_count(a_in_group, n);
      flk_eq_u8(a_in_group_2, a_n1_group, &(u8){t_42}, 2, n);
      t_43->n += flk_count(a_in_group_2, n);
      flk_eq_u8(a_in_group_3, a_n1_group, &(u8){t_47}, 2, n);
      t_48->n += flk_count(a_in_group_3, n);
      flk_eq_u8(a_in_group_4, a_n1_group, &(u8){t_52}, 2, n);
      t_53->n += flk_count(a_in_group_4, n);
      flk_and_m(a_and, a_in_group, t_28, n);
      t_38->a0_sum_n += flk_count(a_and, n);
      flk_and_m(a_and_2, a_and, a_isnan, n);
      t_38->a0_sum_odd += flk_count(a_and_2, n);
      t_38->a0_sum += flk_sum_f32(t_29, a_and, n);
      flk_and_m(a_and_3, a_in_group_2, t_28, n);
      t_43->a0_sum_n += flk_count(a_and_3, n);
      flk_and_m(a_and_4, a_and_3, a_isnan, n);
      t_43->a0_sum_odd += flk_count(a_and_4, n);
      t_43->a0_sum += flk_sum_f32(t_29, a_and_3, n);
      flk_and_m(a_and_5, a_in_group_3, t_28, n);
      t_48->a0_sum_n += flk_count(a_and_5, n);
      flk_and_m(a_and_6, a_and_5, a_isnan, n);
      t_48->a0_sum_odd += flk_count(a_and_6, n);
      t_48->a0_sum += flk_sum_f32(t_29, a_and_5, n);
      flk_and_m(a_and_7, a_in_group_4, t_28, n);
      t_53->a0_sum_n += flk_count(a_and_7, n);
      flk_and_m(a_and_8, a_and_7, a_isnan, n);
      t_53->a0_sum_odd += flk_count(a_and_8, n);
      t_53->a0_sum += flk_sum_f32(t_29, a_and_7, n);
      flk_and_m(a_and_9, a_in_group, t_31, n);
      t_38->a1_avg_n += flk_count(a_and_9, n);
      flk_and_m(a_and_10, a_and_9, a_isnan_2, n);
      t_38->a1_avg_odd += flk_count(a_and_10, n);
      t_38->a1_avg += flk_sum_f32(t_32, a_and_9, n);
      flk_and_m(a_and_11, a_in_group_2, t_31, n);
      t_43->a1_avg_n += flk_count(a_and_11, n);
      flk_and_m(a_and_12, a_and_11, a_isnan_2, n);
      t_43->a1_avg_odd += flk_count(a_and_12, n);
      t_43->a1_avg += flk_sum_f32(t_32, a_and_11, n);
      flk_and_m(a_and_13, a_in_group_3, t_31, n);
      t_48->a1_avg_n += flk_count(a_and_13, n);
      flk_and_m(a_and_14, a_and_13, a_isnan_2, n);
      t_48->a1_avg_odd += flk_count(a_and_14, n);
      t_48->a1_avg += flk_sum_f32(t_32, a_and_13, n);
      flk_and_m(a_and_15, a_in_group_4, t_31, n);
      t_53->a1_avg_n += flk_count(a_and_15, n);
      flk_and_m(a_and_16, a_and_15, a_isnan_2, n);
      t_53->a1_avg_odd += flk_count(a_and_16, n);
      t_53->a1_avg += flk_sum_f32(t_32, a_and_15, n);
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
  u64 *const a_rows = (u64 *)(w->scratch + 53376);
  u64 *const a_gt = (u64 *)(w->scratch + 53504);
  u64 *const a_and = (u64 *)(w->scratch + 53632);
  u64 *const a_eq = (u64 *)(w->scratch + 53760);
  f32 *const a_n1_a0_sum_2 = (f32 *)(w->scratch + 53888);
  f32 *const a_sub = (f32 *)(w->scratch + 57984);
  u64 *const a_isnan = (u64 *)(w->scratch + 62080);
  u64 *const a_and_2 = (u64 *)(w->scratch + 62208);
  u64 *const a_and_3 = (u64 *)(w->scratch + 62336);
  u64 *const a_gt_2 = (u64 *)(w->scratch + 62464);
  u64 *const a_and_4 = (u64 *)(w->scratch + 62592);
  u64 *const a_eq_2 = (u64 *)(w->scratch + 62720);
  f64 *const a_sub_2 = (f64 *)(w->scratch + 62848);
  u64 *const a_isnan_2 = (u64 *)(w->scratch + 71040);
  u64 *const a_and_5 = (u64 *)(w->scratch + 71168);
  u64 *const a_and_6 = (u64 *)(w->scratch + 71296);
  f64 *const a_n1_a1_avg_n_2 = (f64 *)(w->scratch + 71424);
  f64 *const a_div = (f64 *)(w->scratch + 79616);
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
    flk_ones_m(a_rows, n);
    flk_gt_i64(a_gt, a_n1_a0_sum_n, &(i64){0l}, 2, n);
    flk_and_m(a_and, a_rows, a_gt, n);
    flk_eq_i64(a_eq, a_n1_a0_sum_odd, &(i64){0l}, 2, n);
    flk_cvt_f32_f64(a_n1_a0_sum_2, a_n1_a0_sum, 0, n);
    flk_sub_f32(a_sub, a_n1_a0_sum_2, a_n1_a0_sum_2, 0, n);
    flk_isnan_f32(a_isnan, a_sub, 0, n);
    flk_and_m(a_and_2, a_eq, a_isnan, n);
    flk_and_m(a_and_3, a_and, a_and_2, n);
    if (flk_count(a_and_3, n)) fl_raise(w, "22003", 0, "value out of range: overflow");
    flk_gt_i64(a_gt_2, a_n1_a1_avg_n, &(i64){0l}, 2, n);
    flk_and_m(a_and_4, a_rows, a_gt_2, n);
    flk_eq_i64(a_eq_2, a_n1_a1_avg_odd, &(i64){0l}, 2, n);
    flk_sub_f64(a_sub_2, a_n1_a1_avg, a_n1_a1_avg, 0, n);
    flk_isnan_f64(a_isnan_2, a_sub_2, 0, n);
    flk_and_m(a_and_5, a_eq_2, a_isnan_2, n);
    flk_and_m(a_and_6, a_and_4, a_and_5, n);
    if (flk_count(a_and_6, n)) fl_raise(w, "22003", 0, "value out of range: overflow");
    counters[1ul] += flk_count(a_rows, n);
    counters[3ul] += flk_count(a_rows, n);
    flk_cvt_f64_i64(a_n1_a1_avg_n_2, a_n1_a1_avg_n, 0, n);
    flk_div_f64(a_div, a_n1_a1_avg, a_n1_a1_avg_n_2, 0, n);
    fl_vec t_27[3];
    t_27[0].kind = FL_I32; t_27[0].constant = 0; t_27[0].scale = 0; t_27[0].typmod = -1; t_27[0].count = 0; t_27[0].pad = 0;
    t_27[0].data = a_n1_real_class; t_27[0].valid = a_n1_real_class_valid; t_27[0].elems = NULL;
    t_27[1].kind = FL_F32; t_27[1].constant = 0; t_27[1].scale = 0; t_27[1].typmod = -1; t_27[1].count = 0; t_27[1].pad = 0;
    t_27[1].data = a_n1_a0_sum_2; t_27[1].valid = a_gt; t_27[1].elems = NULL;
    t_27[2].kind = FL_F64; t_27[2].constant = 0; t_27[2].scale = 0; t_27[2].typmod = -1; t_27[2].count = 0; t_27[2].pad = 0;
    t_27[2].data = a_div; t_27[2].valid = a_gt_2; t_27[2].elems = NULL;
    u64 *t_28 = (u64 *)a_rows;
    flk_result_rows(w, t_27, 3u, (u16 *)0, t_28, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 29568, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 87808, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0x297f26a42d23bdd0ul, sizeof(struct state), pipelines, 4, 0};

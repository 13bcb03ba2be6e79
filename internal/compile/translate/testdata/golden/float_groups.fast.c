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
  f64 a0_sum;
  i64 a1_avg_n;
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
  u64 *const a_in_group = (u64 *)(w->scratch + 18560);
  u64 *const a_in_group_2 = (u64 *)(w->scratch + 18688);
  u64 *const a_in_group_3 = (u64 *)(w->scratch + 18816);
  u64 *const a_in_group_4 = (u64 *)(w->scratch + 18944);
  u64 *const a_and = (u64 *)(w->scratch + 19072);
  u64 *const a_and_2 = (u64 *)(w->scratch + 19200);
  u64 *const a_and_3 = (u64 *)(w->scratch + 19328);
  u64 *const a_and_4 = (u64 *)(w->scratch + 19456);
  u64 *const a_and_5 = (u64 *)(w->scratch + 19584);
  u64 *const a_and_6 = (u64 *)(w->scratch + 19712);
  u64 *const a_and_7 = (u64 *)(w->scratch + 19840);
  u64 *const a_and_8 = (u64 *)(w->scratch + 19968);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_segment *segment = fl_segment_of(t, morsel);
  fl_column *t_2 = segment->cols;
  u32 t_3 = segment->first_morsel;
  u64 t_4 = (u64)t_3;
  u64 t_5 = morsel - t_4;
  u64 from = t_5 * 65536ul;
  u64 t_6 = from + 65536ul;
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
  for (u64 at_16 = from; at_16 < to; at_16 += 1024ul) {
    u32 t_20 = q->stop;
    if (t_20) {
      return;
    }
    fl_temp_reset(w);
    u64 t_21 = to - at_16;
    u64 t_22 = fl_min_u64(t_21, 1024ul);
    u32 n = (u32)t_22;
    u64 t_23 = at_16 >> 3ul;
    u8 *t_24 = t_8 + t_23;
    u64 *t_25 = (u64 *)t_24;
    u8 *t_26 = n2_real_class_data + at_16;
    u8 *t_27 = t_11 + t_23;
    u64 *t_28 = (u64 *)t_27;
    f32 *t_29 = n2_c1_data + at_16;
    u8 *t_30 = t_14 + t_23;
    u64 *t_31 = (u64 *)t_30;
    f32 *t_32 = n2_c2_data + at_16;
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    i32 present_62 = 0;
    flk_sel_i32(a_sel, a_rows, &(i32){1}, &(i32){1}, 3, n);
    flk_cvt_i32_u8(a_n2_real_class_raw, t_26, 0, n);
    flk_sel_i32(a_sel_2, t_25, a_n2_real_class_raw, &(i32){4}, 2, n);
    flk_shl_i32(a_shl, a_sel, a_sel_2, 0, n);
    present_62 |= flk_ror_i32(a_shl, a_rows, n);
    flk_cvt_u8_i32(a_cvt, a_sel_2, 0, n);
    flk_sel_u8(a_n1_group, a_rows, a_cvt, &(u8){255}, 2, n);
    for (;;) {
      i32 t_33 = !present_62;
      if (t_33) {
        break;
      }
      u32 t_34 = (u32)present_62;
      u32 g = fl_lowest_bit(t_34, 5u);
      i32 t_35 = present_62 - 1;
      i32 t_36 = present_62 & t_35;
      present_62 = t_36;
      u8 t_37 = (u8)g;
      struct n1_group *t_38 = groups + g;
      u32 t_39 = (u32)present_62;
      u32 g_2 = fl_lowest_bit(t_39, 5u);
      i32 t_40 = present_62 - 1;
      i32 t_41 = present_62 & t_40;
      present_62 = t_41;
      u8 t_42 = (u8)g_2;
      struct n1_group *t_43 = groups + g_2;
      u32 t_44 = (u32)present_62;
      u32 g_3 = fl_lowest_bit(t_44, 5u);
      i32 t_45 = present_62 - 1;
      i32 t_46 = present_62 & t_45;
      present_62 = t_46;
      u8 t_47 = (u8)g_3;
      struct n1_group *t_48 = groups + g_3;
      u32 t_49 = (u32)present_62;
      u32 g_4 = fl_lowest_bit(t_49, 5u);
      i32 t_50 = present_62 - 1;
      i32 t_51 = present_62 & t_50;
      present_62 = t_51;
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
      t_38->a0_sum += flk_sum_f32(t_29, a_and, n);
      flk_and_m(a_and_2, a_in_group_2, t_28, n);
      t_43->a0_sum_n += flk_count(a_and_2, n);
      t_43->a0_sum += flk_sum_f32(t_29, a_and_2, n);
      flk_and_m(a_and_3, a_in_group_3, t_28, n);
      t_48->a0_sum_n += flk_count(a_and_3, n);
      t_48->a0_sum += flk_sum_f32(t_29, a_and_3, n);
      flk_and_m(a_and_4, a_in_group_4, t_28, n);
      t_53->a0_sum_n += flk_count(a_and_4, n);
      t_53->a0_sum += flk_sum_f32(t_29, a_and_4, n);
      flk_and_m(a_and_5, a_in_group, t_31, n);
      t_38->a1_avg_n += flk_count(a_and_5, n);
      t_38->a1_avg += flk_sum_f32(t_32, a_and_5, n);
      flk_and_m(a_and_6, a_in_group_2, t_31, n);
      t_43->a1_avg_n += flk_count(a_and_6, n);
      t_43->a1_avg += flk_sum_f32(t_32, a_and_6, n);
      flk_and_m(a_and_7, a_in_group_3, t_31, n);
      t_48->a1_avg_n += flk_count(a_and_7, n);
      t_48->a1_avg += flk_sum_f32(t_32, a_and_7, n);
      flk_and_m(a_and_8, a_in_group_4, t_31, n);
      t_53->a1_avg_n += flk_count(a_and_8, n);
      t_53->a1_avg += flk_sum_f32(t_32, a_and_8, n);
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
      i64 t_20 = t_6->a1_avg_n;
      i64 t_21 = t_8->a1_avg_n;
      i64 t_22 = t_20 + t_21;
      t_6->a1_avg_n = t_22;
      f64 t_23 = t_6->a1_avg;
      f64 t_24 = t_8->a1_avg;
      f64 t_25 = t_23 + t_24;
      t_6->a1_avg = t_25;
    }
  }
  void *t_26 = fl_alloc(w, 40ul);
  struct n1_group **t_27 = (struct n1_group **)t_26;
  s->n1_rows = t_27;
  u64 count_33 = 0ul;
  for (u64 g_34 = 0ul; g_34 < 5ul; g_34 += 1ul) {
    struct n1_group *t_28 = t + g_34;
    i64 t_29 = t_28->n;
    i32 t_30 = !t_29;
    if (t_30) {
      continue;
    }
    u64 t_31 = g_34 / 1ul;
    u64 t_32 = t_31 % 5ul;
    i32 t_33 = t_32 != 4ul;
    t_28->c0_real_class_valid = t_33;
    i64 t_34 = (i64)t_32;
    i32 t_35 = (i32)t_34;
    t_28->c0_real_class = t_35;
    t_27[count_33] = t_28;
    u64 t_36 = count_33 + 1ul;
    count_33 = t_36;
  }
  s->n1_count = count_33;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(t);
  return t_2;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_real_class = (i32 *)(w->scratch + 0);
  u64 *const a_n1_real_class_valid = (u64 *)(w->scratch + 4096);
  i64 *const a_n1_a0_sum_n = (i64 *)(w->scratch + 4224);
  f64 *const a_n1_a0_sum = (f64 *)(w->scratch + 12416);
  i64 *const a_n1_a1_avg_n = (i64 *)(w->scratch + 20608);
  f64 *const a_n1_a1_avg = (f64 *)(w->scratch + 28800);
  u64 *const a_rows = (u64 *)(w->scratch + 36992);
  f32 *const a_n1_a0_sum_2 = (f32 *)(w->scratch + 37120);
  u64 *const a_gt = (u64 *)(w->scratch + 41216);
  f64 *const a_n1_a1_avg_n_2 = (f64 *)(w->scratch + 41344);
  f64 *const a_div = (f64 *)(w->scratch + 49536);
  u64 *const a_gt_2 = (u64 *)(w->scratch + 57728);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_group **t_2 = s->n1_rows;
  u64 t_3 = morsel * 65536ul;
  u64 t_4 = t_3 + 65536ul;
  u64 t_5 = fl_min_u64(t_4, t);
  fl_query *q = w->q;
  u64 *counters = w->counters;
  for (u64 at_10 = t_3; at_10 < t_5; at_10 += 1024ul) {
    u32 t_6 = q->stop;
    if (t_6) {
      return;
    }
    fl_temp_reset(w);
    u64 t_7 = t_5 - at_10;
    u64 t_8 = fl_min_u64(t_7, 1024ul);
    u32 n = (u32)t_8;
    struct n1_group **t_9 = t_2 + at_10;
    i32 *t_10 = (i32 *)a_n1_real_class;
    u64 *t_11 = (u64 *)a_n1_real_class_valid;
    i64 *t_12 = (i64 *)a_n1_a0_sum_n;
    f64 *t_13 = (f64 *)a_n1_a0_sum;
    i64 *t_14 = (i64 *)a_n1_a1_avg_n;
    f64 *t_15 = (f64 *)a_n1_a1_avg;
    for (u32 i_31 = 0u; i_31 < n; i_31 += 1u) {
      struct n1_group *t_16 = t_9[i_31];
      i32 t_17 = t_16->c0_real_class;
      t_10[i_31] = t_17;
      i32 t_18 = t_16->c0_real_class_valid;
      fl_setbit(t_11, i_31, t_18);
      i64 t_19 = t_16->a0_sum_n;
      t_12[i_31] = t_19;
      f64 t_20 = t_16->a0_sum;
      t_13[i_31] = t_20;
      i64 t_21 = t_16->a1_avg_n;
      t_14[i_31] = t_21;
      f64 t_22 = t_16->a1_avg;
      t_15[i_31] = t_22;
    }
    flk_ones_m(a_rows, n);
    counters[1ul] += flk_count(a_rows, n);
    counters[3ul] += flk_count(a_rows, n);
    flk_cvt_f32_f64(a_n1_a0_sum_2, a_n1_a0_sum, 0, n);
    flk_gt_i64(a_gt, a_n1_a0_sum_n, &(i64){0l}, 2, n);
    flk_cvt_f64_i64(a_n1_a1_avg_n_2, a_n1_a1_avg_n, 0, n);
    flk_div_f64(a_div, a_n1_a1_avg, a_n1_a1_avg_n_2, 0, n);
    flk_gt_i64(a_gt_2, a_n1_a1_avg_n, &(i64){0l}, 2, n);
    fl_vec t_23[3];
    t_23[0].kind = FL_I32; t_23[0].constant = 0; t_23[0].scale = 0; t_23[0].typmod = -1; t_23[0].count = 0; t_23[0].pad = 0;
    t_23[0].data = a_n1_real_class; t_23[0].valid = a_n1_real_class_valid; t_23[0].elems = NULL;
    t_23[1].kind = FL_F32; t_23[1].constant = 0; t_23[1].scale = 0; t_23[1].typmod = -1; t_23[1].count = 0; t_23[1].pad = 0;
    t_23[1].data = a_n1_a0_sum_2; t_23[1].valid = a_gt; t_23[1].elems = NULL;
    t_23[2].kind = FL_F64; t_23[2].constant = 0; t_23[2].scale = 0; t_23[2].typmod = -1; t_23[2].count = 0; t_23[2].pad = 0;
    t_23[2].data = a_div; t_23[2].valid = a_gt_2; t_23[2].elems = NULL;
    u64 *t_24 = (u64 *)a_rows;
    flk_result_rows(w, t_23, 3u, (u16 *)0, t_24, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 20096, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 57856, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0xa831126f2407eb0eul, sizeof(struct state), pipelines, 4, 0};

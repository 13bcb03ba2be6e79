/*
 * Aggregate
 *   Aggregates: count(*)
 *   ->  Filter
 *         Filter: ((classifier(c1, c2, c3, c4)) = '2'::bigint)
 *         ->  Predict
 *               Model: classifier v1 (c1, c2, c3, c4)
 *               ->  Seq Scan on data
 *                     Filter: (c1 > '5'::real)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_group {
  i64 n;
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
  u64 t_4 = t_3 + 2ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n1_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n1_group *t_8 = (struct n1_group *)t_7;
  s->n1_acc = t_8;
}

static void p0_data_worker(fl_worker *w, void *state_, u64 morsel) {
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
  f32 *n4_c1_data = (f32 *)t_9;
  fl_column *t_10 = t_2 + 1ul;
  u8 *t_11 = t_10->valid;
  void *t_12 = t_10->data;
  f32 *n4_c2_data = (f32 *)t_12;
  fl_column *t_13 = t_2 + 2ul;
  u8 *t_14 = t_13->valid;
  void *t_15 = t_13->data;
  f32 *n4_c3_data = (f32 *)t_15;
  fl_column *t_16 = t_2 + 3ul;
  u8 *t_17 = t_16->valid;
  void *t_18 = t_16->data;
  f32 *n4_c4_data = (f32 *)t_18;
  u8 *t_19 = q->params;
  f32 *t_20 = (f32 *)t_19;
  f32 t_21 = t_20[0ul];
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
  u8 *t_42 = t_19 + 8ul;
  i64 *t_43 = (i64 *)t_42;
  i64 t_44 = t_43[0ul];
  i32 t_45 = (i32)t_44;
  u32 t_46 = w->id;
  u64 t_47 = (u64)t_46;
  struct n1_group *t_48 = s->n1_acc;
  u64 t_49 = 128ul / sizeof(struct n1_group);
  u64 t_50 = t_49 + 2ul;
  u64 t_51 = t_47 * t_50;
  struct n1_group *groups = t_48 + t_51;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_52 = q->stop;
    if (t_52) {
      return;
    }
    fl_temp_reset(w);
    u64 t_53 = to - at_17;
    u64 t_54 = fl_min_u64(t_53, 1024ul);
    u32 n = (u32)t_54;
    u64 t_55 = at_17 >> 3ul;
    u8 *t_56 = t_8 + t_55;
    u64 *t_57 = (u64 *)t_56;
    f32 *t_58 = n4_c1_data + at_17;
    u8 *t_59 = t_11 + t_55;
    u64 *t_60 = (u64 *)t_59;
    f32 *t_61 = n4_c2_data + at_17;
    u8 *t_62 = t_14 + t_55;
    u64 *t_63 = (u64 *)t_62;
    f32 *t_64 = n4_c3_data + at_17;
    u8 *t_65 = t_17 + t_55;
    u64 *t_66 = (u64 *)t_65;
    f32 *t_67 = n4_c4_data + at_17;
    {
      u64 acc = 0;
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_58 + i + FL_BLOCK / 2);
        fl_prefetch(t_67 + i + FL_BLOCK / 2);
        fl_prefetch(t_64 + i + FL_BLOCK / 2);
        fl_prefetch(t_61 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_f32 n4_c1_raw = fl_load_f32(t_58 + i);
        const m16 gt = fl_gt_f32(n4_c1_raw, fl_set_f32(t_21));
        const m16 n4_c1_valid = fl_load_m(t_57, i);
        const m16 and = fl_and_m(gt, n4_c1_valid);
        const m16 and_2 = fl_and_m(rows, and);
        acc += fl_popcount(and_2);
        const v_f32 n4_c4_raw = fl_load_f32(t_67 + i);
        const v_f32 n4_c3_raw = fl_load_f32(t_64 + i);
        const v_f32 n4_c2_raw = fl_load_f32(t_61 + i);
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
        const v_f32 sel = fl_sel_f32(ogt, fma_8, fma_12);
        const m16 ogt_2 = fl_ogt_f32(fma_4, sel);
        const v_i32 sel_2 = fl_set_i32(0);
        const v_i32 sel_3 = fl_sel_i32(ogt, fl_set_i32(1), sel_2);
        const v_i32 n3_class = fl_sel_i32(ogt_2, fl_set_i32(2), sel_3);
        const m16 eq = fl_eq_i32(n3_class, fl_set_i32(t_45));
        const m16 n4_c2_valid = fl_load_m(t_60, i);
        const m16 and_3 = fl_and_m(n4_c1_valid, n4_c2_valid);
        const m16 n4_c3_valid = fl_load_m(t_63, i);
        const m16 and_4 = fl_and_m(and_3, n4_c3_valid);
        const m16 n4_c4_valid = fl_load_m(t_66, i);
        const m16 and_5 = fl_and_m(and_4, n4_c4_valid);
        const m16 and_6 = fl_and_m(eq, and_5);
        const m16 and_7 = fl_and_m(and_2, and_6);
        acc_2 += fl_popcount(and_7);
      }
      counters[4ul] += acc;
      counters[3ul] += acc;
      counters[2ul] += acc_2;
      groups->n += acc_2;
    }
  }
}

static void p0_data_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n1_group *t = s->n1_acc;
  u64 t_2 = 128ul / sizeof(struct n1_group);
  u64 t_3 = t_2 + 2ul;
  u64 t_4 = s->n1_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 1ul; g_9 += 1ul) {
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
    }
  }
  void *t_14 = fl_alloc(w, 8ul);
  struct n1_group **t_15 = (struct n1_group **)t_14;
  s->n1_rows = t_15;
  u64 count_21 = 0ul;
  for (u64 g_22 = 0ul; g_22 < 1ul; g_22 += 1ul) {
    struct n1_group *t_16 = t + g_22;
    t_15[count_21] = t_16;
    u64 t_17 = count_21 + 1ul;
    count_21 = t_17;
  }
  s->n1_count = count_21;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i64 *const a_n1_n = (i64 *)(w->scratch + 0);
  u64 *const a_rows = (u64 *)(w->scratch + 8192);
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
    i64 *t_10 = (i64 *)a_n1_n;
    for (u32 i_22 = 0u; i_22 < n; i_22 += 1u) {
      struct n1_group *t_11 = t_9[i_22];
      i64 t_12 = t_11->n;
      t_10[i_22] = t_12;
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
    fl_vec t_13[1];
    t_13[0].kind = FL_I64; t_13[0].constant = 0; t_13[0].scale = 0; t_13[0].typmod = -1; t_13[0].count = 0; t_13[0].pad = 0;
    t_13[0].data = a_n1_n; t_13[0].valid = NULL; t_13[0].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_14 = (u64 *)a_rows;
    flk_result_rows(w, t_13, 1u, (u16 *)0, t_14, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_data", p0_data_prepare, p0_data_morsels, p0_data_worker, p0_data_finish, 0, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 8320, FL_ORDERED, 0, 5},
};

const fl_program fl_main = {FL_ABI, 2, 0xeaeebe93964252adul, sizeof(struct state), pipelines, 6, 0};

/*
 * Aggregate
 *   Aggregates: sum((l_extendedprice * l_discount))
 *   ->  Seq Scan on lineitem
 *         Filter: ((l_shipdate >= '1994-01-01'::date) AND (l_shipdate < '1995-01-01'::date) AND (l_discount >= 0.05) AND (l_discount <= 0.07) AND (l_quantity < '24'::numeric))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_group {
  i64 n;
  fl_i128 a0_sum;
};

struct state {
  struct n1_group **n1_rows;
  u64 n1_count;
  struct n1_group *n1_acc;
  u64 n1_slots;
};

static u64 p0_lineitem_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_lineitem_prepare(fl_worker *w, void *state_) {
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

static void p0_lineitem_worker(fl_worker *w, void *state_, u64 morsel) {
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
  fl_column *t_9 = t_2 + 3ul;
  i32 t_10 = fl_excluded(t_9, t_5, t_8);
  if (t_10) {
    return;
  }
  u8 *t_11 = t_3 + 16ul;
  i64 *t_12 = (i64 *)t_11;
  i64 t_13 = t_12[0ul];
  u8 *t_14 = t_3 + 24ul;
  i64 *t_15 = (i64 *)t_14;
  i64 t_16 = t_15[0ul];
  fl_column *t_17 = t_2 + 2ul;
  i32 t_18 = fl_excluded(t_17, t_13, t_16);
  if (t_18) {
    return;
  }
  u8 *t_19 = t_3 + 32ul;
  i64 *t_20 = (i64 *)t_19;
  i64 t_21 = t_20[0ul];
  u8 *t_22 = t_3 + 40ul;
  i64 *t_23 = (i64 *)t_22;
  i64 t_24 = t_23[0ul];
  i32 t_25 = fl_excluded(t_2, t_21, t_24);
  if (t_25) {
    return;
  }
  u32 t_26 = segment->first_morsel;
  u64 t_27 = (u64)t_26;
  u64 t_28 = morsel - t_27;
  u64 morsel_rows = q->morsel;
  u64 from = t_28 * morsel_rows;
  u64 t_29 = from + morsel_rows;
  u64 t_30 = segment->rows;
  u64 to = fl_min_u64(t_29, t_30);
  void *t_31 = t_2->data;
  u8 *n2_l_quantity_data = (u8 *)t_31;
  fl_column *t_32 = t_2 + 1ul;
  void *t_33 = t_32->data;
  u32 *n2_l_extendedprice_data = (u32 *)t_33;
  void *t_34 = t_17->data;
  u8 *n2_l_discount_data = (u8 *)t_34;
  void *t_35 = t_9->data;
  u16 *n2_l_shipdate_data = (u16 *)t_35;
  u32 t_36 = fl_encode_lo(t_9, 1l, 65535u, t_5, t_8);
  u16 t_37 = (u16)t_36;
  u32 t_38 = fl_encode_hi(t_9, 1l, 65535u, t_5, t_8);
  u16 t_39 = (u16)t_38;
  u32 t_40 = fl_encode_lo(t_17, 1l, 255u, t_13, t_16);
  u8 t_41 = (u8)t_40;
  u32 t_42 = fl_encode_hi(t_17, 1l, 255u, t_13, t_16);
  u8 t_43 = (u8)t_42;
  u32 t_44 = fl_encode_lo(t_2, 100l, 255u, t_21, t_24);
  u8 t_45 = (u8)t_44;
  u32 t_46 = fl_encode_hi(t_2, 100l, 255u, t_21, t_24);
  u8 t_47 = (u8)t_46;
  u64 *counters = w->counters;
  u32 t_48 = w->id;
  u64 t_49 = (u64)t_48;
  struct n1_group *t_50 = s->n1_acc;
  u64 t_51 = 128ul / sizeof(struct n1_group);
  u64 t_52 = t_51 + 2ul;
  u64 t_53 = t_49 * t_52;
  struct n1_group *groups = t_50 + t_53;
  for (u64 at_40 = from; at_40 < to; at_40 += 1024ul) {
    u32 t_54 = q->stop;
    if (t_54) {
      return;
    }
    fl_temp_reset(w);
    u64 t_55 = to - at_40;
    u64 t_56 = fl_min_u64(t_55, 1024ul);
    u32 n = (u32)t_56;
    u8 *t_57 = n2_l_quantity_data + at_40;
    u32 *t_58 = n2_l_extendedprice_data + at_40;
    u8 *t_59 = n2_l_discount_data + at_40;
    u16 *t_60 = n2_l_shipdate_data + at_40;
    {
      u64 acc = 0;
      v_i64 acc_2 = fl_id_sum_i32();
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_60 + i + FL_BLOCK / 2);
        fl_prefetch(t_59 + i + FL_BLOCK / 2);
        fl_prefetch(t_57 + i + FL_BLOCK / 2);
        fl_prefetch(t_58 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_u16 n2_l_shipdate_raw = fl_load_u16(t_60 + i);
        const m16 ge = fl_ge_u16(n2_l_shipdate_raw, fl_set_u16(t_37));
        const m16 le = fl_le_u16(n2_l_shipdate_raw, fl_set_u16(t_39));
        const m16 and = fl_and_m(ge, le);
        const m16 and_2 = fl_and_m(rows, and);
        const v_u8 n2_l_discount_raw = fl_load_u8(t_59 + i);
        const m16 ge_2 = fl_ge_u8(n2_l_discount_raw, fl_set_u8(t_41));
        const m16 le_2 = fl_le_u8(n2_l_discount_raw, fl_set_u8(t_43));
        const m16 and_3 = fl_and_m(ge_2, le_2);
        const m16 and_4 = fl_and_m(and_2, and_3);
        const v_u8 n2_l_quantity_raw = fl_load_u8(t_57 + i);
        const m16 ge_3 = fl_ge_u8(n2_l_quantity_raw, fl_set_u8(t_45));
        const m16 le_3 = fl_le_u8(n2_l_quantity_raw, fl_set_u8(t_47));
        const m16 and_5 = fl_and_m(ge_3, le_3);
        const m16 and_6 = fl_and_m(and_4, and_5);
        acc += fl_popcount(and_6);
        const v_u32 n2_l_extendedprice_raw = fl_load_u32(t_58 + i);
        const v_i32 n2_l_extendedprice_raw_2 = fl_cvt_i32_u32(n2_l_extendedprice_raw);
        const v_i32 n2_l_discount_raw_2 = fl_cvt_i32_u8(n2_l_discount_raw);
        const v_i32 mul = fl_mul_i32(n2_l_extendedprice_raw_2, n2_l_discount_raw_2);
        acc_2 = fl_sum_i32(acc_2, and_6, mul);
      }
      counters[2ul] += acc;
      groups->n += acc;
      groups->a0_sum = fl_i128_add_i64(groups->a0_sum, fl_hsum_i32(acc_2));
    }
  }
}

static void p0_lineitem_finish(fl_worker *w, void *state_) {
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
      fl_i128 t_14 = t_6->a0_sum;
      fl_i128 t_15 = t_8->a0_sum;
      fl_i128 t_16 = fl_i128_add_checked(w, t_14, t_15);
      t_6->a0_sum = t_16;
    }
  }
  void *t_17 = fl_alloc(w, 8ul);
  struct n1_group **t_18 = (struct n1_group **)t_17;
  s->n1_rows = t_18;
  u64 count_24 = 0ul;
  for (u64 g_25 = 0ul; g_25 < 1ul; g_25 += 1ul) {
    struct n1_group *t_19 = t + g_25;
    t_18[count_24] = t_19;
    u64 t_20 = count_24 + 1ul;
    count_24 = t_20;
  }
  s->n1_count = count_24;
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
  fl_i128 *const a_n1_a0_sum = (fl_i128 *)(w->scratch + 8192);
  u64 *const a_gt = (u64 *)(w->scratch + 24576);
  u64 *const a_rows = (u64 *)(w->scratch + 24704);
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
    fl_i128 *t_11 = (fl_i128 *)a_n1_a0_sum;
    for (u32 i_24 = 0u; i_24 < n; i_24 += 1u) {
      struct n1_group *t_12 = t_9[i_24];
      i64 t_13 = t_12->n;
      t_10[i_24] = t_13;
      fl_i128 t_14 = t_12->a0_sum;
      t_11[i_24] = t_14;
    }
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i64 n1_n = fl_load_i64(a_n1_n + i);
        const m16 gt = fl_gt_i64(n1_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
      }
      counters[1ul] += acc;
      counters[3ul] += acc;
    }
    fl_vec t_15[1];
    t_15[0].kind = FL_DEC128; t_15[0].constant = 0; t_15[0].scale = 4; t_15[0].typmod = -1; t_15[0].count = 0; t_15[0].pad = 0;
    t_15[0].data = a_n1_a0_sum; t_15[0].valid = a_gt; t_15[0].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_16 = (u64 *)a_rows;
    flk_result_rows(w, t_15, 1u, (u16 *)0, t_16, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_lineitem", p0_lineitem_prepare, p0_lineitem_morsels, p0_lineitem_worker, p0_lineitem_finish, 0, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 24832, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0x7a668bb984109235ul, sizeof(struct state), pipelines, 4, 0};

/*
 * Aggregate
 *   Aggregates: sum((((l_extendedprice * l_extendedprice) * l_quantity) * l_tax)), max((l_extendedprice / l_quantity)), sum((l_orderkey * l_partkey))
 *   ->  Seq Scan on lineitem
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
  fl_str a1_max;
  fl_buffer a1_max_buffer;
  i32 a1_max_seen;
  fl_i128 a2_sum;
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
  for (u64 i_13 = 0ul; i_13 < t_5; i_13 += 1ul) {
  }
}

static void p0_lineitem_worker(fl_worker *w, void *state_, u64 morsel) {
  i64 *const a_n2_l_extendedprice_raw = (i64 *)(w->scratch + 0);
  u64 *const a_rows = (u64 *)(w->scratch + 8192);
  fl_str *const a_t = (fl_str *)(w->scratch + 8320);
  i64 *const a_n2_l_quantity = (i64 *)(w->scratch + 24704);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 32896);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 49280);
  i64 *const a_mul = (i64 *)(w->scratch + 65664);
  i64 *const a_n2_l_tax_raw = (i64 *)(w->scratch + 73856);
  fl_i128 *const a_t_4 = (fl_i128 *)(w->scratch + 82048);
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
  void *t_8 = t_2->data;
  u32 *n2_l_orderkey_data = (u32 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u32 *n2_l_partkey_data = (u32 *)t_10;
  fl_column *t_11 = t_2 + 2ul;
  void *t_12 = t_11->data;
  u8 *n2_l_quantity_data = (u8 *)t_12;
  fl_column *t_13 = t_2 + 3ul;
  void *t_14 = t_13->data;
  u32 *n2_l_extendedprice_data = (u32 *)t_14;
  fl_column *t_15 = t_2 + 4ul;
  void *t_16 = t_15->data;
  u8 *n2_l_tax_data = (u8 *)t_16;
  u64 *counters = w->counters;
  u32 t_17 = w->id;
  u64 t_18 = (u64)t_17;
  struct n1_group *t_19 = s->n1_acc;
  u64 t_20 = 128ul / sizeof(struct n1_group);
  u64 t_21 = t_20 + 2ul;
  u64 t_22 = t_18 * t_21;
  struct n1_group *groups = t_19 + t_22;
  fl_i128 *t_23 = (fl_i128 *)&groups->a0_sum;
  fl_buffer *t_24 = (fl_buffer *)&groups->a1_max_buffer;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_25 = q->stop;
    if (t_25) {
      return;
    }
    fl_temp_reset(w);
    u64 t_26 = to - at_17;
    u64 t_27 = fl_min_u64(t_26, 1024ul);
    u32 n = (u32)t_27;
    u32 *t_28 = n2_l_orderkey_data + at_17;
    u32 *t_29 = n2_l_partkey_data + at_17;
    u8 *t_30 = n2_l_quantity_data + at_17;
    u32 *t_31 = n2_l_extendedprice_data + at_17;
    u8 *t_32 = n2_l_tax_data + at_17;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_u32 n2_l_extendedprice_raw = fl_load_u32(t_31 + i);
        const v_i32 n2_l_extendedprice_raw_2 = fl_cvt_i32_u32(n2_l_extendedprice_raw);
        const v_i64 n2_l_extendedprice_raw_3 = fl_cvt_i64_i32(n2_l_extendedprice_raw_2);
        fl_store_i64(a_n2_l_extendedprice_raw + i, n2_l_extendedprice_raw_3);
      }
      counters[2ul] += acc;
    }
    flk_ones_m(a_rows, n);
    flk_num_dec64(w, a_t, a_n2_l_extendedprice_raw, 2, a_rows, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_u8 n2_l_quantity_raw = fl_load_u8(t_30 + i);
        const v_i32 n2_l_quantity_raw_2 = fl_cvt_i32_u8(n2_l_quantity_raw);
        const v_i32 n2_l_quantity = fl_mul_i32(n2_l_quantity_raw_2, fl_set_i32(100));
        const v_i64 n2_l_quantity_2 = fl_cvt_i64_i32(n2_l_quantity);
        fl_store_i64(a_n2_l_quantity + i, n2_l_quantity_2);
      }
    }
    flk_num_dec64(w, a_t_2, a_n2_l_quantity, 2, a_rows, n);
    flk_div_num(w, a_t_3, a_t, a_t_2, a_rows, 151, n);
    {
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_31 + i + FL_BLOCK);
        fl_prefetch(t_30 + i + FL_BLOCK);
        fl_prefetch(t_32 + i + FL_BLOCK);
        const m16 rows_2 = fl_head(n, i);
        acc_2 += fl_popcount(rows_2);
        const v_u32 n2_l_extendedprice_raw_4 = fl_load_u32(t_31 + i);
        const v_i32 n2_l_extendedprice_raw_5 = fl_cvt_i32_u32(n2_l_extendedprice_raw_4);
        const v_i64 mulw = fl_mulw_i32(n2_l_extendedprice_raw_5, n2_l_extendedprice_raw_5);
        const v_i64 n2_l_quantity_3 = fl_load_i64(a_n2_l_quantity + i);
        const v_i64 mul = fl_mul_i64(mulw, n2_l_quantity_3);
        fl_store_i64(a_mul + i, mul);
        const v_u8 n2_l_tax_raw = fl_load_u8(t_32 + i);
        const v_i32 n2_l_tax_raw_2 = fl_cvt_i32_u8(n2_l_tax_raw);
        const v_i64 n2_l_tax_raw_3 = fl_cvt_i64_i32(n2_l_tax_raw_2);
        fl_store_i64(a_n2_l_tax_raw + i, n2_l_tax_raw_3);
      }
      groups->n += acc_2;
    }
    flk_mulw_i64(a_t_4, a_mul, a_n2_l_tax_raw, n);
    flk_sum_i128(w, t_23, a_t_4, a_rows, n);
    for (u32 r_74_w = 0; r_74_w < n; r_74_w += 64) {
      for (u64 r_74_m = a_rows[r_74_w >> 6]; r_74_m; r_74_m &= r_74_m - 1) {
        const u32 r_74 = r_74_w + fl_ctz(r_74_m);
        fl_str t_33 = a_t_3[r_74];
        fl_str t_34 = groups->a1_max;
        i32 t_35 = groups->a1_max_seen;
        i32 t_36 = fl_better_num(t_35, t_34, t_33, 1);
        if (t_36) {
          fl_str t_37 = fl_str_keep_in(w, t_24, t_33);
          groups->a1_max = t_37;
          groups->a1_max_seen = 1;
        }
      }
    }
    {
      v_i64 acc_3 = fl_id_sum_i64();
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_28 + i + FL_BLOCK / 2);
        fl_prefetch(t_29 + i + FL_BLOCK / 2);
        const m16 rows_3 = fl_head(n, i);
        const v_u32 n2_l_orderkey_raw = fl_load_u32(t_28 + i);
        const v_i32 n2_l_orderkey_raw_2 = fl_cvt_i32_u32(n2_l_orderkey_raw);
        const v_u32 n2_l_partkey_raw = fl_load_u32(t_29 + i);
        const v_i32 n2_l_partkey_raw_2 = fl_cvt_i32_u32(n2_l_partkey_raw);
        const v_i64 mulw_2 = fl_mulw_i32(n2_l_orderkey_raw_2, n2_l_partkey_raw_2);
        acc_3 = fl_sum_i64(acc_3, rows_3, mulw_2);
      }
      groups->a2_sum = fl_i128_add_i64(groups->a2_sum, fl_hsum_i64(acc_3));
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
      i32 t_17 = t_8->a1_max_seen;
      if (t_17) {
        fl_str t_18 = t_8->a1_max;
        fl_str t_19 = t_6->a1_max;
        i32 t_20 = t_6->a1_max_seen;
        i32 t_21 = fl_better_num(t_20, t_19, t_18, 1);
        if (t_21) {
          t_6->a1_max = t_18;
          t_6->a1_max_seen = 1;
        }
      }
      fl_i128 t_22 = t_6->a2_sum;
      fl_i128 t_23 = t_8->a2_sum;
      fl_i128 t_24 = fl_i128_add_checked(w, t_22, t_23);
      t_6->a2_sum = t_24;
    }
  }
  void *t_25 = fl_alloc(w, 8ul);
  struct n1_group **t_26 = (struct n1_group **)t_25;
  s->n1_rows = t_26;
  u64 count_32 = 0ul;
  for (u64 g_33 = 0ul; g_33 < 1ul; g_33 += 1ul) {
    struct n1_group *t_27 = t + g_33;
    t_26[count_32] = t_27;
    u64 t_28 = count_32 + 1ul;
    count_32 = t_28;
  }
  s->n1_count = count_32;
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
  fl_str *const a_n1_a1_max = (fl_str *)(w->scratch + 24576);
  fl_i128 *const a_n1_a2_sum = (fl_i128 *)(w->scratch + 40960);
  u64 *const a_gt = (u64 *)(w->scratch + 57344);
  u64 *const a_rows = (u64 *)(w->scratch + 57472);
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
    fl_str *t_12 = (fl_str *)a_n1_a1_max;
    fl_i128 *t_13 = (fl_i128 *)a_n1_a2_sum;
    for (u32 i_28 = 0u; i_28 < n; i_28 += 1u) {
      struct n1_group *t_14 = t_9[i_28];
      i64 t_15 = t_14->n;
      t_10[i_28] = t_15;
      fl_i128 t_16 = t_14->a0_sum;
      t_11[i_28] = t_16;
      fl_str t_17 = t_14->a1_max;
      t_12[i_28] = t_17;
      fl_i128 t_18 = t_14->a2_sum;
      t_13[i_28] = t_18;
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
    fl_vec t_19[3];
    t_19[0].kind = FL_DEC128; t_19[0].constant = 0; t_19[0].scale = 8; t_19[0].typmod = -1; t_19[0].count = 0; t_19[0].pad = 0;
    t_19[0].data = a_n1_a0_sum; t_19[0].valid = a_gt; t_19[0].elems = NULL;
    t_19[1].kind = FL_NUM; t_19[1].constant = 0; t_19[1].scale = 0; t_19[1].typmod = -1; t_19[1].count = 0; t_19[1].pad = 0;
    t_19[1].data = a_n1_a1_max; t_19[1].valid = a_gt; t_19[1].elems = NULL;
    t_19[2].kind = FL_DEC128; t_19[2].constant = 0; t_19[2].scale = 0; t_19[2].typmod = -1; t_19[2].count = 0; t_19[2].pad = 0;
    t_19[2].data = a_n1_a2_sum; t_19[2].valid = a_gt; t_19[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_20 = (u64 *)a_rows;
    flk_result_rows(w, t_19, 3u, (u16 *)0, t_20, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_lineitem", p0_lineitem_prepare, p0_lineitem_morsels, p0_lineitem_worker, p0_lineitem_finish, 98432, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 57600, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0x4ed6a3f2340875a0ul, sizeof(struct state), pipelines, 4, 0};

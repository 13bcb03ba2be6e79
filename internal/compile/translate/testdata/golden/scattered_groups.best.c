/*
 * HashAggregate
 *   Group Key: p_size
 *   Aggregates: count(*), max(p_retailprice)
 *   ->  Seq Scan on part
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_group {
  i64 n;
  i32 c0_p_size;
  i64 a1_max;
};

struct state {
  struct n1_group **n1_rows;
  u64 n1_count;
  struct n1_group *n1_acc;
  u64 n1_slots;
};

static u64 p0_part_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_part_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  s->n1_slots = t_2;
  u64 t_3 = 128ul / sizeof(struct n1_group);
  u64 t_4 = t_3 + 65ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n1_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n1_group *t_8 = (struct n1_group *)t_7;
  s->n1_acc = t_8;
  for (u64 i_13 = 0ul; i_13 < t_5; i_13 += 1ul) {
    struct n1_group *t_9 = t_8 + i_13;
    t_9->a1_max = (-9223372036854775807l - 1);
  }
}

static void p0_part_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  i32 *const a_n2_p_size_raw = (i32 *)(w->scratch + 128);
  i32 *const a_n2_p_retailprice_raw = (i32 *)(w->scratch + 4224);
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
  u8 *n2_p_size_data = (u8 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u32 *n2_p_retailprice_data = (u32 *)t_10;
  u64 *counters = w->counters;
  u32 t_11 = w->id;
  u64 t_12 = (u64)t_11;
  struct n1_group *t_13 = s->n1_acc;
  u64 t_14 = 128ul / sizeof(struct n1_group);
  u64 t_15 = t_14 + 65ul;
  u64 t_16 = t_12 * t_15;
  struct n1_group *groups = t_13 + t_16;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_17 = q->stop;
    if (t_17) {
      return;
    }
    fl_temp_reset(w);
    u64 t_18 = to - at_17;
    u64 t_19 = fl_min_u64(t_18, 1024ul);
    u32 n = (u32)t_19;
    u8 *t_20 = n2_p_size_data + at_17;
    u32 *t_21 = n2_p_retailprice_data + at_17;
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
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_20 + i + FL_BLOCK / 2);
        fl_prefetch(t_21 + i + FL_BLOCK / 2);
        const v_u8 n2_p_size_raw = fl_load_u8(t_20 + i);
        const v_i32 n2_p_size_raw_2 = fl_cvt_i32_u8(n2_p_size_raw);
        fl_store_i32(a_n2_p_size_raw + i, n2_p_size_raw_2);
        const v_u32 n2_p_retailprice_raw = fl_load_u32(t_21 + i);
        const v_i32 n2_p_retailprice_raw_2 = fl_cvt_i32_u32(n2_p_retailprice_raw);
        fl_store_i32(a_n2_p_retailprice_raw + i, n2_p_retailprice_raw_2);
      }
    }
    for (u32 r_43_w = 0; r_43_w < n; r_43_w += 64) {
      for (u64 r_43_m = a_rows[r_43_w >> 6]; r_43_m; r_43_m &= r_43_m - 1) {
        const u32 r_43 = r_43_w + fl_ctz(r_43_m);
        i32 t_22 = a_n2_p_size_raw[r_43];
        struct n1_group *t_23 = groups + t_22;
        i64 t_24 = t_23->n;
        i64 t_25 = t_24 + 1l;
        t_23->n = t_25;
        i64 t_26 = t_23->a1_max;
        i32 t_27 = a_n2_p_retailprice_raw[r_43];
        i64 t_28 = (i64)t_27;
        i64 t_29 = fl_max_of_i64(t_26, t_28);
        t_23->a1_max = t_29;
      }
    }
  }
}

static void p0_part_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n1_group *t = s->n1_acc;
  u64 t_2 = 128ul / sizeof(struct n1_group);
  u64 t_3 = t_2 + 65ul;
  u64 t_4 = s->n1_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 64ul; g_9 += 1ul) {
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
      i64 t_14 = t_6->a1_max;
      i64 t_15 = t_8->a1_max;
      i64 t_16 = fl_max_of_i64(t_14, t_15);
      t_6->a1_max = t_16;
    }
  }
  void *t_17 = fl_alloc(w, 512ul);
  struct n1_group **t_18 = (struct n1_group **)t_17;
  s->n1_rows = t_18;
  u64 count_24 = 0ul;
  for (u64 g_25 = 0ul; g_25 < 64ul; g_25 += 1ul) {
    struct n1_group *t_19 = t + g_25;
    i64 t_20 = t_19->n;
    i32 t_21 = !t_20;
    if (t_21) {
      continue;
    }
    u64 t_22 = g_25 / 1ul;
    u64 t_23 = t_22 % 64ul;
    i64 t_24 = (i64)t_23;
    i32 t_25 = (i32)t_24;
    t_19->c0_p_size = t_25;
    t_18[count_24] = t_19;
    u64 t_26 = count_24 + 1ul;
    count_24 = t_26;
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
  i32 *const a_n1_p_size = (i32 *)(w->scratch + 0);
  i64 *const a_n1_n = (i64 *)(w->scratch + 4096);
  i64 *const a_n1_a1_max = (i64 *)(w->scratch + 12288);
  i64 *const a_n1_a1_max_2 = (i64 *)(w->scratch + 20480);
  u64 *const a_gt = (u64 *)(w->scratch + 28672);
  u64 *const a_rows = (u64 *)(w->scratch + 28800);
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
    i32 *t_10 = (i32 *)a_n1_p_size;
    i64 *t_11 = (i64 *)a_n1_n;
    i64 *t_12 = (i64 *)a_n1_a1_max;
    for (u32 i_26 = 0u; i_26 < n; i_26 += 1u) {
      struct n1_group *t_13 = t_9[i_26];
      i32 t_14 = t_13->c0_p_size;
      t_10[i_26] = t_14;
      i64 t_15 = t_13->n;
      t_11[i_26] = t_15;
      i64 t_16 = t_13->a1_max;
      t_12[i_26] = t_16;
    }
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i64 n1_a1_max = fl_load_i64(a_n1_a1_max + i);
        const v_i32 n1_a1_max_2 = fl_cvt_i32_i64(n1_a1_max);
        const v_i64 n1_a1_max_3 = fl_cvt_i64_i32(n1_a1_max_2);
        fl_store_i64(a_n1_a1_max_2 + i, n1_a1_max_3);
        const v_i64 n1_n = fl_load_i64(a_n1_n + i);
        const m16 gt = fl_gt_i64(n1_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
      }
      counters[1ul] += acc;
      counters[3ul] += acc;
    }
    fl_vec t_17[3];
    t_17[0].kind = FL_I32; t_17[0].constant = 0; t_17[0].scale = 0; t_17[0].typmod = -1; t_17[0].count = 0; t_17[0].pad = 0;
    t_17[0].data = a_n1_p_size; t_17[0].valid = NULL; t_17[0].elems = NULL;
    t_17[1].kind = FL_I64; t_17[1].constant = 0; t_17[1].scale = 0; t_17[1].typmod = -1; t_17[1].count = 0; t_17[1].pad = 0;
    t_17[1].data = a_n1_n; t_17[1].valid = NULL; t_17[1].elems = NULL;
    t_17[2].kind = FL_DEC64; t_17[2].constant = 0; t_17[2].scale = 2; t_17[2].typmod = -1; t_17[2].count = 0; t_17[2].pad = 0;
    t_17[2].data = a_n1_a1_max_2; t_17[2].valid = a_gt; t_17[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_18 = (u64 *)a_rows;
    flk_result_rows(w, t_17, 3u, (u16 *)0, t_18, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_part", p0_part_prepare, p0_part_morsels, p0_part_worker, p0_part_finish, 8320, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 28928, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0xcf61a8f34b753b12ul, sizeof(struct state), pipelines, 4, 0};

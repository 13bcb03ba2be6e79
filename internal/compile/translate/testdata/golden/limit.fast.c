/*
 * Limit
 *   Limit: 1
 *   ->  Aggregate
 *         Aggregates: count(*)
 *         ->  Limit
 *               Limit: 100
 *               ->  Seq Scan on lineitem
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"

struct n3_row {
  u64 order;
};

struct n2_group {
  i64 n;
};

struct state {
  struct n3_row **n3_rows;
  u64 n3_count;
  fl_rows *n3_buffers;
  u64 n3_kept;
  fl_sort *n3_sort;
  struct n2_group **n2_rows;
  u64 n2_count;
  struct n2_group *n2_acc;
  u64 n2_slots;
};

static i32 n3_compare(void *x_, void *y_) {
  struct n3_row *x = (struct n3_row *)x_;
  struct n3_row *y = (struct n3_row *)y_;
  u64 t = x->order;
  u64 t_2 = y->order;
  i32 t_3 = fl_compare_u64(t, t_2);
  return t_3;
}

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
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n3_buffers = t_5;
}

static void p0_lineitem_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_segment *segment = fl_segment_of(t, morsel);
  u32 t_2 = segment->first_morsel;
  u64 t_3 = (u64)t_2;
  u64 t_4 = morsel - t_3;
  u64 morsel_rows = q->morsel;
  u64 from = t_4 * morsel_rows;
  u64 t_5 = from + morsel_rows;
  u64 t_6 = segment->rows;
  u64 to = fl_min_u64(t_5, t_6);
  u64 *counters = w->counters;
  fl_rows *t_7 = s->n3_buffers;
  u32 t_8 = w->id;
  u64 t_9 = (u64)t_8;
  fl_rows *buffer = t_7 + t_9;
  u8 *t_10 = q->params;
  i64 *t_11 = (i64 *)t_10;
  i64 t_12 = t_11[0ul];
  u64 t_13 = (u64)t_12;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_14 = q->stop;
    if (t_14) {
      return;
    }
    fl_temp_reset(w);
    u64 t_15 = to - at_17;
    u64 t_16 = fl_min_u64(t_15, 1024ul);
    u32 n = (u32)t_16;
    flk_ones_m(a_rows, n);
    counters[4ul] += flk_count(a_rows, n);
    for (u32 r_29_w = 0; r_29_w < n; r_29_w += 64) {
      for (u64 r_29_m = a_rows[r_29_w >> 6]; r_29_m; r_29_m &= r_29_m - 1) {
        const u32 r_29 = r_29_w + fl_ctz(r_29_m);
        void *t_17 = fl_rows_add(w, buffer, sizeof(struct n3_row));
        struct n3_row *t_18 = (struct n3_row *)t_17;
        u64 t_19 = fl_row_order(morsel, buffer);
        t_18->order = t_19;
      }
    }
    fl_rows_keep(w, buffer, t_13, n3_compare);
  }
  u64 *t_20 = (u64 *)&s->n3_kept;
  u8 *t_21 = t_10 + 8ul;
  i64 *t_22 = (i64 *)t_21;
  i64 t_23 = t_22[0ul];
  u64 t_24 = (u64)t_23;
  fl_rows_enough(w, buffer, t_20, t_24);
}

static void p0_lineitem_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n3_buffers;
  fl_sort *t_4 = fl_sort_new(w, t_3, t_2, n3_compare);
  s->n3_sort = t_4;
}

static u64 p0_lineitem_sort_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  u64 t_2 = t->chunks;
  return t_2;
}

static void p0_lineitem_sort_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  fl_sort_chunk(w, t, morsel);
}

static void p0_lineitem_sort_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  fl_sort_split(w, t);
}

static u64 p0_lineitem_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  u64 t_2 = t->ranges;
  return t_2;
}

static void p0_lineitem_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  fl_sort_range(w, t, morsel);
}

static void p0_lineitem_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n3_sort;
  fl_query *q = w->q;
  u8 *t_2 = q->params;
  u8 *t_3 = t_2 + 16ul;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_2 + 24ul;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  void **t_9 = fl_sort_rows(t, t_5, t_8);
  struct n3_row **t_10 = (struct n3_row **)t_9;
  s->n3_rows = t_10;
  u64 t_11 = t->left;
  s->n3_count = t_11;
}

static u64 p1_rows_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n3_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_rows_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  s->n2_slots = t_2;
  u64 t_3 = 128ul / sizeof(struct n2_group);
  u64 t_4 = t_3 + 2ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n2_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n2_group *t_8 = (struct n2_group *)t_7;
  s->n2_acc = t_8;
}

static void p1_rows_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  struct state *s = (struct state *)state_;
  u64 t = s->n3_count;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_2 = morsel * morsel_rows;
  u64 t_3 = t_2 + morsel_rows;
  u64 t_4 = fl_min_u64(t_3, t);
  u64 *counters = w->counters;
  u32 t_5 = w->id;
  u64 t_6 = (u64)t_5;
  struct n2_group *t_7 = s->n2_acc;
  u64 t_8 = 128ul / sizeof(struct n2_group);
  u64 t_9 = t_8 + 2ul;
  u64 t_10 = t_6 * t_9;
  struct n2_group *groups = t_7 + t_10;
  for (u64 at_12 = t_2; at_12 < t_4; at_12 += 1024ul) {
    u32 t_11 = q->stop;
    if (t_11) {
      return;
    }
    fl_temp_reset(w);
    u64 t_12 = t_4 - at_12;
    u64 t_13 = fl_min_u64(t_12, 1024ul);
    u32 n = (u32)t_13;
    flk_ones_m(a_rows, n);
    counters[3ul] += flk_count(a_rows, n);
    groups->n += flk_count(a_rows, n);
  }
}

static void p1_rows_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n2_group *t = s->n2_acc;
  u64 t_2 = 128ul / sizeof(struct n2_group);
  u64 t_3 = t_2 + 2ul;
  u64 t_4 = s->n2_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 1ul; g_9 += 1ul) {
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
    }
  }
  void *t_14 = fl_alloc(w, 8ul);
  struct n2_group **t_15 = (struct n2_group **)t_14;
  s->n2_rows = t_15;
  u64 count_21 = 0ul;
  for (u64 g_22 = 0ul; g_22 < 1ul; g_22 += 1ul) {
    struct n2_group *t_16 = t + g_22;
    t_15[count_21] = t_16;
    u64 t_17 = count_21 + 1ul;
    count_21 = t_17;
  }
  s->n2_count = count_21;
}

static u64 p2_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n2_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p2_groups_prepare(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  u8 *t = q->params;
  u8 *t_2 = t + 32ul;
  i64 *t_3 = (i64 *)t_2;
  i64 t_4 = t_3[0ul];
  u8 *t_5 = t + 40ul;
  i64 *t_6 = (i64 *)t_5;
  i64 t_7 = t_6[0ul];
  fl_result_limit(w, t_4, t_7);
}

static void p2_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i64 *const a_n2_n = (i64 *)(w->scratch + 0);
  u64 *const a_rows = (u64 *)(w->scratch + 8192);
  struct state *s = (struct state *)state_;
  u64 t = s->n2_count;
  struct n2_group **t_2 = s->n2_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 most = w->most;
  u64 rows = fl_min_u64(most, morsel_rows);
  u64 t_4 = t_3 + rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  for (u64 at_14 = t_3; at_14 < t_5; at_14 += 1024ul) {
    u32 t_6 = q->stop;
    if (t_6) {
      return;
    }
    fl_temp_reset(w);
    u64 t_7 = t_5 - at_14;
    u64 t_8 = fl_min_u64(t_7, 1024ul);
    u32 n = (u32)t_8;
    struct n2_group **t_9 = t_2 + at_14;
    i64 *t_10 = (i64 *)a_n2_n;
    for (u32 i_24 = 0u; i_24 < n; i_24 += 1u) {
      struct n2_group *t_11 = t_9[i_24];
      i64 t_12 = t_11->n;
      t_10[i_24] = t_12;
    }
    flk_ones_m(a_rows, n);
    counters[2ul] += flk_count(a_rows, n);
    counters[5ul] += flk_count(a_rows, n);
    fl_vec t_13[1];
    t_13[0].kind = FL_I64; t_13[0].constant = 0; t_13[0].scale = 0; t_13[0].typmod = -1; t_13[0].count = 0; t_13[0].pad = 0;
    t_13[0].data = a_n2_n; t_13[0].valid = NULL; t_13[0].elems = NULL;
    u64 *t_14 = (u64 *)a_rows;
    flk_result_rows(w, t_13, 1u, (u16 *)0, t_14, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_lineitem", p0_lineitem_prepare, p0_lineitem_morsels, p0_lineitem_worker, p0_lineitem_finish, 128, FL_IN_TURN, 0, 3},
  {"p0_lineitem_sort", NULL, p0_lineitem_sort_morsels, p0_lineitem_sort_worker, p0_lineitem_sort_finish, 0, 0, 0, 3},
  {"p0_lineitem_merge", NULL, p0_lineitem_merge_morsels, p0_lineitem_merge_worker, p0_lineitem_merge_finish, 0, 0, 0, 3},
  {"p1_rows", p1_rows_prepare, p1_rows_morsels, p1_rows_worker, p1_rows_finish, 128, 0, 0, 2},
  {"p2_groups", p2_groups_prepare, p2_groups_morsels, p2_groups_worker, NULL, 8320, FL_ORDERED, 0, 5},
};

const fl_program fl_main = {FL_ABI, 5, 0xd7efb8df443668b3ul, sizeof(struct state), pipelines, 6, 0};

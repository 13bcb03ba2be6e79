/*
 * Top-N Sort
 *   Sort Key: o_totalprice DESC, o_orderkey
 *   Limit: 10
 *   Offset: 5
 *   ->  Seq Scan on orders
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_row {
  u64 order;
  i32 k0;
  i32 k1;
  i32 c0_o_orderkey;
  i32 c1_o_totalprice;
};

struct state {
  struct n1_row **n1_rows;
  u64 n1_count;
  fl_rows *n1_buffers;
  fl_sort *n1_sort;
};

static i32 n1_compare(void *x_, void *y_) {
  struct n1_row *x = (struct n1_row *)x_;
  struct n1_row *y = (struct n1_row *)y_;
  i32 t = x->k0;
  i32 t_2 = y->k0;
  i64 t_3 = (i64)t;
  i64 t_4 = (i64)t_2;
  i32 t_5 = fl_compare_i64(t_3, t_4);
  i32 t_6 = t_5 * (-1);
  if (t_5) {
    return t_6;
  }
  i32 t_7 = x->k1;
  i32 t_8 = y->k1;
  i64 t_9 = (i64)t_7;
  i64 t_10 = (i64)t_8;
  i32 t_11 = fl_compare_i64(t_9, t_10);
  if (t_11) {
    return t_11;
  }
  u64 t_12 = x->order;
  u64 t_13 = y->order;
  i32 t_14 = fl_compare_u64(t_12, t_13);
  return t_14;
}

static u64 p0_orders_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_orders_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
}

static void p0_orders_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_andnot = (u64 *)(w->scratch + 0);
  i32 *const a_n2_o_totalprice_raw = (i32 *)(w->scratch + 128);
  i32 *const a_n2_o_orderkey_raw = (i32 *)(w->scratch + 4224);
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
  u32 *n2_o_orderkey_data = (u32 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u32 *n2_o_totalprice_data = (u32 *)t_10;
  u64 *counters = w->counters;
  fl_rows *t_11 = s->n1_buffers;
  u32 t_12 = w->id;
  u64 t_13 = (u64)t_12;
  fl_rows *buffer = t_11 + t_13;
  u8 *t_14 = q->params;
  i64 *t_15 = (i64 *)t_14;
  i64 t_16 = t_15[0ul];
  u64 t_17 = (u64)t_16;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_18 = q->stop;
    if (t_18) {
      return;
    }
    fl_temp_reset(w);
    u64 t_19 = to - at_17;
    u64 t_20 = fl_min_u64(t_19, 1024ul);
    u32 n = (u32)t_20;
    u32 *t_21 = n2_o_orderkey_data + at_17;
    u32 *t_22 = n2_o_totalprice_data + at_17;
    i32 bound_40 = (-2147483647 - 1);
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[2ul] += acc;
    }
    void *t_23 = buffer->last;
    struct n1_row *t_24 = (struct n1_row *)t_23;
    if (t_24) {
      i32 t_25 = t_24->k0;
      bound_40 = t_25;
    }
    i32 t_26[1]; t_26[0] = bound_40;
    i32 t_27 = t_26[0ul];
    {
      a_andnot[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_22 + i + FL_BLOCK / 2);
        fl_prefetch(t_21 + i + FL_BLOCK / 2);
        const m16 rows_2 = fl_head(n, i);
        const v_u32 n2_o_totalprice_raw = fl_load_u32(t_22 + i);
        const v_i32 n2_o_totalprice_raw_2 = fl_cvt_i32_u32(n2_o_totalprice_raw);
        fl_store_i32(a_n2_o_totalprice_raw + i, n2_o_totalprice_raw_2);
        const m16 lt = fl_lt_i32(n2_o_totalprice_raw_2, fl_set_i32(t_27));
        const m16 andnot = fl_andnot_m(rows_2, lt);
        fl_store_m(a_andnot, i, andnot);
        const v_u32 n2_o_orderkey_raw = fl_load_u32(t_21 + i);
        const v_i32 n2_o_orderkey_raw_2 = fl_cvt_i32_u32(n2_o_orderkey_raw);
        fl_store_i32(a_n2_o_orderkey_raw + i, n2_o_orderkey_raw_2);
      }
    }
    for (u32 r_48_w = 0; r_48_w < n; r_48_w += 64) {
      for (u64 r_48_m = a_andnot[r_48_w >> 6]; r_48_m; r_48_m &= r_48_m - 1) {
        const u32 r_48 = r_48_w + fl_ctz(r_48_m);
        void *t_28 = fl_rows_add(w, buffer, sizeof(struct n1_row));
        struct n1_row *t_29 = (struct n1_row *)t_28;
        u64 t_30 = fl_row_order(morsel, buffer);
        t_29->order = t_30;
        i32 t_31 = a_n2_o_totalprice_raw[r_48];
        t_29->k0 = t_31;
        i32 t_32 = a_n2_o_orderkey_raw[r_48];
        t_29->k1 = t_32;
        i32 t_33 = a_n2_o_orderkey_raw[r_48];
        t_29->c0_o_orderkey = t_33;
        i32 t_34 = a_n2_o_totalprice_raw[r_48];
        t_29->c1_o_totalprice = t_34;
      }
    }
    fl_rows_keep(w, buffer, t_17, n1_compare);
  }
}

static void p0_orders_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n1_buffers;
  fl_sort *t_4 = fl_sort_new(w, t_3, t_2, n1_compare);
  s->n1_sort = t_4;
}

static u64 p0_orders_sort_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->chunks;
  return t_2;
}

static void p0_orders_sort_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_chunk(w, t, morsel);
}

static void p0_orders_sort_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_split(w, t);
}

static u64 p0_orders_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->ranges;
  return t_2;
}

static void p0_orders_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_range(w, t, morsel);
}

static void p0_orders_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_query *q = w->q;
  u8 *t_2 = q->params;
  u8 *t_3 = t_2 + 8ul;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_2 + 16ul;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  void **t_9 = fl_sort_rows(t, t_5, t_8);
  struct n1_row **t_10 = (struct n1_row **)t_9;
  s->n1_rows = t_10;
  u64 t_11 = t->left;
  s->n1_count = t_11;
}

static u64 p1_sorted_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_sorted_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_o_orderkey = (i32 *)(w->scratch + 0);
  i32 *const a_n1_o_totalprice = (i32 *)(w->scratch + 4096);
  i64 *const a_n1_o_orderkey_2 = (i64 *)(w->scratch + 8192);
  i64 *const a_cvt = (i64 *)(w->scratch + 16384);
  u64 *const a_rows = (u64 *)(w->scratch + 24576);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_row **t_2 = s->n1_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  u8 *t_6 = q->params;
  u8 *t_7 = t_6 + 24ul;
  i64 *t_8 = (i64 *)t_7;
  i64 t_9 = t_8[0ul];
  i32 t_10 = (i32)t_9;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_11 = q->stop;
    if (t_11) {
      return;
    }
    fl_temp_reset(w);
    u64 t_12 = t_5 - at_12;
    u64 t_13 = fl_min_u64(t_12, 1024ul);
    u32 n = (u32)t_13;
    struct n1_row **t_14 = t_2 + at_12;
    i32 *t_15 = (i32 *)a_n1_o_orderkey;
    i32 *t_16 = (i32 *)a_n1_o_totalprice;
    for (u32 i_24 = 0u; i_24 < n; i_24 += 1u) {
      struct n1_row *t_17 = t_14[i_24];
      i32 t_18 = t_17->c0_o_orderkey;
      t_15[i_24] = t_18;
      i32 t_19 = t_17->c1_o_totalprice;
      t_16[i_24] = t_19;
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i32 n1_o_orderkey = fl_load_i32(a_n1_o_orderkey + i);
        const v_i64 n1_o_orderkey_2 = fl_cvt_i64_i32(n1_o_orderkey);
        fl_store_i64(a_n1_o_orderkey_2 + i, n1_o_orderkey_2);
        const v_i32 n1_o_totalprice = fl_load_i32(a_n1_o_totalprice + i);
        const v_i32 mul = fl_mul_i32(n1_o_totalprice, fl_set_i32(t_10));
        const v_i64 cvt = fl_cvt_i64_i32(mul);
        fl_store_i64(a_cvt + i, cvt);
      }
      counters[1ul] += acc;
      counters[3ul] += acc;
    }
    fl_vec t_20[2];
    t_20[0].kind = FL_I64; t_20[0].constant = 0; t_20[0].scale = 0; t_20[0].typmod = -1; t_20[0].count = 0; t_20[0].pad = 0;
    t_20[0].data = a_n1_o_orderkey_2; t_20[0].valid = NULL; t_20[0].elems = NULL;
    t_20[1].kind = FL_DEC64; t_20[1].constant = 0; t_20[1].scale = 2; t_20[1].typmod = -1; t_20[1].count = 0; t_20[1].pad = 0;
    t_20[1].data = a_cvt; t_20[1].valid = NULL; t_20[1].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_21 = (u64 *)a_rows;
    flk_result_rows(w, t_20, 2u, (u16 *)0, t_21, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_orders", p0_orders_prepare, p0_orders_morsels, p0_orders_worker, p0_orders_finish, 8320, 0, 0, 1},
  {"p0_orders_sort", NULL, p0_orders_sort_morsels, p0_orders_sort_worker, p0_orders_sort_finish, 0, 0, 0, 1},
  {"p0_orders_merge", NULL, p0_orders_merge_morsels, p0_orders_merge_worker, p0_orders_merge_finish, 0, 0, 0, 1},
  {"p1_sorted", NULL, p1_sorted_morsels, p1_sorted_worker, NULL, 24704, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 4, 0x69210aa809bd3edul, sizeof(struct state), pipelines, 4, 0};

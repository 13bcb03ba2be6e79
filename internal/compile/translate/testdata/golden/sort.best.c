/*
 * Sort
 *   Sort Key: c_mktsegment DESC, c_acctbal NULLS FIRST, c_comment DESC NULLS LAST
 *   ->  Seq Scan on customer
 *         Filter: (c_acctbal < '0'::numeric)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_row {
  u64 order;
  fl_str k0;
  i32 k1;
  fl_str k2;
  fl_str c0_c_name;
  i32 c1_c_acctbal;
  u8 c2_c_mktsegment;
  fl_str c3_c_comment;
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
  fl_str t = x->k0;
  fl_str t_2 = y->k0;
  i32 t_3 = fl_compare_str(t, t_2);
  i32 t_4 = t_3 * (-1);
  if (t_3) {
    return t_4;
  }
  i32 t_5 = x->k1;
  i32 t_6 = y->k1;
  i64 t_7 = (i64)t_5;
  i64 t_8 = (i64)t_6;
  i32 t_9 = fl_compare_i64(t_7, t_8);
  if (t_9) {
    return t_9;
  }
  fl_str t_10 = x->k2;
  fl_str t_11 = y->k2;
  i32 t_12 = fl_compare_str(t_10, t_11);
  i32 t_13 = t_12 * (-1);
  if (t_12) {
    return t_13;
  }
  u64 t_14 = x->order;
  u64 t_15 = y->order;
  i32 t_16 = fl_compare_u64(t_14, t_15);
  return t_16;
}

static u64 p0_customer_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_customer_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
}

static void p0_customer_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_and = (u64 *)(w->scratch + 0);
  fl_str *const a_t = (fl_str *)(w->scratch + 128);
  i32 *const a_n2_c_acctbal = (i32 *)(w->scratch + 16512);
  fl_str *const a_n2_c_comment = (fl_str *)(w->scratch + 20608);
  fl_str *const a_n2_c_name = (fl_str *)(w->scratch + 36992);
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
  fl_column *t_9 = t_2 + 1ul;
  i32 t_10 = fl_excluded(t_9, t_5, t_8);
  if (t_10) {
    return;
  }
  u32 t_11 = segment->first_morsel;
  u64 t_12 = (u64)t_11;
  u64 t_13 = morsel - t_12;
  u64 morsel_rows = q->morsel;
  u64 from = t_13 * morsel_rows;
  u64 t_14 = from + morsel_rows;
  u64 t_15 = segment->rows;
  u64 to = fl_min_u64(t_14, t_15);
  void *t_16 = t_2->data;
  u8 *t_17 = (u8 *)t_16;
  i32 *t_18 = t_2->offsets;
  void *t_19 = t_9->data;
  u32 *n2_c_acctbal_data = (u32 *)t_19;
  i64 t_20 = t_9->base;
  i32 t_21 = (i32)t_20;
  fl_column *t_22 = t_2 + 2ul;
  void *t_23 = t_22->data;
  u8 *n2_c_mktsegment_data = (u8 *)t_23;
  fl_column *t_24 = t_2 + 3ul;
  void *t_25 = t_24->data;
  u8 *t_26 = (u8 *)t_25;
  i32 *t_27 = t_24->offsets;
  u32 t_28 = fl_encode_lo(t_9, 1l, 4294967295u, t_5, t_8);
  u32 t_29 = fl_encode_hi(t_9, 1l, 4294967295u, t_5, t_8);
  u64 *counters = w->counters;
  fl_dict *t_30 = t->dicts;
  fl_dict *t_31 = t_30 + 2ul;
  fl_rows *t_32 = s->n1_buffers;
  u32 t_33 = w->id;
  u64 t_34 = (u64)t_33;
  fl_rows *buffer = t_32 + t_34;
  for (u64 at_25 = from; at_25 < to; at_25 += 1024ul) {
    u32 t_35 = q->stop;
    if (t_35) {
      return;
    }
    fl_temp_reset(w);
    u64 t_36 = to - at_25;
    u64 t_37 = fl_min_u64(t_36, 1024ul);
    u32 n = (u32)t_37;
    u32 *t_38 = n2_c_acctbal_data + at_25;
    u8 *t_39 = n2_c_mktsegment_data + at_25;
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_38 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_u32 n2_c_acctbal_raw = fl_load_u32(t_38 + i);
        const m16 ge = fl_ge_u32(n2_c_acctbal_raw, fl_set_u32(t_28));
        const m16 le = fl_le_u32(n2_c_acctbal_raw, fl_set_u32(t_29));
        const m16 and = fl_and_m(ge, le);
        const m16 and_2 = fl_and_m(rows, and);
        fl_store_m(a_and, i, and_2);
        acc += fl_popcount(and_2);
      }
      counters[2ul] += acc;
    }
    flk_dict_str_u8(a_t, t_31, t_39, NULL, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_u32 n2_c_acctbal_raw_2 = fl_load_u32(t_38 + i);
        const v_i32 n2_c_acctbal_raw_3 = fl_cvt_i32_u32(n2_c_acctbal_raw_2);
        const v_i32 n2_c_acctbal = fl_add_i32(n2_c_acctbal_raw_3, fl_set_i32(t_21));
        fl_store_i32(a_n2_c_acctbal + i, n2_c_acctbal);
      }
    }
    flk_bytes_str(a_n2_c_comment, t_27, t_26, at_25, n);
    flk_bytes_str(a_n2_c_name, t_18, t_17, at_25, n);
    for (u32 r_68_w = 0; r_68_w < n; r_68_w += 64) {
      for (u64 r_68_m = a_and[r_68_w >> 6]; r_68_m; r_68_m &= r_68_m - 1) {
        const u32 r_68 = r_68_w + fl_ctz(r_68_m);
        void *t_40 = fl_rows_add(w, buffer, sizeof(struct n1_row));
        struct n1_row *t_41 = (struct n1_row *)t_40;
        u64 t_42 = fl_row_order(morsel, buffer);
        t_41->order = t_42;
        fl_str t_43 = a_t[r_68];
        t_41->k0 = t_43;
        i32 t_44 = a_n2_c_acctbal[r_68];
        t_41->k1 = t_44;
        fl_str t_45 = a_n2_c_comment[r_68];
        t_41->k2 = t_45;
        fl_str t_46 = a_n2_c_name[r_68];
        t_41->c0_c_name = t_46;
        i32 t_47 = a_n2_c_acctbal[r_68];
        t_41->c1_c_acctbal = t_47;
        u8 t_48 = t_39[r_68];
        t_41->c2_c_mktsegment = t_48;
        fl_str t_49 = a_n2_c_comment[r_68];
        t_41->c3_c_comment = t_49;
      }
    }
  }
}

static void p0_customer_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n1_buffers;
  fl_sort *t_4 = fl_sort_new(w, t_3, t_2, n1_compare);
  s->n1_sort = t_4;
}

static u64 p0_customer_sort_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->chunks;
  return t_2;
}

static void p0_customer_sort_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_chunk(w, t, morsel);
}

static void p0_customer_sort_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_split(w, t);
}

static u64 p0_customer_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->ranges;
  return t_2;
}

static void p0_customer_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_range(w, t, morsel);
}

static void p0_customer_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_query *q = w->q;
  u8 *t_2 = q->params;
  u8 *t_3 = t_2 + 16ul;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_2 + 24ul;
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
  fl_str *const a_n1_c_name = (fl_str *)(w->scratch + 0);
  i32 *const a_n1_c_acctbal = (i32 *)(w->scratch + 16384);
  u8 *const a_n1_c_mktsegment = (u8 *)(w->scratch + 20480);
  fl_str *const a_n1_c_comment = (fl_str *)(w->scratch + 21504);
  i64 *const a_n1_c_acctbal_2 = (i64 *)(w->scratch + 37888);
  fl_str *const a_t = (fl_str *)(w->scratch + 46080);
  u64 *const a_rows = (u64 *)(w->scratch + 62464);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_row **t_2 = s->n1_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  fl_table *t_6 = q->tables;
  fl_dict *t_7 = t_6->dicts;
  fl_dict *t_8 = t_7 + 2ul;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_9 = q->stop;
    if (t_9) {
      return;
    }
    fl_temp_reset(w);
    u64 t_10 = t_5 - at_12;
    u64 t_11 = fl_min_u64(t_10, 1024ul);
    u32 n = (u32)t_11;
    struct n1_row **t_12 = t_2 + at_12;
    fl_str *t_13 = (fl_str *)a_n1_c_name;
    i32 *t_14 = (i32 *)a_n1_c_acctbal;
    u8 *t_15 = (u8 *)a_n1_c_mktsegment;
    fl_str *t_16 = (fl_str *)a_n1_c_comment;
    for (u32 i_28 = 0u; i_28 < n; i_28 += 1u) {
      struct n1_row *t_17 = t_12[i_28];
      fl_str t_18 = t_17->c0_c_name;
      t_13[i_28] = t_18;
      i32 t_19 = t_17->c1_c_acctbal;
      t_14[i_28] = t_19;
      u8 t_20 = t_17->c2_c_mktsegment;
      t_15[i_28] = t_20;
      fl_str t_21 = t_17->c3_c_comment;
      t_16[i_28] = t_21;
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i32 n1_c_acctbal = fl_load_i32(a_n1_c_acctbal + i);
        const v_i64 n1_c_acctbal_2 = fl_cvt_i64_i32(n1_c_acctbal);
        fl_store_i64(a_n1_c_acctbal_2 + i, n1_c_acctbal_2);
      }
      counters[1ul] += acc;
      counters[3ul] += acc;
    }
    flk_dict_str_u8(a_t, t_8, a_n1_c_mktsegment, NULL, n);
    fl_vec t_22[3];
    t_22[0].kind = FL_STR; t_22[0].constant = 0; t_22[0].scale = 0; t_22[0].typmod = 25; t_22[0].count = 0; t_22[0].pad = 0;
    t_22[0].data = a_n1_c_name; t_22[0].valid = NULL; t_22[0].elems = NULL;
    t_22[1].kind = FL_DEC64; t_22[1].constant = 0; t_22[1].scale = 2; t_22[1].typmod = 983042; t_22[1].count = 0; t_22[1].pad = 0;
    t_22[1].data = a_n1_c_acctbal_2; t_22[1].valid = NULL; t_22[1].elems = NULL;
    t_22[2].kind = FL_STR; t_22[2].constant = 0; t_22[2].scale = 0; t_22[2].typmod = 10; t_22[2].count = 0; t_22[2].pad = 0;
    t_22[2].data = a_t; t_22[2].valid = NULL; t_22[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_23 = (u64 *)a_rows;
    flk_result_rows(w, t_22, 3u, (u16 *)0, t_23, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_customer", p0_customer_prepare, p0_customer_morsels, p0_customer_worker, p0_customer_finish, 53376, 0, 0, 1},
  {"p0_customer_sort", NULL, p0_customer_sort_morsels, p0_customer_sort_worker, p0_customer_sort_finish, 0, 0, 0, 1},
  {"p0_customer_merge", NULL, p0_customer_merge_morsels, p0_customer_merge_worker, p0_customer_merge_finish, 0, 0, 0, 1},
  {"p1_sorted", NULL, p1_sorted_morsels, p1_sorted_worker, NULL, 62592, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 4, 0x6a5f331443e338acul, sizeof(struct state), pipelines, 4, 0};

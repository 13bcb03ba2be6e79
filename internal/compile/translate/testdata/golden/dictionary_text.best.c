/*
 * Aggregate
 *   Aggregates: count(*)
 *   ->  Seq Scan on lineitem
 *         Filter: (((l_shipmode)::text = ANY ('{MAIL,SHIP}'::text[])) AND ((l_shipinstruct)::text ~~ '%BACK%'::text) AND (upper((l_returnflag)::text) <> 'R'::text) AND ((l_comment)::text ~~ '%special%requests%'::text))
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
  u8 *table_2;
  u8 *table_3;
  u8 *table_4;
  fl_like *like_5;
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
  fl_str *const a_t = (fl_str *)(w->scratch + 0);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 16384);
  u64 *const a_rows = (u64 *)(w->scratch + 32768);
  u64 *const a_t_3 = (u64 *)(w->scratch + 32896);
  fl_str *const a_t_4 = (fl_str *)(w->scratch + 33024);
  u64 *const a_t_5 = (u64 *)(w->scratch + 49408);
  u64 *const a_and = (u64 *)(w->scratch + 49536);
  fl_str *const a_t_6 = (fl_str *)(w->scratch + 49664);
  u64 *const a_rows_2 = (u64 *)(w->scratch + 66048);
  u64 *const a_t_7 = (u64 *)(w->scratch + 66176);
  u64 *const a_and_2 = (u64 *)(w->scratch + 66304);
  fl_str *const a_t_8 = (fl_str *)(w->scratch + 66432);
  u64 *const a_rows_3 = (u64 *)(w->scratch + 82816);
  fl_str *const a_t_9 = (fl_str *)(w->scratch + 82944);
  fl_str *const a_t_10 = (fl_str *)(w->scratch + 99328);
  u64 *const a_t_11 = (u64 *)(w->scratch + 115712);
  u64 *const a_and_3 = (u64 *)(w->scratch + 115840);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_dict *t_2 = t->dicts;
  fl_dict *t_3 = t_2 + 2ul;
  u64 t_4 = t_3->count;
  u64 t_5 = t_4 + 1024ul;
  u64 t_6 = fl_max_u64(t_5, 256ul);
  void *t_7 = fl_alloc(w, t_6);
  u8 *t_8 = (u8 *)t_7;
  u8 **t_9 = q->blobs;
  u8 *t_10 = t_9[0ul];
  fl_str t_11 = fl_str_of_blob(t_10);
  fl_str t_12[1]; t_12[0] = t_11;
  u8 *t_13 = t_9[1ul];
  fl_str t_14 = fl_str_of_blob(t_13);
  fl_str t_15[1]; t_15[0] = t_14;
  for (u64 at_13 = 0ul; at_13 < t_4; at_13 += 1024ul) {
    u64 t_16 = t_4 - at_13;
    u64 t_17 = fl_min_u64(t_16, 1024ul);
    u32 t_18 = (u32)t_17;
    u8 *t_19 = t_8 + at_13;
    flk_dict_entries(a_t, t_3, at_13, t_18);
    flk_fill_16(a_t_2, t_12, t_18);
    flk_ones_m(a_rows, t_18);
    flk_eq_str(a_t_3, a_t, a_t_2, a_rows, 0u, t_18);
    flk_fill_16(a_t_4, t_15, t_18);
    flk_eq_str(a_t_5, a_t, a_t_4, a_rows, 0u, t_18);
    {
      a_and[(t_18 - (t_18 != 0)) >> 6] = 0;
      for (u32 i = 0; i < t_18; i += FL_LANES) {
        const m16 rows = fl_head(t_18, i);
        const m16 t_20 = fl_load_m(a_t_3, i);
        const m16 t_21 = fl_load_m(a_t_5, i);
        const m16 or = fl_or_m(t_20, t_21);
        const m16 and = fl_and_m(rows, or);
        fl_store_m(a_and, i, and);
      }
    }
    u64 *t_22 = (u64 *)a_and;
    flk_mask_bytes(t_19, t_22, t_18);
    fl_temp_reset(w);
  }
  s->table_2 = t_8;
  fl_dict *t_23 = t_2 + 1ul;
  u64 t_24 = t_23->count;
  u64 t_25 = t_24 + 1024ul;
  u64 t_26 = fl_max_u64(t_25, 256ul);
  void *t_27 = fl_alloc(w, t_26);
  u8 *t_28 = (u8 *)t_27;
  u8 *t_29 = t_9[2ul];
  fl_str t_30 = fl_str_of_blob(t_29);
  u8 *t_31 = t_9[3ul];
  fl_str t_32 = fl_str_of_blob(t_31);
  fl_str t_33[1]; t_33[0] = t_30;
  fl_str t_34[1]; t_34[0] = t_32;
  for (u64 at_42 = 0ul; at_42 < t_24; at_42 += 1024ul) {
    u64 t_35 = t_24 - at_42;
    u64 t_36 = fl_min_u64(t_35, 1024ul);
    u32 t_37 = (u32)t_36;
    u8 *t_38 = t_28 + at_42;
    fl_like *t_39 = flk_like_prepare(w, t_33, t_34, 0u, 156);
    flk_dict_entries(a_t_6, t_23, at_42, t_37);
    flk_ones_m(a_rows_2, t_37);
    flk_like(w, a_t_7, a_t_6, t_39, a_rows_2, 156, t_37);
    {
      a_and_2[(t_37 - (t_37 != 0)) >> 6] = 0;
      for (u32 i = 0; i < t_37; i += FL_LANES) {
        const m16 rows_2 = fl_head(t_37, i);
        const m16 t_40 = fl_load_m(a_t_7, i);
        const m16 and_2 = fl_and_m(rows_2, t_40);
        fl_store_m(a_and_2, i, and_2);
      }
    }
    u64 *t_41 = (u64 *)a_and_2;
    flk_mask_bytes(t_38, t_41, t_37);
    fl_temp_reset(w);
  }
  s->table_3 = t_28;
  u64 t_42 = t_2->count;
  u64 t_43 = t_42 + 1024ul;
  u64 t_44 = fl_max_u64(t_43, 256ul);
  void *t_45 = fl_alloc(w, t_44);
  u8 *t_46 = (u8 *)t_45;
  u8 *t_47 = t_9[6ul];
  fl_str t_48 = fl_str_of_blob(t_47);
  fl_str t_49[1]; t_49[0] = t_48;
  for (u64 at_70 = 0ul; at_70 < t_42; at_70 += 1024ul) {
    u64 t_50 = t_42 - at_70;
    u64 t_51 = fl_min_u64(t_50, 1024ul);
    u32 t_52 = (u32)t_51;
    u8 *t_53 = t_46 + at_70;
    flk_dict_entries(a_t_8, t_2, at_70, t_52);
    flk_ones_m(a_rows_3, t_52);
    flk_upper(w, a_t_9, a_t_8, a_rows_3, t_52);
    flk_fill_16(a_t_10, t_49, t_52);
    flk_ne_str(a_t_11, a_t_9, a_t_10, a_rows_3, 0u, t_52);
    {
      a_and_3[(t_52 - (t_52 != 0)) >> 6] = 0;
      for (u32 i = 0; i < t_52; i += FL_LANES) {
        const m16 rows_3 = fl_head(t_52, i);
        const m16 t_54 = fl_load_m(a_t_11, i);
        const m16 and_3 = fl_and_m(rows_3, t_54);
        fl_store_m(a_and_3, i, and_3);
      }
    }
    u64 *t_55 = (u64 *)a_and_3;
    flk_mask_bytes(t_53, t_55, t_52);
    fl_temp_reset(w);
  }
  s->table_4 = t_46;
  u8 *t_56 = t_9[10ul];
  fl_str t_57 = fl_str_of_blob(t_56);
  fl_str t_58[1]; t_58[0] = t_57;
  fl_like *t_59 = flk_like_prepare(w, t_58, t_34, 0u, 215);
  s->like_5 = t_59;
  u32 t_60 = q->nworkers;
  u64 t_61 = (u64)t_60;
  s->n1_slots = t_61;
  u64 t_62 = 128ul / sizeof(struct n1_group);
  u64 t_63 = t_62 + 2ul;
  u64 t_64 = t_61 * t_63;
  u64 t_65 = t_64 * sizeof(struct n1_group);
  void *t_66 = fl_alloc(w, t_65);
  struct n1_group *t_67 = (struct n1_group *)t_66;
  s->n1_acc = t_67;
}

static void p0_lineitem_worker(fl_worker *w, void *state_, u64 morsel) {
  fl_str *const a_n2_l_comment = (fl_str *)(w->scratch + 0);
  u64 *const a_and = (u64 *)(w->scratch + 16384);
  u64 *const a_t = (u64 *)(w->scratch + 16512);
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
  u8 *n2_l_returnflag_data = (u8 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u8 *n2_l_shipinstruct_data = (u8 *)t_10;
  fl_column *t_11 = t_2 + 2ul;
  void *t_12 = t_11->data;
  u8 *n2_l_shipmode_data = (u8 *)t_12;
  fl_column *t_13 = t_2 + 3ul;
  void *t_14 = t_13->data;
  u8 *t_15 = (u8 *)t_14;
  i32 *t_16 = t_13->offsets;
  u8 *t_17 = s->table_2;
  u8 *t_18 = s->table_3;
  u8 *t_19 = s->table_4;
  fl_like *t_20 = s->like_5;
  u64 *counters = w->counters;
  u32 t_21 = w->id;
  u64 t_22 = (u64)t_21;
  struct n1_group *t_23 = s->n1_acc;
  u64 t_24 = 128ul / sizeof(struct n1_group);
  u64 t_25 = t_24 + 2ul;
  u64 t_26 = t_22 * t_25;
  struct n1_group *groups = t_23 + t_26;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_27 = q->stop;
    if (t_27) {
      return;
    }
    fl_temp_reset(w);
    u64 t_28 = to - at_17;
    u64 t_29 = fl_min_u64(t_28, 1024ul);
    u32 n = (u32)t_29;
    u8 *t_30 = n2_l_returnflag_data + at_17;
    u8 *t_31 = n2_l_shipinstruct_data + at_17;
    u8 *t_32 = n2_l_shipmode_data + at_17;
    flk_bytes_str(a_n2_l_comment, t_16, t_15, at_17, n);
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_32 + i + FL_BLOCK / 2);
        fl_prefetch(t_31 + i + FL_BLOCK / 2);
        fl_prefetch(t_30 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_u8 n2_l_shipmode_raw = fl_load_u8(t_32 + i);
        const m16 t_33 = fl_lut_m_u8(t_17, n2_l_shipmode_raw);
        const m16 and = fl_and_m(rows, t_33);
        const v_u8 n2_l_shipinstruct_raw = fl_load_u8(t_31 + i);
        const m16 t_34 = fl_lut_m_u8(t_18, n2_l_shipinstruct_raw);
        const m16 and_2 = fl_and_m(and, t_34);
        const v_u8 n2_l_returnflag_raw = fl_load_u8(t_30 + i);
        const m16 t_35 = fl_lut_m_u8(t_19, n2_l_returnflag_raw);
        const m16 and_3 = fl_and_m(and_2, t_35);
        fl_store_m(a_and, i, and_3);
      }
    }
    flk_like(w, a_t, a_n2_l_comment, t_20, a_and, 215, n);
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 and_4 = fl_load_m(a_and, i);
        const m16 t_36 = fl_load_m(a_t, i);
        const m16 and_5 = fl_and_m(and_4, t_36);
        acc += fl_popcount(and_5);
      }
      counters[2ul] += acc;
      groups->n += acc;
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
      counters[3ul] += acc;
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
  {"p0_lineitem", p0_lineitem_prepare, p0_lineitem_morsels, p0_lineitem_worker, p0_lineitem_finish, 115968, 0, 0, 1},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 8320, FL_ORDERED, 0, 3},
};

const fl_program fl_main = {FL_ABI, 2, 0xd900ebc667da551ul, sizeof(struct state), pipelines, 4, 0};

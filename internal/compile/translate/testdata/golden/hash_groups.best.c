/*
 * Filter
 *   Filter: ((count(*)) > '10'::bigint)
 *   ->  HashAggregate
 *         Group Key: o_custkey, ((o_orderstatus)::text = 'F'::text)
 *         Aggregates: count(*), sum(o_totalprice), min((o_comment)::text)
 *         ->  Seq Scan on orders
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n2_group {
  u64 hash;
  i64 n;
  i32 c0_o_custkey;
  i32 c1_;
  fl_i128 a1_sum;
  fl_str a2_min;
  i32 a2_min_seen;
};

struct state {
  struct n2_group **n2_rows;
  u64 n2_count;
  u8 *table_2;
  fl_ht **n2_tables;
  fl_parcels *n2_parcels;
};

static u64 p0_orders_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_orders_prepare(fl_worker *w, void *state_) {
  fl_str *const a_t = (fl_str *)(w->scratch + 0);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 16384);
  u64 *const a_rows = (u64 *)(w->scratch + 32768);
  u64 *const a_t_3 = (u64 *)(w->scratch + 32896);
  u64 *const a_and = (u64 *)(w->scratch + 33024);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_dict *t_2 = t->dicts;
  fl_dict *t_3 = t_2 + 1ul;
  u64 t_4 = t_3->count;
  u64 t_5 = t_4 + 1024ul;
  u64 t_6 = fl_max_u64(t_5, 256ul);
  void *t_7 = fl_alloc(w, t_6);
  u8 *t_8 = (u8 *)t_7;
  u8 **t_9 = q->blobs;
  u8 *t_10 = t_9[0ul];
  fl_str t_11 = fl_str_of_blob(t_10);
  fl_str t_12[1]; t_12[0] = t_11;
  for (u64 at_13 = 0ul; at_13 < t_4; at_13 += 1024ul) {
    u64 t_13 = t_4 - at_13;
    u64 t_14 = fl_min_u64(t_13, 1024ul);
    u32 t_15 = (u32)t_14;
    u8 *t_16 = t_8 + at_13;
    flk_dict_entries(a_t, t_3, at_13, t_15);
    flk_fill_16(a_t_2, t_12, t_15);
    flk_ones_m(a_rows, t_15);
    flk_eq_str(a_t_3, a_t, a_t_2, a_rows, 0u, t_15);
    {
      a_and[(t_15 - (t_15 != 0)) >> 6] = 0;
      for (u32 i = 0; i < t_15; i += FL_LANES) {
        const m16 rows = fl_head(t_15, i);
        const m16 t_17 = fl_load_m(a_t_3, i);
        const m16 and = fl_and_m(rows, t_17);
        fl_store_m(a_and, i, and);
      }
    }
    u64 *t_18 = (u64 *)a_and;
    flk_mask_bytes(t_16, t_18, t_15);
    fl_temp_reset(w);
  }
  s->table_2 = t_8;
  u32 t_19 = q->nworkers;
  u64 t_20 = (u64)t_19;
  u64 t_21 = t_20 * 8ul;
  void *t_22 = fl_alloc(w, t_21);
  fl_ht **t_23 = (fl_ht **)t_22;
  s->n2_tables = t_23;
  for (u64 i_35 = 0ul; i_35 < t_20; i_35 += 1ul) {
    fl_ht *t_24 = fl_ht_new(w);
    t_23[i_35] = t_24;
  }
  fl_parcels *t_25 = fl_parcels_new(w);
  s->n2_parcels = t_25;
}

static void p0_orders_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n3_o_custkey_raw = (i32 *)(w->scratch + 0);
  u64 *const a_t = (u64 *)(w->scratch + 4096);
  u64 *const a_t_2 = (u64 *)(w->scratch + 12288);
  u64 *const a_t_3 = (u64 *)(w->scratch + 12416);
  u64 *const a_hash = (u64 *)(w->scratch + 20608);
  u64 *const a_rows = (u64 *)(w->scratch + 28800);
  i32 *const a_n3_o_totalprice_raw = (i32 *)(w->scratch + 28928);
  fl_str *const a_n3_o_comment = (fl_str *)(w->scratch + 33024);
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
  u32 *n3_o_custkey_data = (u32 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u8 *n3_o_orderstatus_data = (u8 *)t_10;
  fl_column *t_11 = t_2 + 2ul;
  void *t_12 = t_11->data;
  u32 *n3_o_totalprice_data = (u32 *)t_12;
  fl_column *t_13 = t_2 + 3ul;
  void *t_14 = t_13->data;
  u8 *t_15 = (u8 *)t_14;
  i32 *t_16 = t_13->offsets;
  u64 *counters = w->counters;
  u8 *t_17 = s->table_2;
  fl_ht **t_18 = s->n2_tables;
  u32 t_19 = w->id;
  u64 t_20 = (u64)t_19;
  fl_ht *table = t_18[t_20];
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_21 = q->stop;
    if (t_21) {
      return;
    }
    fl_temp_reset(w);
    u64 t_22 = to - at_17;
    u64 t_23 = fl_min_u64(t_22, 1024ul);
    u32 n = (u32)t_23;
    u32 *t_24 = n3_o_custkey_data + at_17;
    u8 *t_25 = n3_o_orderstatus_data + at_17;
    u32 *t_26 = n3_o_totalprice_data + at_17;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_24 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_u32 n3_o_custkey_raw = fl_load_u32(t_24 + i);
        const v_i32 n3_o_custkey_raw_2 = fl_cvt_i32_u32(n3_o_custkey_raw);
        fl_store_i32(a_n3_o_custkey_raw + i, n3_o_custkey_raw_2);
      }
      counters[3ul] += acc;
    }
    flk_hash_i32(a_t, a_n3_o_custkey_raw, 0u, n);
    {
      a_t_2[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_25 + i + FL_BLOCK / 2);
        const v_u8 n3_o_orderstatus_raw = fl_load_u8(t_25 + i);
        const m16 t_27 = fl_lut_m_u8(t_17, n3_o_orderstatus_raw);
        fl_store_m(a_t_2, i, t_27);
      }
    }
    flk_hash_m(a_t_3, a_t_2, 0u, n);
    flk_hashmix(a_hash, a_t, a_t_3, n);
    u64 *t_28 = (u64 *)a_hash;
    flk_ones_m(a_rows, n);
    u64 *t_29 = (u64 *)a_rows;
    fl_groups_ahead(table, sizeof(struct n2_group), t_28, t_29, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_26 + i + FL_BLOCK / 2);
        const v_u32 n3_o_totalprice_raw = fl_load_u32(t_26 + i);
        const v_i32 n3_o_totalprice_raw_2 = fl_cvt_i32_u32(n3_o_totalprice_raw);
        fl_store_i32(a_n3_o_totalprice_raw + i, n3_o_totalprice_raw_2);
      }
    }
    flk_bytes_str(a_n3_o_comment, t_16, t_15, at_17, n);
    for (u32 r_62_w = 0; r_62_w < n; r_62_w += 64) {
      for (u64 r_62_m = a_rows[r_62_w >> 6]; r_62_m; r_62_m &= r_62_m - 1) {
        const u32 r_62 = r_62_w + fl_ctz(r_62_m);
        u64 t_30 = a_hash[r_62];
        struct n2_group *group_64 = (struct n2_group *)0;
        u64 t_31 = table->mask;
        u64 t_32 = t_30 & t_31;
        u64 pos_67 = t_32;
        for (;;) {
          void **t_33 = table->slots;
          void *t_34 = t_33[pos_67];
          struct n2_group *at = (struct n2_group *)t_34;
          i32 t_35 = !at;
          if (t_35) {
            void *t_36 = fl_ht_add(w, table, pos_67, t_30, sizeof(struct n2_group));
            struct n2_group *t_37 = (struct n2_group *)t_36;
            group_64 = t_37;
            i32 t_38 = a_n3_o_custkey_raw[r_62];
            group_64->c0_o_custkey = t_38;
            i32 t_39 = (i32)(a_t_2[r_62 >> 6] >> (r_62 & 63) & 1);
            group_64->c1_ = t_39;
            break;
          }
          u64 t_40 = at->hash;
          i32 t_41 = t_40 == t_30;
          if (t_41) {
            i32 t_42 = at->c0_o_custkey;
            i32 t_43 = a_n3_o_custkey_raw[r_62];
            i32 t_44 = t_42 == t_43;
            i32 t_45 = 1 && t_44;
            i32 t_46 = at->c1_;
            i32 t_47 = (i32)(a_t_2[r_62 >> 6] >> (r_62 & 63) & 1);
            i32 t_48 = t_46 == t_47;
            i32 t_49 = t_45 && t_48;
            if (t_49) {
              group_64 = at;
              break;
            }
          }
          u64 t_50 = pos_67 + 1ul;
          u64 t_51 = table->mask;
          u64 t_52 = t_50 & t_51;
          pos_67 = t_52;
        }
        i64 t_53 = group_64->n;
        i64 t_54 = t_53 + 1l;
        group_64->n = t_54;
        i32 t_55 = a_n3_o_totalprice_raw[r_62];
        fl_i128 t_56 = group_64->a1_sum;
        i64 t_57 = (i64)t_55;
        fl_i128 t_58 = fl_i128_add_i64(t_56, t_57);
        group_64->a1_sum = t_58;
        fl_str t_59 = a_n3_o_comment[r_62];
        fl_str t_60 = group_64->a2_min;
        i32 t_61 = group_64->a2_min_seen;
        i32 t_62 = fl_better_str(t_61, t_60, t_59, (-1));
        if (t_62) {
          group_64->a2_min = t_59;
          group_64->a2_min_seen = 1;
        }
      }
    }
  }
  fl_parcels *t_63 = s->n2_parcels;
  fl_groups_end(w, t_63, table, morsel);
}

static void p0_orders_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n2_parcels;
  fl_ht **t_2 = s->n2_tables;
  fl_groups_close(w, t, t_2);
}

static u64 p0_orders_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n2_parcels;
  u64 t_2 = t->tasks;
  return t_2;
}

static void p0_orders_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n2_parcels;
  u64 t_2 = fl_parcels_from(t, morsel);
  u64 t_3 = fl_parcels_to(t, morsel);
  fl_parcel **t_4 = t->order;
  fl_ht *t_5 = fl_ht_new(w);
  u64 t_6 = t->nparcels;
  fl_query *q = w->q;
  for (u64 r_11 = 0ul; r_11 < t_6; r_11 += 1ul) {
    u32 t_7 = q->stop;
    if (t_7) {
      return;
    }
    fl_parcel *t_8 = t_4[r_11];
    void **t_9 = t_8->rows;
    struct n2_group **t_10 = (struct n2_group **)t_9;
    u32 *t_11 = fl_parcel_start(t_8);
    u32 t_12 = t_11[t_3];
    u64 t_13 = (u64)t_12;
    u32 t_14 = t_11[t_2];
    u64 t_15 = (u64)t_14;
    void **t_16 = (void **)t_10;
    for (u64 k_22 = t_15; k_22 < t_13; k_22 += 1ul) {
      fl_parcel_ahead(t_16, k_22, t_13);
      struct n2_group *t_17 = t_10[k_22];
      u64 t_18 = t_17->hash;
      u64 t_19 = t_5->mask;
      u64 t_20 = t_18 & t_19;
      u64 pos_29 = t_20;
      for (;;) {
        void **t_21 = t_5->slots;
        void *t_22 = t_21[pos_29];
        struct n2_group *at = (struct n2_group *)t_22;
        i32 t_23 = !at;
        if (t_23) {
          fl_ht_put(w, t_5, pos_29, t_17);
          break;
        }
        u64 t_24 = at->hash;
        i32 t_25 = t_24 == t_18;
        if (t_25) {
          i32 t_26 = at->c0_o_custkey;
          i32 t_27 = t_17->c0_o_custkey;
          i32 t_28 = t_26 == t_27;
          i32 t_29 = 1 && t_28;
          i32 t_30 = at->c1_;
          i32 t_31 = t_17->c1_;
          i32 t_32 = t_30 == t_31;
          i32 t_33 = t_29 && t_32;
          if (t_33) {
            i64 t_34 = at->n;
            i64 t_35 = t_17->n;
            i64 t_36 = t_34 + t_35;
            at->n = t_36;
            fl_i128 t_37 = at->a1_sum;
            fl_i128 t_38 = t_17->a1_sum;
            fl_i128 t_39 = fl_i128_add_checked(w, t_37, t_38);
            at->a1_sum = t_39;
            i32 t_40 = t_17->a2_min_seen;
            if (t_40) {
              fl_str t_41 = t_17->a2_min;
              fl_str t_42 = at->a2_min;
              i32 t_43 = at->a2_min_seen;
              i32 t_44 = fl_better_str(t_43, t_42, t_41, (-1));
              if (t_44) {
                at->a2_min = t_41;
                at->a2_min_seen = 1;
              }
            }
            break;
          }
        }
        u64 t_45 = pos_29 + 1ul;
        u64 t_46 = t_5->mask;
        u64 t_47 = t_45 & t_46;
        pos_29 = t_47;
      }
    }
  }
  fl_groups_merged(t, morsel, t_5);
}

static void p0_orders_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n2_parcels;
  void **t_2 = fl_groups_rows(w, t);
  struct n2_group **t_3 = (struct n2_group **)t_2;
  s->n2_rows = t_3;
  u64 t_4 = t->groups;
  s->n2_count = t_4;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n2_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n2_o_custkey = (i32 *)(w->scratch + 0);
  u64 *const a_n2_ = (u64 *)(w->scratch + 4096);
  i64 *const a_n2_n = (i64 *)(w->scratch + 4224);
  fl_i128 *const a_n2_a1_sum = (fl_i128 *)(w->scratch + 12416);
  fl_str *const a_n2_a2_min = (fl_str *)(w->scratch + 28800);
  i64 *const a_n2_o_custkey_2 = (i64 *)(w->scratch + 45184);
  u64 *const a_gt = (u64 *)(w->scratch + 53376);
  u64 *const a_and = (u64 *)(w->scratch + 53504);
  struct state *s = (struct state *)state_;
  u64 t = s->n2_count;
  struct n2_group **t_2 = s->n2_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  u8 *t_6 = q->params;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  i32 t_9 = (i32)t_8;
  i64 t_10 = (i64)t_9;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_11 = q->stop;
    if (t_11) {
      return;
    }
    fl_temp_reset(w);
    u64 t_12 = t_5 - at_12;
    u64 t_13 = fl_min_u64(t_12, 1024ul);
    u32 n = (u32)t_13;
    struct n2_group **t_14 = t_2 + at_12;
    i32 *t_15 = (i32 *)a_n2_o_custkey;
    u64 *t_16 = (u64 *)a_n2_;
    i64 *t_17 = (i64 *)a_n2_n;
    fl_i128 *t_18 = (fl_i128 *)a_n2_a1_sum;
    fl_str *t_19 = (fl_str *)a_n2_a2_min;
    for (u32 i_30 = 0u; i_30 < n; i_30 += 1u) {
      struct n2_group *t_20 = t_14[i_30];
      i32 t_21 = t_20->c0_o_custkey;
      t_15[i_30] = t_21;
      i32 t_22 = t_20->c1_;
      fl_setbit(t_16, i_30, t_22);
      i64 t_23 = t_20->n;
      t_17[i_30] = t_23;
      fl_i128 t_24 = t_20->a1_sum;
      t_18[i_30] = t_24;
      fl_str t_25 = t_20->a2_min;
      t_19[i_30] = t_25;
    }
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      a_gt[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i64 n2_n = fl_load_i64(a_n2_n + i);
        const m16 gt = fl_gt_i64(n2_n, fl_set_i64(t_10));
        const m16 and = fl_and_m(rows, gt);
        fl_store_m(a_and, i, and);
        acc_2 += fl_popcount(and);
        const v_i32 n2_o_custkey = fl_load_i32(a_n2_o_custkey + i);
        const v_i64 n2_o_custkey_2 = fl_cvt_i64_i32(n2_o_custkey);
        fl_store_i64(a_n2_o_custkey_2 + i, n2_o_custkey_2);
        const m16 gt_2 = fl_gt_i64(n2_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt_2);
      }
      counters[2ul] += acc;
      counters[1ul] += acc_2;
      counters[4ul] += acc_2;
    }
    fl_vec t_26[5];
    t_26[0].kind = FL_I64; t_26[0].constant = 0; t_26[0].scale = 0; t_26[0].typmod = -1; t_26[0].count = 0; t_26[0].pad = 0;
    t_26[0].data = a_n2_o_custkey_2; t_26[0].valid = NULL; t_26[0].elems = NULL;
    t_26[1].kind = FL_BOOL; t_26[1].constant = 0; t_26[1].scale = 0; t_26[1].typmod = -1; t_26[1].count = 0; t_26[1].pad = 0;
    t_26[1].data = a_n2_; t_26[1].valid = NULL; t_26[1].elems = NULL;
    t_26[2].kind = FL_I64; t_26[2].constant = 0; t_26[2].scale = 0; t_26[2].typmod = -1; t_26[2].count = 0; t_26[2].pad = 0;
    t_26[2].data = a_n2_n; t_26[2].valid = NULL; t_26[2].elems = NULL;
    t_26[3].kind = FL_DEC128; t_26[3].constant = 0; t_26[3].scale = 2; t_26[3].typmod = -1; t_26[3].count = 0; t_26[3].pad = 0;
    t_26[3].data = a_n2_a1_sum; t_26[3].valid = a_gt; t_26[3].elems = NULL;
    t_26[4].kind = FL_STR; t_26[4].constant = 0; t_26[4].scale = 0; t_26[4].typmod = -1; t_26[4].count = 0; t_26[4].pad = 0;
    t_26[4].data = a_n2_a2_min; t_26[4].valid = a_gt; t_26[4].elems = NULL;
    u64 *t_27 = (u64 *)a_and;
    flk_result_rows(w, t_26, 5u, (u16 *)0, t_27, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_orders", p0_orders_prepare, p0_orders_morsels, p0_orders_worker, p0_orders_finish, 49408, 0, 0, 2},
  {"p0_orders_merge", NULL, p0_orders_merge_morsels, p0_orders_merge_worker, p0_orders_merge_finish, 0, 0, 0, 2},
  {"p1_groups", NULL, p1_groups_morsels, p1_groups_worker, NULL, 53632, FL_ORDERED, 0, 4},
};

const fl_program fl_main = {FL_ABI, 3, 0xeb0fb447f6c4f6fful, sizeof(struct state), pipelines, 5, 0};

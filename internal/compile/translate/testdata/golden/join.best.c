/*
 * Hash Join
 *   Hash Cond: (supplier.s_nationkey = nation.n_nationkey)
 *   Join Filter: (supplier.s_acctbal > ((nation.n_nationkey * 100))::numeric)
 *   ->  Seq Scan on supplier
 *   ->  Hash Join
 *         Hash Cond: (nation.n_regionkey = region.r_regionkey)
 *         ->  Seq Scan on nation
 *         ->  Seq Scan on region
 *               Filter: ((region.r_name)::text = 'EUROPE'::text)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n3_build {
  void *next;
  u64 hash;
  i64 k0;
  i32 c0_r_regionkey;
  u8 c1_r_name;
};

struct n1_build {
  void *next;
  u64 hash;
  i64 k0;
  i32 c0_n_nationkey;
  u8 c1_n_name;
  i32 c2_n_regionkey;
  i32 c3_r_regionkey;
  u8 c4_r_name;
};

struct state {
  struct n3_build **n3_rows;
  u64 n3_count;
  u8 *table_2;
  fl_rows *n3_buffers;
  fl_join *n3_join;
  struct n1_build **n1_rows;
  u64 n1_count;
  fl_rows *n1_buffers;
  fl_join *n1_join;
};

static u64 p0_region_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_region_prepare(fl_worker *w, void *state_) {
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
  u64 t_21 = t_20 * sizeof(fl_rows);
  void *t_22 = fl_alloc(w, t_21);
  fl_rows *t_23 = (fl_rows *)t_22;
  s->n3_buffers = t_23;
  fl_join *t_24 = fl_join_new(w);
  s->n3_join = t_24;
}

static void p0_region_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_and = (u64 *)(w->scratch + 0);
  i64 *const a_n5_r_regionkey_raw = (i64 *)(w->scratch + 128);
  u64 *const a_hash = (u64 *)(w->scratch + 8320);
  i32 *const a_n5_r_regionkey_raw_2 = (i32 *)(w->scratch + 16512);
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
  u8 *n5_r_regionkey_data = (u8 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u8 *n5_r_name_data = (u8 *)t_10;
  u8 *t_11 = s->table_2;
  u64 *counters = w->counters;
  fl_rows *t_12 = s->n3_buffers;
  u32 t_13 = w->id;
  u64 t_14 = (u64)t_13;
  fl_rows *buffer = t_12 + t_14;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_15 = q->stop;
    if (t_15) {
      return;
    }
    fl_temp_reset(w);
    u64 t_16 = to - at_17;
    u64 t_17 = fl_min_u64(t_16, 1024ul);
    u32 n = (u32)t_17;
    u8 *t_18 = n5_r_regionkey_data + at_17;
    u8 *t_19 = n5_r_name_data + at_17;
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_19 + i + FL_BLOCK / 2);
        fl_prefetch(t_18 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_u8 n5_r_name_raw = fl_load_u8(t_19 + i);
        const m16 t_20 = fl_lut_m_u8(t_11, n5_r_name_raw);
        const m16 and = fl_and_m(rows, t_20);
        fl_store_m(a_and, i, and);
        acc += fl_popcount(and);
        const v_u8 n5_r_regionkey_raw = fl_load_u8(t_18 + i);
        const v_i32 n5_r_regionkey_raw_2 = fl_cvt_i32_u8(n5_r_regionkey_raw);
        fl_store_i32(a_n5_r_regionkey_raw_2 + i, n5_r_regionkey_raw_2);
        const v_i64 n5_r_regionkey_raw_3 = fl_cvt_i64_i32(n5_r_regionkey_raw_2);
        fl_store_i64(a_n5_r_regionkey_raw + i, n5_r_regionkey_raw_3);
      }
      counters[5ul] += acc;
    }
    flk_hash_i64(a_hash, a_n5_r_regionkey_raw, 0u, n);
    for (u32 r_48_w = 0; r_48_w < n; r_48_w += 64) {
      for (u64 r_48_m = a_and[r_48_w >> 6]; r_48_m; r_48_m &= r_48_m - 1) {
        const u32 r_48 = r_48_w + fl_ctz(r_48_m);
        void *t_21 = fl_rows_add(w, buffer, sizeof(struct n3_build));
        struct n3_build *t_22 = (struct n3_build *)t_21;
        u64 t_23 = a_hash[r_48];
        t_22->hash = t_23;
        i64 t_24 = a_n5_r_regionkey_raw[r_48];
        t_22->k0 = t_24;
        i32 t_25 = a_n5_r_regionkey_raw_2[r_48];
        t_22->c0_r_regionkey = t_25;
        u8 t_26 = t_19[r_48];
        t_22->c1_r_name = t_26;
      }
    }
  }
  fl_join *t_27 = s->n3_join;
  fl_join_end(w, t_27, buffer, morsel);
}

static void p0_region_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  fl_join_close(w, t);
}

static u64 p0_region_link_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  u64 t_2 = fl_join_tasks(t);
  return t_2;
}

static void p0_region_link_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  fl_join_link(w, t, morsel);
}

static u64 p1_nation_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 1ul;
  u32 t_3 = t_2->nmorsels;
  u64 t_4 = (u64)t_3;
  return t_4;
}

static void p1_nation_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
  fl_join *t_6 = fl_join_new(w);
  s->n1_join = t_6;
}

static void p1_nation_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  u16 *const a_t = (u16 *)(w->scratch + 128);
  u32 *const a_t_2 = (u32 *)(w->scratch + 2176);
  i64 *const a_n4_n_regionkey_raw = (i64 *)(w->scratch + 6272);
  u64 *const a_hash = (u64 *)(w->scratch + 14464);
  u16 *const a_pair_row = (u16 *)(w->scratch + 22656);
  struct n3_build **const a_pair_build = (struct n3_build **)(w->scratch + 24704);
  i32 *const a_n4_n_nationkey_raw = (i32 *)(w->scratch + 32896);
  i32 *const a_n4_n_regionkey_raw_2 = (i32 *)(w->scratch + 36992);
  i32 *const a_n3_r_regionkey = (i32 *)(w->scratch + 41088);
  u8 *const a_n3_r_name = (u8 *)(w->scratch + 45184);
  i32 *const a_n3_n_nationkey = (i32 *)(w->scratch + 46208);
  u8 *const a_n3_n_name = (u8 *)(w->scratch + 50304);
  i32 *const a_n3_n_regionkey = (i32 *)(w->scratch + 51328);
  u64 *const a_rows_2 = (u64 *)(w->scratch + 55424);
  i64 *const a_n3_n_nationkey_2 = (i64 *)(w->scratch + 55552);
  u64 *const a_hash_2 = (u64 *)(w->scratch + 63744);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 1ul;
  fl_segment *segment = fl_segment_of(t_2, morsel);
  fl_column *t_3 = segment->cols;
  u32 t_4 = segment->first_morsel;
  u64 t_5 = (u64)t_4;
  u64 t_6 = morsel - t_5;
  u64 morsel_rows = q->morsel;
  u64 from = t_6 * morsel_rows;
  u64 t_7 = from + morsel_rows;
  u64 t_8 = segment->rows;
  u64 to = fl_min_u64(t_7, t_8);
  void *t_9 = t_3->data;
  u8 *n4_n_nationkey_data = (u8 *)t_9;
  fl_column *t_10 = t_3 + 1ul;
  void *t_11 = t_10->data;
  u8 *n4_n_name_data = (u8 *)t_11;
  fl_column *t_12 = t_3 + 2ul;
  void *t_13 = t_12->data;
  u8 *n4_n_regionkey_data = (u8 *)t_13;
  u64 *counters = w->counters;
  fl_join *t_14 = s->n3_join;
  void **t_15 = t_14->heads;
  u64 t_16 = t_14->shift;
  fl_rows *t_17 = s->n1_buffers;
  u32 t_18 = w->id;
  u64 t_19 = (u64)t_18;
  fl_rows *buffer = t_17 + t_19;
  for (u64 at_18 = from; at_18 < to; at_18 += 1024ul) {
    u32 t_20 = q->stop;
    if (t_20) {
      return;
    }
    fl_temp_reset(w);
    u64 t_21 = to - at_18;
    u64 t_22 = fl_min_u64(t_21, 1024ul);
    u32 n = (u32)t_22;
    u8 *t_23 = n4_n_nationkey_data + at_18;
    u8 *t_24 = n4_n_name_data + at_18;
    u8 *t_25 = n4_n_regionkey_data + at_18;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[4ul] += acc;
    }
    flk_ones_m(a_rows, n);
    flk_indices_of(a_t, a_t_2, a_rows, n);
    u16 *t_26 = (u16 *)a_t;
    u32 *t_27 = (u32 *)a_t_2;
    u32 t_28 = t_27[0ul];
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_25 + i + FL_BLOCK / 2);
        const v_u8 n4_n_regionkey_raw = fl_load_u8(t_25 + i);
        const v_i32 n4_n_regionkey_raw_2 = fl_cvt_i32_u8(n4_n_regionkey_raw);
        fl_store_i32(a_n4_n_regionkey_raw_2 + i, n4_n_regionkey_raw_2);
        const v_i64 n4_n_regionkey_raw_3 = fl_cvt_i64_i32(n4_n_regionkey_raw_2);
        fl_store_i64(a_n4_n_regionkey_raw + i, n4_n_regionkey_raw_3);
      }
    }
    flk_hash_i64(a_hash, a_n4_n_regionkey_raw, 0u, n);
    u64 *t_29 = (u64 *)a_hash;
    fl_join_ahead(t_14, t_29, t_26, t_28);
    u32 probe_at_54 = 0u;
    struct n3_build *chain_55 = (struct n3_build *)0;
    u16 *t_30 = (u16 *)a_pair_row;
    struct n3_build **t_31 = (struct n3_build **)a_pair_build;
    u32 current_60 = 0u;
    void *t_32 = fl_temp_mark(w);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_23 + i + FL_BLOCK / 2);
        const v_u8 n4_n_nationkey_raw = fl_load_u8(t_23 + i);
        const v_i32 n4_n_nationkey_raw_2 = fl_cvt_i32_u8(n4_n_nationkey_raw);
        fl_store_i32(a_n4_n_nationkey_raw + i, n4_n_nationkey_raw_2);
      }
    }
    for (;;) {
      u32 t_33 = q->stop;
      if (t_33) {
        return;
      }
      fl_temp_release(w, t_32);
      u32 found_64 = 0u;
      for (;;) {
        i32 t_34 = found_64 >= 1024u;
        if (t_34) {
          break;
        }
        i32 t_35 = !chain_55;
        if (t_35) {
          i32 t_36 = probe_at_54 >= t_28;
          if (t_36) {
            break;
          }
          u16 t_37 = t_26[probe_at_54];
          u32 t_38 = (u32)t_37;
          current_60 = t_38;
          u32 t_39 = probe_at_54 + 1u;
          probe_at_54 = t_39;
          u64 t_40 = a_hash[current_60];
          u64 t_41 = t_40 >> t_16;
          void *t_42 = t_15[t_41];
          struct n3_build *t_43 = (struct n3_build *)t_42;
          chain_55 = t_43;
          continue;
        }
        u64 t_44 = chain_55->hash;
        u64 t_45 = a_hash[current_60];
        i32 t_46 = t_44 == t_45;
        if (t_46) {
          i64 t_47 = chain_55->k0;
          i64 t_48 = a_n4_n_regionkey_raw[current_60];
          i32 t_49 = t_47 == t_48;
          i32 t_50 = 1 && t_49;
          if (t_50) {
            u16 t_51 = (u16)current_60;
            t_30[found_64] = t_51;
            t_31[found_64] = chain_55;
            u32 t_52 = found_64 + 1u;
            found_64 = t_52;
          }
        }
        void *t_53 = chain_55->next;
        struct n3_build *t_54 = (struct n3_build *)t_53;
        chain_55 = t_54;
      }
      i32 t_55 = !found_64;
      if (t_55) {
        break;
      }
      u32 t_56[1]; t_56[0] = found_64;
      u32 pairs = t_56[0ul];
      i32 *t_57 = (i32 *)a_n3_r_regionkey;
      u8 *t_58 = (u8 *)a_n3_r_name;
      for (u32 i_94 = 0u; i_94 < pairs; i_94 += 1u) {
        struct n3_build *t_59 = t_31[i_94];
        i32 t_60 = t_59->c0_r_regionkey;
        t_57[i_94] = t_60;
        u8 t_61 = t_59->c1_r_name;
        t_58[i_94] = t_61;
      }
      i32 *t_62 = (i32 *)a_n3_n_nationkey;
      i32 *t_63 = (i32 *)a_n4_n_nationkey_raw;
      flk_gather_4(t_62, t_63, t_30, pairs);
      u8 *t_64 = (u8 *)a_n3_n_name;
      u8 *t_65 = (u8 *)t_24;
      flk_gather_1(t_64, t_65, t_30, pairs);
      i32 *t_66 = (i32 *)a_n3_n_regionkey;
      i32 *t_67 = (i32 *)a_n4_n_regionkey_raw_2;
      flk_gather_4(t_66, t_67, t_30, pairs);
      {
        u64 acc_2 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_2 = fl_head(pairs, i);
          acc_2 += fl_popcount(rows_2);
        }
        counters[3ul] += acc_2;
      }
      flk_ones_m(a_rows_2, pairs);
      {
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const v_i32 n3_n_nationkey = fl_load_i32(a_n3_n_nationkey + i);
          const v_i64 n3_n_nationkey_2 = fl_cvt_i64_i32(n3_n_nationkey);
          fl_store_i64(a_n3_n_nationkey_2 + i, n3_n_nationkey_2);
        }
      }
      flk_hash_i64(a_hash_2, a_n3_n_nationkey_2, 0u, pairs);
      for (u32 r_116_w = 0; r_116_w < pairs; r_116_w += 64) {
        for (u64 r_116_m = a_rows_2[r_116_w >> 6]; r_116_m; r_116_m &= r_116_m - 1) {
          const u32 r_116 = r_116_w + fl_ctz(r_116_m);
          void *t_68 = fl_rows_add(w, buffer, sizeof(struct n1_build));
          struct n1_build *t_69 = (struct n1_build *)t_68;
          u64 t_70 = a_hash_2[r_116];
          t_69->hash = t_70;
          i64 t_71 = a_n3_n_nationkey_2[r_116];
          t_69->k0 = t_71;
          i32 t_72 = a_n3_n_nationkey[r_116];
          t_69->c0_n_nationkey = t_72;
          u8 t_73 = a_n3_n_name[r_116];
          t_69->c1_n_name = t_73;
          i32 t_74 = a_n3_n_regionkey[r_116];
          t_69->c2_n_regionkey = t_74;
          i32 t_75 = a_n3_r_regionkey[r_116];
          t_69->c3_r_regionkey = t_75;
          u8 t_76 = a_n3_r_name[r_116];
          t_69->c4_r_name = t_76;
        }
      }
    }
  }
  fl_join *t_77 = s->n1_join;
  fl_join_end(w, t_77, buffer, morsel);
}

static void p1_nation_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  fl_join_close(w, t);
}

static u64 p1_nation_link_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  u64 t_2 = fl_join_tasks(t);
  return t_2;
}

static void p1_nation_link_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  fl_join_link(w, t, morsel);
}

static u64 p2_supplier_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 2ul;
  u32 t_3 = t_2->nmorsels;
  u64 t_4 = (u64)t_3;
  return t_4;
}

static void p2_supplier_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  u16 *const a_t = (u16 *)(w->scratch + 128);
  u32 *const a_t_2 = (u32 *)(w->scratch + 2176);
  i64 *const a_n2_s_nationkey_raw = (i64 *)(w->scratch + 6272);
  u64 *const a_hash = (u64 *)(w->scratch + 14464);
  u16 *const a_pair_row = (u16 *)(w->scratch + 22656);
  struct n1_build **const a_pair_build = (struct n1_build **)(w->scratch + 24704);
  fl_str *const a_n2_s_name = (fl_str *)(w->scratch + 32896);
  i32 *const a_n2_s_nationkey_raw_2 = (i32 *)(w->scratch + 49280);
  i32 *const a_n2_s_acctbal = (i32 *)(w->scratch + 53376);
  i32 *const a_n1_n_nationkey = (i32 *)(w->scratch + 57472);
  u8 *const a_n1_n_name = (u8 *)(w->scratch + 61568);
  i32 *const a_n1_n_regionkey = (i32 *)(w->scratch + 62592);
  i32 *const a_n1_r_regionkey = (i32 *)(w->scratch + 66688);
  u8 *const a_n1_r_name = (u8 *)(w->scratch + 70784);
  fl_str *const a_n1_s_name = (fl_str *)(w->scratch + 71808);
  i32 *const a_n1_s_nationkey = (i32 *)(w->scratch + 88192);
  i32 *const a_n1_s_acctbal = (i32 *)(w->scratch + 92288);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 96384);
  fl_str *const a_t_4 = (fl_str *)(w->scratch + 112768);
  u64 *const a_and = (u64 *)(w->scratch + 129152);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 2ul;
  fl_segment *segment = fl_segment_of(t_2, morsel);
  fl_column *t_3 = segment->cols;
  u32 t_4 = segment->first_morsel;
  u64 t_5 = (u64)t_4;
  u64 t_6 = morsel - t_5;
  u64 morsel_rows = q->morsel;
  u64 from = t_6 * morsel_rows;
  u64 t_7 = from + morsel_rows;
  u64 t_8 = segment->rows;
  u64 to = fl_min_u64(t_7, t_8);
  void *t_9 = t_3->data;
  u8 *t_10 = (u8 *)t_9;
  i32 *t_11 = t_3->offsets;
  fl_column *t_12 = t_3 + 1ul;
  void *t_13 = t_12->data;
  u8 *n2_s_nationkey_data = (u8 *)t_13;
  fl_column *t_14 = t_3 + 2ul;
  void *t_15 = t_14->data;
  u32 *n2_s_acctbal_data = (u32 *)t_15;
  i64 t_16 = t_14->base;
  i32 t_17 = (i32)t_16;
  u64 *counters = w->counters;
  fl_join *t_18 = s->n1_join;
  void **t_19 = t_18->heads;
  u64 t_20 = t_18->shift;
  u8 *t_21 = q->params;
  i64 *t_22 = (i64 *)t_21;
  i64 t_23 = t_22[0ul];
  i32 t_24 = (i32)t_23;
  fl_table *t_25 = t + 1ul;
  fl_dict *t_26 = t_25->dicts;
  fl_dict *t_27 = t_26 + 1ul;
  fl_dict *t_28 = t->dicts;
  fl_dict *t_29 = t_28 + 1ul;
  for (u64 at_18 = from; at_18 < to; at_18 += 1024ul) {
    u32 t_30 = q->stop;
    if (t_30) {
      return;
    }
    fl_temp_reset(w);
    u64 t_31 = to - at_18;
    u64 t_32 = fl_min_u64(t_31, 1024ul);
    u32 n = (u32)t_32;
    u8 *t_33 = n2_s_nationkey_data + at_18;
    u32 *t_34 = n2_s_acctbal_data + at_18;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[2ul] += acc;
    }
    flk_ones_m(a_rows, n);
    flk_indices_of(a_t, a_t_2, a_rows, n);
    u16 *t_35 = (u16 *)a_t;
    u32 *t_36 = (u32 *)a_t_2;
    u32 t_37 = t_36[0ul];
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_33 + i + FL_BLOCK / 2);
        const v_u8 n2_s_nationkey_raw = fl_load_u8(t_33 + i);
        const v_i32 n2_s_nationkey_raw_2 = fl_cvt_i32_u8(n2_s_nationkey_raw);
        fl_store_i32(a_n2_s_nationkey_raw_2 + i, n2_s_nationkey_raw_2);
        const v_i64 n2_s_nationkey_raw_3 = fl_cvt_i64_i32(n2_s_nationkey_raw_2);
        fl_store_i64(a_n2_s_nationkey_raw + i, n2_s_nationkey_raw_3);
      }
    }
    flk_hash_i64(a_hash, a_n2_s_nationkey_raw, 0u, n);
    u64 *t_38 = (u64 *)a_hash;
    fl_join_ahead(t_18, t_38, t_35, t_37);
    u32 probe_at_57 = 0u;
    struct n1_build *chain_58 = (struct n1_build *)0;
    u16 *t_39 = (u16 *)a_pair_row;
    struct n1_build **t_40 = (struct n1_build **)a_pair_build;
    u32 current_63 = 0u;
    void *t_41 = fl_temp_mark(w);
    flk_bytes_str(a_n2_s_name, t_11, t_10, at_18, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_34 + i + FL_BLOCK / 2);
        const v_u32 n2_s_acctbal_raw = fl_load_u32(t_34 + i);
        const v_i32 n2_s_acctbal_raw_2 = fl_cvt_i32_u32(n2_s_acctbal_raw);
        const v_i32 n2_s_acctbal = fl_add_i32(n2_s_acctbal_raw_2, fl_set_i32(t_17));
        fl_store_i32(a_n2_s_acctbal + i, n2_s_acctbal);
      }
    }
    for (;;) {
      u32 t_42 = q->stop;
      if (t_42) {
        return;
      }
      fl_temp_release(w, t_41);
      u32 found_67 = 0u;
      for (;;) {
        i32 t_43 = found_67 >= 1024u;
        if (t_43) {
          break;
        }
        i32 t_44 = !chain_58;
        if (t_44) {
          i32 t_45 = probe_at_57 >= t_37;
          if (t_45) {
            break;
          }
          u16 t_46 = t_35[probe_at_57];
          u32 t_47 = (u32)t_46;
          current_63 = t_47;
          u32 t_48 = probe_at_57 + 1u;
          probe_at_57 = t_48;
          u64 t_49 = a_hash[current_63];
          u64 t_50 = t_49 >> t_20;
          void *t_51 = t_19[t_50];
          struct n1_build *t_52 = (struct n1_build *)t_51;
          chain_58 = t_52;
          continue;
        }
        u64 t_53 = chain_58->hash;
        u64 t_54 = a_hash[current_63];
        i32 t_55 = t_53 == t_54;
        if (t_55) {
          i64 t_56 = chain_58->k0;
          i64 t_57 = a_n2_s_nationkey_raw[current_63];
          i32 t_58 = t_56 == t_57;
          i32 t_59 = 1 && t_58;
          if (t_59) {
            u16 t_60 = (u16)current_63;
            t_39[found_67] = t_60;
            t_40[found_67] = chain_58;
            u32 t_61 = found_67 + 1u;
            found_67 = t_61;
          }
        }
        void *t_62 = chain_58->next;
        struct n1_build *t_63 = (struct n1_build *)t_62;
        chain_58 = t_63;
      }
      i32 t_64 = !found_67;
      if (t_64) {
        break;
      }
      u32 t_65[1]; t_65[0] = found_67;
      u32 pairs = t_65[0ul];
      i32 *t_66 = (i32 *)a_n1_n_nationkey;
      u8 *t_67 = (u8 *)a_n1_n_name;
      i32 *t_68 = (i32 *)a_n1_n_regionkey;
      i32 *t_69 = (i32 *)a_n1_r_regionkey;
      u8 *t_70 = (u8 *)a_n1_r_name;
      for (u32 i_103 = 0u; i_103 < pairs; i_103 += 1u) {
        struct n1_build *t_71 = t_40[i_103];
        i32 t_72 = t_71->c0_n_nationkey;
        t_66[i_103] = t_72;
        u8 t_73 = t_71->c1_n_name;
        t_67[i_103] = t_73;
        i32 t_74 = t_71->c2_n_regionkey;
        t_68[i_103] = t_74;
        i32 t_75 = t_71->c3_r_regionkey;
        t_69[i_103] = t_75;
        u8 t_76 = t_71->c4_r_name;
        t_70[i_103] = t_76;
      }
      fl_str *t_77 = (fl_str *)a_n1_s_name;
      fl_str *t_78 = (fl_str *)a_n2_s_name;
      flk_gather_16(t_77, t_78, t_39, pairs);
      i32 *t_79 = (i32 *)a_n1_s_nationkey;
      i32 *t_80 = (i32 *)a_n2_s_nationkey_raw_2;
      flk_gather_4(t_79, t_80, t_39, pairs);
      i32 *t_81 = (i32 *)a_n1_s_acctbal;
      i32 *t_82 = (i32 *)a_n2_s_acctbal;
      flk_gather_4(t_81, t_82, t_39, pairs);
      {
        a_and[(pairs - (pairs != 0)) >> 6] = 0;
        u64 acc_2 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_2 = fl_head(pairs, i);
          const v_i32 n1_s_acctbal = fl_load_i32(a_n1_s_acctbal + i);
          const v_i32 n1_n_nationkey = fl_load_i32(a_n1_n_nationkey + i);
          const v_i32 mul = fl_mul_i32(n1_n_nationkey, fl_set_i32(t_24));
          const v_i32 mul_2 = fl_mul_i32(mul, fl_set_i32(100));
          const m16 gt = fl_gt_i32(n1_s_acctbal, mul_2);
          const m16 and = fl_and_m(rows_2, gt);
          fl_store_m(a_and, i, and);
          acc_2 += fl_popcount(and);
        }
        counters[1ul] += acc_2;
        counters[6ul] += acc_2;
      }
      flk_dict_str_u8(a_t_3, t_27, a_n1_n_name, NULL, pairs);
      flk_dict_str_u8(a_t_4, t_29, a_n1_r_name, NULL, pairs);
      fl_vec t_83[3];
      t_83[0].kind = FL_STR; t_83[0].constant = 0; t_83[0].scale = 0; t_83[0].typmod = 25; t_83[0].count = 0; t_83[0].pad = 0;
      t_83[0].data = a_t_3; t_83[0].valid = NULL; t_83[0].elems = NULL;
      t_83[1].kind = FL_STR; t_83[1].constant = 0; t_83[1].scale = 0; t_83[1].typmod = 25; t_83[1].count = 0; t_83[1].pad = 0;
      t_83[1].data = a_t_4; t_83[1].valid = NULL; t_83[1].elems = NULL;
      t_83[2].kind = FL_STR; t_83[2].constant = 0; t_83[2].scale = 0; t_83[2].typmod = 25; t_83[2].count = 0; t_83[2].pad = 0;
      t_83[2].data = a_n1_s_name; t_83[2].valid = NULL; t_83[2].elems = NULL;
      u64 *t_84 = (u64 *)a_and;
      flk_result_rows(w, t_83, 3u, (u16 *)0, t_84, pairs);
    }
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_region", p0_region_prepare, p0_region_morsels, p0_region_worker, p0_region_finish, 33152, 0, 0, 3},
  {"p0_region_link", NULL, p0_region_link_morsels, p0_region_link_worker, NULL, 0, 0, 0, 3},
  {"p1_nation", p1_nation_prepare, p1_nation_morsels, p1_nation_worker, p1_nation_finish, 71936, 0, 0, 1},
  {"p1_nation_link", NULL, p1_nation_link_morsels, p1_nation_link_worker, NULL, 0, 0, 0, 1},
  {"p2_supplier", NULL, p2_supplier_morsels, p2_supplier_worker, NULL, 129280, FL_ORDERED, 0, 6},
};

const fl_program fl_main = {FL_ABI, 5, 0x346cf9ec3549be2ful, sizeof(struct state), pipelines, 7, 0};

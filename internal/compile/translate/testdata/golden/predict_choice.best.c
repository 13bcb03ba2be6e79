/*
 * HashAggregate
 *   Group Key: column1
 *   Aggregates: count(*), sum((predict(column1, data.c1, data.c2, data.c3, data.c4)))
 *   ->  Predict
 *         Model: column1
 *         Candidates: again v1, classifier v1 (data.c1, data.c2, data.c3, data.c4)
 *         ->  Nested Loop
 *               ->  Seq Scan on data
 *                     Filter: (data.c1 > '1'::real)
 *               ->  Values Scan on "*VALUES*"
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
  fl_str c0_column1;
};

struct n1_group {
  u64 hash;
  i64 n;
  fl_str c0_name;
  i64 a1_sum_n;
  fl_i128 a1_sum;
};

struct state {
  struct n3_build **n3_rows;
  u64 n3_count;
  fl_rows *n3_buffers;
  fl_join *n3_join;
  struct n1_group **n1_rows;
  u64 n1_count;
  fl_ht **n1_tables;
  fl_parcels *n1_parcels;
};

static u64 p0_values_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  u64 t_4 = (u64)t_3;
  u64 t_5 = fl_morsels_of(q, t_4);
  return t_5;
}

static void p0_values_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n3_buffers = t_5;
  fl_join *t_6 = fl_join_new(w);
  s->n3_join = t_6;
}

static void p0_values_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  i32 *const a_sel = (i32 *)(w->scratch + 128);
  u64 *const a_hash = (u64 *)(w->scratch + 4224);
  fl_str *const a_n5_column1 = (fl_str *)(w->scratch + 12416);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u8 *t = q->params;
  i64 *t_2 = (i64 *)t;
  i64 t_3 = t_2[0ul];
  u64 t_4 = (u64)t_3;
  u64 morsel_rows = q->morsel;
  u64 from = morsel * morsel_rows;
  u64 t_5 = from + morsel_rows;
  u64 to = fl_min_u64(t_5, t_4);
  u8 **t_6 = q->blobs;
  u8 *t_7 = t_6[1ul];
  i32 *t_8 = (i32 *)t_7;
  u8 *t_9 = t_6[0ul];
  u64 *counters = w->counters;
  fl_rows *t_10 = s->n3_buffers;
  u32 t_11 = w->id;
  u64 t_12 = (u64)t_11;
  fl_rows *buffer = t_10 + t_12;
  for (u64 at_14 = from; at_14 < to; at_14 += 1024ul) {
    u32 t_13 = q->stop;
    if (t_13) {
      return;
    }
    fl_temp_reset(w);
    u64 t_14 = to - at_14;
    u64 t_15 = fl_min_u64(t_14, 1024ul);
    u32 n = (u32)t_15;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[5ul] += acc;
    }
    flk_ones_m(a_rows, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        const v_i32 sel = fl_set_i32(1);
        fl_store_i32(a_sel + i, sel);
      }
    }
    flk_hash_i32(a_hash, a_sel, 0u, n);
    flk_bytes_str(a_n5_column1, t_8, t_9, at_14, n);
    for (u32 r_33_w = 0; r_33_w < n; r_33_w += 64) {
      for (u64 r_33_m = a_rows[r_33_w >> 6]; r_33_m; r_33_m &= r_33_m - 1) {
        const u32 r_33 = r_33_w + fl_ctz(r_33_m);
        void *t_16 = fl_rows_add(w, buffer, sizeof(struct n3_build));
        struct n3_build *t_17 = (struct n3_build *)t_16;
        u64 t_18 = a_hash[r_33];
        t_17->hash = t_18;
        fl_str t_19 = a_n5_column1[r_33];
        t_17->c0_column1 = t_19;
      }
    }
  }
  fl_join *t_20 = s->n3_join;
  fl_join_end(w, t_20, buffer, morsel);
}

static void p0_values_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  fl_join_close(w, t);
}

static u64 p0_values_link_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  u64 t_2 = fl_join_tasks(t);
  return t_2;
}

static void p0_values_link_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n3_join;
  fl_join_link(w, t, morsel);
}

static u64 p1_data_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p1_data_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * 8ul;
  void *t_4 = fl_alloc(w, t_3);
  fl_ht **t_5 = (fl_ht **)t_4;
  s->n1_tables = t_5;
  for (u64 i_10 = 0ul; i_10 < t_2; i_10 += 1ul) {
    fl_ht *t_6 = fl_ht_new(w);
    t_5[i_10] = t_6;
  }
  fl_parcels *t_7 = fl_parcels_new(w);
  s->n1_parcels = t_7;
}

static void p1_data_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_and = (u64 *)(w->scratch + 0);
  u16 *const a_t = (u16 *)(w->scratch + 128);
  u32 *const a_t_2 = (u32 *)(w->scratch + 2176);
  i32 *const a_sel = (i32 *)(w->scratch + 6272);
  u64 *const a_hash = (u64 *)(w->scratch + 10368);
  u16 *const a_pair_row = (u16 *)(w->scratch + 18560);
  struct n3_build **const a_pair_build = (struct n3_build **)(w->scratch + 20608);
  fl_str *const a_n3_column1 = (fl_str *)(w->scratch + 28800);
  u64 *const a_n3_c1 = (u64 *)(w->scratch + 45184);
  f32 *const a_n3_c1_2 = (f32 *)(w->scratch + 45312);
  u64 *const a_n3_c2 = (u64 *)(w->scratch + 49408);
  f32 *const a_n3_c2_2 = (f32 *)(w->scratch + 49536);
  u64 *const a_n3_c3 = (u64 *)(w->scratch + 53632);
  f32 *const a_n3_c3_2 = (f32 *)(w->scratch + 53760);
  u64 *const a_n3_c4 = (u64 *)(w->scratch + 57856);
  f32 *const a_n3_c4_2 = (f32 *)(w->scratch + 57984);
  u64 *const a_rows = (u64 *)(w->scratch + 62080);
  i32 *const a_model = (i32 *)(w->scratch + 62208);
  u64 *const a_predicted = (u64 *)(w->scratch + 66304);
  u16 *const a_order = (u16 *)(w->scratch + 66432);
  u64 *const a_and_2 = (u64 *)(w->scratch + 68480);
  f32 *const a_gathered = (f32 *)(w->scratch + 68608);
  f32 *const a_gathered_2 = (f32 *)(w->scratch + 72704);
  f32 *const a_gathered_3 = (f32 *)(w->scratch + 76800);
  f32 *const a_gathered_4 = (f32 *)(w->scratch + 80896);
  u64 *const a_gathered_5 = (u64 *)(w->scratch + 84992);
  i64 *const a_prediction = (i64 *)(w->scratch + 85120);
  i64 *const a_cvt = (i64 *)(w->scratch + 93312);
  u64 *const a_hash_2 = (u64 *)(w->scratch + 101504);
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
  u8 *t_20 = t_19 + 8ul;
  f32 *t_21 = (f32 *)t_20;
  f32 t_22 = t_21[0ul];
  u64 *counters = w->counters;
  fl_join *t_23 = s->n3_join;
  void **t_24 = t_23->heads;
  u64 t_25 = t_23->shift;
  u8 **t_26 = q->blobs;
  u8 *t_27 = t_26[6ul];
  u8 *t_28 = t_26[7ul];
  i32 *t_29 = (i32 *)t_28;
  fl_ht **t_30 = s->n1_tables;
  u32 t_31 = w->id;
  u64 t_32 = (u64)t_31;
  fl_ht *table = t_30[t_32];
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_33 = q->stop;
    if (t_33) {
      return;
    }
    fl_temp_reset(w);
    u64 t_34 = to - at_17;
    u64 t_35 = fl_min_u64(t_34, 1024ul);
    u32 n = (u32)t_35;
    u64 t_36 = at_17 >> 3ul;
    u8 *t_37 = t_8 + t_36;
    u64 *t_38 = (u64 *)t_37;
    f32 *t_39 = n4_c1_data + at_17;
    u8 *t_40 = t_11 + t_36;
    u64 *t_41 = (u64 *)t_40;
    f32 *t_42 = n4_c2_data + at_17;
    u8 *t_43 = t_14 + t_36;
    u64 *t_44 = (u64 *)t_43;
    f32 *t_45 = n4_c3_data + at_17;
    u8 *t_46 = t_17 + t_36;
    u64 *t_47 = (u64 *)t_46;
    f32 *t_48 = n4_c4_data + at_17;
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_39 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_f32 n4_c1_raw = fl_load_f32(t_39 + i);
        const m16 gt = fl_gt_f32(n4_c1_raw, fl_set_f32(t_22));
        const m16 n4_c1_valid = fl_load_m(t_38, i);
        const m16 and = fl_and_m(gt, n4_c1_valid);
        const m16 and_2 = fl_and_m(rows, and);
        fl_store_m(a_and, i, and_2);
        acc += fl_popcount(and_2);
      }
      counters[4ul] += acc;
    }
    flk_indices_of(a_t, a_t_2, a_and, n);
    u16 *t_49 = (u16 *)a_t;
    u32 *t_50 = (u32 *)a_t_2;
    u32 t_51 = t_50[0ul];
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        const v_i32 sel = fl_set_i32(1);
        fl_store_i32(a_sel + i, sel);
      }
    }
    flk_hash_i32(a_hash, a_sel, 0u, n);
    u64 *t_52 = (u64 *)a_hash;
    fl_join_ahead(t_23, t_52, t_49, t_51);
    u32 probe_at_80 = 0u;
    struct n3_build *chain_81 = (struct n3_build *)0;
    u16 *t_53 = (u16 *)a_pair_row;
    struct n3_build **t_54 = (struct n3_build **)a_pair_build;
    u32 current_86 = 0u;
    void *t_55 = fl_temp_mark(w);
    for (;;) {
      u32 t_56 = q->stop;
      if (t_56) {
        return;
      }
      fl_temp_release(w, t_55);
      u32 found_90 = 0u;
      for (;;) {
        i32 t_57 = found_90 >= 1024u;
        if (t_57) {
          break;
        }
        i32 t_58 = !chain_81;
        if (t_58) {
          i32 t_59 = probe_at_80 >= t_51;
          if (t_59) {
            break;
          }
          u16 t_60 = t_49[probe_at_80];
          u32 t_61 = (u32)t_60;
          current_86 = t_61;
          u32 t_62 = probe_at_80 + 1u;
          probe_at_80 = t_62;
          u64 t_63 = a_hash[current_86];
          u64 t_64 = t_63 >> t_25;
          void *t_65 = t_24[t_64];
          struct n3_build *t_66 = (struct n3_build *)t_65;
          chain_81 = t_66;
          continue;
        }
        u64 t_67 = chain_81->hash;
        u64 t_68 = a_hash[current_86];
        i32 t_69 = t_67 == t_68;
        if (t_69) {
          if (1) {
            u16 t_70 = (u16)current_86;
            t_53[found_90] = t_70;
            t_54[found_90] = chain_81;
            u32 t_71 = found_90 + 1u;
            found_90 = t_71;
          }
        }
        void *t_72 = chain_81->next;
        struct n3_build *t_73 = (struct n3_build *)t_72;
        chain_81 = t_73;
      }
      i32 t_74 = !found_90;
      if (t_74) {
        break;
      }
      u32 t_75[1]; t_75[0] = found_90;
      u32 pairs = t_75[0ul];
      fl_str *t_76 = (fl_str *)a_n3_column1;
      for (u32 i_114 = 0u; i_114 < pairs; i_114 += 1u) {
        struct n3_build *t_77 = t_54[i_114];
        fl_str t_78 = t_77->c0_column1;
        t_76[i_114] = t_78;
      }
      u64 *t_79 = (u64 *)a_n3_c1;
      u64 *t_80 = (u64 *)t_38;
      flk_gather_m(t_79, t_80, t_53, pairs);
      f32 *t_81 = (f32 *)a_n3_c1_2;
      f32 *t_82 = (f32 *)t_39;
      flk_gather_4(t_81, t_82, t_53, pairs);
      u64 *t_83 = (u64 *)a_n3_c2;
      u64 *t_84 = (u64 *)t_41;
      flk_gather_m(t_83, t_84, t_53, pairs);
      f32 *t_85 = (f32 *)a_n3_c2_2;
      f32 *t_86 = (f32 *)t_42;
      flk_gather_4(t_85, t_86, t_53, pairs);
      u64 *t_87 = (u64 *)a_n3_c3;
      u64 *t_88 = (u64 *)t_44;
      flk_gather_m(t_87, t_88, t_53, pairs);
      f32 *t_89 = (f32 *)a_n3_c3_2;
      f32 *t_90 = (f32 *)t_45;
      flk_gather_4(t_89, t_90, t_53, pairs);
      u64 *t_91 = (u64 *)a_n3_c4;
      u64 *t_92 = (u64 *)t_47;
      flk_gather_m(t_91, t_92, t_53, pairs);
      f32 *t_93 = (f32 *)a_n3_c4_2;
      f32 *t_94 = (f32 *)t_48;
      flk_gather_4(t_93, t_94, t_53, pairs);
      {
        u64 acc_2 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_3 = fl_head(pairs, i);
          acc_2 += fl_popcount(rows_3);
        }
        counters[3ul] += acc_2;
      }
      flk_ones_m(a_rows, pairs);
      flk_choose(w, a_model, a_n3_column1, t_27, t_29, a_rows, 94, pairs);
      u64 *t_95 = (u64 *)a_predicted;
      flk_clear_m(t_95);
      u16 *t_96 = (u16 *)a_order;
      u8 *t_97 = w->scratch + 109696;
      u32 *groups = (u32 *)t_97;
      i32 *t_98 = (i32 *)a_model;
      u32 t_99 = fl_choice_groups(t_96, groups, t_98, 2u, pairs);
      u64 t_100 = (u64)t_99;
      {
        a_and_2[(pairs - (pairs != 0)) >> 6] = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 n3_c1 = fl_load_m(a_n3_c1, i);
          const m16 n3_c2 = fl_load_m(a_n3_c2, i);
          const m16 and_3 = fl_and_m(n3_c1, n3_c2);
          const m16 n3_c3 = fl_load_m(a_n3_c3, i);
          const m16 and_4 = fl_and_m(and_3, n3_c3);
          const m16 n3_c4 = fl_load_m(a_n3_c4, i);
          const m16 and_5 = fl_and_m(and_4, n3_c4);
          fl_store_m(a_and_2, i, and_5);
        }
      }
      for (u64 group_173 = 0ul; group_173 < t_100; group_173 += 1ul) {
        flk_obey(w);
        u64 t_101 = group_173 * 3ul;
        u64 t_102 = t_101 + 1ul;
        u32 t_103 = groups[t_102];
        u64 t_104 = (u64)t_103;
        u16 *t_105 = t_96 + t_104;
        u32 t_106 = groups[t_101];
        u64 t_107 = (u64)t_106;
        u64 t_108 = t_101 + 2ul;
        u32 rows_4 = groups[t_108];
        f32 *t_109 = (f32 *)a_gathered;
        f32 *t_110 = (f32 *)a_n3_c1_2;
        flk_gather_4(t_109, t_110, t_105, rows_4);
        f32 *t_111 = (f32 *)a_gathered_2;
        f32 *t_112 = (f32 *)a_n3_c2_2;
        flk_gather_4(t_111, t_112, t_105, rows_4);
        f32 *t_113 = (f32 *)a_gathered_3;
        f32 *t_114 = (f32 *)a_n3_c3_2;
        flk_gather_4(t_113, t_114, t_105, rows_4);
        f32 *t_115 = (f32 *)a_gathered_4;
        f32 *t_116 = (f32 *)a_n3_c4_2;
        flk_gather_4(t_115, t_116, t_105, rows_4);
        u64 *t_117 = (u64 *)a_gathered_5;
        u64 *t_118 = (u64 *)a_and_2;
        flk_gather_m(t_117, t_118, t_105, rows_4);
        u64 t_119 = t_107 * 2ul;
        u64 t_120 = t_119 + 2ul;
        u8 *t_121 = t_26[t_120];
        f32 *t_122 = (f32 *)t_121;
        u64 t_123 = t_120 + 1ul;
        u8 *t_124 = t_26[t_123];
        f32 *t_125 = (f32 *)t_124;
        f32 t_126 = t_122[0ul];
        f32 t_127 = t_125[0ul];
        f32 t_128 = t_125[1ul];
        f32 t_129 = t_125[2ul];
        f32 t_130 = t_125[3ul];
        f32 t_131 = t_122[1ul];
        f32 t_132 = t_125[4ul];
        f32 t_133 = t_125[5ul];
        f32 t_134 = t_125[6ul];
        f32 t_135 = t_125[7ul];
        f32 t_136 = t_122[2ul];
        f32 t_137 = t_125[8ul];
        f32 t_138 = t_125[9ul];
        f32 t_139 = t_125[10ul];
        f32 t_140 = t_125[11ul];
        i64 *t_141 = (i64 *)a_prediction;
        {
          for (u32 i = 0; i < rows_4; i += FL_LANES) {
            const v_f32 gathered = fl_load_f32(a_gathered_4 + i);
            const v_f32 gathered_2 = fl_load_f32(a_gathered_3 + i);
            const v_f32 gathered_3 = fl_load_f32(a_gathered_2 + i);
            const v_f32 gathered_4 = fl_load_f32(a_gathered + i);
            const v_f32 fma = fl_fma_f32(gathered_4, fl_set_f32(t_137), fl_set_f32(t_136));
            const v_f32 fma_2 = fl_fma_f32(gathered_3, fl_set_f32(t_138), fma);
            const v_f32 fma_3 = fl_fma_f32(gathered_2, fl_set_f32(t_139), fma_2);
            const v_f32 fma_4 = fl_fma_f32(gathered, fl_set_f32(t_140), fma_3);
            const v_f32 fma_5 = fl_fma_f32(gathered_4, fl_set_f32(t_132), fl_set_f32(t_131));
            const v_f32 fma_6 = fl_fma_f32(gathered_3, fl_set_f32(t_133), fma_5);
            const v_f32 fma_7 = fl_fma_f32(gathered_2, fl_set_f32(t_134), fma_6);
            const v_f32 fma_8 = fl_fma_f32(gathered, fl_set_f32(t_135), fma_7);
            const v_f32 fma_9 = fl_fma_f32(gathered_4, fl_set_f32(t_127), fl_set_f32(t_126));
            const v_f32 fma_10 = fl_fma_f32(gathered_3, fl_set_f32(t_128), fma_9);
            const v_f32 fma_11 = fl_fma_f32(gathered_2, fl_set_f32(t_129), fma_10);
            const v_f32 fma_12 = fl_fma_f32(gathered, fl_set_f32(t_130), fma_11);
            const m16 ogt = fl_ogt_f32(fma_8, fma_12);
            const v_f32 sel_2 = fl_sel_f32(ogt, fma_8, fma_12);
            const m16 ogt_2 = fl_ogt_f32(fma_4, sel_2);
            const m16 rows_5 = fl_head(rows_4, i);
            const v_i32 sel_3 = fl_set_i32(0);
            const v_i32 sel_4 = fl_sel_i32(ogt, fl_set_i32(1), sel_3);
            const v_i32 sel_5 = fl_sel_i32(ogt_2, fl_set_i32(2), sel_4);
            const v_i64 cvt = fl_cvt_i64_i32(sel_5);
            fl_store_i64(a_cvt + i, cvt);
          }
        }
        i64 *t_142 = (i64 *)a_cvt;
        flk_scatter_8(t_141, t_142, t_105, rows_4);
        u64 *t_143 = (u64 *)a_predicted;
        u64 *t_144 = (u64 *)a_gathered_5;
        flk_scatter_m(t_143, t_144, t_105, rows_4);
      }
      {
        u64 acc_3 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_6 = fl_head(pairs, i);
          acc_3 += fl_popcount(rows_6);
        }
        counters[2ul] += acc_3;
      }
      flk_hash_str(a_hash_2, a_n3_column1, a_rows, 0u, pairs);
      u64 *t_145 = (u64 *)a_hash_2;
      u64 *t_146 = (u64 *)a_rows;
      fl_groups_ahead(table, sizeof(struct n1_group), t_145, t_146, pairs);
      for (u32 r_263_w = 0; r_263_w < pairs; r_263_w += 64) {
        for (u64 r_263_m = a_rows[r_263_w >> 6]; r_263_m; r_263_m &= r_263_m - 1) {
          const u32 r_263 = r_263_w + fl_ctz(r_263_m);
          u64 t_147 = a_hash_2[r_263];
          struct n1_group *group_265 = (struct n1_group *)0;
          u64 t_148 = table->mask;
          u64 t_149 = t_147 & t_148;
          u64 pos_268 = t_149;
          for (;;) {
            void **t_150 = table->slots;
            void *t_151 = t_150[pos_268];
            struct n1_group *at = (struct n1_group *)t_151;
            i32 t_152 = !at;
            if (t_152) {
              void *t_153 = fl_ht_add(w, table, pos_268, t_147, sizeof(struct n1_group));
              struct n1_group *t_154 = (struct n1_group *)t_153;
              group_265 = t_154;
              fl_str t_155 = a_n3_column1[r_263];
              group_265->c0_name = t_155;
              break;
            }
            u64 t_156 = at->hash;
            i32 t_157 = t_156 == t_147;
            if (t_157) {
              fl_str t_158 = at->c0_name;
              fl_str t_159 = a_n3_column1[r_263];
              i32 t_160 = fl_equal_str(t_158, t_159);
              i32 t_161 = 1 && t_160;
              if (t_161) {
                group_265 = at;
                break;
              }
            }
            u64 t_162 = pos_268 + 1ul;
            u64 t_163 = table->mask;
            u64 t_164 = t_162 & t_163;
            pos_268 = t_164;
          }
          i64 t_165 = group_265->n;
          i64 t_166 = t_165 + 1l;
          group_265->n = t_166;
          i32 t_167 = (i32)(a_predicted[r_263 >> 6] >> (r_263 & 63) & 1);
          if (t_167) {
            i64 t_168 = group_265->a1_sum_n;
            i64 t_169 = t_168 + 1l;
            group_265->a1_sum_n = t_169;
            i64 t_170 = a_prediction[r_263];
            fl_i128 t_171 = group_265->a1_sum;
            fl_i128 t_172 = fl_i128_add_i64(t_171, t_170);
            group_265->a1_sum = t_172;
          }
        }
      }
    }
  }
  fl_parcels *t_173 = s->n1_parcels;
  fl_groups_end(w, t_173, table, morsel);
}

static void p1_data_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n1_parcels;
  fl_ht **t_2 = s->n1_tables;
  fl_groups_close(w, t, t_2);
}

static u64 p1_data_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n1_parcels;
  u64 t_2 = t->tasks;
  return t_2;
}

static void p1_data_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n1_parcels;
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
    struct n1_group **t_10 = (struct n1_group **)t_9;
    u32 *t_11 = fl_parcel_start(t_8);
    u32 t_12 = t_11[t_3];
    u64 t_13 = (u64)t_12;
    u32 t_14 = t_11[t_2];
    u64 t_15 = (u64)t_14;
    void **t_16 = (void **)t_10;
    for (u64 k_22 = t_15; k_22 < t_13; k_22 += 1ul) {
      fl_parcel_ahead(t_16, k_22, t_13);
      struct n1_group *t_17 = t_10[k_22];
      u64 t_18 = t_17->hash;
      u64 t_19 = t_5->mask;
      u64 t_20 = t_18 & t_19;
      u64 pos_29 = t_20;
      for (;;) {
        void **t_21 = t_5->slots;
        void *t_22 = t_21[pos_29];
        struct n1_group *at = (struct n1_group *)t_22;
        i32 t_23 = !at;
        if (t_23) {
          fl_ht_put(w, t_5, pos_29, t_17);
          break;
        }
        u64 t_24 = at->hash;
        i32 t_25 = t_24 == t_18;
        if (t_25) {
          fl_str t_26 = at->c0_name;
          fl_str t_27 = t_17->c0_name;
          i32 t_28 = fl_equal_str(t_26, t_27);
          i32 t_29 = 1 && t_28;
          if (t_29) {
            i64 t_30 = at->n;
            i64 t_31 = t_17->n;
            i64 t_32 = t_30 + t_31;
            at->n = t_32;
            i64 t_33 = at->a1_sum_n;
            i64 t_34 = t_17->a1_sum_n;
            i64 t_35 = t_33 + t_34;
            at->a1_sum_n = t_35;
            fl_i128 t_36 = at->a1_sum;
            fl_i128 t_37 = t_17->a1_sum;
            fl_i128 t_38 = fl_i128_add_checked(w, t_36, t_37);
            at->a1_sum = t_38;
            break;
          }
        }
        u64 t_39 = pos_29 + 1ul;
        u64 t_40 = t_5->mask;
        u64 t_41 = t_39 & t_40;
        pos_29 = t_41;
      }
    }
  }
  fl_groups_merged(t, morsel, t_5);
}

static void p1_data_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_parcels *t = s->n1_parcels;
  void **t_2 = fl_groups_rows(w, t);
  struct n1_group **t_3 = (struct n1_group **)t_2;
  s->n1_rows = t_3;
  u64 t_4 = t->groups;
  s->n1_count = t_4;
}

static u64 p2_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p2_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  fl_str *const a_n1_name = (fl_str *)(w->scratch + 0);
  i64 *const a_n1_n = (i64 *)(w->scratch + 16384);
  i64 *const a_n1_a1_sum_n = (i64 *)(w->scratch + 24576);
  fl_i128 *const a_n1_a1_sum = (fl_i128 *)(w->scratch + 32768);
  u64 *const a_gt = (u64 *)(w->scratch + 49152);
  u64 *const a_rows = (u64 *)(w->scratch + 49280);
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
    fl_str *t_10 = (fl_str *)a_n1_name;
    i64 *t_11 = (i64 *)a_n1_n;
    i64 *t_12 = (i64 *)a_n1_a1_sum_n;
    fl_i128 *t_13 = (fl_i128 *)a_n1_a1_sum;
    for (u32 i_28 = 0u; i_28 < n; i_28 += 1u) {
      struct n1_group *t_14 = t_9[i_28];
      fl_str t_15 = t_14->c0_name;
      t_10[i_28] = t_15;
      i64 t_16 = t_14->n;
      t_11[i_28] = t_16;
      i64 t_17 = t_14->a1_sum_n;
      t_12[i_28] = t_17;
      fl_i128 t_18 = t_14->a1_sum;
      t_13[i_28] = t_18;
    }
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
        const v_i64 n1_a1_sum_n = fl_load_i64(a_n1_a1_sum_n + i);
        const m16 gt = fl_gt_i64(n1_a1_sum_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
      }
      counters[1ul] += acc;
      counters[6ul] += acc;
    }
    fl_vec t_19[3];
    t_19[0].kind = FL_STR; t_19[0].constant = 0; t_19[0].scale = 0; t_19[0].typmod = -1; t_19[0].count = 0; t_19[0].pad = 0;
    t_19[0].data = a_n1_name; t_19[0].valid = NULL; t_19[0].elems = NULL;
    t_19[1].kind = FL_I64; t_19[1].constant = 0; t_19[1].scale = 0; t_19[1].typmod = -1; t_19[1].count = 0; t_19[1].pad = 0;
    t_19[1].data = a_n1_n; t_19[1].valid = NULL; t_19[1].elems = NULL;
    t_19[2].kind = FL_DEC128; t_19[2].constant = 0; t_19[2].scale = 0; t_19[2].typmod = -1; t_19[2].count = 0; t_19[2].pad = 0;
    t_19[2].data = a_n1_a1_sum; t_19[2].valid = a_gt; t_19[2].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_20 = (u64 *)a_rows;
    flk_result_rows(w, t_19, 3u, (u16 *)0, t_20, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_values", p0_values_prepare, p0_values_morsels, p0_values_worker, p0_values_finish, 28800, 0, 0, 3},
  {"p0_values_link", NULL, p0_values_link_morsels, p0_values_link_worker, NULL, 0, 0, 0, 3},
  {"p1_data", p1_data_prepare, p1_data_morsels, p1_data_worker, p1_data_finish, 109760, 0, 0, 1},
  {"p1_data_merge", NULL, p1_data_merge_morsels, p1_data_merge_worker, p1_data_merge_finish, 0, 0, 0, 1},
  {"p2_groups", NULL, p2_groups_morsels, p2_groups_worker, NULL, 49408, FL_ORDERED, 0, 6},
};

const fl_program fl_main = {FL_ABI, 5, 0x9a69900e5ada27f9ul, sizeof(struct state), pipelines, 7, 0};

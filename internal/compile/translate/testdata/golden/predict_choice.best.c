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
  fl_str *const a_n5_column1 = (fl_str *)(w->scratch + 128);
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
    flk_bytes_str(a_n5_column1, t_8, t_9, at_14, n);
    for (u32 r_31_w = 0; r_31_w < n; r_31_w += 64) {
      for (u64 r_31_m = a_rows[r_31_w >> 6]; r_31_m; r_31_m &= r_31_m - 1) {
        const u32 r_31 = r_31_w + fl_ctz(r_31_m);
        void *t_16 = fl_rows_add(w, buffer, sizeof(struct n3_build));
        struct n3_build *t_17 = (struct n3_build *)t_16;
        t_17->hash = 0ul;
        fl_str t_18 = a_n5_column1[r_31];
        t_17->c0_column1 = t_18;
      }
    }
  }
  fl_join *t_19 = s->n3_join;
  fl_join_end(w, t_19, buffer, morsel);
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
  u64 *const a_n3_c1 = (u64 *)(w->scratch + 6272);
  f32 *const a_n3_c1_2 = (f32 *)(w->scratch + 6400);
  u64 *const a_n3_c2 = (u64 *)(w->scratch + 10496);
  f32 *const a_n3_c2_2 = (f32 *)(w->scratch + 10624);
  u64 *const a_n3_c3 = (u64 *)(w->scratch + 14720);
  f32 *const a_n3_c3_2 = (f32 *)(w->scratch + 14848);
  u64 *const a_n3_c4 = (u64 *)(w->scratch + 18944);
  f32 *const a_n3_c4_2 = (f32 *)(w->scratch + 19072);
  u64 *const a_rows = (u64 *)(w->scratch + 23168);
  i32 *const a_sel = (i32 *)(w->scratch + 23296);
  u64 *const a_and_2 = (u64 *)(w->scratch + 27392);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 27520);
  i32 *const a_model = (i32 *)(w->scratch + 43904);
  u64 *const a_predicted = (u64 *)(w->scratch + 48000);
  i64 *const a_prediction = (i64 *)(w->scratch + 48128);
  u64 *const a_hash = (u64 *)(w->scratch + 56320);
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
  void *t_25 = t_24[0ul];
  i32 t_26 = t_25 != (void *)0;
  struct n3_build *t_27 = (struct n3_build *)t_25;
  u8 **t_28 = q->blobs;
  u8 *t_29 = t_28[6ul];
  u8 *t_30 = t_28[7ul];
  i32 *t_31 = (i32 *)t_30;
  fl_ht **t_32 = s->n1_tables;
  u32 t_33 = w->id;
  u64 t_34 = (u64)t_33;
  fl_ht *table = t_32[t_34];
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_35 = q->stop;
    if (t_35) {
      return;
    }
    fl_temp_reset(w);
    u64 t_36 = to - at_17;
    u64 t_37 = fl_min_u64(t_36, 1024ul);
    u32 n = (u32)t_37;
    u64 t_38 = at_17 >> 3ul;
    u8 *t_39 = t_8 + t_38;
    u64 *t_40 = (u64 *)t_39;
    f32 *t_41 = n4_c1_data + at_17;
    u8 *t_42 = t_11 + t_38;
    u64 *t_43 = (u64 *)t_42;
    f32 *t_44 = n4_c2_data + at_17;
    u8 *t_45 = t_14 + t_38;
    u64 *t_46 = (u64 *)t_45;
    f32 *t_47 = n4_c3_data + at_17;
    u8 *t_48 = t_17 + t_38;
    u64 *t_49 = (u64 *)t_48;
    f32 *t_50 = n4_c4_data + at_17;
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_41 + i + FL_BLOCK / 2);
        const m16 rows = fl_head(n, i);
        const v_f32 n4_c1_raw = fl_load_f32(t_41 + i);
        const m16 gt = fl_gt_f32(n4_c1_raw, fl_set_f32(t_22));
        const m16 n4_c1_valid = fl_load_m(t_40, i);
        const m16 and = fl_and_m(gt, n4_c1_valid);
        const m16 and_2 = fl_and_m(rows, and);
        fl_store_m(a_and, i, and_2);
        acc += fl_popcount(and_2);
      }
      counters[4ul] += acc;
    }
    flk_indices_of(a_t, a_t_2, a_and, n);
    u16 *t_51 = (u16 *)a_t;
    u32 *t_52 = (u32 *)a_t_2;
    u32 rows_2 = t_52[0ul];
    u64 *t_53 = (u64 *)a_n3_c1;
    u64 *t_54 = (u64 *)t_40;
    flk_gather_m(t_53, t_54, t_51, rows_2);
    f32 *t_55 = (f32 *)a_n3_c1_2;
    f32 *t_56 = (f32 *)t_41;
    flk_gather_4(t_55, t_56, t_51, rows_2);
    u64 *t_57 = (u64 *)a_n3_c2;
    u64 *t_58 = (u64 *)t_43;
    flk_gather_m(t_57, t_58, t_51, rows_2);
    f32 *t_59 = (f32 *)a_n3_c2_2;
    f32 *t_60 = (f32 *)t_44;
    flk_gather_4(t_59, t_60, t_51, rows_2);
    u64 *t_61 = (u64 *)a_n3_c3;
    u64 *t_62 = (u64 *)t_46;
    flk_gather_m(t_61, t_62, t_51, rows_2);
    f32 *t_63 = (f32 *)a_n3_c3_2;
    f32 *t_64 = (f32 *)t_47;
    flk_gather_4(t_63, t_64, t_51, rows_2);
    u64 *t_65 = (u64 *)a_n3_c4;
    u64 *t_66 = (u64 *)t_49;
    flk_gather_m(t_65, t_66, t_51, rows_2);
    f32 *t_67 = (f32 *)a_n3_c4_2;
    f32 *t_68 = (f32 *)t_50;
    flk_gather_4(t_67, t_68, t_51, rows_2);
    if (t_26) {
      struct n3_build *chain_111 = t_27;
      flk_ones_m(a_rows, rows_2);
      {
        a_and_2[(rows_2 - (rows_2 != 0)) >> 6] = 0;
        for (u32 i = 0; i < rows_2; i += FL_LANES) {
          const m16 rows_3 = fl_head(rows_2, i);
          const v_i32 sel = fl_set_i32(0);
          fl_store_i32(a_sel + i, sel);
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
      for (;;) {
        u32 t_69 = q->stop;
        if (t_69) {
          return;
        }
        i32 t_70 = !chain_111;
        if (t_70) {
          break;
        }
        void *t_71 = fl_temp_mark(w);
        struct n3_build *one_115 = chain_111;
        void *t_72 = one_115->next;
        struct n3_build *t_73 = (struct n3_build *)t_72;
        chain_111 = t_73;
        fl_str n3_column1 = one_115->c0_column1;
        {
          u64 acc_2 = 0;
          for (u32 i = 0; i < rows_2; i += FL_LANES) {
            const m16 rows_4 = fl_head(rows_2, i);
            acc_2 += fl_popcount(rows_4);
          }
          counters[3ul] += acc_2;
        }
        fl_str t_74[1]; t_74[0] = n3_column1;
        flk_fill_16(a_t_3, t_74, rows_2);
        flk_choose(w, a_model, a_t_3, t_29, t_31, a_rows, 94, rows_2);
        u64 *t_75 = (u64 *)a_predicted;
        flk_clear_m(t_75);
        i32 chosen_133 = 0;
        {
          v_i32 acc_3 = fl_id_ror_i32();
          for (u32 i = 0; i < rows_2; i += FL_LANES) {
            const m16 rows_5 = fl_head(rows_2, i);
            const v_i32 model = fl_load_i32(a_model + i);
            const v_i32 add = fl_add_i32(model, fl_set_i32(1));
            acc_3 = fl_ror_i32(acc_3, rows_5, add);
          }
          chosen_133 |= fl_hror_i32(acc_3);
        }
        i32 t_76 = chosen_133 > 0;
        i32 t_77 = chosen_133 <= 2;
        i32 t_78 = t_76 && t_77;
        if (t_78) {
          u64 t_79 = (u64)chosen_133;
          u64 t_80 = t_79 - 1ul;
          u64 t_81 = t_80 * 2ul;
          u64 t_82 = t_81 + 2ul;
          u8 *t_83 = t_28[t_82];
          f32 *t_84 = (f32 *)t_83;
          u64 t_85 = t_82 + 1ul;
          u8 *t_86 = t_28[t_85];
          f32 *t_87 = (f32 *)t_86;
          f32 t_88 = t_84[0ul];
          f32 t_89 = t_87[0ul];
          f32 t_90 = t_87[1ul];
          f32 t_91 = t_87[2ul];
          f32 t_92 = t_87[3ul];
          f32 t_93 = t_84[1ul];
          f32 t_94 = t_87[4ul];
          f32 t_95 = t_87[5ul];
          f32 t_96 = t_87[6ul];
          f32 t_97 = t_87[7ul];
          f32 t_98 = t_84[2ul];
          f32 t_99 = t_87[8ul];
          f32 t_100 = t_87[9ul];
          f32 t_101 = t_87[10ul];
          f32 t_102 = t_87[11ul];
          i64 *t_103 = (i64 *)a_prediction;
          {
            for (u32 i = 0; i < rows_2; i += FL_LANES) {
              const v_f32 n3_c4_2 = fl_load_f32(a_n3_c4_2 + i);
              const v_f32 n3_c3_2 = fl_load_f32(a_n3_c3_2 + i);
              const v_f32 n3_c2_2 = fl_load_f32(a_n3_c2_2 + i);
              const v_f32 n3_c1_2 = fl_load_f32(a_n3_c1_2 + i);
              const v_f32 fma = fl_fma_f32(n3_c1_2, fl_set_f32(t_99), fl_set_f32(t_98));
              const v_f32 fma_2 = fl_fma_f32(n3_c2_2, fl_set_f32(t_100), fma);
              const v_f32 fma_3 = fl_fma_f32(n3_c3_2, fl_set_f32(t_101), fma_2);
              const v_f32 fma_4 = fl_fma_f32(n3_c4_2, fl_set_f32(t_102), fma_3);
              const v_f32 fma_5 = fl_fma_f32(n3_c1_2, fl_set_f32(t_94), fl_set_f32(t_93));
              const v_f32 fma_6 = fl_fma_f32(n3_c2_2, fl_set_f32(t_95), fma_5);
              const v_f32 fma_7 = fl_fma_f32(n3_c3_2, fl_set_f32(t_96), fma_6);
              const v_f32 fma_8 = fl_fma_f32(n3_c4_2, fl_set_f32(t_97), fma_7);
              const v_f32 fma_9 = fl_fma_f32(n3_c1_2, fl_set_f32(t_89), fl_set_f32(t_88));
              const v_f32 fma_10 = fl_fma_f32(n3_c2_2, fl_set_f32(t_90), fma_9);
              const v_f32 fma_11 = fl_fma_f32(n3_c3_2, fl_set_f32(t_91), fma_10);
              const v_f32 fma_12 = fl_fma_f32(n3_c4_2, fl_set_f32(t_92), fma_11);
              const m16 ogt = fl_ogt_f32(fma_8, fma_12);
              const v_f32 sel_2 = fl_sel_f32(ogt, fma_8, fma_12);
              const m16 ogt_2 = fl_ogt_f32(fma_4, sel_2);
              const v_i32 sel_3 = fl_load_i32(a_sel + i);
              const v_i32 sel_4 = fl_sel_i32(ogt, fl_set_i32(1), sel_3);
              const v_i32 sel_5 = fl_sel_i32(ogt_2, fl_set_i32(2), sel_4);
              const v_i64 cvt = fl_cvt_i64_i32(sel_5);
              fl_store_i64(t_103 + i, cvt);
            }
          }
          u64 *t_104 = (u64 *)a_predicted;
          {
            t_104[(rows_2 - (rows_2 != 0)) >> 6] = 0;
            for (u32 i = 0; i < rows_2; i += FL_LANES) {
              const m16 and_6 = fl_load_m(a_and_2, i);
              fl_store_m(t_104, i, and_6);
            }
          }
        }
        {
          u64 acc_4 = 0;
          for (u32 i = 0; i < rows_2; i += FL_LANES) {
            const m16 rows_6 = fl_head(rows_2, i);
            acc_4 += fl_popcount(rows_6);
          }
          counters[2ul] += acc_4;
        }
        flk_hash_str(a_hash, a_t_3, a_rows, 0u, rows_2);
        u64 *t_105 = (u64 *)a_hash;
        u64 *t_106 = (u64 *)a_rows;
        fl_groups_ahead(table, sizeof(struct n1_group), t_105, t_106, rows_2);
        for (u32 r_194_w = 0; r_194_w < rows_2; r_194_w += 64) {
          for (u64 r_194_m = a_rows[r_194_w >> 6]; r_194_m; r_194_m &= r_194_m - 1) {
            const u32 r_194 = r_194_w + fl_ctz(r_194_m);
            u64 t_107 = a_hash[r_194];
            struct n1_group *group_196 = (struct n1_group *)0;
            u64 t_108 = table->mask;
            u64 t_109 = t_107 & t_108;
            u64 pos_199 = t_109;
            for (;;) {
              void **t_110 = table->slots;
              void *t_111 = t_110[pos_199];
              struct n1_group *at = (struct n1_group *)t_111;
              i32 t_112 = !at;
              if (t_112) {
                void *t_113 = fl_ht_add(w, table, pos_199, t_107, sizeof(struct n1_group));
                struct n1_group *t_114 = (struct n1_group *)t_113;
                group_196 = t_114;
                fl_str t_115 = a_t_3[r_194];
                group_196->c0_name = t_115;
                break;
              }
              u64 t_116 = at->hash;
              i32 t_117 = t_116 == t_107;
              if (t_117) {
                fl_str t_118 = at->c0_name;
                fl_str t_119 = a_t_3[r_194];
                i32 t_120 = fl_equal_str(t_118, t_119);
                i32 t_121 = 1 && t_120;
                if (t_121) {
                  group_196 = at;
                  break;
                }
              }
              u64 t_122 = pos_199 + 1ul;
              u64 t_123 = table->mask;
              u64 t_124 = t_122 & t_123;
              pos_199 = t_124;
            }
            i64 t_125 = group_196->n;
            i64 t_126 = t_125 + 1l;
            group_196->n = t_126;
            i32 t_127 = (i32)(a_predicted[r_194 >> 6] >> (r_194 & 63) & 1);
            if (t_127) {
              i64 t_128 = group_196->a1_sum_n;
              i64 t_129 = t_128 + 1l;
              group_196->a1_sum_n = t_129;
              i64 t_130 = a_prediction[r_194];
              fl_i128 t_131 = group_196->a1_sum;
              fl_i128 t_132 = fl_i128_add_i64(t_131, t_130);
              group_196->a1_sum = t_132;
            }
          }
        }
        fl_temp_release(w, t_71);
      }
    }
  }
  fl_parcels *t_133 = s->n1_parcels;
  fl_groups_end(w, t_133, table, morsel);
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
  {"p0_values", p0_values_prepare, p0_values_morsels, p0_values_worker, p0_values_finish, 16512, 0, 0, 3},
  {"p0_values_link", NULL, p0_values_link_morsels, p0_values_link_worker, NULL, 0, 0, 0, 3},
  {"p1_data", p1_data_prepare, p1_data_morsels, p1_data_worker, p1_data_finish, 64512, 0, 0, 1},
  {"p1_data_merge", NULL, p1_data_merge_morsels, p1_data_merge_worker, p1_data_merge_finish, 0, 0, 0, 1},
  {"p2_groups", NULL, p2_groups_morsels, p2_groups_worker, NULL, 49408, FL_ORDERED, 0, 6},
};

const fl_program fl_main = {FL_ABI, 5, 0x9a69900e5ada27f9ul, sizeof(struct state), pipelines, 7, 0};

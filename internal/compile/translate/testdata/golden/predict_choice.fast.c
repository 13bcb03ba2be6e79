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
    flk_ones_m(a_rows, n);
    counters[5ul] += flk_count(a_rows, n);
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
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  u64 *const a_gt = (u64 *)(w->scratch + 128);
  u64 *const a_and = (u64 *)(w->scratch + 256);
  u64 *const a_and_2 = (u64 *)(w->scratch + 384);
  u16 *const a_t = (u16 *)(w->scratch + 512);
  u32 *const a_t_2 = (u32 *)(w->scratch + 2560);
  u64 *const a_n3_c1 = (u64 *)(w->scratch + 6656);
  f32 *const a_n3_c1_2 = (f32 *)(w->scratch + 6784);
  u64 *const a_n3_c2 = (u64 *)(w->scratch + 10880);
  f32 *const a_n3_c2_2 = (f32 *)(w->scratch + 11008);
  u64 *const a_n3_c3 = (u64 *)(w->scratch + 15104);
  f32 *const a_n3_c3_2 = (f32 *)(w->scratch + 15232);
  u64 *const a_n3_c4 = (u64 *)(w->scratch + 19328);
  f32 *const a_n3_c4_2 = (f32 *)(w->scratch + 19456);
  u64 *const a_rows_2 = (u64 *)(w->scratch + 23552);
  i32 *const a_sel = (i32 *)(w->scratch + 23680);
  u64 *const a_and_3 = (u64 *)(w->scratch + 27776);
  u64 *const a_and_4 = (u64 *)(w->scratch + 27904);
  u64 *const a_and_5 = (u64 *)(w->scratch + 28032);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 28160);
  i32 *const a_model = (i32 *)(w->scratch + 44544);
  u64 *const a_predicted = (u64 *)(w->scratch + 48640);
  i32 *const a_add = (i32 *)(w->scratch + 48768);
  i64 *const a_prediction = (i64 *)(w->scratch + 52864);
  f32 *const a_fma = (f32 *)(w->scratch + 61056);
  f32 *const a_fma_2 = (f32 *)(w->scratch + 65152);
  f32 *const a_fma_3 = (f32 *)(w->scratch + 69248);
  f32 *const a_fma_4 = (f32 *)(w->scratch + 73344);
  f32 *const a_fma_5 = (f32 *)(w->scratch + 77440);
  f32 *const a_fma_6 = (f32 *)(w->scratch + 81536);
  f32 *const a_fma_7 = (f32 *)(w->scratch + 85632);
  f32 *const a_fma_8 = (f32 *)(w->scratch + 89728);
  f32 *const a_fma_9 = (f32 *)(w->scratch + 93824);
  f32 *const a_fma_10 = (f32 *)(w->scratch + 97920);
  f32 *const a_fma_11 = (f32 *)(w->scratch + 102016);
  f32 *const a_fma_12 = (f32 *)(w->scratch + 106112);
  u64 *const a_ogt = (u64 *)(w->scratch + 110208);
  f32 *const a_sel_2 = (f32 *)(w->scratch + 110336);
  u64 *const a_ogt_2 = (u64 *)(w->scratch + 114432);
  i32 *const a_sel_3 = (i32 *)(w->scratch + 114560);
  i32 *const a_sel_4 = (i32 *)(w->scratch + 118656);
  i64 *const a_cvt = (i64 *)(w->scratch + 122752);
  u64 *const a_hash = (u64 *)(w->scratch + 130944);
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
    flk_ones_m(a_rows, n);
    flk_gt_f32(a_gt, t_41, &(f32){t_22}, 2, n);
    flk_and_m(a_and, a_gt, t_40, n);
    flk_and_m(a_and_2, a_rows, a_and, n);
    counters[4ul] += flk_count(a_and_2, n);
    flk_indices_of(a_t, a_t_2, a_and_2, n);
    u16 *t_51 = (u16 *)a_t;
    u32 *t_52 = (u32 *)a_t_2;
    u32 rows = t_52[0ul];
    u64 *t_53 = (u64 *)a_n3_c1;
    u64 *t_54 = (u64 *)t_40;
    flk_gather_m(t_53, t_54, t_51, rows);
    f32 *t_55 = (f32 *)a_n3_c1_2;
    f32 *t_56 = (f32 *)t_41;
    flk_gather_4(t_55, t_56, t_51, rows);
    u64 *t_57 = (u64 *)a_n3_c2;
    u64 *t_58 = (u64 *)t_43;
    flk_gather_m(t_57, t_58, t_51, rows);
    f32 *t_59 = (f32 *)a_n3_c2_2;
    f32 *t_60 = (f32 *)t_44;
    flk_gather_4(t_59, t_60, t_51, rows);
    u64 *t_61 = (u64 *)a_n3_c3;
    u64 *t_62 = (u64 *)t_46;
    flk_gather_m(t_61, t_62, t_51, rows);
    f32 *t_63 = (f32 *)a_n3_c3_2;
    f32 *t_64 = (f32 *)t_47;
    flk_gather_4(t_63, t_64, t_51, rows);
    u64 *t_65 = (u64 *)a_n3_c4;
    u64 *t_66 = (u64 *)t_49;
    flk_gather_m(t_65, t_66, t_51, rows);
    f32 *t_67 = (f32 *)a_n3_c4_2;
    f32 *t_68 = (f32 *)t_50;
    flk_gather_4(t_67, t_68, t_51, rows);
    if (t_26) {
      struct n3_build *chain_111 = t_27;
      flk_ones_m(a_rows_2, rows);
      flk_sel_i32(a_sel, a_rows_2, &(i32){0}, &(i32){0}, 3, rows);
      flk_and_m(a_and_3, a_n3_c1, a_n3_c2, rows);
      flk_and_m(a_and_4, a_and_3, a_n3_c3, rows);
      flk_and_m(a_and_5, a_and_4, a_n3_c4, rows);
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
        counters[3ul] += flk_count(a_rows_2, rows);
        fl_str t_74[1]; t_74[0] = n3_column1;
        flk_fill_16(a_t_3, t_74, rows);
        flk_choose(w, a_model, a_t_3, t_29, t_31, a_rows_2, 94, rows);
        u64 *t_75 = (u64 *)a_predicted;
        flk_clear_m(t_75);
        i32 chosen_133 = 0;
        flk_add_i32(a_add, a_model, &(i32){1}, 2, rows);
        chosen_133 |= flk_ror_i32(a_add, a_rows_2, rows);
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
          flk_fma_f32(a_fma, a_n3_c1_2, &(f32){t_99}, &(f32){t_98}, 6, rows);
          flk_fma_f32(a_fma_2, a_n3_c2_2, &(f32){t_100}, a_fma, 2, rows);
          flk_fma_f32(a_fma_3, a_n3_c3_2, &(f32){t_101}, a_fma_2, 2, rows);
          flk_fma_f32(a_fma_4, a_n3_c4_2, &(f32){t_102}, a_fma_3, 2, rows);
          flk_fma_f32(a_fma_5, a_n3_c1_2, &(f32){t_94}, &(f32){t_93}, 6, rows);
          flk_fma_f32(a_fma_6, a_n3_c2_2, &(f32){t_95}, a_fma_5, 2, rows);
          flk_fma_f32(a_fma_7, a_n3_c3_2, &(f32){t_96}, a_fma_6, 2, rows);
          flk_fma_f32(a_fma_8, a_n3_c4_2, &(f32){t_97}, a_fma_7, 2, rows);
          flk_fma_f32(a_fma_9, a_n3_c1_2, &(f32){t_89}, &(f32){t_88}, 6, rows);
          flk_fma_f32(a_fma_10, a_n3_c2_2, &(f32){t_90}, a_fma_9, 2, rows);
          flk_fma_f32(a_fma_11, a_n3_c3_2, &(f32){t_91}, a_fma_10, 2, rows);
          flk_fma_f32(a_fma_12, a_n3_c4_2, &(f32){t_92}, a_fma_11, 2, rows);
          flk_ogt_f32(a_ogt, a_fma_8, a_fma_12, 0, rows);
          flk_sel_f32(a_sel_2, a_ogt, a_fma_8, a_fma_12, 0, rows);
          flk_ogt_f32(a_ogt_2, a_fma_4, a_sel_2, 0, rows);
          flk_sel_i32(a_sel_3, a_ogt, &(i32){1}, a_sel, 1, rows);
          flk_sel_i32(a_sel_4, a_ogt_2, &(i32){2}, a_sel_3, 1, rows);
          flk_cvt_i64_i32(a_cvt, a_sel_4, 0, rows);
          fl_copy((u8 *)t_103, (const u8 *)a_cvt, (u64)rows * 8);
          u64 *t_104 = (u64 *)a_predicted;
          fl_copy((u8 *)t_104, (const u8 *)a_and_5, (rows + 63) / 64 * 8);
        }
        counters[2ul] += flk_count(a_rows_2, rows);
        flk_hash_str(a_hash, a_t_3, a_rows_2, 0u, rows);
        u64 *t_105 = (u64 *)a_hash;
        u64 *t_106 = (u64 *)a_rows_2;
        fl_groups_ahead(table, sizeof(struct n1_group), t_105, t_106, rows);
        for (u32 r_194_w = 0; r_194_w < rows; r_194_w += 64) {
          for (u64 r_194_m = a_rows_2[r_194_w >> 6]; r_194_m; r_194_m &= r_194_m - 1) {
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
  u64 *const a_rows = (u64 *)(w->scratch + 49152);
  u64 *const a_gt = (u64 *)(w->scratch + 49280);
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
    flk_ones_m(a_rows, n);
    counters[1ul] += flk_count(a_rows, n);
    counters[6ul] += flk_count(a_rows, n);
    flk_gt_i64(a_gt, a_n1_a1_sum_n, &(i64){0l}, 2, n);
    fl_vec t_19[3];
    t_19[0].kind = FL_STR; t_19[0].constant = 0; t_19[0].scale = 0; t_19[0].typmod = -1; t_19[0].count = 0; t_19[0].pad = 0;
    t_19[0].data = a_n1_name; t_19[0].valid = NULL; t_19[0].elems = NULL;
    t_19[1].kind = FL_I64; t_19[1].constant = 0; t_19[1].scale = 0; t_19[1].typmod = -1; t_19[1].count = 0; t_19[1].pad = 0;
    t_19[1].data = a_n1_n; t_19[1].valid = NULL; t_19[1].elems = NULL;
    t_19[2].kind = FL_DEC128; t_19[2].constant = 0; t_19[2].scale = 0; t_19[2].typmod = -1; t_19[2].count = 0; t_19[2].pad = 0;
    t_19[2].data = a_n1_a1_sum; t_19[2].valid = a_gt; t_19[2].elems = NULL;
    u64 *t_20 = (u64 *)a_rows;
    flk_result_rows(w, t_19, 3u, (u16 *)0, t_20, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_values", p0_values_prepare, p0_values_morsels, p0_values_worker, p0_values_finish, 16512, 0, 0, 3},
  {"p0_values_link", NULL, p0_values_link_morsels, p0_values_link_worker, NULL, 0, 0, 0, 3},
  {"p1_data", p1_data_prepare, p1_data_morsels, p1_data_worker, p1_data_finish, 139136, 0, 0, 1},
  {"p1_data_merge", NULL, p1_data_merge_morsels, p1_data_merge_worker, p1_data_merge_finish, 0, 0, 0, 1},
  {"p2_groups", NULL, p2_groups_morsels, p2_groups_worker, NULL, 49408, FL_ORDERED, 0, 6},
};

const fl_program fl_main = {FL_ABI, 5, 0x9a69900e5ada27f9ul, sizeof(struct state), pipelines, 7, 0};

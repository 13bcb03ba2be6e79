/*
 * Nested Loop
 *   Join Filter: ((u.a < t.a) AND (u.x > t.b))
 *   ->  Seq Scan on t
 *   ->  Seq Scan on u
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n1_build {
  void *next;
  u64 hash;
  i32 c0_a;
  i32 c0_a_valid;
  fl_str c1_x;
  i32 c1_x_valid;
};

struct state {
  struct n1_build **n1_rows;
  u64 n1_count;
  fl_rows *n1_buffers;
  fl_join *n1_join;
};

static u64 p0_u_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_u_prepare(fl_worker *w, void *state_) {
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

static void p0_u_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n3_a = (i32 *)(w->scratch + 0);
  u64 *const a_n3_a_valid = (u64 *)(w->scratch + 4096);
  fl_str *const a_n3_x = (fl_str *)(w->scratch + 4224);
  fl_str *const a_n3_x_2 = (fl_str *)(w->scratch + 20608);
  u64 *const a_n3_x_valid = (u64 *)(w->scratch + 36992);
  u64 *const a_rows = (u64 *)(w->scratch + 37120);
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
  u32 t_8 = segment->layout;
  i32 t_9 = t_8 == 0u;
  u8 *t_10 = t_2->valid;
  void *t_11 = t_2->data;
  u8 *n3_a_data = (u8 *)t_11;
  fl_column *t_12 = t_2 + 1ul;
  u8 *t_13 = t_12->valid;
  void *t_14 = t_12->data;
  u8 *t_15 = (u8 *)t_14;
  i32 *t_16 = t_12->offsets;
  i32 t_17 = t_8 == 1u;
  i64 *n3_a_data_2 = (i64 *)t_11;
  u64 *counters = w->counters;
  fl_rows *t_18 = s->n1_buffers;
  u32 t_19 = w->id;
  u64 t_20 = (u64)t_19;
  fl_rows *buffer = t_18 + t_20;
  for (u64 at_17 = from; at_17 < to; at_17 += 1024ul) {
    u32 t_21 = q->stop;
    if (t_21) {
      return;
    }
    fl_temp_reset(w);
    u64 t_22 = to - at_17;
    u64 t_23 = fl_min_u64(t_22, 1024ul);
    u32 n = (u32)t_23;
    u64 t_24 = at_17 >> 3ul;
    u8 *t_25 = t_10 + t_24;
    u64 *t_26 = (u64 *)t_25;
    u8 *t_27 = n3_a_data + at_17;
    u8 *t_28 = t_13 + t_24;
    u64 *t_29 = (u64 *)t_28;
    if (t_9) {
      i32 *t_30 = (i32 *)a_n3_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_27 + i + FL_BLOCK / 2);
          const v_u8 n3_a_raw = fl_load_u8(t_27 + i);
          const v_i32 n3_a_raw_2 = fl_cvt_i32_u8(n3_a_raw);
          fl_store_i32(t_30 + i, n3_a_raw_2);
        }
      }
      u64 *t_31 = (u64 *)a_n3_a_valid;
      {
        t_31[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n3_a_valid = fl_load_m(t_26, i);
          fl_store_m(t_31, i, n3_a_valid);
        }
      }
      fl_str *t_32 = (fl_str *)a_n3_x;
      flk_bytes_str(a_n3_x_2, t_16, t_15, at_17, n);
      fl_copy((u8 *)t_32, (const u8 *)a_n3_x_2, (u64)n * 16);
      u64 *t_33 = (u64 *)a_n3_x_valid;
      {
        t_33[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n3_x_valid = fl_load_m(t_29, i);
          fl_store_m(t_33, i, n3_x_valid);
        }
      }
    }
    i64 *t_34 = n3_a_data_2 + at_17;
    if (t_17) {
      i32 *t_35 = (i32 *)a_n3_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_34 + i + FL_BLOCK / 2);
          const v_i64 n3_a_raw_3 = fl_load_i64(t_34 + i);
          const v_i32 n3_a_raw_4 = fl_cvt_i32_i64(n3_a_raw_3);
          fl_store_i32(t_35 + i, n3_a_raw_4);
        }
      }
      u64 *t_36 = (u64 *)a_n3_a_valid;
      {
        t_36[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n3_a_valid_2 = fl_load_m(t_26, i);
          fl_store_m(t_36, i, n3_a_valid_2);
        }
      }
      fl_str *t_37 = (fl_str *)a_n3_x;
      flk_bytes_str(a_n3_x_2, t_16, t_15, at_17, n);
      fl_copy((u8 *)t_37, (const u8 *)a_n3_x_2, (u64)n * 16);
      u64 *t_38 = (u64 *)a_n3_x_valid;
      {
        t_38[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n3_x_valid_2 = fl_load_m(t_29, i);
          fl_store_m(t_38, i, n3_x_valid_2);
        }
      }
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[3ul] += acc;
    }
    flk_ones_m(a_rows, n);
    for (u32 r_67_w = 0; r_67_w < n; r_67_w += 64) {
      for (u64 r_67_m = a_rows[r_67_w >> 6]; r_67_m; r_67_m &= r_67_m - 1) {
        const u32 r_67 = r_67_w + fl_ctz(r_67_m);
        void *t_39 = fl_rows_add(w, buffer, sizeof(struct n1_build));
        struct n1_build *t_40 = (struct n1_build *)t_39;
        t_40->hash = 0ul;
        i32 t_41 = (i32)(a_n3_a_valid[r_67 >> 6] >> (r_67 & 63) & 1);
        t_40->c0_a_valid = t_41;
        i32 t_42 = a_n3_a[r_67];
        t_40->c0_a = t_42;
        i32 t_43 = (i32)(a_n3_x_valid[r_67 >> 6] >> (r_67 & 63) & 1);
        t_40->c1_x_valid = t_43;
        fl_str t_44 = a_n3_x[r_67];
        t_40->c1_x = t_44;
      }
    }
  }
  fl_join *t_45 = s->n1_join;
  fl_join_end(w, t_45, buffer, morsel);
}

static void p0_u_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  fl_join_close(w, t);
}

static u64 p0_u_link_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  u64 t_2 = fl_join_tasks(t);
  return t_2;
}

static void p0_u_link_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_join *t = s->n1_join;
  fl_join_link(w, t, morsel);
}

static u64 p1_t_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 1ul;
  u32 t_3 = t_2->nmorsels;
  u64 t_4 = (u64)t_3;
  return t_4;
}

static void p1_t_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  u16 *const a_t = (u16 *)(w->scratch + 128);
  u32 *const a_t_2 = (u32 *)(w->scratch + 2176);
  u16 *const a_pair_row = (u16 *)(w->scratch + 6272);
  struct n1_build **const a_pair_build = (struct n1_build **)(w->scratch + 8320);
  i32 *const a_n2_a_raw = (i32 *)(w->scratch + 16512);
  fl_str *const a_n2_b = (fl_str *)(w->scratch + 20608);
  i32 *const a_n1_a = (i32 *)(w->scratch + 36992);
  u64 *const a_n1_a_valid = (u64 *)(w->scratch + 41088);
  fl_str *const a_n1_x = (fl_str *)(w->scratch + 41216);
  u64 *const a_n1_x_valid = (u64 *)(w->scratch + 57600);
  u64 *const a_n1_a_2 = (u64 *)(w->scratch + 57728);
  i32 *const a_n1_a_3 = (i32 *)(w->scratch + 57856);
  u64 *const a_n1_b = (u64 *)(w->scratch + 61952);
  fl_str *const a_n1_b_2 = (fl_str *)(w->scratch + 62080);
  u64 *const a_and = (u64 *)(w->scratch + 78464);
  u64 *const a_t_3 = (u64 *)(w->scratch + 78592);
  u64 *const a_and_2 = (u64 *)(w->scratch + 78720);
  u64 *const a_and_3 = (u64 *)(w->scratch + 78848);
  u64 *const a_and_4 = (u64 *)(w->scratch + 78976);
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
  u8 *t_9 = t_3->valid;
  void *t_10 = t_3->data;
  i64 *n2_a_data = (i64 *)t_10;
  fl_column *t_11 = t_3 + 1ul;
  u8 *t_12 = t_11->valid;
  void *t_13 = t_11->data;
  u8 *t_14 = (u8 *)t_13;
  i32 *t_15 = t_11->offsets;
  u64 *counters = w->counters;
  fl_join *t_16 = s->n1_join;
  void **t_17 = t_16->heads;
  u64 t_18 = t_16->shift;
  u64 t_19 = 0ul >> t_18;
  for (u64 at_18 = from; at_18 < to; at_18 += 1024ul) {
    u32 t_20 = q->stop;
    if (t_20) {
      return;
    }
    fl_temp_reset(w);
    u64 t_21 = to - at_18;
    u64 t_22 = fl_min_u64(t_21, 1024ul);
    u32 n = (u32)t_22;
    u64 t_23 = at_18 >> 3ul;
    u8 *t_24 = t_9 + t_23;
    u64 *t_25 = (u64 *)t_24;
    i64 *t_26 = n2_a_data + at_18;
    u8 *t_27 = t_12 + t_23;
    u64 *t_28 = (u64 *)t_27;
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
    u16 *t_29 = (u16 *)a_t;
    u32 *t_30 = (u32 *)a_t_2;
    u32 t_31 = t_30[0ul];
    u32 probe_at_53 = 0u;
    struct n1_build *chain_54 = (struct n1_build *)0;
    u16 *t_32 = (u16 *)a_pair_row;
    struct n1_build **t_33 = (struct n1_build **)a_pair_build;
    u32 current_59 = 0u;
    void *t_34 = fl_temp_mark(w);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        fl_prefetch(t_26 + i + FL_BLOCK / 2);
        const v_i64 n2_a_raw = fl_load_i64(t_26 + i);
        const v_i32 n2_a_raw_2 = fl_cvt_i32_i64(n2_a_raw);
        fl_store_i32(a_n2_a_raw + i, n2_a_raw_2);
      }
    }
    flk_bytes_str(a_n2_b, t_15, t_14, at_18, n);
    for (;;) {
      u32 t_35 = q->stop;
      if (t_35) {
        return;
      }
      fl_temp_release(w, t_34);
      u32 found_63 = 0u;
      for (;;) {
        i32 t_36 = found_63 >= 1024u;
        if (t_36) {
          break;
        }
        i32 t_37 = !chain_54;
        if (t_37) {
          i32 t_38 = probe_at_53 >= t_31;
          if (t_38) {
            break;
          }
          u16 t_39 = t_29[probe_at_53];
          u32 t_40 = (u32)t_39;
          current_59 = t_40;
          u32 t_41 = probe_at_53 + 1u;
          probe_at_53 = t_41;
          void *t_42 = t_17[t_19];
          struct n1_build *t_43 = (struct n1_build *)t_42;
          chain_54 = t_43;
          continue;
        }
        u64 t_44 = chain_54->hash;
        i32 t_45 = t_44 == 0ul;
        if (t_45) {
          if (1) {
            u16 t_46 = (u16)current_59;
            t_32[found_63] = t_46;
            t_33[found_63] = chain_54;
            u32 t_47 = found_63 + 1u;
            found_63 = t_47;
          }
        }
        void *t_48 = chain_54->next;
        struct n1_build *t_49 = (struct n1_build *)t_48;
        chain_54 = t_49;
      }
      i32 t_50 = !found_63;
      if (t_50) {
        break;
      }
      u32 t_51[1]; t_51[0] = found_63;
      u32 pairs = t_51[0ul];
      i32 *t_52 = (i32 *)a_n1_a;
      u64 *t_53 = (u64 *)a_n1_a_valid;
      fl_str *t_54 = (fl_str *)a_n1_x;
      u64 *t_55 = (u64 *)a_n1_x_valid;
      for (u32 i_91 = 0u; i_91 < pairs; i_91 += 1u) {
        struct n1_build *t_56 = t_33[i_91];
        i32 t_57 = t_56->c0_a;
        t_52[i_91] = t_57;
        i32 t_58 = t_56->c0_a_valid;
        fl_setbit(t_53, i_91, t_58);
        fl_str t_59 = t_56->c1_x;
        t_54[i_91] = t_59;
        i32 t_60 = t_56->c1_x_valid;
        fl_setbit(t_55, i_91, t_60);
      }
      u64 *t_61 = (u64 *)a_n1_a_2;
      u64 *t_62 = (u64 *)t_25;
      flk_gather_m(t_61, t_62, t_32, pairs);
      i32 *t_63 = (i32 *)a_n1_a_3;
      i32 *t_64 = (i32 *)a_n2_a_raw;
      flk_gather_4(t_63, t_64, t_32, pairs);
      u64 *t_65 = (u64 *)a_n1_b;
      u64 *t_66 = (u64 *)t_28;
      flk_gather_m(t_65, t_66, t_32, pairs);
      fl_str *t_67 = (fl_str *)a_n1_b_2;
      fl_str *t_68 = (fl_str *)a_n2_b;
      flk_gather_16(t_67, t_68, t_32, pairs);
      {
        a_and_2[(pairs - (pairs != 0)) >> 6] = 0;
        a_and_3[(pairs - (pairs != 0)) >> 6] = 0;
        a_and[(pairs - (pairs != 0)) >> 6] = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_2 = fl_head(pairs, i);
          const v_i32 n1_a = fl_load_i32(a_n1_a + i);
          const v_i32 n1_a_2 = fl_load_i32(a_n1_a_3 + i);
          const m16 lt = fl_lt_i32(n1_a, n1_a_2);
          const m16 n1_a_valid = fl_load_m(a_n1_a_valid, i);
          const m16 n1_a_3 = fl_load_m(a_n1_a_2, i);
          const m16 and = fl_and_m(n1_a_valid, n1_a_3);
          const m16 and_2 = fl_and_m(lt, and);
          const m16 and_3 = fl_and_m(rows_2, and_2);
          fl_store_m(a_and_2, i, and_3);
          const m16 n1_x_valid = fl_load_m(a_n1_x_valid, i);
          const m16 n1_b = fl_load_m(a_n1_b, i);
          const m16 and_4 = fl_and_m(n1_x_valid, n1_b);
          fl_store_m(a_and_3, i, and_4);
          const m16 and_5 = fl_and_m(and_3, and_4);
          fl_store_m(a_and, i, and_5);
        }
      }
      flk_gt_str(a_t_3, a_n1_x, a_n1_b_2, a_and, 0u, pairs);
      {
        a_and_4[(pairs - (pairs != 0)) >> 6] = 0;
        u64 acc_2 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 and_6 = fl_load_m(a_and_2, i);
          const m16 t_69 = fl_load_m(a_t_3, i);
          const m16 and_7 = fl_load_m(a_and_3, i);
          const m16 and_8 = fl_and_m(t_69, and_7);
          const m16 and_9 = fl_and_m(and_6, and_8);
          fl_store_m(a_and_4, i, and_9);
          acc_2 += fl_popcount(and_9);
        }
        counters[1ul] += acc_2;
        counters[4ul] += acc_2;
      }
      fl_vec t_70[2];
      t_70[0].kind = FL_I32; t_70[0].constant = 0; t_70[0].scale = 0; t_70[0].typmod = -1; t_70[0].count = 0; t_70[0].pad = 0;
      t_70[0].data = a_n1_a; t_70[0].valid = a_n1_a_valid; t_70[0].elems = NULL;
      t_70[1].kind = FL_STR; t_70[1].constant = 0; t_70[1].scale = 0; t_70[1].typmod = -1; t_70[1].count = 0; t_70[1].pad = 0;
      t_70[1].data = a_n1_b_2; t_70[1].valid = a_n1_b; t_70[1].elems = NULL;
      u64 *t_71 = (u64 *)a_and_4;
      flk_result_rows(w, t_70, 2u, (u16 *)0, t_71, pairs);
    }
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_u", p0_u_prepare, p0_u_morsels, p0_u_worker, p0_u_finish, 37248, 0, 0, 1},
  {"p0_u_link", NULL, p0_u_link_morsels, p0_u_link_worker, NULL, 0, 0, 0, 1},
  {"p1_t", NULL, p1_t_morsels, p1_t_worker, NULL, 79104, FL_ORDERED, 0, 4},
};

const fl_program fl_main = {FL_ABI, 3, 0x5d8b981ab7d6096aul, sizeof(struct state), pipelines, 5, 0};

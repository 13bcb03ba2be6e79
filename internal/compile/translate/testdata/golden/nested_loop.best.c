/*
 * Nested Loop
 *   Join Filter: ((region.r_regionkey < t.a) AND ((region.r_name)::text > t.b))
 *   ->  Seq Scan on t
 *   ->  Seq Scan on region
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "flv.h"

struct n1_build {
  void *next;
  u64 hash;
  i32 c0_r_regionkey;
  u8 c1_r_name;
};

struct state {
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
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
}

static void p0_region_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_rows = (u64 *)(w->scratch + 0);
  i32 *const a_sel = (i32 *)(w->scratch + 128);
  u64 *const a_hash = (u64 *)(w->scratch + 4224);
  i32 *const a_n3_r_regionkey_raw = (i32 *)(w->scratch + 12416);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_segment *segment = fl_segment_of(t, morsel);
  fl_column *t_2 = segment->cols;
  u32 t_3 = segment->first_morsel;
  u64 t_4 = (u64)t_3;
  u64 t_5 = morsel - t_4;
  u64 from = t_5 * 65536ul;
  u64 t_6 = from + 65536ul;
  u64 t_7 = segment->rows;
  u64 to = fl_min_u64(t_6, t_7);
  void *t_8 = t_2->data;
  u8 *r_regionkey_data = (u8 *)t_8;
  fl_column *t_9 = t_2 + 1ul;
  void *t_10 = t_9->data;
  u8 *r_name_data = (u8 *)t_10;
  u64 *counters = w->counters;
  fl_rows *t_11 = s->n1_buffers;
  u32 t_12 = w->id;
  u64 t_13 = (u64)t_12;
  fl_rows *buffer = t_11 + t_13;
  for (u64 at_16 = from; at_16 < to; at_16 += 1024ul) {
    u32 t_14 = q->stop;
    if (t_14) {
      return;
    }
    fl_temp_reset(w);
    u64 t_15 = to - at_16;
    u64 t_16 = fl_min_u64(t_15, 1024ul);
    u32 n = (u32)t_16;
    u8 *t_17 = r_regionkey_data + at_16;
    u8 *t_18 = r_name_data + at_16;
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[3ul] += acc;
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
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_u8 n3_r_regionkey_raw = fl_load_u8(t_17 + i);
        fl_prefetch(t_17 + i + FL_BLOCK);
        const v_i32 n3_r_regionkey_raw_2 = fl_cvt_i32_u8(n3_r_regionkey_raw);
        fl_store_i32(a_n3_r_regionkey_raw + i, n3_r_regionkey_raw_2);
      }
    }
    for (u32 r_40_w = 0; r_40_w < n; r_40_w += 64) {
      for (u64 r_40_m = a_rows[r_40_w >> 6]; r_40_m; r_40_m &= r_40_m - 1) {
        const u32 r_40 = r_40_w + fl_ctz(r_40_m);
        void *t_19 = fl_rows_add(w, buffer, sizeof(struct n1_build));
        struct n1_build *t_20 = (struct n1_build *)t_19;
        u64 t_21 = a_hash[r_40];
        t_20->hash = t_21;
        i32 t_22 = a_n3_r_regionkey_raw[r_40];
        t_20->c0_r_regionkey = t_22;
        u8 t_23 = t_18[r_40];
        t_20->c1_r_name = t_23;
      }
    }
  }
}

static void p0_region_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n1_buffers;
  fl_join *t_4 = fl_join_build(w, t_3, t_2);
  s->n1_join = t_4;
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
  i32 *const a_sel = (i32 *)(w->scratch + 16512);
  u64 *const a_hash = (u64 *)(w->scratch + 20608);
  i32 *const a_n2_a_raw = (i32 *)(w->scratch + 28800);
  fl_str *const a_n2_b = (fl_str *)(w->scratch + 32896);
  i32 *const a_n1_r_regionkey = (i32 *)(w->scratch + 49280);
  u8 *const a_n1_r_name = (u8 *)(w->scratch + 53376);
  u64 *const a_a = (u64 *)(w->scratch + 54400);
  i32 *const a_a_2 = (i32 *)(w->scratch + 54528);
  u64 *const a_b = (u64 *)(w->scratch + 58624);
  fl_str *const a_b_2 = (fl_str *)(w->scratch + 58752);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 75136);
  u64 *const a_and = (u64 *)(w->scratch + 91520);
  u64 *const a_t_4 = (u64 *)(w->scratch + 91648);
  u64 *const a_and_2 = (u64 *)(w->scratch + 91776);
  fl_str *const a_t_5 = (fl_str *)(w->scratch + 91904);
  u64 *const a_and_3 = (u64 *)(w->scratch + 108288);
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  fl_table *t = q->tables;
  fl_table *t_2 = t + 1ul;
  fl_segment *segment = fl_segment_of(t_2, morsel);
  fl_column *t_3 = segment->cols;
  u32 t_4 = segment->first_morsel;
  u64 t_5 = (u64)t_4;
  u64 t_6 = morsel - t_5;
  u64 from = t_6 * 65536ul;
  u64 t_7 = from + 65536ul;
  u64 t_8 = segment->rows;
  u64 to = fl_min_u64(t_7, t_8);
  u8 *t_9 = t_3->valid;
  void *t_10 = t_3->data;
  i64 *a_data = (i64 *)t_10;
  fl_column *t_11 = t_3 + 1ul;
  u8 *t_12 = t_11->valid;
  i32 *t_13 = t_11->offsets;
  void *t_14 = t_11->data;
  u8 *t_15 = (u8 *)t_14;
  u64 *counters = w->counters;
  fl_join *t_16 = s->n1_join;
  void **t_17 = t_16->heads;
  u64 t_18 = t_16->mask;
  fl_dict *t_19 = t->dicts;
  fl_dict *t_20 = t_19 + 1ul;
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
    u8 *t_25 = t_9 + t_24;
    u64 *t_26 = (u64 *)t_25;
    i64 *t_27 = a_data + at_17;
    u8 *t_28 = t_12 + t_24;
    u64 *t_29 = (u64 *)t_28;
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
    u16 *t_30 = (u16 *)a_t;
    u32 *t_31 = (u32 *)a_t_2;
    u32 t_32 = t_31[0ul];
    u32 probe_at_54 = 0u;
    struct n1_build *chain_55 = (struct n1_build *)0;
    u16 *t_33 = (u16 *)a_pair_row;
    struct n1_build **t_34 = (struct n1_build **)a_pair_build;
    u32 current_60 = 0u;
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        const v_i32 sel = fl_set_i32(1);
        fl_store_i32(a_sel + i, sel);
      }
    }
    flk_hash_i32(a_hash, a_sel, 0u, n);
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i64 n2_a_raw = fl_load_i64(t_27 + i);
        fl_prefetch(t_27 + i + FL_BLOCK);
        const v_i32 n2_a_raw_2 = fl_cvt_i32_i64(n2_a_raw);
        fl_store_i32(a_n2_a_raw + i, n2_a_raw_2);
      }
    }
    flk_bytes_str(a_n2_b, t_13, t_15, at_17, n);
    for (;;) {
      u32 t_35 = q->stop;
      if (t_35) {
        return;
      }
      u32 found_62 = 0u;
      for (;;) {
        i32 t_36 = found_62 >= 1024u;
        if (t_36) {
          break;
        }
        i32 t_37 = !chain_55;
        if (t_37) {
          i32 t_38 = probe_at_54 >= t_32;
          if (t_38) {
            break;
          }
          u16 t_39 = t_30[probe_at_54];
          u32 t_40 = (u32)t_39;
          current_60 = t_40;
          u32 t_41 = probe_at_54 + 1u;
          probe_at_54 = t_41;
          u64 t_42 = a_hash[current_60];
          u64 t_43 = t_42 & t_18;
          void *t_44 = t_17[t_43];
          struct n1_build *t_45 = (struct n1_build *)t_44;
          chain_55 = t_45;
          continue;
        }
        u64 t_46 = chain_55->hash;
        u64 t_47 = a_hash[current_60];
        i32 t_48 = t_46 == t_47;
        if (t_48) {
          if (1) {
            u16 t_49 = (u16)current_60;
            t_33[found_62] = t_49;
            t_34[found_62] = chain_55;
            u32 t_50 = found_62 + 1u;
            found_62 = t_50;
          }
        }
        void *t_51 = chain_55->next;
        struct n1_build *t_52 = (struct n1_build *)t_51;
        chain_55 = t_52;
      }
      i32 t_53 = !found_62;
      if (t_53) {
        break;
      }
      u32 t_54[1]; t_54[0] = found_62;
      u32 pairs = t_54[0ul];
      i32 *t_55 = (i32 *)a_n1_r_regionkey;
      u8 *t_56 = (u8 *)a_n1_r_name;
      for (u32 i_88 = 0u; i_88 < pairs; i_88 += 1u) {
        struct n1_build *t_57 = t_34[i_88];
        i32 t_58 = t_57->c0_r_regionkey;
        t_55[i_88] = t_58;
        u8 t_59 = t_57->c1_r_name;
        t_56[i_88] = t_59;
      }
      u64 *t_60 = (u64 *)a_a;
      u64 *t_61 = (u64 *)t_26;
      flk_gather_m(t_60, t_61, t_33, pairs);
      i32 *t_62 = (i32 *)a_a_2;
      i32 *t_63 = (i32 *)a_n2_a_raw;
      flk_gather_4(t_62, t_63, t_33, pairs);
      u64 *t_64 = (u64 *)a_b;
      u64 *t_65 = (u64 *)t_29;
      flk_gather_m(t_64, t_65, t_33, pairs);
      fl_str *t_66 = (fl_str *)a_b_2;
      fl_str *t_67 = (fl_str *)a_n2_b;
      flk_gather_16(t_66, t_67, t_33, pairs);
      flk_dict_str_u8(a_t_3, t_20, a_n1_r_name, NULL, pairs);
      {
        a_and_2[(pairs - (pairs != 0)) >> 6] = 0;
        a_and[(pairs - (pairs != 0)) >> 6] = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 rows_3 = fl_head(pairs, i);
          const v_i32 n1_r_regionkey = fl_load_i32(a_n1_r_regionkey + i);
          const v_i32 a = fl_load_i32(a_a_2 + i);
          const m16 lt = fl_lt_i32(n1_r_regionkey, a);
          const m16 a_2 = fl_load_m(a_a, i);
          const m16 and = fl_and_m(lt, a_2);
          const m16 and_2 = fl_and_m(rows_3, and);
          fl_store_m(a_and_2, i, and_2);
          const m16 b = fl_load_m(a_b, i);
          const m16 and_3 = fl_and_m(and_2, b);
          fl_store_m(a_and, i, and_3);
        }
      }
      flk_gt_str(a_t_4, a_t_3, a_b_2, a_and, 0u, pairs);
      {
        a_and_3[(pairs - (pairs != 0)) >> 6] = 0;
        u64 acc_2 = 0;
        u64 acc_3 = 0;
        for (u32 i = 0; i < pairs; i += FL_LANES) {
          const m16 and_4 = fl_load_m(a_and_2, i);
          const m16 t_68 = fl_load_m(a_t_4, i);
          const m16 b_2 = fl_load_m(a_b, i);
          const m16 and_5 = fl_and_m(t_68, b_2);
          const m16 and_6 = fl_and_m(and_4, and_5);
          fl_store_m(a_and_3, i, and_6);
          acc_2 += fl_popcount(and_6);
          acc_3 += fl_popcount(and_6);
        }
        counters[1ul] += acc_2;
        counters[4ul] += acc_3;
      }
      flk_dict_str_u8(a_t_5, t_20, a_n1_r_name, NULL, pairs);
      fl_vec t_69[2];
      t_69[0].kind = FL_STR; t_69[0].constant = 0; t_69[0].scale = 0; t_69[0].typmod = 25; t_69[0].count = 0; t_69[0].pad = 0;
      t_69[0].data = a_t_5; t_69[0].valid = NULL; t_69[0].elems = NULL;
      t_69[1].kind = FL_I32; t_69[1].constant = 0; t_69[1].scale = 0; t_69[1].typmod = -1; t_69[1].count = 0; t_69[1].pad = 0;
      t_69[1].data = a_a_2; t_69[1].valid = a_a; t_69[1].elems = NULL;
      u64 *t_70 = (u64 *)a_and_3;
      flk_result_rows(w, t_69, 2u, (u16 *)0, t_70, pairs);
    }
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_region", p0_region_prepare, p0_region_morsels, p0_region_worker, p0_region_finish, 16512, 0, 0, 1},
  {"p1_t", NULL, p1_t_morsels, p1_t_worker, NULL, 108416, FL_ORDERED, 0, 4},
};

const fl_program fl_main = {FL_ABI, 2, 0x9be7c27470142691ul, sizeof(struct state), pipelines, 5, 0};

/*
 * Seq Scan on u
 *   Filter: ((a >= 10) AND (a <= 20) AND (x ~~ 'a%'::text))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct state {
  fl_like *like_0;
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
  u8 **t = q->blobs;
  u8 *t_2 = t[3ul];
  fl_str t_3 = fl_str_of_blob(t_2);
  u8 *t_4 = t[5ul];
  fl_str t_5 = fl_str_of_blob(t_4);
  fl_str t_6[1]; t_6[0] = t_3;
  fl_str t_7[1]; t_7[0] = t_5;
  fl_like *t_8 = flk_like_prepare(w, t_6, t_7, 0u, 112);
  s->like_0 = t_8;
}

static void p0_u_worker(fl_worker *w, void *state_, u64 morsel) {
  i32 *const a_n1_a = (i32 *)(w->scratch + 0);
  u64 *const a_n1_a_valid = (u64 *)(w->scratch + 4096);
  fl_str *const a_n1_x = (fl_str *)(w->scratch + 4224);
  fl_str *const a_n1_x_2 = (fl_str *)(w->scratch + 20608);
  u64 *const a_n1_x_valid = (u64 *)(w->scratch + 36992);
  i64 *const a_n1_y = (i64 *)(w->scratch + 37120);
  u64 *const a_n1_y_valid = (u64 *)(w->scratch + 45312);
  u64 *const a_selected = (u64 *)(w->scratch + 45440);
  u64 *const a_and = (u64 *)(w->scratch + 45568);
  u64 *const a_t = (u64 *)(w->scratch + 45696);
  u64 *const a_and_2 = (u64 *)(w->scratch + 45824);
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
  i32 t_9 = fl_excluded(t_2, t_5, t_8);
  if (t_9) {
    return;
  }
  u32 t_10 = segment->first_morsel;
  u64 t_11 = (u64)t_10;
  u64 t_12 = morsel - t_11;
  u64 morsel_rows = q->morsel;
  u64 from = t_12 * morsel_rows;
  u64 t_13 = from + morsel_rows;
  u64 t_14 = segment->rows;
  u64 to = fl_min_u64(t_13, t_14);
  u32 t_15 = segment->layout;
  i32 t_16 = t_15 == 0u;
  u8 *t_17 = t_2->valid;
  void *t_18 = t_2->data;
  u8 *n1_a_data = (u8 *)t_18;
  fl_column *t_19 = t_2 + 1ul;
  u8 *t_20 = t_19->valid;
  void *t_21 = t_19->data;
  u8 *t_22 = (u8 *)t_21;
  i32 *t_23 = t_19->offsets;
  fl_column *t_24 = t_2 + 2ul;
  u8 *t_25 = t_24->valid;
  void *t_26 = t_24->data;
  i64 *n1_y_data = (i64 *)t_26;
  u32 t_27 = fl_encode_lo(t_2, 1l, 255u, t_5, t_8);
  u8 t_28 = (u8)t_27;
  u32 t_29 = fl_encode_hi(t_2, 1l, 255u, t_5, t_8);
  u8 t_30 = (u8)t_29;
  i32 t_31 = t_15 == 1u;
  i64 *n1_a_data_2 = (i64 *)t_18;
  fl_like *t_32 = s->like_0;
  u64 *counters = w->counters;
  for (u64 at_24 = from; at_24 < to; at_24 += 1024ul) {
    u32 t_33 = q->stop;
    if (t_33) {
      return;
    }
    fl_temp_reset(w);
    u64 t_34 = to - at_24;
    u64 t_35 = fl_min_u64(t_34, 1024ul);
    u32 n = (u32)t_35;
    u64 t_36 = at_24 >> 3ul;
    u8 *t_37 = t_17 + t_36;
    u64 *t_38 = (u64 *)t_37;
    u8 *t_39 = n1_a_data + at_24;
    u8 *t_40 = t_20 + t_36;
    u64 *t_41 = (u64 *)t_40;
    u8 *t_42 = t_25 + t_36;
    u64 *t_43 = (u64 *)t_42;
    i64 *t_44 = n1_y_data + at_24;
    if (t_16) {
      i32 *t_45 = (i32 *)a_n1_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_u8 n1_a_raw = fl_load_u8(t_39 + i);
          const v_i32 n1_a_raw_2 = fl_cvt_i32_u8(n1_a_raw);
          fl_store_i32(t_45 + i, n1_a_raw_2);
        }
      }
      u64 *t_46 = (u64 *)a_n1_a_valid;
      {
        t_46[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_a_valid = fl_load_m(t_38, i);
          fl_store_m(t_46, i, n1_a_valid);
        }
      }
      fl_str *t_47 = (fl_str *)a_n1_x;
      flk_bytes_str(a_n1_x_2, t_23, t_22, at_24, n);
      fl_copy((u8 *)t_47, (const u8 *)a_n1_x_2, (u64)n * 16);
      u64 *t_48 = (u64 *)a_n1_x_valid;
      {
        t_48[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_x_valid = fl_load_m(t_41, i);
          fl_store_m(t_48, i, n1_x_valid);
        }
      }
      i64 *t_49 = (i64 *)a_n1_y;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_y_raw = fl_load_i64(t_44 + i);
          fl_store_i64(t_49 + i, n1_y_raw);
        }
      }
      u64 *t_50 = (u64 *)a_n1_y_valid;
      {
        t_50[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_y_valid = fl_load_m(t_43, i);
          fl_store_m(t_50, i, n1_y_valid);
        }
      }
      u64 *t_51 = (u64 *)a_selected;
      {
        t_51[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_39 + i + FL_BLOCK);
          fl_prefetch(t_44 + i + FL_BLOCK);
          const m16 rows = fl_head(n, i);
          const v_u8 n1_a_raw_3 = fl_load_u8(t_39 + i);
          const m16 ge = fl_ge_u8(n1_a_raw_3, fl_set_u8(t_28));
          const m16 le = fl_le_u8(n1_a_raw_3, fl_set_u8(t_30));
          const m16 and = fl_and_m(ge, le);
          const m16 n1_a_valid_2 = fl_load_m(t_38, i);
          const m16 and_2 = fl_and_m(and, n1_a_valid_2);
          const m16 and_3 = fl_and_m(rows, and_2);
          fl_store_m(t_51, i, and_3);
        }
      }
    }
    i64 *t_52 = n1_a_data_2 + at_24;
    if (t_31) {
      i32 *t_53 = (i32 *)a_n1_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_a_raw_4 = fl_load_i64(t_52 + i);
          const v_i32 n1_a_raw_5 = fl_cvt_i32_i64(n1_a_raw_4);
          fl_store_i32(t_53 + i, n1_a_raw_5);
        }
      }
      u64 *t_54 = (u64 *)a_n1_a_valid;
      {
        t_54[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_a_valid_3 = fl_load_m(t_38, i);
          fl_store_m(t_54, i, n1_a_valid_3);
        }
      }
      fl_str *t_55 = (fl_str *)a_n1_x;
      flk_bytes_str(a_n1_x_2, t_23, t_22, at_24, n);
      fl_copy((u8 *)t_55, (const u8 *)a_n1_x_2, (u64)n * 16);
      u64 *t_56 = (u64 *)a_n1_x_valid;
      {
        t_56[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_x_valid_2 = fl_load_m(t_41, i);
          fl_store_m(t_56, i, n1_x_valid_2);
        }
      }
      i64 *t_57 = (i64 *)a_n1_y;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_y_raw_2 = fl_load_i64(t_44 + i);
          fl_store_i64(t_57 + i, n1_y_raw_2);
        }
      }
      u64 *t_58 = (u64 *)a_n1_y_valid;
      {
        t_58[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 n1_y_valid_2 = fl_load_m(t_43, i);
          fl_store_m(t_58, i, n1_y_valid_2);
        }
      }
      u64 *t_59 = (u64 *)a_selected;
      {
        t_59[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_52 + i + FL_BLOCK);
          fl_prefetch(t_44 + i + FL_BLOCK);
          const m16 rows_2 = fl_head(n, i);
          const v_i64 n1_a_raw_6 = fl_load_i64(t_52 + i);
          const m16 ge_2 = fl_ge_i64(n1_a_raw_6, fl_set_i64(t_5));
          const m16 le_2 = fl_le_i64(n1_a_raw_6, fl_set_i64(t_8));
          const m16 and_4 = fl_and_m(ge_2, le_2);
          const m16 n1_a_valid_4 = fl_load_m(t_38, i);
          const m16 and_5 = fl_and_m(and_4, n1_a_valid_4);
          const m16 and_6 = fl_and_m(rows_2, and_5);
          fl_store_m(t_59, i, and_6);
        }
      }
    }
    {
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 selected = fl_load_m(a_selected, i);
        const m16 n1_x_valid_3 = fl_load_m(a_n1_x_valid, i);
        const m16 and_7 = fl_and_m(selected, n1_x_valid_3);
        fl_store_m(a_and, i, and_7);
      }
    }
    flk_like(w, a_t, a_n1_x, t_32, a_and, 112, n);
    {
      a_and_2[(n - (n != 0)) >> 6] = 0;
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 selected_2 = fl_load_m(a_selected, i);
        const m16 t_60 = fl_load_m(a_t, i);
        const m16 n1_x_valid_4 = fl_load_m(a_n1_x_valid, i);
        const m16 and_8 = fl_and_m(t_60, n1_x_valid_4);
        const m16 and_9 = fl_and_m(selected_2, and_8);
        fl_store_m(a_and_2, i, and_9);
        acc += fl_popcount(and_9);
      }
      counters[1ul] += acc;
      counters[2ul] += acc;
    }
    fl_vec t_61[2];
    t_61[0].kind = FL_I64; t_61[0].constant = 0; t_61[0].scale = 0; t_61[0].typmod = -1; t_61[0].count = 0; t_61[0].pad = 0;
    t_61[0].data = a_n1_y; t_61[0].valid = a_n1_y_valid; t_61[0].elems = NULL;
    t_61[1].kind = FL_STR; t_61[1].constant = 0; t_61[1].scale = 0; t_61[1].typmod = -1; t_61[1].count = 0; t_61[1].pad = 0;
    t_61[1].data = a_n1_x; t_61[1].valid = a_n1_x_valid; t_61[1].elems = NULL;
    u64 *t_62 = (u64 *)a_and_2;
    flk_result_rows(w, t_61, 2u, (u16 *)0, t_62, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_u", p0_u_prepare, p0_u_morsels, p0_u_worker, NULL, 45952, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0x71afb53f45713157ul, sizeof(struct state), pipelines, 3, 0};

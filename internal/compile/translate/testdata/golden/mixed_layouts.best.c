/*
 * Seq Scan on u
 *   Filter: ((a >= 10) AND (a <= 20) AND (y > '5'::bigint))
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "flv.h"

struct state {
  u64 unused;
};

static u64 p0_u_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_u_worker(fl_worker *w, void *state_, u64 morsel) {
  u64 *const a_and = (u64 *)(w->scratch + 0);
  i32 *const a_a = (i32 *)(w->scratch + 128);
  u64 *const a_a_valid = (u64 *)(w->scratch + 4224);
  i64 *const a_y = (i64 *)(w->scratch + 4352);
  u64 *const a_y_valid = (u64 *)(w->scratch + 12544);
  u64 *const a_selected = (u64 *)(w->scratch + 12672);
  u64 *const a_and_2 = (u64 *)(w->scratch + 12800);
  u64 *const a_and_3 = (u64 *)(w->scratch + 12928);
  i64 *const a_mul = (i64 *)(w->scratch + 13056);
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
  u8 *t_10 = t_3 + 16ul;
  i64 *t_11 = (i64 *)t_10;
  i64 t_12 = t_11[0ul];
  u8 *t_13 = t_3 + 24ul;
  i64 *t_14 = (i64 *)t_13;
  i64 t_15 = t_14[0ul];
  fl_column *t_16 = t_2 + 1ul;
  i32 t_17 = fl_excluded(t_16, t_12, t_15);
  if (t_17) {
    return;
  }
  u32 t_18 = segment->first_morsel;
  u64 t_19 = (u64)t_18;
  u64 t_20 = morsel - t_19;
  u64 from = t_20 * 65536ul;
  u64 t_21 = from + 65536ul;
  u64 t_22 = segment->rows;
  u64 to = fl_min_u64(t_21, t_22);
  u32 t_23 = segment->layout;
  i32 t_24 = t_23 == 0u;
  u8 *t_25 = t_2->valid;
  void *t_26 = t_2->data;
  u8 *a_data = (u8 *)t_26;
  u8 *t_27 = t_16->valid;
  void *t_28 = t_16->data;
  i64 *y_data = (i64 *)t_28;
  u32 t_29 = fl_encode_lo(t_2, 1l, 255u, t_5, t_8);
  u8 t_30 = (u8)t_29;
  u32 t_31 = fl_encode_hi(t_2, 1l, 255u, t_5, t_8);
  u8 t_32 = (u8)t_31;
  i32 t_33 = t_23 == 1u;
  i64 *a_data_2 = (i64 *)t_26;
  u64 *counters = w->counters;
  u8 *t_34 = t_3 + 32ul;
  i64 *t_35 = (i64 *)t_34;
  i64 t_36 = t_35[0ul];
  i32 t_37 = (i32)t_36;
  i64 t_38 = (i64)t_37;
  for (u64 at_31 = from; at_31 < to; at_31 += 1024ul) {
    u32 t_39 = q->stop;
    if (t_39) {
      return;
    }
    fl_temp_reset(w);
    u64 t_40 = to - at_31;
    u64 t_41 = fl_min_u64(t_40, 1024ul);
    u32 n = (u32)t_41;
    u64 t_42 = at_31 >> 3ul;
    u8 *t_43 = t_25 + t_42;
    u64 *t_44 = (u64 *)t_43;
    u8 *t_45 = a_data + at_31;
    u8 *t_46 = t_27 + t_42;
    u64 *t_47 = (u64 *)t_46;
    i64 *t_48 = y_data + at_31;
    {
      a_and_2[(n - (n != 0)) >> 6] = 0;
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        const v_u8 n1_a_raw = fl_load_u8(t_45 + i);
        fl_prefetch(t_45 + i + FL_BLOCK);
        const m16 ge = fl_ge_u8(n1_a_raw, fl_set_u8(t_30));
        const m16 le = fl_le_u8(n1_a_raw, fl_set_u8(t_32));
        const m16 and = fl_and_m(ge, le);
        const m16 a_valid = fl_load_m(t_44, i);
        const m16 and_2 = fl_and_m(and, a_valid);
        const m16 and_3 = fl_and_m(rows, and_2);
        const v_i64 n1_y_raw = fl_load_i64(t_48 + i);
        fl_prefetch(t_48 + i + FL_BLOCK);
        const m16 ge_2 = fl_ge_i64(n1_y_raw, fl_set_i64(t_12));
        const m16 le_2 = fl_le_i64(n1_y_raw, fl_set_i64(t_15));
        const m16 and_4 = fl_and_m(ge_2, le_2);
        const m16 y_valid = fl_load_m(t_47, i);
        const m16 and_5 = fl_and_m(and_4, y_valid);
        fl_store_m(a_and_2, i, and_5);
        const m16 and_6 = fl_and_m(and_3, and_5);
        fl_store_m(a_and, i, and_6);
      }
    }
    if (t_24) {
      i32 *t_49 = (i32 *)a_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_u8 n1_a_raw_2 = fl_load_u8(t_45 + i);
          const v_i32 n1_a_raw_3 = fl_cvt_i32_u8(n1_a_raw_2);
          fl_store_i32(t_49 + i, n1_a_raw_3);
        }
      }
      u64 *t_50 = (u64 *)a_a_valid;
      {
        t_50[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 a_valid_2 = fl_load_m(t_44, i);
          fl_store_m(t_50, i, a_valid_2);
        }
      }
      i64 *t_51 = (i64 *)a_y;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_y_raw_2 = fl_load_i64(t_48 + i);
          fl_store_i64(t_51 + i, n1_y_raw_2);
        }
      }
      u64 *t_52 = (u64 *)a_y_valid;
      {
        t_52[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 y_valid_2 = fl_load_m(t_47, i);
          fl_store_m(t_52, i, y_valid_2);
        }
      }
      u64 *t_53 = (u64 *)a_selected;
      {
        t_53[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 and_7 = fl_load_m(a_and, i);
          fl_store_m(t_53, i, and_7);
        }
      }
    }
    i64 *t_54 = a_data_2 + at_31;
    {
      a_and_3[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        const v_i64 n1_a_raw_4 = fl_load_i64(t_54 + i);
        fl_prefetch(t_54 + i + FL_BLOCK);
        const m16 ge_3 = fl_ge_i64(n1_a_raw_4, fl_set_i64(t_5));
        const m16 le_3 = fl_le_i64(n1_a_raw_4, fl_set_i64(t_8));
        const m16 and_8 = fl_and_m(ge_3, le_3);
        const m16 a_valid_3 = fl_load_m(t_44, i);
        const m16 and_9 = fl_and_m(and_8, a_valid_3);
        const m16 and_10 = fl_and_m(rows_2, and_9);
        const m16 and_11 = fl_load_m(a_and_2, i);
        const m16 and_12 = fl_and_m(and_10, and_11);
        fl_store_m(a_and_3, i, and_12);
      }
    }
    if (t_33) {
      i32 *t_55 = (i32 *)a_a;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_a_raw_5 = fl_load_i64(t_54 + i);
          const v_i32 n1_a_raw_6 = fl_cvt_i32_i64(n1_a_raw_5);
          fl_store_i32(t_55 + i, n1_a_raw_6);
        }
      }
      u64 *t_56 = (u64 *)a_a_valid;
      {
        t_56[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 a_valid_4 = fl_load_m(t_44, i);
          fl_store_m(t_56, i, a_valid_4);
        }
      }
      i64 *t_57 = (i64 *)a_y;
      {
        for (u32 i = 0; i < n; i += FL_LANES) {
          const v_i64 n1_y_raw_3 = fl_load_i64(t_48 + i);
          fl_store_i64(t_57 + i, n1_y_raw_3);
        }
      }
      u64 *t_58 = (u64 *)a_y_valid;
      {
        t_58[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 y_valid_3 = fl_load_m(t_47, i);
          fl_store_m(t_58, i, y_valid_3);
        }
      }
      u64 *t_59 = (u64 *)a_selected;
      {
        t_59[(n - (n != 0)) >> 6] = 0;
        for (u32 i = 0; i < n; i += FL_LANES) {
          const m16 and_13 = fl_load_m(a_and_3, i);
          fl_store_m(t_59, i, and_13);
        }
      }
    }
    {
      u64 acc = 0;
      u64 acc_2 = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 selected = fl_load_m(a_selected, i);
        acc += fl_popcount(selected);
        acc_2 += fl_popcount(selected);
        const m16 y_valid_4 = fl_load_m(a_y_valid, i);
        const m16 and_14 = fl_and_m(selected, y_valid_4);
        const v_i64 y = fl_load_i64(a_y + i);
        const m16 mulo = fl_mulo_i64(y, fl_set_i64(t_38));
        const m16 and_15 = fl_and_m(and_14, mulo);
        if (and_15) fl_raise(w, "22003", 73, "bigint out of range");
        const v_i64 mul = fl_mul_i64(y, fl_set_i64(t_38));
        fl_store_i64(a_mul + i, mul);
      }
      counters[1ul] += acc;
      counters[2ul] += acc_2;
    }
    fl_vec t_60[2];
    t_60[0].kind = FL_I32; t_60[0].constant = 0; t_60[0].scale = 0; t_60[0].typmod = -1; t_60[0].count = 0; t_60[0].pad = 0;
    t_60[0].data = a_a; t_60[0].valid = a_a_valid; t_60[0].elems = NULL;
    t_60[1].kind = FL_I64; t_60[1].constant = 0; t_60[1].scale = 0; t_60[1].typmod = -1; t_60[1].count = 0; t_60[1].pad = 0;
    t_60[1].data = a_mul; t_60[1].valid = a_y_valid; t_60[1].elems = NULL;
    u64 *t_61 = (u64 *)a_selected;
    flk_result_rows(w, t_60, 2u, (u16 *)0, t_61, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_u", NULL, p0_u_morsels, p0_u_worker, NULL, 21248, FL_ORDERED, 0, 2},
};

const fl_program fl_main = {FL_ABI, 1, 0x315259a6d1fbf488ul, sizeof(struct state), pipelines, 3, 0};

/*
 * Sort
 *   Sort Key: l_returnflag, l_linestatus
 *   ->  HashAggregate
 *         Group Key: l_returnflag, l_linestatus
 *         Aggregates: sum(l_quantity), sum(l_extendedprice), sum((l_extendedprice * ('1'::numeric - l_discount))), sum(((l_extendedprice * ('1'::numeric - l_discount)) * ('1'::numeric + l_tax))), avg(l_quantity), avg(l_extendedprice), avg(l_discount), count(*)
 *         ->  Seq Scan on lineitem
 *               Filter: (l_shipdate <= '1998-09-02'::date)
 */
#include "fl.h"
#include "kernels.h"
#include "support.h"
#include "parcels.h"
#include "fsum.h"
#include "flv.h"

struct n2_group {
  i64 n;
  u8 c0_l_returnflag;
  u8 c1_l_linestatus;
  i64 a0_sum;
  fl_i128 a1_sum;
  fl_i128 a2_sum;
  fl_i128 a3_sum;
  i64 a6_avg;
};

struct n1_row {
  u64 order;
  fl_str k0;
  fl_str k1;
  u8 c0_l_returnflag;
  u8 c1_l_linestatus;
  i64 c2_sum;
  i32 c2_sum_valid;
  fl_i128 c3_sum;
  i32 c3_sum_valid;
  fl_i128 c4_sum;
  i32 c4_sum_valid;
  fl_i128 c5_sum;
  i32 c5_sum_valid;
  fl_str c6_avg;
  i32 c6_avg_valid;
  fl_str c7_avg;
  i32 c7_avg_valid;
  fl_str c8_avg;
  i32 c8_avg_valid;
  i64 c9_count;
};

struct state {
  struct n2_group **n2_rows;
  u64 n2_count;
  struct n2_group *n2_acc;
  u64 n2_slots;
  struct n1_row **n1_rows;
  u64 n1_count;
  fl_rows *n1_buffers;
  fl_sort *n1_sort;
};

static i32 n1_compare(void *x_, void *y_) {
  struct n1_row *x = (struct n1_row *)x_;
  struct n1_row *y = (struct n1_row *)y_;
  fl_str t = x->k0;
  fl_str t_2 = y->k0;
  i32 t_3 = fl_compare_str(t, t_2);
  if (t_3) {
    return t_3;
  }
  fl_str t_4 = x->k1;
  fl_str t_5 = y->k1;
  i32 t_6 = fl_compare_str(t_4, t_5);
  if (t_6) {
    return t_6;
  }
  u64 t_7 = x->order;
  u64 t_8 = y->order;
  i32 t_9 = fl_compare_u64(t_7, t_8);
  return t_9;
}

static u64 p0_lineitem_morsels(fl_worker *w, void *state_) {
  fl_query *q = w->q;
  fl_table *t = q->tables;
  u32 t_2 = t->nmorsels;
  u64 t_3 = (u64)t_2;
  return t_3;
}

static void p0_lineitem_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  s->n2_slots = t_2;
  u64 t_3 = 128ul / sizeof(struct n2_group);
  u64 t_4 = t_3 + 10ul;
  u64 t_5 = t_2 * t_4;
  u64 t_6 = t_5 * sizeof(struct n2_group);
  void *t_7 = fl_alloc(w, t_6);
  struct n2_group *t_8 = (struct n2_group *)t_7;
  s->n2_acc = t_8;
}

static void p0_lineitem_worker(fl_worker *w, void *state_, u64 morsel) {
  u8 *const a_n2_group = (u8 *)(w->scratch + 0);
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
  fl_column *t_9 = t_2 + 6ul;
  i32 t_10 = fl_excluded(t_9, t_5, t_8);
  if (t_10) {
    return;
  }
  u32 t_11 = segment->first_morsel;
  u64 t_12 = (u64)t_11;
  u64 t_13 = morsel - t_12;
  u64 morsel_rows = q->morsel;
  u64 from = t_13 * morsel_rows;
  u64 t_14 = from + morsel_rows;
  u64 t_15 = segment->rows;
  u64 to = fl_min_u64(t_14, t_15);
  void *t_16 = t_2->data;
  u8 *n3_l_quantity_data = (u8 *)t_16;
  fl_column *t_17 = t_2 + 1ul;
  void *t_18 = t_17->data;
  u32 *n3_l_extendedprice_data = (u32 *)t_18;
  fl_column *t_19 = t_2 + 2ul;
  void *t_20 = t_19->data;
  u8 *n3_l_discount_data = (u8 *)t_20;
  fl_column *t_21 = t_2 + 3ul;
  void *t_22 = t_21->data;
  u8 *n3_l_tax_data = (u8 *)t_22;
  fl_column *t_23 = t_2 + 4ul;
  void *t_24 = t_23->data;
  u8 *n3_l_returnflag_data = (u8 *)t_24;
  fl_column *t_25 = t_2 + 5ul;
  void *t_26 = t_25->data;
  u8 *n3_l_linestatus_data = (u8 *)t_26;
  void *t_27 = t_9->data;
  u16 *n3_l_shipdate_data = (u16 *)t_27;
  u32 t_28 = fl_encode_lo(t_9, 1l, 65535u, t_5, t_8);
  u16 t_29 = (u16)t_28;
  u32 t_30 = fl_encode_hi(t_9, 1l, 65535u, t_5, t_8);
  u16 t_31 = (u16)t_30;
  u64 *counters = w->counters;
  u8 *t_32 = t_3 + 16ul;
  i64 *t_33 = (i64 *)t_32;
  i64 t_34 = t_33[0ul];
  i32 t_35 = (i32)t_34;
  i64 t_36 = (i64)t_35;
  i64 t_37 = t_36 * 100l;
  i32 t_38 = (i32)t_37;
  u32 t_39 = w->id;
  u64 t_40 = (u64)t_39;
  struct n2_group *t_41 = s->n2_acc;
  u64 t_42 = 128ul / sizeof(struct n2_group);
  u64 t_43 = t_42 + 10ul;
  u64 t_44 = t_40 * t_43;
  struct n2_group *groups = t_41 + t_44;
  for (u64 at_25 = from; at_25 < to; at_25 += 1024ul) {
    u32 t_45 = q->stop;
    if (t_45) {
      return;
    }
    fl_temp_reset(w);
    u64 t_46 = to - at_25;
    u64 t_47 = fl_min_u64(t_46, 1024ul);
    u32 n = (u32)t_47;
    u8 *t_48 = n3_l_quantity_data + at_25;
    u32 *t_49 = n3_l_extendedprice_data + at_25;
    u8 *t_50 = n3_l_discount_data + at_25;
    u8 *t_51 = n3_l_tax_data + at_25;
    u8 *t_52 = n3_l_returnflag_data + at_25;
    u8 *t_53 = n3_l_linestatus_data + at_25;
    u16 *t_54 = n3_l_shipdate_data + at_25;
    i32 present_107 = 0;
    {
      u64 acc = 0;
      v_i32 acc_2 = fl_id_ror_i32();
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        const v_u16 n3_l_shipdate_raw = fl_load_u16(t_54 + i);
        const m16 ge = fl_ge_u16(n3_l_shipdate_raw, fl_set_u16(t_29));
        const m16 le = fl_le_u16(n3_l_shipdate_raw, fl_set_u16(t_31));
        const m16 and = fl_and_m(ge, le);
        const m16 and_2 = fl_and_m(rows, and);
        acc += fl_popcount(and_2);
        const v_i32 sel = fl_set_i32(1);
        const v_u8 n3_l_returnflag_raw = fl_load_u8(t_52 + i);
        const v_i32 n3_l_returnflag_raw_2 = fl_cvt_i32_u8(n3_l_returnflag_raw);
        const v_u8 n3_l_linestatus_raw = fl_load_u8(t_53 + i);
        const v_i32 n3_l_linestatus_raw_2 = fl_cvt_i32_u8(n3_l_linestatus_raw);
        const v_i32 mul = fl_mul_i32(n3_l_linestatus_raw_2, fl_set_i32(4));
        const v_i32 add = fl_add_i32(n3_l_returnflag_raw_2, mul);
        const v_i32 shl = fl_shl_i32(sel, add);
        acc_2 = fl_ror_i32(acc_2, and_2, shl);
        const v_u8 cvt = fl_cvt_u8_i32(add);
        const v_u8 n2_group = fl_sel_u8(and_2, cvt, fl_set_u8(255));
        fl_store_u8(a_n2_group + i, n2_group);
      }
      counters[3ul] += acc;
      present_107 |= fl_hror_i32(acc_2);
    }
    for (;;) {
      i32 t_55 = !present_107;
      if (t_55) {
        break;
      }
      u32 t_56 = (u32)present_107;
      u32 g = fl_lowest_bit(t_56, 8u);
      i32 t_57 = present_107 - 1;
      i32 t_58 = present_107 & t_57;
      present_107 = t_58;
      u8 t_59 = (u8)g;
      struct n2_group *t_60 = groups + g;
      u32 t_61 = (u32)present_107;
      u32 g_2 = fl_lowest_bit(t_61, 8u);
      i32 t_62 = present_107 - 1;
      i32 t_63 = present_107 & t_62;
      present_107 = t_63;
      u8 t_64 = (u8)g_2;
      struct n2_group *t_65 = groups + g_2;
      u32 t_66 = (u32)present_107;
      u32 g_3 = fl_lowest_bit(t_66, 8u);
      i32 t_67 = present_107 - 1;
      i32 t_68 = present_107 & t_67;
      present_107 = t_68;
      u8 t_69 = (u8)g_3;
      struct n2_group *t_70 = groups + g_3;
      u32 t_71 = (u32)present_107;
      u32 g_4 = fl_lowest_bit(t_71, 8u);
      i32 t_72 = present_107 - 1;
      i32 t_73 = present_107 & t_72;
      present_107 = t_73;
      u8 t_74 = (u8)g_4;
      struct n2_group *t_75 = groups + g_4;
      {
        v_i32 acc_3 = fl_id_sumw_i32();
        v_i32 acc_4 = fl_id_sumw_i32();
        v_i32 acc_5 = fl_id_sumw_i32();
        v_i32 acc_6 = fl_id_sumw_i32();
        v_i32 acc_7 = fl_id_sumw_i32();
        v_i32 acc_8 = fl_id_sumw_i32();
        v_i32 acc_9 = fl_id_sumw_i32();
        v_i32 acc_10 = fl_id_sumw_i32();
        v_i64 acc_11 = fl_id_sum_i64();
        v_i64 acc_12 = fl_id_sum_i64();
        v_i64 acc_13 = fl_id_sum_i64();
        v_i64 acc_14 = fl_id_sum_i64();
        v_i64 acc_15 = fl_id_sum_i64();
        v_i64 acc_16 = fl_id_sum_i64();
        v_i64 acc_17 = fl_id_sum_i64();
        v_i64 acc_18 = fl_id_sum_i64();
        for (u32 i = 0; i < n; i += FL_LANES) {
          fl_prefetch(t_54 + i + FL_BLOCK);
          fl_prefetch(t_52 + i + FL_BLOCK);
          fl_prefetch(t_53 + i + FL_BLOCK);
          fl_prefetch(t_48 + i + FL_BLOCK);
          fl_prefetch(t_50 + i + FL_BLOCK);
          fl_prefetch(t_49 + i + FL_BLOCK);
          fl_prefetch(t_51 + i + FL_BLOCK);
          const v_u8 n2_group_2 = fl_load_u8(a_n2_group + i);
          const m16 in_group = fl_eq_u8(n2_group_2, fl_set_u8(t_59));
          const v_u8 n3_l_quantity_raw = fl_load_u8(t_48 + i);
          const v_i32 n3_l_quantity_raw_2 = fl_cvt_i32_u8(n3_l_quantity_raw);
          const v_u8 n3_l_discount_raw = fl_load_u8(t_50 + i);
          const v_i32 n3_l_discount_raw_2 = fl_cvt_i32_u8(n3_l_discount_raw);
          const v_i32 mul_2 = fl_mul_i32(n3_l_discount_raw_2, fl_set_i32(8192));
          const v_i32 add_2 = fl_add_i32(n3_l_quantity_raw_2, mul_2);
          const v_i32 n2_packed = fl_add_i32(add_2, fl_set_i32(8388608));
          acc_3 = fl_sumw_i32(acc_3, in_group, n2_packed);
          const m16 in_group_2 = fl_eq_u8(n2_group_2, fl_set_u8(t_64));
          acc_4 = fl_sumw_i32(acc_4, in_group_2, n2_packed);
          const m16 in_group_3 = fl_eq_u8(n2_group_2, fl_set_u8(t_69));
          acc_5 = fl_sumw_i32(acc_5, in_group_3, n2_packed);
          const m16 in_group_4 = fl_eq_u8(n2_group_2, fl_set_u8(t_74));
          acc_6 = fl_sumw_i32(acc_6, in_group_4, n2_packed);
          const v_u32 n3_l_extendedprice_raw = fl_load_u32(t_49 + i);
          const v_i32 n3_l_extendedprice_raw_2 = fl_cvt_i32_u32(n3_l_extendedprice_raw);
          acc_7 = fl_sumw_i32(acc_7, in_group, n3_l_extendedprice_raw_2);
          acc_8 = fl_sumw_i32(acc_8, in_group_2, n3_l_extendedprice_raw_2);
          acc_9 = fl_sumw_i32(acc_9, in_group_3, n3_l_extendedprice_raw_2);
          acc_10 = fl_sumw_i32(acc_10, in_group_4, n3_l_extendedprice_raw_2);
          const v_i32 sub = fl_sub_i32(fl_set_i32(t_38), n3_l_discount_raw_2);
          const v_i32 mul_3 = fl_mul_i32(n3_l_extendedprice_raw_2, sub);
          const v_i64 cvt_2 = fl_cvt_i64_i32(mul_3);
          acc_11 = fl_sum_i64(acc_11, in_group, cvt_2);
          acc_12 = fl_sum_i64(acc_12, in_group_2, cvt_2);
          acc_13 = fl_sum_i64(acc_13, in_group_3, cvt_2);
          acc_14 = fl_sum_i64(acc_14, in_group_4, cvt_2);
          const v_u8 n3_l_tax_raw = fl_load_u8(t_51 + i);
          const v_i32 n3_l_tax_raw_2 = fl_cvt_i32_u8(n3_l_tax_raw);
          const v_i32 add_3 = fl_add_i32(fl_set_i32(t_38), n3_l_tax_raw_2);
          const v_i64 mulw = fl_mulw_i32(mul_3, add_3);
          acc_15 = fl_sum_i64(acc_15, in_group, mulw);
          acc_16 = fl_sum_i64(acc_16, in_group_2, mulw);
          acc_17 = fl_sum_i64(acc_17, in_group_3, mulw);
          acc_18 = fl_sum_i64(acc_18, in_group_4, mulw);
        }
        t_60->a0_sum += fl_hfield_i32(acc_3, 0, 13);
        t_60->a6_avg += fl_hfield_i32(acc_3, 13, 10);
        t_60->n += fl_hfield_i32(acc_3, 23, 7);
        t_65->a0_sum += fl_hfield_i32(acc_4, 0, 13);
        t_65->a6_avg += fl_hfield_i32(acc_4, 13, 10);
        t_65->n += fl_hfield_i32(acc_4, 23, 7);
        t_70->a0_sum += fl_hfield_i32(acc_5, 0, 13);
        t_70->a6_avg += fl_hfield_i32(acc_5, 13, 10);
        t_70->n += fl_hfield_i32(acc_5, 23, 7);
        t_75->a0_sum += fl_hfield_i32(acc_6, 0, 13);
        t_75->a6_avg += fl_hfield_i32(acc_6, 13, 10);
        t_75->n += fl_hfield_i32(acc_6, 23, 7);
        t_60->a1_sum = fl_i128_add_i64(t_60->a1_sum, fl_hsumw_i32(acc_7));
        t_65->a1_sum = fl_i128_add_i64(t_65->a1_sum, fl_hsumw_i32(acc_8));
        t_70->a1_sum = fl_i128_add_i64(t_70->a1_sum, fl_hsumw_i32(acc_9));
        t_75->a1_sum = fl_i128_add_i64(t_75->a1_sum, fl_hsumw_i32(acc_10));
        t_60->a2_sum = fl_i128_add_i64(t_60->a2_sum, fl_hsum_i64(acc_11));
        t_65->a2_sum = fl_i128_add_i64(t_65->a2_sum, fl_hsum_i64(acc_12));
        t_70->a2_sum = fl_i128_add_i64(t_70->a2_sum, fl_hsum_i64(acc_13));
        t_75->a2_sum = fl_i128_add_i64(t_75->a2_sum, fl_hsum_i64(acc_14));
        t_60->a3_sum = fl_i128_add_i64(t_60->a3_sum, fl_hsum_i64(acc_15));
        t_65->a3_sum = fl_i128_add_i64(t_65->a3_sum, fl_hsum_i64(acc_16));
        t_70->a3_sum = fl_i128_add_i64(t_70->a3_sum, fl_hsum_i64(acc_17));
        t_75->a3_sum = fl_i128_add_i64(t_75->a3_sum, fl_hsum_i64(acc_18));
      }
    }
  }
}

static void p0_lineitem_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  struct n2_group *t = s->n2_acc;
  u64 t_2 = 128ul / sizeof(struct n2_group);
  u64 t_3 = t_2 + 10ul;
  u64 t_4 = s->n2_slots;
  for (u64 slot_8 = 1ul; slot_8 < t_4; slot_8 += 1ul) {
    u64 t_5 = slot_8 * t_3;
    for (u64 g_9 = 0ul; g_9 < 8ul; g_9 += 1ul) {
      struct n2_group *t_6 = t + g_9;
      u64 t_7 = t_5 + g_9;
      struct n2_group *t_8 = t + t_7;
      i64 t_9 = t_8->n;
      i32 t_10 = !t_9;
      if (t_10) {
        continue;
      }
      i64 t_11 = t_6->n;
      i64 t_12 = t_8->n;
      i64 t_13 = t_11 + t_12;
      t_6->n = t_13;
      i64 t_14 = t_6->a0_sum;
      i64 t_15 = t_8->a0_sum;
      i64 t_16 = t_14 + t_15;
      t_6->a0_sum = t_16;
      fl_i128 t_17 = t_6->a1_sum;
      fl_i128 t_18 = t_8->a1_sum;
      fl_i128 t_19 = fl_i128_add_checked(w, t_17, t_18);
      t_6->a1_sum = t_19;
      fl_i128 t_20 = t_6->a2_sum;
      fl_i128 t_21 = t_8->a2_sum;
      fl_i128 t_22 = fl_i128_add_checked(w, t_20, t_21);
      t_6->a2_sum = t_22;
      fl_i128 t_23 = t_6->a3_sum;
      fl_i128 t_24 = t_8->a3_sum;
      fl_i128 t_25 = fl_i128_add_checked(w, t_23, t_24);
      t_6->a3_sum = t_25;
      i64 t_26 = t_6->a6_avg;
      i64 t_27 = t_8->a6_avg;
      i64 t_28 = t_26 + t_27;
      t_6->a6_avg = t_28;
    }
  }
  void *t_29 = fl_alloc(w, 64ul);
  struct n2_group **t_30 = (struct n2_group **)t_29;
  s->n2_rows = t_30;
  u64 count_36 = 0ul;
  for (u64 g_37 = 0ul; g_37 < 8ul; g_37 += 1ul) {
    struct n2_group *t_31 = t + g_37;
    i64 t_32 = t_31->n;
    i32 t_33 = !t_32;
    if (t_33) {
      continue;
    }
    u64 t_34 = g_37 / 1ul;
    u64 t_35 = t_34 % 4ul;
    i64 t_36 = (i64)t_35;
    u8 t_37 = (u8)t_36;
    t_31->c0_l_returnflag = t_37;
    u64 t_38 = g_37 / 4ul;
    u64 t_39 = t_38 % 2ul;
    i64 t_40 = (i64)t_39;
    u8 t_41 = (u8)t_40;
    t_31->c1_l_linestatus = t_41;
    t_30[count_36] = t_31;
    u64 t_42 = count_36 + 1ul;
    count_36 = t_42;
  }
  s->n2_count = count_36;
}

static u64 p1_groups_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n2_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p1_groups_prepare(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  u64 t_3 = t_2 * sizeof(fl_rows);
  void *t_4 = fl_alloc(w, t_3);
  fl_rows *t_5 = (fl_rows *)t_4;
  s->n1_buffers = t_5;
}

static void p1_groups_worker(fl_worker *w, void *state_, u64 morsel) {
  u8 *const a_n2_l_returnflag = (u8 *)(w->scratch + 0);
  u8 *const a_n2_l_linestatus = (u8 *)(w->scratch + 1024);
  i64 *const a_n2_n = (i64 *)(w->scratch + 2048);
  i64 *const a_n2_a0_sum = (i64 *)(w->scratch + 10240);
  fl_i128 *const a_n2_a1_sum = (fl_i128 *)(w->scratch + 18432);
  fl_i128 *const a_n2_a2_sum = (fl_i128 *)(w->scratch + 34816);
  fl_i128 *const a_n2_a3_sum = (fl_i128 *)(w->scratch + 51200);
  i64 *const a_n2_a6_avg = (i64 *)(w->scratch + 67584);
  i64 *const a_mul = (i64 *)(w->scratch + 75776);
  fl_i128 *const a_t = (fl_i128 *)(w->scratch + 83968);
  u64 *const a_and = (u64 *)(w->scratch + 100352);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 100480);
  fl_str *const a_t_3 = (fl_str *)(w->scratch + 116864);
  fl_i128 *const a_t_4 = (fl_i128 *)(w->scratch + 133248);
  fl_str *const a_t_5 = (fl_str *)(w->scratch + 149632);
  u64 *const a_rows = (u64 *)(w->scratch + 166016);
  fl_str *const a_t_6 = (fl_str *)(w->scratch + 166144);
  fl_str *const a_t_7 = (fl_str *)(w->scratch + 182528);
  u64 *const a_gt = (u64 *)(w->scratch + 198912);
  struct state *s = (struct state *)state_;
  u64 t = s->n2_count;
  struct n2_group **t_2 = s->n2_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  fl_table *t_6 = q->tables;
  fl_dict *t_7 = t_6->dicts;
  fl_dict *t_8 = t_7 + 4ul;
  fl_dict *t_9 = t_7 + 5ul;
  fl_rows *t_10 = s->n1_buffers;
  u32 t_11 = w->id;
  u64 t_12 = (u64)t_11;
  fl_rows *buffer = t_10 + t_12;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_13 = q->stop;
    if (t_13) {
      return;
    }
    fl_temp_reset(w);
    u64 t_14 = t_5 - at_12;
    u64 t_15 = fl_min_u64(t_14, 1024ul);
    u32 n = (u32)t_15;
    struct n2_group **t_16 = t_2 + at_12;
    u8 *t_17 = (u8 *)a_n2_l_returnflag;
    u8 *t_18 = (u8 *)a_n2_l_linestatus;
    i64 *t_19 = (i64 *)a_n2_n;
    i64 *t_20 = (i64 *)a_n2_a0_sum;
    fl_i128 *t_21 = (fl_i128 *)a_n2_a1_sum;
    fl_i128 *t_22 = (fl_i128 *)a_n2_a2_sum;
    fl_i128 *t_23 = (fl_i128 *)a_n2_a3_sum;
    i64 *t_24 = (i64 *)a_n2_a6_avg;
    for (u32 i_36 = 0u; i_36 < n; i_36 += 1u) {
      struct n2_group *t_25 = t_16[i_36];
      u8 t_26 = t_25->c0_l_returnflag;
      t_17[i_36] = t_26;
      u8 t_27 = t_25->c1_l_linestatus;
      t_18[i_36] = t_27;
      i64 t_28 = t_25->n;
      t_19[i_36] = t_28;
      i64 t_29 = t_25->a0_sum;
      t_20[i_36] = t_29;
      fl_i128 t_30 = t_25->a1_sum;
      t_21[i_36] = t_30;
      fl_i128 t_31 = t_25->a2_sum;
      t_22[i_36] = t_31;
      fl_i128 t_32 = t_25->a3_sum;
      t_23[i_36] = t_32;
      i64 t_33 = t_25->a6_avg;
      t_24[i_36] = t_33;
    }
    {
      for (u32 i = 0; i < n; i += FL_LANES) {
        const v_i64 n2_a0_sum = fl_load_i64(a_n2_a0_sum + i);
        const v_i64 mul = fl_mul_i64(n2_a0_sum, fl_set_i64(100l));
        fl_store_i64(a_mul + i, mul);
      }
    }
    flk_i128_i64(a_t, a_mul, n);
    {
      a_gt[(n - (n != 0)) >> 6] = 0;
      a_and[(n - (n != 0)) >> 6] = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        const v_i64 n2_n = fl_load_i64(a_n2_n + i);
        const m16 gt = fl_gt_i64(n2_n, fl_set_i64(0l));
        fl_store_m(a_gt, i, gt);
        const m16 and = fl_and_m(rows, gt);
        const m16 and_2 = fl_and_m(and, gt);
        fl_store_m(a_and, i, and_2);
      }
    }
    flk_avg_i128(w, a_t_2, a_t, 2, a_n2_n, a_and, n);
    flk_avg_i128(w, a_t_3, a_n2_a1_sum, 2, a_n2_n, a_and, n);
    flk_i128_i64(a_t_4, a_n2_a6_avg, n);
    flk_avg_i128(w, a_t_5, a_t_4, 2, a_n2_n, a_and, n);
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows_2 = fl_head(n, i);
        acc += fl_popcount(rows_2);
      }
      counters[2ul] += acc;
    }
    flk_ones_m(a_rows, n);
    flk_dict_str_u8(a_t_6, t_8, a_n2_l_returnflag, NULL, n);
    flk_dict_str_u8(a_t_7, t_9, a_n2_l_linestatus, NULL, n);
    for (u32 r_66_w = 0; r_66_w < n; r_66_w += 64) {
      for (u64 r_66_m = a_rows[r_66_w >> 6]; r_66_m; r_66_m &= r_66_m - 1) {
        const u32 r_66 = r_66_w + fl_ctz(r_66_m);
        void *t_34 = fl_rows_add(w, buffer, sizeof(struct n1_row));
        struct n1_row *t_35 = (struct n1_row *)t_34;
        u64 t_36 = fl_row_order(morsel, buffer);
        t_35->order = t_36;
        fl_str t_37 = a_t_6[r_66];
        t_35->k0 = t_37;
        fl_str t_38 = a_t_7[r_66];
        t_35->k1 = t_38;
        u8 t_39 = a_n2_l_returnflag[r_66];
        t_35->c0_l_returnflag = t_39;
        u8 t_40 = a_n2_l_linestatus[r_66];
        t_35->c1_l_linestatus = t_40;
        i32 t_41 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c2_sum_valid = t_41;
        i64 t_42 = a_mul[r_66];
        t_35->c2_sum = t_42;
        i32 t_43 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c3_sum_valid = t_43;
        fl_i128 t_44 = a_n2_a1_sum[r_66];
        t_35->c3_sum = t_44;
        i32 t_45 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c4_sum_valid = t_45;
        fl_i128 t_46 = a_n2_a2_sum[r_66];
        t_35->c4_sum = t_46;
        i32 t_47 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c5_sum_valid = t_47;
        fl_i128 t_48 = a_n2_a3_sum[r_66];
        t_35->c5_sum = t_48;
        i32 t_49 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c6_avg_valid = t_49;
        fl_str t_50 = a_t_2[r_66];
        i32 t_51 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        if (t_51) {
          fl_str t_52 = fl_str_keep(w, t_50);
          t_35->c6_avg = t_52;
        }
        i32 t_53 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c7_avg_valid = t_53;
        fl_str t_54 = a_t_3[r_66];
        i32 t_55 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        if (t_55) {
          fl_str t_56 = fl_str_keep(w, t_54);
          t_35->c7_avg = t_56;
        }
        i32 t_57 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        t_35->c8_avg_valid = t_57;
        fl_str t_58 = a_t_5[r_66];
        i32 t_59 = (i32)(a_gt[r_66 >> 6] >> (r_66 & 63) & 1);
        if (t_59) {
          fl_str t_60 = fl_str_keep(w, t_58);
          t_35->c8_avg = t_60;
        }
        i64 t_61 = a_n2_n[r_66];
        t_35->c9_count = t_61;
      }
    }
  }
}

static void p1_groups_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u32 t = q->nworkers;
  u64 t_2 = (u64)t;
  fl_rows *t_3 = s->n1_buffers;
  fl_sort *t_4 = fl_sort_new(w, t_3, t_2, n1_compare);
  s->n1_sort = t_4;
}

static u64 p1_groups_sort_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->chunks;
  return t_2;
}

static void p1_groups_sort_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_chunk(w, t, morsel);
}

static void p1_groups_sort_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_split(w, t);
}

static u64 p1_groups_merge_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  u64 t_2 = t->ranges;
  return t_2;
}

static void p1_groups_merge_worker(fl_worker *w, void *state_, u64 morsel) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_sort_range(w, t, morsel);
}

static void p1_groups_merge_finish(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_sort *t = s->n1_sort;
  fl_query *q = w->q;
  u8 *t_2 = q->params;
  u8 *t_3 = t_2 + 24ul;
  i64 *t_4 = (i64 *)t_3;
  i64 t_5 = t_4[0ul];
  u8 *t_6 = t_2 + 32ul;
  i64 *t_7 = (i64 *)t_6;
  i64 t_8 = t_7[0ul];
  void **t_9 = fl_sort_rows(t, t_5, t_8);
  struct n1_row **t_10 = (struct n1_row **)t_9;
  s->n1_rows = t_10;
  u64 t_11 = t->left;
  s->n1_count = t_11;
}

static u64 p2_sorted_morsels(fl_worker *w, void *state_) {
  struct state *s = (struct state *)state_;
  fl_query *q = w->q;
  u64 t = s->n1_count;
  u64 t_2 = fl_morsels_of(q, t);
  return t_2;
}

static void p2_sorted_worker(fl_worker *w, void *state_, u64 morsel) {
  u8 *const a_n1_l_returnflag = (u8 *)(w->scratch + 0);
  u8 *const a_n1_l_linestatus = (u8 *)(w->scratch + 1024);
  i64 *const a_n1_sum = (i64 *)(w->scratch + 2048);
  u64 *const a_n1_sum_valid = (u64 *)(w->scratch + 10240);
  fl_i128 *const a_n1_sum_2 = (fl_i128 *)(w->scratch + 10368);
  u64 *const a_n1_sum_valid_2 = (u64 *)(w->scratch + 26752);
  fl_i128 *const a_n1_sum_3 = (fl_i128 *)(w->scratch + 26880);
  u64 *const a_n1_sum_valid_3 = (u64 *)(w->scratch + 43264);
  fl_i128 *const a_n1_sum_4 = (fl_i128 *)(w->scratch + 43392);
  u64 *const a_n1_sum_valid_4 = (u64 *)(w->scratch + 59776);
  fl_str *const a_n1_avg = (fl_str *)(w->scratch + 59904);
  u64 *const a_n1_avg_valid = (u64 *)(w->scratch + 76288);
  fl_str *const a_n1_avg_2 = (fl_str *)(w->scratch + 76416);
  u64 *const a_n1_avg_valid_2 = (u64 *)(w->scratch + 92800);
  fl_str *const a_n1_avg_3 = (fl_str *)(w->scratch + 92928);
  u64 *const a_n1_avg_valid_3 = (u64 *)(w->scratch + 109312);
  i64 *const a_n1_count = (i64 *)(w->scratch + 109440);
  fl_str *const a_t = (fl_str *)(w->scratch + 117632);
  fl_str *const a_t_2 = (fl_str *)(w->scratch + 134016);
  u64 *const a_rows = (u64 *)(w->scratch + 150400);
  struct state *s = (struct state *)state_;
  u64 t = s->n1_count;
  struct n1_row **t_2 = s->n1_rows;
  fl_query *q = w->q;
  u64 morsel_rows = q->morsel;
  u64 t_3 = morsel * morsel_rows;
  u64 t_4 = t_3 + morsel_rows;
  u64 t_5 = fl_min_u64(t_4, t);
  u64 *counters = w->counters;
  fl_table *t_6 = q->tables;
  fl_dict *t_7 = t_6->dicts;
  fl_dict *t_8 = t_7 + 4ul;
  fl_dict *t_9 = t_7 + 5ul;
  for (u64 at_12 = t_3; at_12 < t_5; at_12 += 1024ul) {
    u32 t_10 = q->stop;
    if (t_10) {
      return;
    }
    fl_temp_reset(w);
    u64 t_11 = t_5 - at_12;
    u64 t_12 = fl_min_u64(t_11, 1024ul);
    u32 n = (u32)t_12;
    struct n1_row **t_13 = t_2 + at_12;
    u8 *t_14 = (u8 *)a_n1_l_returnflag;
    u8 *t_15 = (u8 *)a_n1_l_linestatus;
    i64 *t_16 = (i64 *)a_n1_sum;
    u64 *t_17 = (u64 *)a_n1_sum_valid;
    fl_i128 *t_18 = (fl_i128 *)a_n1_sum_2;
    u64 *t_19 = (u64 *)a_n1_sum_valid_2;
    fl_i128 *t_20 = (fl_i128 *)a_n1_sum_3;
    u64 *t_21 = (u64 *)a_n1_sum_valid_3;
    fl_i128 *t_22 = (fl_i128 *)a_n1_sum_4;
    u64 *t_23 = (u64 *)a_n1_sum_valid_4;
    fl_str *t_24 = (fl_str *)a_n1_avg;
    u64 *t_25 = (u64 *)a_n1_avg_valid;
    fl_str *t_26 = (fl_str *)a_n1_avg_2;
    u64 *t_27 = (u64 *)a_n1_avg_valid_2;
    fl_str *t_28 = (fl_str *)a_n1_avg_3;
    u64 *t_29 = (u64 *)a_n1_avg_valid_3;
    i64 *t_30 = (i64 *)a_n1_count;
    for (u32 i_54 = 0u; i_54 < n; i_54 += 1u) {
      struct n1_row *t_31 = t_13[i_54];
      u8 t_32 = t_31->c0_l_returnflag;
      t_14[i_54] = t_32;
      u8 t_33 = t_31->c1_l_linestatus;
      t_15[i_54] = t_33;
      i64 t_34 = t_31->c2_sum;
      t_16[i_54] = t_34;
      i32 t_35 = t_31->c2_sum_valid;
      fl_setbit(t_17, i_54, t_35);
      fl_i128 t_36 = t_31->c3_sum;
      t_18[i_54] = t_36;
      i32 t_37 = t_31->c3_sum_valid;
      fl_setbit(t_19, i_54, t_37);
      fl_i128 t_38 = t_31->c4_sum;
      t_20[i_54] = t_38;
      i32 t_39 = t_31->c4_sum_valid;
      fl_setbit(t_21, i_54, t_39);
      fl_i128 t_40 = t_31->c5_sum;
      t_22[i_54] = t_40;
      i32 t_41 = t_31->c5_sum_valid;
      fl_setbit(t_23, i_54, t_41);
      fl_str t_42 = t_31->c6_avg;
      t_24[i_54] = t_42;
      i32 t_43 = t_31->c6_avg_valid;
      fl_setbit(t_25, i_54, t_43);
      fl_str t_44 = t_31->c7_avg;
      t_26[i_54] = t_44;
      i32 t_45 = t_31->c7_avg_valid;
      fl_setbit(t_27, i_54, t_45);
      fl_str t_46 = t_31->c8_avg;
      t_28[i_54] = t_46;
      i32 t_47 = t_31->c8_avg_valid;
      fl_setbit(t_29, i_54, t_47);
      i64 t_48 = t_31->c9_count;
      t_30[i_54] = t_48;
    }
    {
      u64 acc = 0;
      for (u32 i = 0; i < n; i += FL_LANES) {
        const m16 rows = fl_head(n, i);
        acc += fl_popcount(rows);
      }
      counters[1ul] += acc;
      counters[4ul] += acc;
    }
    flk_dict_str_u8(a_t, t_8, a_n1_l_returnflag, NULL, n);
    flk_dict_str_u8(a_t_2, t_9, a_n1_l_linestatus, NULL, n);
    fl_vec t_49[10];
    t_49[0].kind = FL_STR; t_49[0].constant = 0; t_49[0].scale = 0; t_49[0].typmod = 1; t_49[0].count = 0; t_49[0].pad = 0;
    t_49[0].data = a_t; t_49[0].valid = NULL; t_49[0].elems = NULL;
    t_49[1].kind = FL_STR; t_49[1].constant = 0; t_49[1].scale = 0; t_49[1].typmod = 1; t_49[1].count = 0; t_49[1].pad = 0;
    t_49[1].data = a_t_2; t_49[1].valid = NULL; t_49[1].elems = NULL;
    t_49[2].kind = FL_DEC64; t_49[2].constant = 0; t_49[2].scale = 2; t_49[2].typmod = -1; t_49[2].count = 0; t_49[2].pad = 0;
    t_49[2].data = a_n1_sum; t_49[2].valid = a_n1_sum_valid; t_49[2].elems = NULL;
    t_49[3].kind = FL_DEC128; t_49[3].constant = 0; t_49[3].scale = 2; t_49[3].typmod = -1; t_49[3].count = 0; t_49[3].pad = 0;
    t_49[3].data = a_n1_sum_2; t_49[3].valid = a_n1_sum_valid_2; t_49[3].elems = NULL;
    t_49[4].kind = FL_DEC128; t_49[4].constant = 0; t_49[4].scale = 4; t_49[4].typmod = -1; t_49[4].count = 0; t_49[4].pad = 0;
    t_49[4].data = a_n1_sum_3; t_49[4].valid = a_n1_sum_valid_3; t_49[4].elems = NULL;
    t_49[5].kind = FL_DEC128; t_49[5].constant = 0; t_49[5].scale = 6; t_49[5].typmod = -1; t_49[5].count = 0; t_49[5].pad = 0;
    t_49[5].data = a_n1_sum_4; t_49[5].valid = a_n1_sum_valid_4; t_49[5].elems = NULL;
    t_49[6].kind = FL_NUM; t_49[6].constant = 0; t_49[6].scale = 0; t_49[6].typmod = -1; t_49[6].count = 0; t_49[6].pad = 0;
    t_49[6].data = a_n1_avg; t_49[6].valid = a_n1_avg_valid; t_49[6].elems = NULL;
    t_49[7].kind = FL_NUM; t_49[7].constant = 0; t_49[7].scale = 0; t_49[7].typmod = -1; t_49[7].count = 0; t_49[7].pad = 0;
    t_49[7].data = a_n1_avg_2; t_49[7].valid = a_n1_avg_valid_2; t_49[7].elems = NULL;
    t_49[8].kind = FL_NUM; t_49[8].constant = 0; t_49[8].scale = 0; t_49[8].typmod = -1; t_49[8].count = 0; t_49[8].pad = 0;
    t_49[8].data = a_n1_avg_3; t_49[8].valid = a_n1_avg_valid_3; t_49[8].elems = NULL;
    t_49[9].kind = FL_I64; t_49[9].constant = 0; t_49[9].scale = 0; t_49[9].typmod = -1; t_49[9].count = 0; t_49[9].pad = 0;
    t_49[9].data = a_n1_count; t_49[9].valid = NULL; t_49[9].elems = NULL;
    flk_ones_m(a_rows, n);
    u64 *t_50 = (u64 *)a_rows;
    flk_result_rows(w, t_49, 10u, (u16 *)0, t_50, n);
  }
}

static const fl_pipeline pipelines[] = {
  {"p0_lineitem", p0_lineitem_prepare, p0_lineitem_morsels, p0_lineitem_worker, p0_lineitem_finish, 1024, 0, 0, 2},
  {"p1_groups", p1_groups_prepare, p1_groups_morsels, p1_groups_worker, p1_groups_finish, 199040, 0, 0, 1},
  {"p1_groups_sort", NULL, p1_groups_sort_morsels, p1_groups_sort_worker, p1_groups_sort_finish, 0, 0, 0, 1},
  {"p1_groups_merge", NULL, p1_groups_merge_morsels, p1_groups_merge_worker, p1_groups_merge_finish, 0, 0, 0, 1},
  {"p2_sorted", NULL, p2_sorted_morsels, p2_sorted_worker, NULL, 150528, FL_ORDERED, 0, 4},
};

const fl_program fl_main = {FL_ABI, 5, 0x9948748e8de789a7ul, sizeof(struct state), pipelines, 5, 0};

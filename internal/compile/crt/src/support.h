/* support.h: the small scalar functions that programs call, and the structures they share with the runtime: the hash table
 * of grouping (fl_ht), lists of rows (fl_rows) and the directory of a join (fl_join). Compiles under tcc.
 */
#ifndef FL_SUPPORT_H
#define FL_SUPPORT_H
#include "fl.h"
#include "kernels.h"

/* ---- whole numbers ---- */
u64 fl_min_u64(u64 a, u64 b);
u64 fl_max_u64(u64 a, u64 b);
u32 fl_ctz(u64 x); /* x != 0 */
u32 fl_lowest_bit(u32 x, u32 none); /* its number; none if there is no bit */
i64 fl_min_of_i64(i64 a, i64 b);
i64 fl_max_of_i64(i64 a, i64 b);
f32 fl_min_of_f32(f32 a, f32 b); /* PostgreSQL's order: NaN above everything */
f32 fl_max_of_f32(f32 a, f32 b);
f64 fl_min_of_f64(f64 a, f64 b);
f64 fl_max_of_f64(f64 a, f64 b);
f64 fl_nan(void);
f64 fl_minus_infinity(void);
fl_i128 fl_i128_add_i64(fl_i128 a, i64 b);
fl_i128 fl_i128_add_checked(fl_worker *w, fl_i128 a, fl_i128 b); /* raises past 38 digits */
void fl_copy(u8 *to, const u8 *from, u64 bytes);
void fl_setbit(u64 *mask, u32 row, i32 value);

/* ---- comparison of wide values: equality as SQL's =, order as ORDER BY's ---- */
i32 fl_equal_f64(f64 a, f64 b);
i32 fl_equal_str(fl_str a, fl_str b);
i32 fl_equal_char(fl_str a, fl_str b); /* char(n), without the spaces at the end */
i32 fl_equal_num(fl_str a, fl_str b);
i32 fl_equal_i128(fl_i128 a, fl_i128 b);
i32 fl_equal_interval(fl_interval a, fl_interval b);
i32 fl_compare_u64(u64 a, u64 b);
i32 fl_compare_i64(i64 a, i64 b);
i32 fl_compare_f64(f64 a, f64 b);
i32 fl_compare_str(fl_str a, fl_str b);
i32 fl_compare_array(fl_str a, fl_str b, u32 kind); /* array_order.c; kind of the elements, or FL_VECTOR */
void fl_vector_sum_merge(fl_worker *w, fl_str *into, const fl_str *from, u32 average);
i32 fl_equal_array(fl_str a, fl_str b, u32 kind);
i32 fl_better_array(i32 seen, fl_str old, fl_str x, i32 direction, u32 kind);
i32 fl_compare_char(fl_str a, fl_str b);
i32 fl_compare_num(fl_str a, fl_str b);
i32 fl_compare_i128(fl_i128 a, fl_i128 b);
i32 fl_compare_interval(fl_interval a, fl_interval b);
/* Whether x replaces the extreme found so far (none yet unless seen); direction 1 for max, -1 for min. */
i32 fl_better_str(i32 seen, fl_str old, fl_str x, i32 direction);
i32 fl_better_char(i32 seen, fl_str old, fl_str x, i32 direction);
i32 fl_better_num(i32 seen, fl_str old, fl_str x, i32 direction);
i32 fl_better_i128(i32 seen, fl_i128 old, fl_i128 x, i32 direction);
i32 fl_better_interval(i32 seen, fl_interval old, fl_interval x, i32 direction);

/* ---- text ---- */
fl_str fl_str_of_blob(const u8 *blob);              /* a u64 length, then the bytes */
fl_str fl_str_keep(fl_worker *w, fl_str s);         /* a copy that lives as long as the query */
typedef struct {
  u8 *p;
  u64 room;
} fl_buffer;
fl_str fl_str_keep_in(fl_worker *w, fl_buffer *b, fl_str s); /* a copy in place of the buffer's last one */

u64 fl_next_block(fl_worker *w);                    /* another number at each call, for random() */

/* ---- scans ---- */
const fl_segment *fl_segment_of(const fl_table *t, u64 morsel);
u64 fl_morsels_of(const fl_query *q, u64 rows);     /* how many morsels so many rows are */
i32 fl_excluded(const fl_column *c, i64 lo, i64 hi); /* no value of the segment lies in lo … hi */
/* The least and greatest code x of a scaled column with lo <= x * divisor + base <= hi; lo > hi when there is none. */
u32 fl_encode_lo(const fl_column *c, i64 divisor, u32 most, i64 lo, i64 hi);
u32 fl_encode_hi(const fl_column *c, i64 divisor, u32 most, i64 lo, i64 hi);

/* ---- block kernels of the translator ---- */
void flk_series_i32(i32 *d, i64 start, i64 step, u64 at, u32 n);  /* start + (at + i) * step */
void flk_series_i64(i64 *d, i64 start, i64 step, u64 at, u32 n);
void flk_fill_16(void *d, const void *value, u32 n);              /* one 16-byte value in every lane */
void flk_hash_where(u64 *d, const u64 *hash, const u64 *valid, u32 n);
void flk_indices_of(u16 *d, u32 *count, const u64 *m, u32 n);
void flk_label_str(fl_str *d, const u8 *table, const i32 *index, u32 n);   /* table: u32 count, offsets, bytes */
void flk_pow(f64 *d, const f64 *a, const f64 *b, u32 n);
/* Membership in a list. Of numbers that lie close to each other: u64 span, i64 least, and a bit for each of least … least +
 * span - 1; of others: u64 0, u64 count and the numbers, sorted. Of texts: as flk_label_str's table, sorted. */
void flk_in_i64(u64 *d, const i64 *a, const u8 *list, const u64 *m, u32 n);
void flk_in_str(u64 *d, const fl_str *a, const u8 *list, const u64 *m, u32 n);
/* The sum over a mask's rows of a field of bits. */
i64 flk_field_i32(const i32 *v, const u64 *m, u32 shift, u32 bits, u32 n);
void flk_mask_bytes(u8 *d, const u64 *m, u32 n);                  /* 1 and 0, a byte a row */

/* Rows after which a loop that no block bounds looks whether the query is over. */
#define FL_OFTEN 4096

/* ---- hash table of groups: open addressing over the addresses of rows that begin with their u64 hash ---- */
typedef struct {
  u64 mask, count;
  void **slots;         /* mask + 1 */
  void **rows;          /* in order of insertion */
  u64 room;             /* of rows */
  u8 *chunk;
  u64 chunk_left;
} fl_ht;
fl_ht *fl_ht_new(fl_worker *w);
/* A zeroed row with its hash set, at the empty slot pos; may move the slots. */
void *fl_ht_add(fl_worker *w, fl_ht *t, u64 pos, u64 hash, u64 size);
/* The same with a row that lies somewhere already. */
void fl_ht_put(fl_worker *w, fl_ht *t, u64 pos, void *row);

/* ---- growing list of rows ---- */
typedef struct {
  u64 count;
  void **rows;
  u64 room;
  u8 *chunk;
  u64 chunk_left;
  u64 morsel, in_morsel;
  u64 spare;  /* rows[count … spare-1] lie in memory that can be used again */
  void *last; /* a row that enough rows come before, NULL if none is known */
} fl_rows;
typedef i32 (*fl_compare)(const void *, const void *);
void *fl_rows_add(fl_worker *w, fl_rows *r, u64 size);  /* a zeroed row, or one that was dropped, as it is */
u64 fl_row_order(u64 morsel, fl_rows *r);               /* grows with the rows of a morsel, and with morsels */
/* LIMIT without an order, at the end of a morsel: when the morsels handed out so far have kept enough rows, theirs are the first. */
void fl_rows_enough(fl_worker *w, const fl_rows *mine, u64 *kept, u64 enough);
/* Top-k: drops all but the first keep rows once there are many more, and knows the last of these. */
void fl_rows_keep(fl_worker *w, fl_rows *r, u64 keep, void *compare);
#endif

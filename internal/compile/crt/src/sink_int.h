/* sink_int.h: what the files of the sink share. */
#ifndef FL_SINK_INT_H
#define FL_SINK_INT_H

#include "sink.h"

/* How a column's values are kept, whatever their SQL type. */
enum storage { AS_INT, AS_WIDE, AS_F32, AS_F64, AS_TEXT, AS_NUM, AS_PACKED, AS_FIXED };

/* ---- rows before they are sealed ---- */

/* One column of an rblock. Integers and codes are stored as x + base in as few bytes as the block's range needs, text as
 * lengths (u32) and bytes. Rows without a value hold what decodes to min, zeros or empty text. */
typedef struct {
  void *data;
  u64 *valid;              /* NULL: all rows have a value */
  u8 *bytes;
  u64 nbytes;
  i64 base;
  i64 min, max;            /* of the values: integers, codes, bits of floats; meaningless when nulls == rows */
  u32 nulls;
  u8 form;                 /* enum form */
  u8 width;
  u8 unbounded;            /* a float that is not a number is among the values */
  u8 pad;
} piece;

enum form { F_INT, F_RAW, F_CODES, F_BYTES };

/* Memory that rblocks lie in. */
typedef struct slab {
  struct slab *next;
  u64 size, used;
  i32 live;                /* rblocks in it that are not sealed, and 1 while a worker fills it */
  u32 pad;
} slab;

/* The rows of one block. */
typedef struct rblock {
  struct rblock *next;
  slab *slab;
  u64 morsel;
  u32 seq;                 /* within the morsel */
  u32 rows;
  u64 text;                /* most bytes that a text column may need */
  u64 bytes;               /* that it fills */
  u64 coded;               /* bytes of the text that it holds codes for */
  piece cols[];
} rblock;

/* Morsels that follow each other without a gap. */
typedef struct run {
  struct run *next;
  u64 first, end;          /* morsels */
  rblock *head, *tail;
  u64 rows, text, bytes;
  u32 cut;                 /* rows before head have been sealed: does not join what comes before */
  u32 pad;
} run;

/* ---- dictionaries (sink_dict.c) ---- */

#define DICT_MOST 65536
#define DICT_PAGE 64            /* strings of the first page; each page has twice as many as the one before */
#define DICT_PAGES 11

typedef struct {
  u32 lock;
  u32 on;                  /* still worth it */
  u32 base;                /* strings of the table's dictionary */
  u32 count;               /* with the new ones */
  u32 complete;            /* the old strings are in the slots too */
  u32 used;                /* highest code in a sealed segment, + 1 */
  u64 rows, bytes;         /* seen; of the new strings */
  const fl_dict *old;
  u64 *slots;              /* hash in the high half, code + 1 in the low one; 0: empty. slots[-1] is the mask */
  fl_str *pages[DICT_PAGES];
} dict;

/* ---- the sink ---- */

typedef struct {
  const fl_sink_column *desc;
  enum storage as;
  u32 has_dict;            /* d is open: text that may have a dictionary */
  dict d;
} column;

typedef struct {
  rblock *head, *tail;     /* the current morsel's */
  slab *slab;
  u64 rows;
  u64 next_slab;           /* bytes of the next one */
  u64 morsel;
  u32 seq, open;           /* open: a morsel is under way */
  u8 *lanes;               /* scratch: lanes of 16 bytes */
  u32 lanes_rows;          /* so many */
  u32 pad2;
  u32 *codes;              /* scratch */
  u8 *seen;                /* scratch of sealing: 65536 flags */
  u8 *strings;             /* memory for new dictionary entries */
  u64 strings_left;
  u64 pad[2];
} sink_worker;

struct fl_sink {
  const fl_sink_spec *spec;
  u32 ncols, nworkers;
  u64 segment_bytes;       /* of rblocks, from which on they become a segment */
  u32 lock;                /* of all below; never held over something that may raise */
  u32 ntuples, most_tuples; /* layouts of the table and of what has been sealed, ncols each; the first one is the wide one */
  fl_layout *tuples;
  run *runs;               /* in the order of morsels */
  run *free_runs;
  slab *free_slabs;
  u64 rows;
  sink_worker *workers;
  column cols[];
};

#define SLAB_MOST ((u64)(1 << 20) - 128)

/* Takes a lock; 0 when the query has been stopped meanwhile, and then the lock is not held. */
static inline int lock_take(const fl_worker *w, u32 *lock) {
  while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE)) {
    u32 spins = 0;
    while (__atomic_load_n(lock, __ATOMIC_RELAXED)) {
      if (w->q->stop) return 0;
      if (++spins > 200) {
        extern int sched_yield(void);
        sched_yield();
      }
    }
  }
  return 1;
}
static inline void lock_give(u32 *lock) { __atomic_store_n(lock, 0, __ATOMIC_RELEASE); }

/* Lanes that point to bytes. */
static inline int fl_sink_has_bytes(const fl_vec *v) {
  return v->kind == FL_STR || v->kind == FL_NUM || v->kind == FL_PACKED || v->kind == FL_VECTOR;
}

static inline u64 round_up(u64 n, u64 to) { return (n + to - 1) / to * to; }

static inline int bit_of(const u64 *m, u64 i) { return m[i >> 6] >> (i & 63) & 1; }

/* sink_piece.c: the rows of a block, encoded for keeping. */
rblock *fl_sink_rblock(fl_worker *w, fl_sink *s, const fl_vec *cols, const u64 *mask, u32 n, u32 count);

/* sink_num.c: text lanes of packed numerics from numerics of fixed scale; bytes come from fl_temp. */
void fl_sink_pack(fl_worker *w, fl_str *out, const fl_vec *v, u32 n);

/* sink_dict.c: codes for n strings (those without a value get code 0); 0 when the dictionary is not worth it. */
void fl_dict_open(fl_worker *w, dict *d, const fl_dict *old);
int fl_dict_codes(fl_worker *w, sink_worker *me, dict *d, u32 *codes, const fl_str *v, const u64 *valid, u32 n);
fl_str fl_dict_text(const dict *d, u32 code);
/* Hands the new strings that segments use to the control plane. */
void fl_dict_emit(fl_worker *w, const dict *d, u32 ordinal);

/* sink.c: one rblock or worker less that needs the slab. */
void fl_sink_release(fl_worker *w, fl_sink *s, slab *b);

/* sink_seal.c: makes a segment of the rblocks from head on, and frees them. */
void fl_sink_seal(fl_worker *w, fl_sink *s, rblock *head, u64 rows);

/* sink_layout.c: choosing layouts. */
typedef struct {
  u32 nulls;               /* there are some */
  u32 values;              /* there are some */
  i64 min, max;            /* AS_INT; highest code in max */
  u32 codes;               /* AS_TEXT: dictionary; bytes otherwise */
  u32 step, step_from_min; /* the highest of the column's divisors that divides all values, all values - min */
} need;
/* Divisors that are tried for a column: 1, then each a multiple of the one before. There are few, so that tables do not get
 * many layouts. */
#define MOST_DIVISORS 20
u32 fl_sink_divisors(const fl_sink_column *c, i64 out[MOST_DIVISORS]);
/* Picks the segment's layouts: a combination the table has if one fits well, else the narrowest ones, widened so that they
 * hold what the last combination held, else, when the table may have no more of them, any that fits. 0 when the query was stopped. */
int fl_sink_choose(fl_worker *w, fl_sink *s, const need *needs, u64 rows, fl_layout *out);
static inline u64 fl_layout_stride(const fl_layout *l) { return l->encoding == FL_FIXED ? l->width * (u64)l->count : l->width; }
/* Arrays are neither grouped nor joined by: nobody asks how many distinct ones there are. */
static inline int fl_sink_has_sketch(const column *c) { return c->as != AS_PACKED && c->as != AS_FIXED; }
i64 fl_layout_base(const fl_layout *l, const need *n);

/* sink_sketch.c: HyperLogLog. Registers are indexed by the top 10 bits of a hash and hold the place of the first 1 below. */
u64 fl_sketch_hash_int(u64 v);
u64 fl_sketch_hash_bytes(const u8 *p, u64 n);
static inline void fl_sketch_add(u8 *sketch, u64 h) {
  u8 rank = (u8)(__builtin_clzl(h << 10 | 1ul << 9) + 1), *r = &sketch[h >> 54];
  if (rank > *r) *r = rank;
}
u64 fl_sketch_estimate(const u8 *sketch);

#endif

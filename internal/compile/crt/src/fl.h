/* fl.h: what programs, kernels and the executor share.
 *
 * Every program includes this header and nothing else (the best tier adds flv.h, the vector primitives). It must compile
 * under tcc 0.9.27, gcc and clang as C99, without any system header: no vectors, no __int128, no atomics, no builtins.
 *
 * Words: a program has pipelines; a worker runs a pipeline's function on one morsel after another; a morsel is worked off
 * in blocks of at most FL_BLOCK rows. A lane array holds one value for each row of a block, is aligned to 64 bytes and is
 * readable and writable up to the next multiple of FL_LANES rows. A mask is a lane array of bits, least significant first
 * (as Arrow's validity bitmaps), readable and writable in units of 64 bits.
 *
 * INVARIANT: bits at and above n of a selection mask are zero. Values of rows that are not selected are arbitrary but
 * initialised memory; validity bits of such rows are arbitrary too.
 */
#ifndef FL_H
#define FL_H

typedef unsigned char u8;
typedef signed char i8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long u64;
typedef long i64;
typedef float f32;
typedef double f64;

#define FL_ABI 5      /* raised when a struct below changes */
#define FL_BLOCK 1024 /* most rows of a block; a multiple of 64 */
#define FL_LANES 16   /* rows a vector primitive handles at once, on every ISA */
#define FL_MORSEL 65536 /* rows of a morsel, unless a test asks for fewer; a multiple of 64 */

#ifndef NULL
#define NULL ((void *)0)
#endif

/* Values wider than a register. */
typedef struct { const u8 *p; u64 n; } fl_str;          /* text; also packed numeric of variable scale (fl_num) */
typedef struct { u64 lo; i64 hi; } fl_i128;             /* two's complement, also numeric of fixed scale */
typedef struct { i64 micros; i32 days, months; } fl_interval;

/* A numeric of variable scale: fl_str pointing to this, then ndigits base-10000 digits (i16), most significant first.
 * sign: 0 positive, 0x4000 negative, 0xC000 NaN, 0xD000 +Infinity, 0xF000 -Infinity. value = sum digit[i] * 10000^(weight-i).
 * The same fields as PostgreSQL's numeric_send, native byte order; no leading or trailing zero digits. */
typedef struct { u16 ndigits; i16 weight; u16 sign; u16 dscale; } fl_num;

/* Tables, as the executor lays them out for a run. */
typedef struct { const i32 *offsets; const u8 *data; u64 count; } fl_dict;
typedef struct {
  const void *data;    /* values, codes, or bytes (then offsets is set) */
  const u8 *valid;     /* bitmap, NULL when every row has a value */
  const i32 *offsets;
  i64 base;            /* scaled layouts: value = x * divisor + base */
  i64 min, max;        /* physical domain; floats: bits of the f64 */
  u32 has_bounds;      /* min and max hold for every row that has a value */
  u32 null_count_low;
} fl_column;
typedef struct {
  u64 rows;
  u64 id;
  const fl_column *cols; /* in the order of the scan's columns */
  u32 layout;            /* which of the program's layouts for this scan */
  u32 first_morsel;
} fl_segment;
typedef struct {
  u64 rows;
  u32 nsegments, ncols;
  u32 nmorsels, pad;
  const fl_segment *segments;
  const fl_dict *dicts; /* one a column; count 0 and NULL when the column has none */
} fl_table;

typedef struct fl_query fl_query;
typedef struct fl_worker fl_worker;

/* One run of a program. The executor owns it; programs read the fields above the line. */
struct fl_query {
  const u8 *params;          /* literals and parameters, laid out by the compiler */
  const fl_table *tables;
  const u8 *const *blobs;    /* weights and other read-only data, 64-byte aligned */
  void *state;               /* the program's own state, zeroed, fl_program.state_size bytes */
  volatile u32 stop;         /* not 0: cancelled or failed; checked at block and loop boundaries */
  u32 nworkers;              /* workers that may call a pipeline's work() */
  u64 seed;                  /* of random(), differs between runs */
  u64 morsel;                /* rows of a morsel */
};

/* One worker within a run. */
struct fl_worker {
  fl_query *q;
  u32 id;              /* 0 … nworkers-1 */
  u32 pad;
  u8 *scratch;         /* fl_pipeline.scratch_size bytes, 64-byte aligned, this worker's for one call of work() */
  u64 *counters;       /* rows that left each operator, indexed by its EXPLAIN number; summed at the end */
  const u8 *chunk;     /* stream pipelines: the morsel's bytes */
  u64 chunk_len;
  u64 chunk_row;       /* stream pipelines: number of rows before this chunk */
  u64 morsel;          /* index of the morsel being worked on */
  u64 most;            /* sources of a pipeline with a LIMIT give no more than so many first rows of the morsel */
};

/* A pipeline: prepare() once, then work() for each morsel on any worker, then finish() once. All but work may be NULL. */
typedef struct {
  const char *name;                                 /* p0_lineitem */
  void (*prepare)(fl_worker *, void *state);        /* worker 0 */
  u64 (*morsels)(fl_worker *, void *state);         /* number of morsels, asked after prepare; NULL: one */
  void (*work)(fl_worker *, void *state, u64 morsel);
  void (*finish)(fl_worker *, void *state);         /* worker 0 */
  u64 scratch_size;
  u32 flags;
  i32 stream;                                       /* FL_STREAM: index of the request's input */
  u32 first_node;                                   /* EXPLAIN number of the pipeline's top operator */
} fl_pipeline;

#define FL_STREAM 1u  /* morsels are chunks of an input stream, handed out until it ends */
#define FL_ORDERED 2u /* result rows leave in the order of the morsels */
#define FL_IN_TURN 4u /* morsels begin in order, so that those begun are always a beginning; so do ordered ones */

typedef struct {
  u32 abi;          /* FL_ABI */
  u32 npipelines;
  u64 layout_hash;  /* of state and everything in it; the executor refuses to change between programs that differ */
  u64 state_size;
  const fl_pipeline *pipelines;
  u32 ncounters;    /* highest EXPLAIN number + 1 */
  u32 pad;
} fl_program;
/* Each program exports: const fl_program fl_main; */

/* ---- executor services (executor_*.c); none returns after raising ---- */

/* Ends the query with an error; the message is format with the arguments put in (%s text of fl_str*, %d i64, %f f64). What
 * follows a line break in format is the error's detail. */
void fl_raise(fl_worker *w, const char *sqlstate, i32 position, const char *format, ...);
/* Leaves the program if the query is over (stop). The runtime's loops over more than a block's rows call it now and then: a
 * query that has not ended a few seconds after it was cancelled is killed, and all others with it. */
void fl_obey(fl_worker *w);
/* A line of context for the error raised next ("COPY data, line 3, column c1"); format as above. */
void fl_context(fl_worker *w, const char *format, ...);
/* Memory for the rest of the query, 64-byte aligned, zeroed; counted against the query's budget (53200). */
void *fl_alloc(fl_worker *w, u64 bytes);
/* Gives a large allocation back early (optional). */
void fl_free(fl_worker *w, void *p, u64 bytes);
/* Bytes that the query may have: to lay out what should not fill them. */
u64 fl_memory_limit(const fl_worker *w);
/* Memory until the next fl_temp_reset of this worker, 16-byte aligned, not zeroed. */
void *fl_temp(fl_worker *w, u64 bytes);
/* The same at a cache line's beginning; a vector beyond the end may be read. */
static inline void *fl_temp_lines(fl_worker *w, u64 bytes) { return (void *)(((u64)fl_temp(w, bytes + 192) + 63) & ~(u64)63); }
void fl_temp_reset(fl_worker *w);
/* Gives back what was allocated since the mark, which can be used again; a mark lives as long as what came before it. */
void *fl_temp_mark(fl_worker *w);
void fl_temp_release(fl_worker *w, void *mark);
/* Room for at least `bytes` more bytes of this morsel's result; the writer advances with fl_result_used. */
u8 *fl_result_room(fl_worker *w, u64 bytes);
void fl_result_used(fl_worker *w, u64 bytes, u64 rows);
/* LIMIT/OFFSET over the ordered result of the running pipeline, set in prepare(); the executor drops rows and stops. */
void fl_result_limit(fl_worker *w, i64 offset, i64 limit);
/* No further morsel of the running pipeline, which is FL_IN_TURN, is handed out; those under way are finished. */
void fl_no_more(fl_worker *w);
/* Shared memory that outlives the query and becomes a file of the table's (sink); id names it in the reply. */
void *fl_image_alloc(fl_worker *w, u64 bytes, u32 *id);
/* Describes a finished image to the control plane: bytes of metadata, opaque to the executor. */
void fl_image_done(fl_worker *w, u32 id, const void *meta, u64 meta_len);

/* ---- a lane array with its type, for kernels that take any (result, sink, casts, hash) ---- */
enum fl_kind {
  FL_BOOL = 1,   /* mask */
  FL_I16,        /* i32 lanes */
  FL_I32,        /* i32 lanes */
  FL_I64,        /* i64 lanes */
  FL_F32,
  FL_F64,
  FL_DEC64,      /* i64 lanes, numeric with `scale` digits after the point */
  FL_DEC128,     /* fl_i128 lanes, likewise */
  FL_NUM,        /* fl_str lanes pointing to fl_num */
  FL_STR,        /* fl_str lanes */
  FL_DATE,       /* i32 lanes: days since 2000-01-01; -2^31, 2^31-1: -infinity, infinity */
  FL_TIMESTAMP,  /* i64 lanes: microseconds since 2000-01-01; -2^63, 2^63-1: -infinity, infinity */
  FL_INTERVAL,   /* fl_interval lanes */
  FL_ARRAY,      /* `count` fl_vecs at `elems`, all of one kind: an array value a row */
  FL_RECORD,     /* likewise, of any kinds */
  FL_PACKED,     /* fl_str lanes of packed arrays (array.h); scale: the kind of their elements */
  FL_VECTOR      /* fl_str lanes of f32s: the numbers of a vector */
};
typedef struct fl_vec {
  u8 kind;              /* enum fl_kind */
  u8 constant;          /* data holds one value, for all rows */
  i16 scale;            /* FL_DEC64, FL_DEC128; FL_PACKED: enum fl_kind of the elements */
  i32 typmod;           /* sink and casts: -1 or the modifier (numeric: precision<<16|scale; varchar, char: n) */
  const void *data;
  const u64 *valid;     /* mask; NULL: all rows have a value */
  const struct fl_vec *elems;
  u32 count;
  u32 pad;
} fl_vec;

#endif

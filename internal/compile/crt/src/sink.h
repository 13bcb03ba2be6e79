/* sink.h: the table sink: blocks of rows become encoded segments of a table in shared memory.
 *
 * Rows keep the order of their morsels whatever worker ran them, so that clustered inputs stay clustered. Each segment is
 * sealed by the worker that finds it complete while the others go on; what is left is sealed at the end. All workers share
 * a dictionary a column; codes are never changed once given.
 *
 * The result goes to the control plane as images (fl_image_alloc), each described by the structs below, which
 * internal/storage/load decodes.
 */
#ifndef FL_SINK_H
#define FL_SINK_H

#include "fl.h"

#define FL_SINK_MAGIC 0x314b4e53u  /* "SNK1" */
#define FL_IMAGE_MAGIC 0x31474d49u /* "IMG1" */
#define FL_SEGMENT_ROWS (1u << 20)
#define FL_SKETCH 1024             /* registers of a distinct sketch, a byte each */

/* ---- what a sink is told: one block of bytes, 8-byte aligned, made by internal/storage/load ---- */

enum fl_encoding { FL_SCALED, FL_WIDE, FL_FLOAT, FL_DICTIONARY, FL_BYTES, FL_FIXED }; /* segment.Encoding */

typedef struct {
  u8 encoding, width, nullable, has_base;
  u16 count;               /* FL_FIXED: numbers of `width` bytes a value */
  u16 pad;
  i64 divisor;
} fl_layout;

typedef struct {
  u32 magic;
  u32 size;
  u32 ncols;
  u16 nlayouts;            /* combinations of layouts: first the one that every value fits, then those of the table's segments */
  u16 most_layouts;        /* that the table may have */
  u32 table_off, table_len;
  u32 cols_off;            /* ncols fl_sink_column */
  u32 layouts_off;         /* nlayouts * ncols fl_layout */
  u32 rewrite;             /* the rows are the table's already: they get the last layout if they fit, whatever it costs */
  u32 pad;
} fl_sink_spec;

typedef struct {
  u32 name_off, name_len;
  u8 type;                 /* enum fl_kind of the values that are stored: FL_DEC64, FL_DEC128 for numeric(p,s), FL_NUM without */
  u8 not_null;
  u8 dictionary;           /* text: may have one */
  u8 pad;
  i16 scale;               /* FL_DEC64, FL_DEC128 */
  u16 count;               /* FL_VECTOR: how many f32s each has; 0: any number */
} fl_sink_column;

/* ---- what programs call ---- */

typedef struct fl_sink fl_sink;

/* In prepare(). dicts: the table's dictionaries, one a column, or NULL. The spec and the dictionaries outlive the sink. */
fl_sink *fl_sink_open(fl_worker *w, const void *spec, const fl_dict *dicts);

/* The selected rows (mask NULL: all) of a block of the morsel, one fl_vec for each of the table's columns. Copies what it
 * needs. Raises 23502 for a null in a NOT NULL column. */
void fl_sink_block(fl_worker *w, fl_sink *s, u64 morsel, const fl_vec *cols, const u64 *mask, u32 n);

/* After the last block of each morsel, those without rows included. */
void fl_sink_morsel_end(fl_worker *w, fl_sink *s, u64 morsel);

/* In finish(): seals the rest. The number of rows. */
u64 fl_sink_finish(fl_worker *w, fl_sink *s);

/* ---- what the control plane is told of an image ---- */

#define FL_IMAGE_VERSION 1
enum { FL_IMAGE_SEGMENT = 1, FL_IMAGE_DICTIONARY = 2 };

typedef struct {
  u32 magic;
  u16 version;
  u16 kind;
  u64 rows;                /* segment */
  u64 order, suborder;     /* segments come in this order */
  u64 size;                /* of what is used of the image */
  u32 ncols;               /* segment: so many fl_image_column follow, then their sketches */
  u32 ordinal;             /* dictionary: the column */
  u64 base, count;         /* dictionary: codes base … base+count-1 */
  u64 offsets, data, data_len; /* dictionary: count+1 i32 offsets from 0; bytes */
} fl_image_head;

typedef struct {
  u8 encoding, width, nullable, has_base;
  u8 has_bounds;
  u8 pad;
  u16 count;
  i64 divisor, base;
  u64 data, data_len;
  u64 valid, valid_len;
  u64 offsets, offsets_len;
  u64 nulls;
  i64 min, max;            /* bits of f64 for floats; dictionary: max is the highest code */
  u64 distinct;            /* estimate; 0: unknown */
  u64 sketch_len;          /* 0 or FL_SKETCH */
} fl_image_column;

#endif

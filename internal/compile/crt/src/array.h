/* array.h: array values inside the runtime.
 *
 * A packed array (FL_PACKED) is fl_str lanes that point to an fl_array: the elements' values follow it without gaps (bool and
 * smallint in 1 and 2 bytes; a null's is zero), then, if any element is null, a bitmap of those that are not. Elements of text
 * are count+1 u32 offsets from 0, and bytes. A vector (FL_VECTOR) is fl_str lanes of plain f32s. Neither is aligned.
 * internal/storage/sqltype/array_packed.go has the same form, and storage has checked what lies in segments.
 */
#ifndef FL_ARRAY_H
#define FL_ARRAY_H
#include "text.h"
#include "value.h"

typedef struct { u32 count, nulls; } fl_array;
#define ARRAY_MOST (1u << 27)    /* elements */
#define VECTOR_MOST 16000u

static inline fl_array array_head(const fl_str *a) {
  fl_array h;
  __builtin_memcpy(&h, a->p, sizeof h);
  return h;
}
static inline const u8 *array_values(const fl_str *a) { return a->p + sizeof(fl_array); }
/* Bytes of an element's value; 0 for text. */
static inline u32 array_width(u32 kind) {
  switch (kind) {
  case FL_BOOL: return 1;
  case FL_I16: return 2;
  case FL_I32:
  case FL_F32: return 4;
  case FL_I64:
  case FL_F64: return 8;
  }
  return 0;
}
/* NULL when no element is. */
static inline const u8 *array_bitmap(const fl_str *a) {
  fl_array h = array_head(a);
  return h.nulls ? a->p + a->n - (h.count + 7) / 8 : NULL;
}
static inline int array_null(const u8 *bitmap, u32 k) { return bitmap && !(bitmap[k / 8] >> (k % 8) & 1); }

/* An element as the widest type of its kind. */
typedef struct { i64 i; f64 f; fl_str s; } array_element;
array_element array_get(const fl_str *a, u32 kind, u32 k); /* not null */

/* Writes an array element by element; a text's bytes are kept until array_done. */
typedef struct {
  u8 *start;
  u32 kind, count, at, nulls;
  u64 bytes;               /* of text so far */
  u64 room;                /* for text */
} array_writer;
array_writer array_begin(fl_worker *w, u32 kind, u32 count, u64 text_bytes);
void array_put(array_writer *a, array_element e);
void array_put_null(array_writer *a);
fl_str array_done(array_writer *a);

/* array_order.c: below, at or above 0, as elements of the kind are ordered. */
i32 array_compare_elements(array_element a, array_element b, u32 kind);

/* array_text.c: what is written fits array_bound bytes, whichever form. */
u8 *array_put_number(u8 *d, array_element e, u32 kind); /* any element but a text */
u64 array_bound(const fl_str *a, u32 kind);
u8 *array_put_text(u8 *d, const fl_str *a, u32 kind);
u8 *array_put_binary(u8 *d, const fl_str *a, u32 kind, u32 oid);
u64 vector_bound(const fl_str *a);
u8 *vector_put_text(u8 *d, const fl_str *a);
u8 *vector_put_binary(u8 *d, const fl_str *a);

/* Parses an element's text; row and whole tell where errors are. */
array_element array_parse(fl_worker *w, u32 row, const fl_str *whole, const fl_str *s, u32 kind, i32 pos);

/* result.c: quoting in arrays and records. */
int fl_needs_quotes(const u8 *p, u64 n, int record);
u8 *fl_put_quoted(u8 *d, const u8 *p, u64 n, int record);
#endif

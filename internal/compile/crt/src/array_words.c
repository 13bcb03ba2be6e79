/* array_words.c: array_to_string and string_to_array. */
#include "array.h"
#include "kernels.h"
#include "text.h"

static u8 *put_text(u8 *d, const fl_str *s) {
  if (s->n) __builtin_memcpy(d, s->p, s->n);
  return d + s->n;
}
/* null stands for elements that are null; without it they are left out. */
static fl_str joined(fl_worker *w, const fl_str *a, u32 kind, const fl_str *between, const fl_str *null, i32 pos) {
  u32 count = array_head(a).count;
  const u8 *bitmap = array_bitmap(a);
  u64 most = between->n * (u64)count + (kind == FL_STR ? a->n : (u64)FL_PUT_F64 * count);
  if (null) most += null->n * (u64)array_head(a).nulls;
  u64 room = most;
  if (room > TEXT_MAX) { /* numbers are shorter than they may be */
    u8 digits[FL_PUT_F64];
    room = 0;
    for (u32 k = 0; k < count; k++) {
      room += between->n;
      if (array_null(bitmap, k)) room += null ? null->n : 0;
      else if (kind == FL_STR) room += array_get(a, kind, k).s.n;
      else room += (u64)(array_put_number(digits, array_get(a, kind, k), kind) - digits);
    }
  }
  u8 *start = text_room(w, room, pos), *d = start;
  int first = 1;
  for (u32 k = 0; k < count; k++) {
    int missing = array_null(bitmap, k);
    if (missing && !null) continue;
    if (!first) d = put_text(d, between);
    first = 0;
    array_element e = missing ? (array_element){.s = *null} : array_get(a, kind, k);
    d = missing || kind == FL_STR ? put_text(d, &e.s) : array_put_number(d, e, kind);
  }
  return (fl_str){start, (u64)(d - start)};
}
void flk_array_to_string(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *between, const fl_str *null, const u64 *there, u32 kind,
                         const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? joined(w, &a[i], kind, &between[i], picked(there, i) ? &null[i] : NULL, pos) : no_text;
}

/* The next piece of s after *at, which moves behind it; between NULL: a character. 0 at the end. */
static int next_piece(const fl_str *s, const fl_str *between, const u8 **at, fl_str *piece) {
  const u8 *p = *at, *end = s->p + s->n;
  if (!p) return 0;
  if (!between) {
    const u8 *next = next_char(p, end);
    *piece = (fl_str){p, (u64)(next - p)};
    *at = next < end ? next : NULL;
    return 1;
  }
  const u8 *found = between->n ? text_find(p, (u64)(end - p), between->p, between->n) : NULL;
  *piece = (fl_str){p, (u64)((found ? found : end) - p)};
  *at = found ? found + between->n : NULL;
  return 1;
}
static fl_str split(fl_worker *w, const fl_str *s, const fl_str *between, const fl_str *null) {
  fl_str piece;
  u32 count = 0;
  const u8 *start = s->n ? s->p : NULL;
  for (const u8 *at = start; next_piece(s, between, &at, &piece);)
    if (count++ > ARRAY_MOST) break; /* array_begin refuses it */
  array_writer out = array_begin(w, FL_STR, count, s->n);
  for (const u8 *at = start; next_piece(s, between, &at, &piece);) {
    if (null && text_equal(&piece, null)) array_put_null(&out);
    else array_put(&out, (array_element){.s = piece});
  }
  return array_done(&out);
}
void flk_string_to_array(fl_worker *w, fl_str *d, const fl_str *s, const fl_str *between, const fl_str *null, const u64 *there_between,
                         const u64 *there_null, const u64 *m, i32 pos, u32 n) {
  (void)pos;
  for (u32 i = 0; i < n; i++)
    d[i] = picked(m, i) ? split(w, &s[i], picked(there_between, i) ? &between[i] : NULL, picked(there_null, i) ? &null[i] : NULL) : no_text;
}

/* text.h: bytes and characters of UTF-8 text inside the runtime. Text is valid UTF-8 when it comes in; these bound every read. */
#ifndef FL_TEXT_H
#define FL_TEXT_H
#include "wide.h"

#define TEXT_MAX 0x3fffffff /* most bytes of a value, as in PostgreSQL */
static const fl_str no_text = {(const u8 *)"", 0};

static inline u8 ascii_lower(u8 c) { return (u8)(c - 'A') < 26 ? c | 0x20 : c; }
static inline u8 ascii_upper(u8 c) { return (u8)(c - 'a') < 26 ? c & 0xDF : c; }
static inline int starts_char(u8 c) { return (c & 0xC0) != 0x80; }
/* The next character's start after p. */
static inline const u8 *next_char(const u8 *p, const u8 *end) {
  do p++;
  while (p < end && !starts_char(*p));
  return p;
}
static inline int text_compare(const fl_str *a, const fl_str *b) {
  u64 n = a->n < b->n ? a->n : b->n;
  int c = n ? __builtin_memcmp(a->p, b->p, n) : 0;
  return c ? c : (a->n > b->n) - (a->n < b->n);
}
static inline int text_equal(const fl_str *a, const fl_str *b) {
  return a->n == b->n && (!a->n || __builtin_memcmp(a->p, b->p, a->n) == 0);
}
static inline fl_str without_padding(fl_str s) { /* char(n): the spaces at the end do not count */
  while (s.n && s.p[s.n - 1] == ' ') s.n--;
  return s;
}
u64 text_chars(const u8 *p, u64 n);                 /* number of characters */
const u8 *text_skip(const u8 *p, const u8 *end, u64 chars); /* after that many characters, at most end */
/* Where the needle (not empty) lies first, or NULL. */
const u8 *text_find(const u8 *p, u64 n, const u8 *needle, u64 length);
u8 *text_room(fl_worker *w, u64 bytes, i32 pos);    /* 54000 past TEXT_MAX */
#endif

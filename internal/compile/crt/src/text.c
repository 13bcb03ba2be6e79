/* text.c: kernels over text: columns to lanes, comparison, and the functions that cut, join and change strings. Positions and
 * lengths count characters. The collation is "C": order is that of the bytes, and upper and lower change ASCII letters only. */
#include "text.h"

u64 text_chars(const u8 *p, u64 n) {
  u64 count = 0;
  for (u64 i = 0; i < n; i++) count += starts_char(p[i]);
  return count;
}
const u8 *text_skip(const u8 *p, const u8 *end, u64 chars) {
  if (chars >= (u64)(end - p)) return end;
  for (; chars && p < end; chars--) p = next_char(p, end);
  return p;
}
u8 *text_room(fl_worker *w, u64 bytes, i32 pos) {
  if (bytes > TEXT_MAX) fl_raise(w, "54000", pos, "requested length too large");
  return fl_temp(w, bytes);
}

/* ---- columns to lanes ---- */
void flk_bytes_str(fl_str *d, const i32 *offsets, const u8 *data, u64 at, u32 n) {
  for (u32 i = 0; i < n; i++) {
    u32 from = (u32)offsets[at + i];
    d[i] = (fl_str){data + from, (u64)((u32)offsets[at + i + 1] - from)};
  }
}
static inline fl_str entry(const fl_dict *dict, u64 code) {
  if (code >= dict->count) return no_text;
  u32 from = (u32)dict->offsets[code];
  return (fl_str){dict->data + from, (u64)((u32)dict->offsets[code + 1] - from)};
}
#define DICT(C)                                                                                            \
  void flk_dict_str_##C(fl_str *d, const fl_dict *dict, const C *codes, const u64 *m, u32 n) {             \
    for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? entry(dict, codes[i]) : no_text;                     \
  }
DICT(u8)
DICT(u16)
DICT(u32)
void flk_dict_entries(fl_str *d, const fl_dict *dict, u64 from, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = entry(dict, from + i);
}

/* ---- comparison ---- */
#define COMPARE(op, test)                                                                           \
  void flk_##op##_str(u64 *d, const fl_str *a, const fl_str *b, const u64 *m, u32 bc, u32 n) {      \
    for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;                                               \
    ROWS(i, m, n) {                                                                                 \
      const fl_str *x = &a[bc & 1 ? 0 : i], *y = &b[bc & 2 ? 0 : i];                                \
      d[i / 64] |= (u64)(test) << (i % 64);                                                         \
    }                                                                                               \
  }
COMPARE(eq, text_equal(x, y))
COMPARE(ne, !text_equal(x, y))
COMPARE(lt, text_compare(x, y) < 0)
COMPARE(le, text_compare(x, y) <= 0)
COMPARE(gt, text_compare(x, y) > 0)
COMPARE(ge, text_compare(x, y) >= 0)

/* ---- joining ---- */
#define EACH(i, d, m, n)       \
  for (u32 i = 0; i < n; i++)  \
    if (!picked(m, i)) d[i] = no_text; else
static u8 *append(u8 *d, const fl_str *s) {
  if (s->n) __builtin_memcpy(d, s->p, s->n);
  return d + s->n;
}
void flk_concat(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *b, const u64 *m, i32 pos, u32 n) {
  EACH(i, d, m, n) {
    u8 *p = text_room(w, a[i].n + b[i].n, pos);
    append(append(p, &a[i]), &b[i]);
    d[i] = (fl_str){p, a[i].n + b[i].n};
  }
}
void flk_repeat(fl_worker *w, fl_str *d, const fl_str *a, const i32 *count, const u64 *m, i32 pos, u32 n) {
  EACH(i, d, m, n) {
    u64 times = count[i] > 0 && a[i].n ? (u64)count[i] : 0, bytes = times * a[i].n;
    u8 *p = text_room(w, bytes, pos);
    for (u64 k = 0; k < times; k++) append(p + k * a[i].n, &a[i]);
    d[i] = (fl_str){p, bytes};
  }
}
static fl_str replaced(fl_worker *w, const fl_str *s, const fl_str *from, const fl_str *to, i32 pos) {
  u64 count = 0;
  const u8 *end = s->p + s->n, *at = s->p, *hit;
  if (!from->n || !s->n) return *s;
  for (; (hit = text_find(at, (u64)(end - at), from->p, from->n)); at = hit + from->n) count++;
  if (!count) return *s;
  u64 bytes = s->n - count * from->n;
  if (to->n && count > (TEXT_MAX + 1ul) / to->n) bytes = TEXT_MAX + 1ul;
  else bytes += count * to->n;
  u8 *p = text_room(w, bytes, pos), *d = p;
  for (at = s->p; (hit = text_find(at, (u64)(end - at), from->p, from->n)); at = hit + from->n) {
    fl_str before = {at, (u64)(hit - at)};
    d = append(append(d, &before), to);
  }
  fl_str rest = {at, (u64)(end - at)};
  append(d, &rest);
  return (fl_str){p, bytes};
}
void flk_replace(fl_worker *w, fl_str *d, const fl_str *a, const fl_str *from, const fl_str *to, const u64 *m, i32 pos, u32 n) {
  EACH(i, d, m, n) d[i] = replaced(w, &a[i], &from[i], &to[i], pos);
}
#define LETTERS(op)                                                                              \
  void flk_##op(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n) {                 \
    EACH(i, d, m, n) {                                                                           \
      u8 *p = fl_temp(w, a[i].n);                                                                \
      for (u64 k = 0; k < a[i].n; k++) p[k] = ascii_##op(a[i].p[k]);                             \
      d[i] = (fl_str){p, a[i].n};                                                                \
    }                                                                                            \
  }
LETTERS(upper)
LETTERS(lower)

/* ---- cutting: results point into their argument ---- */
void flk_length(i32 *d, const fl_str *a, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? (i32)text_chars(a[i].p, a[i].n) : 0;
}
void flk_length_char(i32 *d, const fl_str *a, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? (i32)text_chars(a[i].p, without_padding(a[i]).n) : 0;
}
void flk_trim_char(fl_str *d, const fl_str *a, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = without_padding(a[i]);
}
/* Characters from `from` (from 0) on, `count` of them. */
static fl_str part(const fl_str *s, u64 from, u64 count) {
  const u8 *end = s->p + s->n, *p = text_skip(s->p, end, from);
  return (fl_str){p, (u64)(text_skip(p, end, count) - p)};
}
void flk_substr(fl_worker *w, fl_str *d, const fl_str *a, const i32 *start, const u64 *m, u32 n) {
  (void)w;
  EACH(i, d, m, n) d[i] = part(&a[i], start[i] > 1 ? (u64)start[i] - 1 : 0, ~(u64)0);
}
void flk_substr_len(fl_worker *w, fl_str *d, const fl_str *a, const i32 *start, const i32 *len, const u64 *m, i32 pos, u32 n) {
  EACH(i, d, m, n) {
    if (len[i] < 0) fl_raise(w, "22011", pos, "negative substring length not allowed");
    i64 from = start[i] > 1 ? start[i] : 1, end = (i64)start[i] + len[i];
    d[i] = end > from ? part(&a[i], (u64)from - 1, (u64)(end - from)) : no_text;
  }
}
/* The character count that left and right keep: of a negative one, all but so many. */
static u64 kept(const fl_str *s, i32 count) {
  if (count >= 0) return (u64)count;
  u64 chars = text_chars(s->p, s->n), drop = (u64)-(i64)count;
  return drop < chars ? chars - drop : 0;
}
void flk_left(fl_str *d, const fl_str *a, const i32 *count, const u64 *m, u32 n) {
  EACH(i, d, m, n) d[i] = part(&a[i], 0, kept(&a[i], count[i]));
}
void flk_right(fl_str *d, const fl_str *a, const i32 *count, const u64 *m, u32 n) {
  EACH(i, d, m, n) {
    u64 chars = text_chars(a[i].p, a[i].n), keep = kept(&a[i], count[i]);
    int least = count[i] == -2147483647 - 1; /* whose negative is itself, in PostgreSQL too: all is kept */
    d[i] = part(&a[i], keep < chars && !least ? chars - keep : 0, ~(u64)0);
  }
}
/* Whether the character [c, end) is one of the set's. */
static int in_set(const u8 *c, const u8 *end, const fl_str *set) {
  u64 n = (u64)(end - c);
  const u8 *last = set->p + set->n;
  for (const u8 *p = set->p; p < last; p = next_char(p, last))
    if ((u64)(last - p) >= n && (u64)(next_char(p, last) - p) == n && __builtin_memcmp(p, c, n) == 0) return 1;
  return 0;
}
static fl_str trimmed(fl_str s, const fl_str *set, int left, int right) {
  const u8 *p = s.p, *end = s.p + s.n;
  while (left && p < end && in_set(p, next_char(p, end), set)) p = next_char(p, end);
  while (right && p < end) {
    const u8 *c = end - 1;
    while (c > p && !starts_char(*c)) c--;
    if (!in_set(c, end, set)) break;
    end = c;
  }
  return (fl_str){p, (u64)(end - p)};
}
#define TRIM(op, left, right)                                                                       \
  void flk_##op(fl_str *d, const fl_str *a, const fl_str *set, const u64 *m, u32 n) {               \
    EACH(i, d, m, n) d[i] = trimmed(a[i], &set[i], left, right);                                    \
  }
TRIM(btrim, 1, 1)
TRIM(ltrim, 1, 0)
TRIM(rtrim, 0, 1)

/* ---- searching ---- */
void flk_position(i32 *d, const fl_str *a, const fl_str *needle, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    const u8 *at = needle[i].n ? text_find(a[i].p, a[i].n, needle[i].p, needle[i].n) : a[i].p;
    if (at || !needle[i].n) d[i] = 1 + (i32)text_chars(a[i].p, (u64)(at - a[i].p));
  }
}
void flk_starts_with(u64 *d, const fl_str *a, const fl_str *prefix, const u64 *m, u32 n) {
  for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;
  ROWS(i, m, n) {
    u64 k = prefix[i].n;
    d[i / 64] |= (u64)(a[i].n >= k && (!k || __builtin_memcmp(a[i].p, prefix[i].p, k) == 0)) << (i % 64);
  }
}

/* ---- keeping ---- */
void flk_keep_str(fl_worker *w, fl_str *d, const fl_str *a, const u64 *m, u32 n) {
  u64 total = 0;
  ROWS(i, m, n) total += a[i].n;
  u8 *p = total ? fl_alloc(w, total) : NULL;
  EACH(i, d, m, n) {
    if (!a[i].n) {
      d[i] = no_text;
      continue;
    }
    d[i] = (fl_str){p, a[i].n};
    p = append(p, &a[i]);
  }
}

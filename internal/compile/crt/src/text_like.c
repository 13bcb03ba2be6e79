/* text_like.c: LIKE and ILIKE. A pattern is prepared into pieces between its % signs; a piece is a run of bytes and single
 * characters (_). The first piece is bound to the start, the last to the end, the others are taken where they first fit. */
#include "text.h"

#define ANY_CHAR 0x100 /* an element that is no byte */
typedef struct {
  u16 *elements;  /* bytes (in lower case when case is ignored) and ANY_CHAR */
  u8 *bytes;      /* the same, when there is no ANY_CHAR */
  u32 n, plain;   /* plain: bytes alone, compared with case */
} piece;
struct fl_like {
  piece *pieces;
  u32 npieces;    /* one more than runs of % */
  u32 fold, ends_in_escape;
};

static inline u8 folded(u8 c, u32 fold) { return fold ? ascii_lower(c) : c; }

/* ---- preparing ---- */
static void finish_piece(fl_like *l, u16 *elements, u32 n, u8 *bytes) {
  piece *p = &l->pieces[l->npieces++];
  *p = (piece){elements, bytes, n, !l->fold};
  for (u32 k = 0; k < n; k++) {
    if (elements[k] == ANY_CHAR) p->plain = 0;
    bytes[k] = (u8)elements[k];
  }
}
static fl_like *prepare(void *memory, const fl_str *pattern, const fl_str *escape, u32 fold) {
  u64 n = pattern->n;
  fl_like *l = memory;
  l->pieces = (piece *)(l + 1);
  u16 *elements = (u16 *)(l->pieces + n + 1);
  u8 *bytes = (u8 *)(elements + n + 1);
  l->npieces = l->ends_in_escape = 0;
  l->fold = fold;
  u64 from = 0, at = 0;
  for (u64 i = 0; i < n;) {
    if (escape->n && n - i >= escape->n && __builtin_memcmp(pattern->p + i, escape->p, escape->n) == 0) {
      i += escape->n;
      if (i == n) {
        l->ends_in_escape = 1;
        break;
      }
      elements[at++] = folded(pattern->p[i++], fold);
    } else if (pattern->p[i] == '%') {
      finish_piece(l, elements + from, (u32)(at - from), bytes + from);
      from = at;
      while (i < n && pattern->p[i] == '%') i++;
    } else {
      elements[at++] = pattern->p[i] == '_' ? ANY_CHAR : folded(pattern->p[i], fold);
      i++;
    }
  }
  finish_piece(l, elements + from, (u32)(at - from), bytes + from);
  return l;
}
static u64 prepared_size(const fl_str *pattern) {
  return sizeof(fl_like) + (pattern->n + 1) * (sizeof(piece) + sizeof(u16) + 1);
}
static void check_escape(fl_worker *w, const fl_str *escape, i32 pos) {
  if (escape->n && text_chars(escape->p, escape->n) != 1) fl_raise(w, "22025", pos, "invalid escape string");
}
fl_like *flk_like_prepare(fl_worker *w, const fl_str *pattern, const fl_str *escape, u32 ignore_case, i32 pos) {
  check_escape(w, escape, pos);
  return prepare(fl_alloc(w, prepared_size(pattern)), pattern, escape, ignore_case);
}

/* ---- matching ---- */
/* Where the text goes on after a piece that begins at p, or NULL when it does not match there. */
static const u8 *match_at(const piece *x, u32 fold, const u8 *p, const u8 *end) {
  if (x->plain) {
    if ((u64)(end - p) < x->n || (x->n && __builtin_memcmp(p, x->bytes, x->n))) return NULL;
    return p + x->n;
  }
  for (u32 k = 0; k < x->n; k++) {
    if (p == end) return NULL;
    if (x->elements[k] == ANY_CHAR) p = next_char(p, end);
    else if (folded(*p++, fold) != x->elements[k]) return NULL;
  }
  return p;
}
/* Whether the piece ends the text [p, end). */
static int match_end(const piece *x, u32 fold, const u8 *p, const u8 *end) {
  for (u32 k = x->n; k; k--) {
    if (p == end) return 0;
    end--;
    if (x->elements[k - 1] != ANY_CHAR) {
      if (folded(*end, fold) != x->elements[k - 1]) return 0;
    } else {
      while (end > p && !starts_char(*end)) end--;
    }
  }
  return 1;
}
static const u8 *find_piece(const piece *x, u32 fold, const u8 *p, const u8 *end) {
  if (!x->n) return p;
  if (x->plain) {
    p = text_find(p, (u64)(end - p), x->bytes, x->n);
    return p ? p + x->n : NULL;
  }
  for (; p < end; p = next_char(p, end)) {
    const u8 *after = match_at(x, fold, p, end);
    if (after) return after;
  }
  return NULL;
}
static int matches(const fl_like *l, const fl_str *s) {
  const u8 *p = s->p, *end = p + s->n;
  p = match_at(&l->pieces[0], l->fold, p, end);
  if (!p) return 0;
  if (l->npieces == 1) return p == end;
  for (u32 k = 1; k + 1 < l->npieces; k++)
    if (!(p = find_piece(&l->pieces[k], l->fold, p, end))) return 0;
  return match_end(&l->pieces[l->npieces - 1], l->fold, p, end);
}
/* A pattern that ends in its escape character is an error once a text reaches that point with something left over. */
static int matches_or_raises(fl_worker *w, const fl_like *l, const fl_str *s, i32 pos) {
  const u8 *p = s->p, *end = p + s->n;
  const piece *last = &l->pieces[l->npieces - 1];
  p = match_at(&l->pieces[0], l->fold, p, end);
  for (u32 k = 1; p && k < l->npieces; k++) {
    if (&l->pieces[k] == last && last->n == 0) break;
    p = find_piece(&l->pieces[k], l->fold, p, end);
  }
  if (p && p < end) fl_raise(w, "22025", pos, "LIKE pattern must not end with escape character");
  return 0;
}
void flk_like(fl_worker *w, u64 *d, const fl_str *a, const fl_like *l, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;
  ROWS(i, m, n) {
    int hit = l->ends_in_escape ? matches_or_raises(w, l, &a[i], pos) : matches(l, &a[i]);
    d[i / 64] |= (u64)hit << (i % 64);
  }
}
void flk_like_each(fl_worker *w, u64 *d, const fl_str *a, const fl_str *pattern, const fl_str *escape, u32 ignore_case, const u64 *m,
                   i32 pos, u32 n) {
  for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;
  ROWS(i, m, n) {
    check_escape(w, &escape[i], pos);
    const fl_like *l = prepare(fl_temp(w, prepared_size(&pattern[i])), &pattern[i], &escape[i], ignore_case);
    int hit = l->ends_in_escape ? matches_or_raises(w, l, &a[i], pos) : matches(l, &a[i]);
    d[i / 64] |= (u64)hit << (i % 64);
  }
}

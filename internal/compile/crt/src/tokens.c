/* tokens.c: kernels of models over texts: letters' case, regular expressions, hashes, and counts of sequences of tokens. A text
 * costs at most so many steps of an automaton: what takes more is an error (54000), not a stall. */
#include "kernels.h"
#include "support.h"
#include "tokens.h"
#include <string.h>

#define STEPS_A_BYTE 256
#define STEPS_A_TEXT 65536

/* ---- letters ---- */
static u32 decode(const u8 **p) {
  const u8 *s = *p;
  if (s[0] < 0x80) return *p += 1, s[0];
  if (s[0] < 0xE0) return *p += 2, (s[0] & 0x1Fu) << 6 | (s[1] & 0x3F);
  if (s[0] < 0xF0) return *p += 3, (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3F);
  return *p += 4, (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3F);
}
static u8 *encode(u8 *d, u32 c) {
  if (c < 0x80) {
    *d++ = (u8)c;
  } else if (c < 0x800) {
    *d++ = (u8)(0xC0 | c >> 6);
    *d++ = (u8)(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *d++ = (u8)(0xE0 | c >> 12);
    *d++ = (u8)(0x80 | (c >> 6 & 0x3F));
    *d++ = (u8)(0x80 | (c & 0x3F));
  } else {
    *d++ = (u8)(0xF0 | c >> 18);
    *d++ = (u8)(0x80 | (c >> 12 & 0x3F));
    *d++ = (u8)(0x80 | (c >> 6 & 0x3F));
    *d++ = (u8)(0x80 | (c & 0x3F));
  }
  return d;
}
static u32 other_case(u32 c, const u32 *table) {
  u32 lo = 0, hi = table[0];
  const u32 *from = table + 1, *to = from + hi;
  while (lo < hi) {
    u32 mid = (lo + hi) / 2;
    if (from[mid] == c) return to[mid];
    if (from[mid] < c) lo = mid + 1;
    else hi = mid;
  }
  return c;
}
/* A character has at most one byte more in its other case. */
void flk_recase(fl_worker *w, fl_str *d, const fl_str *a, const u8 *table, u32 upper, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = no_text;
    if (!picked(m, i) || !a[i].n) continue;
    u8 *room = text_room(w, a[i].n + a[i].n / 2 + 1, pos), *to = room;
    for (const u8 *p = a[i].p, *end = p + a[i].n; p < end;) {
      if (*p < 0x80) *to++ = upper ? ascii_upper(*p) : ascii_lower(*p), p++;
      else to = encode(to, other_case(decode(&p), (const u32 *)table));
    }
    d[i] = (fl_str){room, (u64)(to - room)};
  }
}

/* ---- regular expressions ---- */
static u32 before(u8 c) {
  if (c == '\n') return REGEX_NEWLINE;
  return c == '_' || (u8)(c - '0') < 10 || (u8)((c | 0x20) - 'a') < 26 ? REGEX_WORD : REGEX_OTHER;
}
/* The end of the longest match that begins at `at`, or NULL. */
static const u8 *longest(const fl_regex *r, const u8 *text, const u8 *at, const u8 *end, u64 *steps) {
  const u8 *found = 0, *p = at;
  u32 state = r->start[at == text ? REGEX_NOTHING : before(at[-1])];
  for (; state && p < end; p++) {
    u32 t = r->next[state * r->width + r->classes[*p]];
    if (t & REGEX_ENDS) found = p;
    state = t & ~REGEX_ENDS;
  }
  if (state && r->next[state * r->width + r->width - 1] & REGEX_ENDS) found = end;
  *steps += (u64)(p - at) + 1;
  return found;
}
void flk_matches(u64 *d, const fl_str *a, const u8 *table, const u64 *m, u32 n) {
  const fl_regex *r = (const fl_regex *)table;
  for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;
  ROWS(i, m, n) {
    u32 state = r->start[REGEX_NOTHING];
    for (u64 k = 0; k < a[i].n && state; k++) state = r->next[state * r->width + r->classes[a[i].p[k]]] & ~REGEX_ENDS;
    d[i / 64] |= (u64)(r->next[state * r->width + r->width - 1] >> 31) << (i % 64);
  }
}

/* ---- hashes ---- */
static inline u32 rotl(u32 x, u32 k) { return x << k | x >> (32 - k); }
static inline u32 scrambled(u32 k) { return rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u; }
void flk_murmur3(i32 *d, const fl_str *a, u32 seed, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    const u8 *p = a[i].p;
    u64 left = a[i].n;
    u32 h = seed, k = 0;
    for (; left >= 4; left -= 4, p += 4) {
      memcpy(&k, p, 4);
      h = rotl(h ^ scrambled(k), 13) * 5 + 0xe6546b64u;
    }
    if (k = 0, left) memcpy(&k, p, left), h ^= scrambled(k);
    h ^= (u32)a[i].n;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    d[i] = (i32)(h ^ h >> 16);
  }
}

/* ---- tokens and their sequences ---- */
typedef struct {
  fl_worker *w;
  const fl_tokens *t;
  i32 pos;
  u32 *counts;          /* by column */
  u32 *ids;             /* numbers plus 1 of the tokens so far, where sequences have more than one; room for `most` */
  u64 n, most;
  u64 steps, allowed, obeyed; /* of a text's automata; obeyed: when fl_obey was called last */
} counter;

static const void *part(const fl_tokens *t, u32 at) { return (const u8 *)t + at; }

static void one(counter *c, u32 id) {
  const fl_tokens *t = c->t;
  u32 node = id && t->shortest == 1 ? ((const u32 *)part(t, t->first))[id - 1] : 0;
  i32 column = ((const i32 *)part(t, t->columns))[node];
  if (column >= 0) c->counts[column]++;
  if (t->longest > 1) {
    if (c->n == c->most) {
      u64 more = c->most ? 2 * c->most : 256;
      u32 *ids = fl_temp(c->w, more * sizeof *ids);
      if (c->n) memcpy(ids, c->ids, c->n * sizeof *ids);
      c->ids = ids, c->most = more;
    }
    c->ids[c->n++] = id;
  }
}

static u32 token_hash(const u8 *p, u64 n) {
  u32 h = 0x811c9dc5u;
  for (u64 i = 0; i < n; i++) h = (h ^ p[i]) * 0x01000193u;
  return h ^ h >> 15;
}
/* The number of a token, plus 1; 0 if it is unknown. */
static u32 number_of(const fl_tokens *t, const u8 *p, u64 n) {
  const u32 *slots = part(t, t->texts), *places = part(t, t->places);
  const u8 *bytes = part(t, t->bytes);
  u32 mask = t->slots - 1, id;
  for (u32 at = token_hash(p, n) & mask; (id = slots[at]); at = (at + 1) & mask) {
    u32 from = places[id - 1];
    if (places[id] - from == n && memcmp(bytes + from, p, n) == 0) return id;
  }
  return 0;
}
static void token(counter *c, const u8 *p, const u8 *end) { one(c, number_of(c->t, p, (u64)(end - p))); }

/* Whether the characters from p to end are enough for a token. */
static int enough(const counter *c, const u8 *p, const u8 *end) {
  u64 n = (u64)(end - p);
  return n >= c->t->least && (c->t->least == 1 || text_chars(p, n) >= c->t->least);
}
static void bound(counter *c) {
  if (c->steps - c->obeyed > 1 << 20) {
    c->obeyed = c->steps;
    fl_obey(c->w);
  }
  if (c->steps > c->allowed) fl_raise(c->w, "54000", c->pos, "a text is too complex for the regular expression of a model");
}

static void matched(counter *c, const u8 *text, const u8 *end) {
  const fl_regex *r = part(c->t, c->t->table[0]);
  for (const u8 *at = text; at < end;) {
    const u8 *stop = longest(r, text, at, end, &c->steps);
    bound(c);
    if (stop && stop > at && enough(c, at, stop)) {
      token(c, at, stop);
      at = stop;
    } else {
      at = next_char(at, end);
    }
  }
}
/* Pieces between matches of a separator are cut at the next one. An empty match takes the character behind it away. */
static void separated(counter *c, const u8 *text, const u8 *end, u32 k) {
  if (k == c->t->tables) {
    token(c, text, end);
    return;
  }
  const fl_regex *r = part(c->t, c->t->table[k]);
  const u8 *from = text;
  for (const u8 *at = text; at <= end;) {
    const u8 *stop = longest(r, text, at, end, &c->steps);
    bound(c);
    if (!stop) {
      at = at < end ? next_char(at, end) : at + 1;
      continue;
    }
    if (enough(c, from, at)) separated(c, from, at, k + 1);
    from = at = stop > at ? stop : at < end ? next_char(at, end) : at + 1;
  }
  if (from < end && enough(c, from, end)) separated(c, from, end, k + 1);
}
static void text_tokens(counter *c, const fl_str *s) {
  const u8 *p = s->p, *end = p + s->n;
  c->steps = c->obeyed = 0, c->allowed = STEPS_A_TEXT + s->n * STEPS_A_BYTE;
  if (c->t->mark) one(c, c->t->begin);
  if (c->t->kind == TOKENS_MATCHES) matched(c, p, end);
  else if (c->t->kind == TOKENS_SEPARATED) separated(c, p, end, 0);
  else
    for (const u8 *next; p < end; p = next) token(c, p, next = next_char(p, end));
  if (c->t->mark) one(c, c->t->end);
}

/* The node that a token leads to from another one that is not the root; 0 if to none. */
static u32 edge(const fl_tokens *t, u32 from, u32 token) {
  const fl_tokens_edge *e = part(t, t->tree);
  u32 h = from * 0x9e3779b1u ^ token * 0x85ebca6bu, mask = t->edges - 1;
  for (u32 at = (h ^ h >> 15) & mask; e[at].to; at = (at + 1) & mask)
    if (e[at].from == from && e[at].token == token) return e[at].to;
  return 0;
}
/* Sequences of more than one token: from each place on, as far as there are any that begin so. */
static void sequences(counter *c) {
  const fl_tokens *t = c->t;
  const u32 *first = part(t, t->first);
  const i32 *columns = part(t, t->columns);
  for (u64 distance = 1; distance <= (u64)t->skip + 1 && distance < c->n; distance++) {
    for (u64 from = 0; from < c->n; from++) {
      u32 node = c->ids[from] ? first[c->ids[from] - 1] : 0, length = 1;
      for (u64 at = from + distance; node && at < c->n && length < t->longest && c->ids[at]; at += distance) {
        node = edge(t, node, c->ids[at] - 1);
        if (++length >= t->shortest && columns[node] >= 0) c->counts[columns[node]]++;
      }
    }
    if (distance % 64 == 0) fl_obey(c->w);
  }
}
/* Counts are weighted where they are. */
static void weigh(const fl_tokens *t, f32 *d) {
  const f32 *weights = part(t, t->weights);
  for (u32 k = 0; k < t->size; k++) {
    u32 count;
    memcpy(&count, &d[k], sizeof count);
    if (t->weighting == TOKENS_COUNTS) d[k] = (f32)count;
    else if (t->weighting == TOKENS_WEIGHTED) d[k] = (f32)count * weights[k];
    else d[k] = count ? weights[k] : 0;
  }
}
static counter begin(fl_worker *w, const fl_tokens *t, f32 *d, i32 pos) {
  memset(d, 0, t->size * sizeof *d);
  return (counter){.w = w, .t = t, .pos = pos, .counts = (u32 *)d};
}
static void finish(counter *c, f32 *d, void *mark) {
  if (c->n > 1) sequences(c);
  weigh(c->t, d);
  fl_temp_release(c->w, mark);
}

void flk_arr_tokens_str(fl_worker *w, f32 *d, fl_str *const *lanes, u64 lists, u64 length, const u8 *tokens, const u16 *at, u64 rows, i32 pos) {
  const fl_tokens *t = (const fl_tokens *)tokens;
  for (u64 i = 0; i < rows; i++)
    for (u64 list = 0; list < lists; list++, d += t->size) {
      void *mark = fl_temp_mark(w);
      counter c = begin(w, t, d, pos);
      for (u64 k = 0; k < length; k++) {
        const fl_str *s = &lanes[list * length + k][at[i]];
        if (t->kind == TOKENS_ELEMENTS) token(&c, s->p, s->p + s->n);
        else text_tokens(&c, s);
      }
      finish(&c, d, mark);
    }
}

void flk_arr_tokens_i64(fl_worker *w, f32 *d, const i64 *x, u64 length, const u8 *tokens, u64 rows) {
  const fl_tokens *t = (const fl_tokens *)tokens;
  const i64 *numbers = part(t, t->numbers);
  for (u64 i = 0; i < rows; i++, d += t->size, x += length) {
    void *mark = fl_temp_mark(w);
    counter c = begin(w, t, d, 0);
    for (u64 k = 0; k < length; k++) {
      u32 id;
      flk_find_i64(&id, &x[k], numbers, t->tokens, 1);
      one(&c, id < t->tokens ? id + 1 : 0);
    }
    finish(&c, d, mark);
  }
}

/* csv_cut.c: cutting a stream of COPY data at row ends.
 *
 * One pass over the bytes, 64 at a time. Inside quotes is a prefix xor of the quotes, since every quote toggles (PostgreSQL
 * lets one stand anywhere in a field); only an escape that differs from the quote needs a look at single bytes.
 */
#include "csv.h"
#include "csv_bytes.h"
#include "csv_format.h"

/* ---- the places that storage/load knows ---- */
#define SIZE(T, bytes) _Static_assert(sizeof(T) == (bytes), "storage/load knows another size of " #T)
#define AT(T, field, at) _Static_assert(__builtin_offsetof(T, field) == (at), "storage/load has " #T "." #field " elsewhere")
SIZE(fl_csv_format, 40); AT(fl_csv_format, magic, 0); AT(fl_csv_format, size, 4); AT(fl_csv_format, text, 8);
AT(fl_csv_format, delimiter, 9); AT(fl_csv_format, quote, 10); AT(fl_csv_format, escape, 11);
AT(fl_csv_format, header, 12); AT(fl_csv_format, ncols, 16); AT(fl_csv_format, null_off, 20);
AT(fl_csv_format, null_len, 24); AT(fl_csv_format, table_off, 28); AT(fl_csv_format, table_len, 32);
AT(fl_csv_format, cols_off, 36);
SIZE(fl_csv_col, 12); AT(fl_csv_col, name_off, 0); AT(fl_csv_col, name_len, 4); AT(fl_csv_col, flags, 8);
SIZE(fl_csv_cutter, 32); AT(fl_csv_cutter, position, 0); AT(fl_csv_cutter, lines, 8); AT(fl_csv_cutter, text, 16);
AT(fl_csv_cutter, quote, 17); AT(fl_csv_cutter, escape, 18); AT(fl_csv_cutter, eol, 19); AT(fl_csv_cutter, done, 20);
#undef SIZE
#undef AT

/* What the scan carries from one 64-byte group to the next. */
typedef struct {
  u64 quoted;    /* all ones inside quotes */
  u64 escaped;   /* 1: the next byte is escaped by a backslash (text), or follows an escape inside quotes (CSV) */
  u64 cr;        /* 1: the last byte was a carriage return */
  u64 start;     /* 1: the next byte starts a row */
} carry;

/* What a group holds: ends of rows (bit of the last byte), characters that count as line ends, places where the \. marker
 * may start (CSV) or have its point (text). */
typedef struct { u64 rows, lines, marks; } group;

/* Bits that an unescaped backslash precedes. */
static u64 after_backslash(u64 bs, u64 *escaped) {
  u64 out = 0, e = *escaped;
  if (!bs) {
    *escaped = 0;
    return e;
  }
  out = e;
  for (u64 m = bs & ~e; m; ) {
    u64 at = m & -m;
    u64 next = at << 1;
    if (!next) {
      *escaped = 1;
      return out;
    }
    out |= next;
    m &= ~(at | next);
  }
  *escaped = 0;
  return out;
}

/* Inside quotes when escape and quote differ, byte by byte as PostgreSQL has it. */
static u64 quoted_with_escape(u64 quotes, u64 escapes, carry *k) {
  u64 out = 0, in = k->quoted & 1, esc = k->escaped;
  for (int i = 0; i < 64; i++) {
    u64 q = quotes >> i & 1, e = escapes >> i & 1;
    if (in && e) esc = !esc;
    if (q && !esc) in = !in;
    if (!e) esc = 0;
    out |= in << i;
  }
  k->quoted = -in;
  k->escaped = esc;
  return out;
}

static inline group look_csv(const fl_csv_cutter *c, b64 v, carry *k) {
  u64 nl = b64_eq(v, '\n'), quotes = b64_eq(v, c->quote), in = k->quoted;
  if (__builtin_expect(c->escape != 0, 0)) {
    u64 escapes = b64_eq(v, c->escape);
    if (escapes | k->escaped)
      in = quoted_with_escape(quotes, escapes, k);
    else if (quotes)
      k->quoted = (u64)((i64)(in ^= prefix_xor(quotes)) >> 63);
  } else if (quotes) {
    k->quoted = (u64)((i64)(in ^= prefix_xor(quotes)) >> 63);
  }
  group g;
  if (c->eol == EOL_NL) {
    g.lines = nl;
    g.rows = nl & ~in;
  } else {
    u64 cr = b64_eq(v, '\r');
    g.lines = cr;
    g.rows = (c->eol == EOL_CR ? cr : nl & (cr << 1 | k->cr)) & ~in;
    k->cr = cr >> 63;
  }
  g.marks = b64_eq(v, '\\') & (g.rows << 1 | k->start);
  k->start = g.rows >> 63;
  return g;
}

static inline group look_text(const fl_csv_cutter *c, b64 v, carry *k) {
  u64 nl = b64_eq(v, '\n'), bs = b64_eq(v, '\\'), skip = after_backslash(bs, &k->escaped);
  group g;
  if (c->eol == EOL_NL) {
    g.rows = nl & ~skip;
    g.lines = g.rows;
  } else {
    u64 cr = b64_eq(v, '\r') & ~skip;
    g.rows = c->eol == EOL_CR ? cr : nl & ~skip & (cr << 1 | k->cr);
    g.lines = cr;
    k->cr = cr >> 63;
  }
  g.marks = skip ? skip & b64_eq(v, '.') : 0;
  return g;
}

u8 fl_csv_first_eol(int text, u8 quote, u8 escape, const u8 *p, u64 n, int last, i64 *quoted) {
  int in = 0, esc = 0;
  *quoted = 0;
  for (u64 i = 0; i < n; i++) {
    u8 b = p[i];
    if (text) {
      if (b == '\\') {
        i++;
        continue;
      }
    } else {
      if (in && escape && b == escape) esc = !esc;
      if (b == quote && !esc) in = !in;
      if (!escape || b != escape) esc = 0;
      if (in) *quoted += (b == '\r') - (b == '\n');
      if (in) continue;
    }
    if (b == '\n') return EOL_NL;
    if (b == '\r') {
      if (i + 1 < n) return p[i + 1] == '\n' ? EOL_CRNL : EOL_CR;
      return last ? EOL_CR : EOL_UNKNOWN;
    }
  }
  return EOL_UNKNOWN;
}

int fl_csv_is_marker(const u8 *p, const u8 *end, u8 eol) {
  u64 n = (u64)(end - p);
  if (n < 3 || p[0] != '\\' || p[1] != '.') return 0;
  switch (eol) {
  case EOL_NL: return p[2] == '\n';
  case EOL_CR: return p[2] == '\r';
  case EOL_CRNL: return n >= 4 && p[2] == '\r' && p[3] == '\n';
  default: return p[2] == '\n' || p[2] == '\r';
  }
}

/* The prefix ends where the \. marker starts, and nothing after it counts. */
static u64 end_at_marker(fl_csv_cutter *c, u64 at, u64 n, u64 lines) {
  c->done = 1;
  if (at == 0) return n; /* the reader sees the marker itself */
  c->lines += lines;
  return at;
}

/* The scan proper, made twice so that each has its own loop. */
static inline __attribute__((always_inline)) u64 scan(fl_csv_cutter *c, const u8 *p, u64 n, int last, int text) {
  carry k = {.start = 1};
  u64 lines = 0, cut = 0, cut_lines = 0;
  for (u64 i = 0; i < n; i += 64) {
    u64 left = n - i;
    b64 v = left >= 64 ? b64_load(p + i) : b64_load_tail(p + i, left);
    group g = text ? look_text(c, v, &k) : look_csv(c, v, &k);
    for (u64 m = g.marks; __builtin_expect(m != 0, 0); m &= m - 1) {
      u64 bit = (u64)__builtin_ctzl(m), at = i + bit - (u64)text;
      if (at >= n || !fl_csv_is_marker(p + at, p + n, c->eol)) continue;
      return end_at_marker(c, at, n, lines + (u64)__builtin_popcountl(g.lines & ((1ul << bit) - 1)));
    }
    if (g.rows) {
      u64 bit = 63 - (u64)__builtin_clzl(g.rows);
      cut = i + bit + 1;
      cut_lines = lines + (u64)__builtin_popcountl(g.lines & low_bits(bit + 1));
    }
    lines += (u64)__builtin_popcountl(g.lines);
  }
  c->lines += last ? lines : cut_lines;
  return last ? n : cut;
}

static u64 find_cut(fl_csv_cutter *c, const u8 *p, u64 n, int last) {
  if (c->done) return n;
  if (!c->eol) {
    i64 quoted;
    c->eol = fl_csv_first_eol(c->text, c->quote, c->escape, p, n, last, &quoted);
    if (!c->eol) return last ? n : 0;
    if (c->eol == EOL_NL) c->lines += (u64)quoted;
  }
  return c->text ? scan(c, p, n, last, 1) : scan(c, p, n, last, 0);
}

u64 fl_csv_cut(void *cutter, const u8 *p, u64 n, int last) {
  fl_csv_cutter *c = cutter;
  u64 k = find_cut(c, p, n, last);
  if (k > 0)
    c->position = (c->lines & POSITION_LINES) | (u64)c->eol << POSITION_EOL | (c->done ? POSITION_DONE : 0) | POSITION_LATER;
  return k;
}

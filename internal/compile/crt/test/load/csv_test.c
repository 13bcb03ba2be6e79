/* csv_test.c: COPY data in chunks of any size yields what PostgreSQL's COPY made of it.
 *
 * testdata/copy_cases holds inputs with the rows (as COPY TO prints them) or the error and its context that PostgreSQL 15
 * gave; a column whose value is BAD is refused by a cast there and here. Random bytes follow: whatever the cuts, the
 * outcome has to be the same.
 */
#include "../../src/csv.h"
#include "../../src/rowctx.h"
#include "stub.h"

enum { COLS = 3, OUT = 1 << 20 };

typedef struct { u8 *p; u64 n; } text;

static void put(text *t, const char *s, u64 n) {
  CHECK(t->n + n < OUT);
  memcpy(t->p + t->n, s, n);
  t->n += n;
}

static void puts_to(text *t, const char *s) { put(t, s, strlen(s)); }

/* A value as COPY TO prints it. */
static void put_value(text *t, fl_str v) {
  static const char from[] = "\b\f\n\r\t\v\\", to[] = "bfnrtv\\";
  for (u64 i = 0; i < v.n; i++) {
    const char *at = v.p[i] ? strchr(from, v.p[i]) : NULL;
    char two[2] = {'\\', at ? to[at - from] : 0};
    if (at) put(t, two, 2);
    else put(t, (const char *)v.p + i, 1);
  }
}

static u8 blob[512];

static void set_format(u32 ncols, int is_text, u8 delim, u8 quote, u8 escape, const u8 *null, u32 null_len, int header) {
  fl_csv_format *f = (fl_csv_format *)blob;
  memset(blob, 0, sizeof blob);
  *f = (fl_csv_format){.magic = FL_CSV_MAGIC, .size = sizeof blob, .text = (u8)is_text, .delimiter = delim, .quote = quote,
                       .escape = escape, .header = (u8)header, .ncols = ncols, .null_off = 200, .null_len = null_len,
                       .table_off = 300, .table_len = 1, .cols_off = 64};
  memcpy(blob + 200, null, null_len);
  blob[300] = 't';
  fl_csv_col *c = (fl_csv_col *)(blob + 64);
  for (u32 i = 0; i < ncols; i++) {
    c[i] = (fl_csv_col){.name_off = 310 + 4 * i, .name_len = 2};
    blob[310 + 4 * i] = 'c';
    blob[311 + 4 * i] = (u8)('1' + i);
  }
}

static void chunk(fl_worker *w, text *out, u8 *p, u64 n, u64 position) {
  fl_csv_reader *r = malloc(sizeof *r);
  fl_str *cols[COLS];
  u64 *valid[COLS];
  u32 ncols = ((fl_csv_format *)blob)->ncols, rows;
  for (u32 c = 0; c < COLS; c++) {
    cols[c] = aligned_alloc(64, FL_BLOCK * sizeof **cols);
    valid[c] = aligned_alloc(64, FL_BLOCK / 8);
  }
  w->chunk = p;
  w->chunk_len = n;
  fl_csv_open(w, r, blob, p, n, position);
  while ((rows = fl_csv_block(r, cols, valid, ncols))) {
    for (u32 i = 0; i < rows; i++) {
      for (u32 c = 0; c < ncols; c++) {
        int has = valid[c][i >> 6] >> (i & 63) & 1;
        if (c) puts_to(out, "\t");
        if (has) put_value(out, cols[c][i]);
        else puts_to(out, "\\N");
        if (!has || cols[c][i].n != 3 || memcmp(cols[c][i].p, "BAD", 3)) continue;
        fl_raise_context_row(w, i, &cols[c][i]);
        fl_raise(w, "22P02", 0, "bad");
      }
      puts_to(out, "\n");
    }
    fl_temp_reset(w);
  }
  for (u32 c = 0; c < COLS; c++) free(cols[c]), free(valid[c]);
  free(r);
}

/* The rows of p[0…n), read in pieces; or the error. */
static void copy(text *out, const u8 *p, u64 n, u64 piece) {
  static fl_query q;
  static fl_worker w;
  static u8 *volatile mine, *volatile window; /* exactly as long as what may be read */
  q = (fl_query){.nworkers = 1};
  w = (fl_worker){.q = &q};
  out->n = 0;
  raised_context[0] = 0;
  mine = window = NULL;
  if (setjmp(raised)) {
    out->n = 0;
    puts_to(out, "ERROR ");
    puts_to(out, raised_state);
    puts_to(out, " ");
    puts_to(out, raised_message);
    puts_to(out, "\nCONTEXT ");
    puts_to(out, raised_context);
    free(mine);
    free(window);
    fl_temp_reset(&w);
    return;
  }
  const fl_csv_format *f = (const fl_csv_format *)blob; /* storage/load's CutState makes the cutter likewise */
  fl_csv_cutter c = {.text = f->text, .quote = f->quote, .escape = f->escape == f->quote ? 0 : f->escape};
  for (u64 at = 0, room = piece; at < n;) {
    u64 len = n - at < room ? n - at : room, position = c.position;
    window = malloc(len);
    memcpy(window, p + at, len);
    u64 k = fl_csv_cut(&c, window, len, at + len == n);
    free(window);
    window = NULL;
    CHECK(k <= len);
    room = k ? piece : room + piece;
    if (!k) {
      CHECK(at + len < n);
      continue;
    }
    mine = malloc(k);
    memcpy(mine, p + at, k);
    chunk(&w, out, mine, k, position);
    free(mine);
    mine = NULL;
    w.morsel++;
    at += k;
  }
}

static u32 unhex(const char *s, u8 *to) {
  u32 n = 0;
  if (*s == '-') return 0;
  for (unsigned v; sscanf(s + 2 * n, "%2x", &v) == 1; n++) to[n] = (u8)v;
  return n;
}

static void run_cases(const char *path) {
  static const u64 pieces[] = {1, 3, 64, 65, 1000, 100000};
  text got = {malloc(OUT), 0};
  FILE *f = fopen(path, "rb");
  u32 ncols, is_text, header, n = 0;
  unsigned long len, want_len;
  char d[8], q[8], e[8], null[64];
  CHECK(f);
  while (fscanf(f, "case %u %u %7s %7s %7s %63s %u %lu %lu", &ncols, &is_text, d, q, e, null, &header, &len, &want_len) == 9) {
    u8 db, qb, eb, nb[32], *in = malloc(len + 1), *want = malloc(want_len + 1);
    u32 null_len = unhex(null, nb);
    CHECK(fgetc(f) == '\n' && unhex(d, &db) == 1 && unhex(q, &qb) == 1 && unhex(e, &eb) == 1);
    CHECK(fread(in, 1, len, f) == len && fgetc(f) == '\n' && fread(want, 1, want_len, f) == want_len && fgetc(f) == '\n');
    set_format(ncols, (int)is_text, db, qb, eb, nb, null_len, (int)header);
    for (u32 k = 0; k < sizeof pieces / sizeof *pieces; k++) {
      copy(&got, in, len, pieces[k]);
      if (got.n == want_len && !memcmp(got.p, want, want_len)) continue;
      fprintf(stderr, "case %u in pieces of %lu\n--- input\n%.*s\n--- got\n%.*s\n--- want\n%.*s\n", n, pieces[k], (int)len, in,
              (int)got.n, got.p, (int)want_len, want);
      exit(1);
    }
    free(in);
    free(want);
    n++;
  }
  CHECK(n > 100 && feof(f));
  fclose(f);
  free(got.p);
}

static void run_random(u32 rounds) {
  static const char alphabet[] = "abc,,,\n\n\r\"\"\\\\'.N\xC3\xA9";
  u64 seed = 88172645463325252ul;
  text one = {malloc(OUT), 0}, two = {malloc(OUT), 0};
  for (u32 i = 0; i < rounds; i++) {
    u8 in[400];
    u64 n = rnd(&seed) % sizeof in, any = rnd(&seed) % 4 == 0;
    for (u64 k = 0; k < n; k++) in[k] = any ? (u8)rnd(&seed) : (u8)alphabet[rnd(&seed) % (sizeof alphabet - 1)];
    set_format(1 + (u32)(rnd(&seed) % COLS), rnd(&seed) % 2, ',', '"', rnd(&seed) % 2 ? '"' : '\\', (const u8 *)"N", 1,
               rnd(&seed) % 4 == 0);
    copy(&one, in, n, sizeof in);
    copy(&two, in, n, 1 + rnd(&seed) % 70);
    if (one.n == two.n && !memcmp(one.p, two.p, one.n)) continue;
    fprintf(stderr, "round %u\n--- input\n%.*s\n--- whole\n%.*s\n--- in pieces\n%.*s\n", i, (int)n, in, (int)one.n, one.p, (int)two.n, two.p);
    exit(1);
  }
  free(one.p);
  free(two.p);
}

int main(int argc, char **argv) {
  CHECK(argc > 1);
  run_cases(argv[1]);
  run_random(argc > 2 ? (u32)atoi(argv[2]) : 20000);
  return 0;
}

/* sink_test.c: random tables go through the sink on several threads and come back out of the images the same. */
#include <math.h>
#include <pthread.h>

#include "../../src/sink_int.h"
#include "stub.h"

enum { MOST_COLS = 16, THREADS = 3 };

/* What a column's values are like. */
typedef struct {
  u8 type, dictionary, not_null, constant;
  i16 scale;
  u32 nulls;              /* in 256 */
  u32 spread;             /* bits of a value */
  i64 low, step;
  u32 words;              /* distinct strings; 0: all differ */
} shape;

/* All values of a test, 16 bytes each, in order. */
typedef struct {
  u32 ncols, nmorsels;
  shape shapes[MOST_COLS];
  u32 *morsel_rows;
  u64 *morsel_first, rows;
  u8 *values[MOST_COLS];
  u8 *valid[MOST_COLS];
  u8 *keep;               /* rows that the mask selects */
  u8 spec[4096];
  fl_dict dicts[MOST_COLS];
  fl_sink *sink;
  fl_query q;
  u32 next;
} test;

static __thread u64 seed = 88172645463325252ul;

static u8 pool[1 << 16];

static fl_str word_of(const shape *s, u64 k) {
  u64 n = s->words ? k % s->words : k, h = n * 0x9E3779B97F4A7C15ul;
  return (fl_str){pool + (h >> 40) % (sizeof pool - 64), n % 7 == 0 ? n % 3 : 3 + (h >> 20) % (s->words ? 20 : 60)};
}

static void one_value(const shape *s, u8 *to) {
  u64 r = rnd(&seed) ^ rnd(&seed) << 20;
  i64 v = (i64)((u64)s->low + (s->spread >= 64 ? r : r & ((1ul << s->spread) - 1)) * (u64)s->step);
  memset(to, 0, 16);
  switch (s->type) {
  case FL_BOOL: *(i64 *)to = v & 1; break;
  case FL_I16: *(i64 *)to = (i16)v; break;
  case FL_I32: case FL_DATE: *(i64 *)to = (i32)v; break;
  case FL_F32: *(f32 *)to = r % 100 == 0 && s->words ? NAN : (f32)v / 3; break;
  case FL_F64: *(f64 *)to = r % 100 == 0 && s->words ? NAN : (f64)v / 3; break;
  case FL_DEC128: case FL_INTERVAL: *(i64 *)to = v; ((i64 *)to)[1] = v >> 7; break;
  case FL_STR: *(fl_str *)to = word_of(s, r); break;
  default: *(i64 *)to = v;
  }
}

static u64 lane_size(u8 kind) {
  switch (kind) {
  case FL_I16: case FL_I32: case FL_DATE: case FL_F32: return 4;
  case FL_DEC128: case FL_INTERVAL: case FL_STR: case FL_NUM: return 16;
  default: return 8;
  }
}

/* Hands one block's lanes to the sink, in memory of exactly the right size. */
static void send_block(fl_worker *w, test *t, u64 morsel, u64 at, u32 n) {
  fl_vec cols[MOST_COLS] = {0};
  void *mem[2 * MOST_COLS + 1];
  u32 nmem = 0, words = (n + 63) / 64;
  for (u32 c = 0; c < t->ncols; c++) {
    const shape *s = &t->shapes[c];
    u32 lanes = s->constant ? 1 : (n + 15) / 16 * 16;
    u64 size = lane_size(s->type), *valid = mem[nmem++] = aligned_alloc(64, (words * 8 + 63) / 64 * 64);
    u8 *data = mem[nmem++] = aligned_alloc(64, (lanes * size + 63) / 64 * 64);
    memset(valid, 0xAA, words * 8);
    memset(data, 0, lanes * size);
    for (u32 i = 0; i < (s->constant ? 1 : n); i++) {
      u64 bit = 1ul << (i & 63);
      valid[i >> 6] = (valid[i >> 6] & ~bit) | (t->valid[c][at + i] ? bit : 0);
      if (s->type == FL_BOOL) {
        if (*(i64 *)(t->values[c] + 16 * (at + i))) ((u64 *)data)[i >> 6] |= bit;
      } else if (!t->valid[c][at + i]) {
        memset(data + i * size, s->type == FL_STR ? 0 : 0x5A, size);
      } else {
        memcpy(data + i * size, t->values[c] + 16 * (at + i), size);
      }
    }
    cols[c] = (fl_vec){.kind = s->type, .constant = s->constant, .scale = s->scale, .typmod = -1, .data = data,
                       .valid = s->nulls || rnd(&seed) % 2 ? valid : NULL};
  }
  u64 *mask = mem[nmem++] = aligned_alloc(64, (words * 8 + 63) / 64 * 64);
  u32 all = 1;
  memset(mask, 0, words * 8);
  for (u32 i = 0; i < n; i++) {
    if (t->keep[at + i]) mask[i >> 6] |= 1ul << (i & 63);
    else all = 0;
  }
  fl_sink_block(w, t->sink, morsel, cols, all ? NULL : mask, n);
  while (nmem) free(mem[--nmem]);
}

static void *worker(void *arg) {
  test *t = arg;
  static u32 ids;
  fl_worker w = {.q = &t->q, .id = __atomic_fetch_add(&ids, 1, __ATOMIC_RELAXED) % THREADS};
  if (setjmp(raised)) {
    fprintf(stderr, "raised: %s %s\n", raised_state, raised_message);
    abort();
  }
  seed ^= w.id + 1;
  for (;;) {
    u32 m = __atomic_fetch_add(&t->next, 1, __ATOMIC_RELAXED);
    if (m >= t->nmorsels) break;
    m ^= t->nmorsels % 2 == 0 && m / 2 * 2 + 1 < t->nmorsels; /* neighbours change places */
    u64 at = t->morsel_first[m], left = t->morsel_rows[m];
    while (left) {
      u32 n = left < FL_BLOCK ? (u32)left : FL_BLOCK;
      send_block(&w, t, m, at, n);
      fl_temp_reset(&w);
      at += n;
      left -= n;
    }
    fl_sink_morsel_end(&w, t->sink, m);
    fl_temp_reset(&w);
  }
  return NULL;
}

static void make_spec(test *t) {
  fl_sink_spec *s = (fl_sink_spec *)t->spec;
  *s = (fl_sink_spec){.magic = FL_SINK_MAGIC, .size = sizeof t->spec, .ncols = t->ncols, .table_off = 4000, .table_len = 1,
                      .cols_off = 64, .layouts_off = 2048, .nlayouts = 1, .most_layouts = 4};
  t->spec[4000] = 't';
  fl_sink_column *c = (fl_sink_column *)(t->spec + 64);
  for (u32 i = 0; i < t->ncols; i++)
    c[i] = (fl_sink_column){.name_off = 4000, .name_len = 1, .type = t->shapes[i].type, .not_null = t->shapes[i].not_null,
                            .dictionary = t->shapes[i].dictionary, .scale = t->shapes[i].scale};
  fl_layout *wide = (fl_layout *)(t->spec + 2048);
  for (u32 i = 0; i < t->ncols; i++) {
    fl_layout l = {.encoding = FL_SCALED, .width = 8, .nullable = !t->shapes[i].not_null, .divisor = 1};
    switch (t->shapes[i].type) {
    case FL_F32: l.encoding = FL_FLOAT, l.width = 4; break;
    case FL_F64: l.encoding = FL_FLOAT; break;
    case FL_DEC128: case FL_INTERVAL: l.encoding = FL_WIDE, l.width = 16; break;
    case FL_STR: case FL_NUM: l.encoding = FL_BYTES, l.width = 0; break;
    }
    wide[i] = l;
  }
}

static i64 int_at(const u8 *p, u32 width, u64 i) {
  switch (width) {
  case 1: return p[i];
  case 2: return ((const u16 *)p)[i];
  case 4: return ((const u32 *)p)[i];
  default: return ((const i64 *)p)[i];
  }
}

static const stub_image *dict_image(u32 c) {
  for (u32 i = 0; i < stub_nimages; i++) {
    const fl_image_head *h = (const fl_image_head *)stub_images[i].meta;
    if (h->kind == FL_IMAGE_DICTIONARY && h->ordinal == c) return &stub_images[i];
  }
  return NULL;
}

static fl_str dict_word(const test *t, u32 c, u64 code) {
  const fl_dict *old = &t->dicts[c];
  if (code < old->count) return (fl_str){old->data + old->offsets[code], (u64)(old->offsets[code + 1] - old->offsets[code])};
  const stub_image *im = dict_image(c);
  CHECK(im);
  const fl_image_head *h = (const fl_image_head *)im->meta;
  CHECK(h->base == old->count && code - h->base < h->count);
  const i32 *o = (const i32 *)(im->p + h->offsets) + (code - h->base);
  CHECK(o[0] >= 0 && o[0] <= o[1] && (u64)o[1] <= h->data_len);
  return (fl_str){im->p + h->data + o[0], (u64)(o[1] - o[0])};
}

static void check_value(const test *t, const stub_image *im, const fl_image_column *m, u32 c, u64 i, u64 row) {
  const shape *s = &t->shapes[c];
  const u8 *want = t->values[c] + 16 * row, *data = im->p + m->data;
  int valid = !m->nullable || (im->p[m->valid + i / 8] >> (i % 8) & 1);
  CHECK(valid == (t->valid[c][row] != 0));
  if (!valid) {
    if (m->encoding == FL_DICTIONARY) dict_word(t, c, (u64)int_at(data, m->width, i));
    return;
  }
  i64 v;
  fl_str a, b = *(const fl_str *)want;
  switch (m->encoding) {
  case FL_SCALED:
    v = int_at(data, m->width, i) * m->divisor + m->base;
    CHECK(v == *(const i64 *)want);
    CHECK(m->has_bounds && v >= m->min && v <= m->max);
    break;
  case FL_WIDE: CHECK(m->width == 16 && !memcmp(data + 16 * i, want, 16)); break;
  case FL_FLOAT: CHECK(!memcmp(data + m->width * i, want, m->width)); break;
  case FL_DICTIONARY:
    a = dict_word(t, c, (u64)int_at(data, m->width, i));
    CHECK(a.n == b.n && !memcmp(a.p, b.p, a.n));
    CHECK(int_at(data, m->width, i) <= m->max);
    break;
  case FL_BYTES:
    v = ((const i32 *)(im->p + m->offsets))[i];
    a = (fl_str){data + v, (u64)(((const i32 *)(im->p + m->offsets))[i + 1] - v)};
    CHECK(a.n == b.n && !memcmp(a.p, b.p, a.n));
    break;
  default: CHECK(0);
  }
  (void)s;
}

static int by_order(const void *a, const void *b) {
  const fl_image_head *x = (const fl_image_head *)(*(stub_image *const *)a)->meta, *y = (const fl_image_head *)(*(stub_image *const *)b)->meta;
  if (x->order != y->order) return x->order < y->order ? -1 : 1;
  return x->suborder < y->suborder ? -1 : x->suborder > y->suborder;
}

static void check_buffer(const stub_image *im, u64 at, u64 len) {
  CHECK(at % 64 == 0 && at + len + 128 <= im->n);
  for (u64 i = 0; i < 128; i++) CHECK(im->p[at + len + i] == 0);
}

static u32 check_images(const test *t, u64 expected) {
  stub_image *segments[4096];
  u32 n = 0;
  for (u32 i = 0; i < stub_nimages; i++) {
    const fl_image_head *h = (const fl_image_head *)stub_images[i].meta;
    CHECK(h && h->magic == FL_IMAGE_MAGIC);
    if (h->kind == FL_IMAGE_SEGMENT) segments[n++] = &stub_images[i];
  }
  qsort(segments, n, sizeof *segments, by_order);
  u64 row = 0, rows = 0;
  for (u32 k = 0; k < n; k++) {
    const fl_image_head *h = (const fl_image_head *)segments[k]->meta;
    const fl_image_column *m = (const fl_image_column *)(h + 1);
    CHECK(h->rows > 0 && h->rows <= FL_SEGMENT_ROWS && h->ncols == t->ncols);
    rows += h->rows;
    for (u32 c = 0; c < t->ncols; c++) {
      check_buffer(segments[k], m[c].data, m[c].data_len);
      if (m[c].nullable) check_buffer(segments[k], m[c].valid, m[c].valid_len);
      if (m[c].encoding == FL_BYTES) check_buffer(segments[k], m[c].offsets, m[c].offsets_len);
    }
    for (u64 i = 0; i < h->rows; i++, row++) {
      while (!t->keep[row]) row++;
      for (u32 c = 0; c < t->ncols; c++) check_value(t, segments[k], &m[c], c, i, row);
    }
  }
  CHECK(rows == expected);
  return n;
}

static void make_old_dict(fl_dict *d, const shape *s, u32 count) {
  i32 *offsets = malloc((count + 1) * sizeof *offsets);
  u8 *data = malloc(count * 64 + 1);
  i32 at = 0;
  for (u32 i = 0; i < count; i++) {
    fl_str v = word_of(s, i);
    offsets[i] = at;
    memcpy(data + at, v.p, v.n);
    at += (i32)v.n;
  }
  offsets[count] = at;
  *d = (fl_dict){offsets, data, count};
}

static void run_test(test *t, u32 threads, u32 *images) {
  pthread_t ids[THREADS];
  t->q = (fl_query){.nworkers = THREADS};
  fl_worker w = {.q = &t->q};
  make_spec(t);
  if (setjmp(raised)) abort();
  t->sink = fl_sink_open(&w, t->spec, t->dicts);
  for (u32 i = 0; i < threads; i++) pthread_create(&ids[i], NULL, worker, t);
  for (u32 i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  u64 kept = 0;
  for (u64 i = 0; i < t->rows; i++) kept += t->keep[i];
  CHECK(fl_sink_finish(&w, t->sink) == kept);
  *images = check_images(t, kept);
}

static void random_shape(shape *s) {
  static const u8 types[] = {FL_BOOL, FL_I16, FL_I32, FL_I64, FL_F32, FL_F64, FL_DEC64, FL_DEC128, FL_STR, FL_DATE,
                             FL_TIMESTAMP, FL_INTERVAL, FL_STR};
  *s = (shape){.type = types[rnd(&seed) % sizeof types], .step = 1};
  s->spread = (u32)(rnd(&seed) % 65);
  if (s->spread == 64 && rnd(&seed) % 4) s->spread = 5;
  if (rnd(&seed) % 2) s->low = (i64)(rnd(&seed) >> rnd(&seed) % 64) * (rnd(&seed) % 2 ? 1 : -1);
  if (s->type == FL_DEC64) s->scale = (i16)(rnd(&seed) % 6);
  if (s->type == FL_TIMESTAMP && rnd(&seed) % 2) s->step = 1000000, s->low = s->low / 2000000 * 1000000, s->spread %= 40;
  if (s->type == FL_DEC64 && rnd(&seed) % 2) s->step = 100, s->low = s->low / 1000 * 100, s->spread %= 50;
  if (rnd(&seed) % 2) s->nulls = (u32)(rnd(&seed) % 257);
  if (!s->nulls) s->not_null = rnd(&seed) % 2;
  s->dictionary = rnd(&seed) % 3 > 0;
  s->constant = rnd(&seed) % 12 == 0;
  if (rnd(&seed) % 4) s->words = (u32)(1 + rnd(&seed) % (1ul << rnd(&seed) % 17));
}

static void random_test(u64 most_rows, u32 threads) {
  test *t = calloc(1, sizeof *t);
  u32 images, drop = rnd(&seed) % 2 ? (u32)(rnd(&seed) % 256) : 0;
  t->ncols = 1 + (u32)(rnd(&seed) % MOST_COLS);
  t->nmorsels = 1 + (u32)(rnd(&seed) % 20);
  t->morsel_rows = calloc(t->nmorsels, sizeof *t->morsel_rows);
  t->morsel_first = calloc(t->nmorsels, sizeof *t->morsel_first);
  for (u32 m = 0; m < t->nmorsels; m++) {
    t->morsel_first[m] = t->rows;
    t->morsel_rows[m] = (u32)(rnd(&seed) % 5 == 0 ? rnd(&seed) % 4 : rnd(&seed) % (most_rows / t->nmorsels + 1));
    t->rows += t->morsel_rows[m];
  }
  t->keep = malloc(t->rows + 1);
  for (u64 i = 0; i < t->rows; i++) t->keep[i] = rnd(&seed) % 256 >= drop;
  for (u32 c = 0; c < t->ncols; c++) {
    shape *s = &t->shapes[c];
    random_shape(s);
    t->values[c] = calloc(t->rows + 1, 16);
    t->valid[c] = malloc(t->rows + 1);
    u8 first[16];
    one_value(s, first);
    int first_valid = rnd(&seed) % 256 >= s->nulls;
    for (u64 i = 0; i < t->rows; i++) {
      t->valid[c][i] = s->constant ? first_valid : rnd(&seed) % 256 >= s->nulls;
      if (s->constant) memcpy(t->values[c] + 16 * i, first, 16);
      else one_value(s, t->values[c] + 16 * i);
    }
    if (s->type == FL_STR && s->words && rnd(&seed) % 2) make_old_dict(&t->dicts[c], s, (u32)(rnd(&seed) % 3000));
  }
  run_test(t, threads, &images);
  stub_reset();
  for (u32 c = 0; c < t->ncols; c++) {
    free(t->values[c]);
    free(t->valid[c]);
    free((void *)t->dicts[c].offsets);
    free((void *)t->dicts[c].data);
  }
  free(t->morsel_rows);
  free(t->morsel_first);
  free(t->keep);
  free(t);
}

/* A null where none may be names column and table, and ends the query. */
static void test_not_null(void) {
  test t = {.ncols = 1, .shapes = {{.type = FL_I64, .not_null = 1}}, .q = {.nworkers = 1}};
  fl_worker w = {.q = &t.q};
  i64 data[16] = {1, 2};
  u64 valid = 1;
  fl_vec v = {.kind = FL_I64, .data = data, .valid = &valid, .typmod = -1};
  make_spec(&t);
  if (!setjmp(raised)) {
    t.sink = fl_sink_open(&w, t.spec, NULL);
    fl_sink_block(&w, t.sink, 0, &v, NULL, 2);
    CHECK(0);
  }
  CHECK(!strcmp(raised_state, "23502"));
  CHECK(!strcmp(raised_message, "null value in column \"t\" of relation \"t\" violates not-null constraint"));
  stub_reset();
}

/* One row must not need much memory. */
static void test_small(void) {
  test t = {.ncols = 2, .shapes = {{.type = FL_I64}, {.type = FL_STR, .dictionary = 1}}, .q = {.nworkers = 1}};
  fl_worker w = {.q = &t.q};
  i64 data[16] = {7};
  fl_str text[16] = {{(const u8 *)"seven", 5}};
  fl_vec v[2] = {{.kind = FL_I64, .data = data, .typmod = -1}, {.kind = FL_STR, .data = text, .typmod = -1}};
  make_spec(&t);
  if (setjmp(raised)) abort();
  t.sink = fl_sink_open(&w, t.spec, NULL);
  fl_sink_block(&w, t.sink, 0, v, NULL, 1);
  fl_sink_morsel_end(&w, t.sink, 0);
  CHECK(fl_sink_finish(&w, t.sink) == 1);
  CHECK(stub_allocated < 32768);
  CHECK(stub_nimages == 1);
  stub_reset();
}

/* Long rows under a small limit: segments are sealed by their bytes over all columns, and give their memory back. */
static void test_long_rows(void) {
  enum { COLS = 4, ROWS = 1024, MORSELS = 64 };
  test t = {.ncols = COLS, .q = {.nworkers = 1}};
  fl_worker w = {.q = &t.q};
  fl_vec v[COLS];
  static u8 text[4096];
  fl_str *lanes = malloc(ROWS * sizeof *lanes);
  for (u32 i = 0; i < ROWS; i++) lanes[i] = (fl_str){text + i, 1000};
  for (u32 c = 0; c < COLS; c++) {
    t.shapes[c] = (shape){.type = FL_STR};
    v[c] = (fl_vec){.kind = FL_STR, .data = lanes, .typmod = -1};
  }
  make_spec(&t);
  if (setjmp(raised)) abort();
  stub_limit = (u64)96 << 20; /* 8 MiB a segment, of 4 MiB a block */
  stub_most = 0;
  t.sink = fl_sink_open(&w, t.spec, NULL);
  for (u64 m = 0; m < MORSELS; m++) {
    fl_sink_block(&w, t.sink, m, v, NULL, ROWS);
    fl_sink_morsel_end(&w, t.sink, m);
    fl_temp_reset(&w);
  }
  CHECK(fl_sink_finish(&w, t.sink) == ROWS * MORSELS);
  CHECK(stub_nimages >= MORSELS / 2);
  CHECK(stub_most < (u64)24 << 20);
  stub_limit = (u64)1 << 62;
  free(lanes);
  stub_reset();
}

/* Segments that would all want layouts of their own get those that the table may have. */
static void test_few_layouts(void) {
  enum { ROWS = 1024, SEGMENTS = 12 };
  test t = {.ncols = 1, .shapes = {{.type = FL_I64}}, .q = {.nworkers = 1}};
  fl_worker w = {.q = &t.q};
  i64 *data = malloc(ROWS * sizeof *data);
  u64 valid[ROWS / 64] = {1};
  fl_layout seen[SEGMENTS];
  u32 n = 0;
  make_spec(&t);
  if (setjmp(raised)) abort();
  t.sink = fl_sink_open(&w, t.spec, NULL);
  t.sink->workers[0].lanes = fl_alloc(&w, ROWS * 16ul);
  for (u32 k = 0; k < SEGMENTS; k++) {
    for (u32 i = 0; i < ROWS; i++) data[i] = (i64)i % 200 << k * 5;
    data[1] = k % 2 ? -1 : 1;
    fl_vec v = {.kind = FL_I64, .data = data, .typmod = -1, .valid = k % 3 ? NULL : valid};
    rblock *r = fl_sink_rblock(&w, t.sink, &v, NULL, ROWS, ROWS);
    fl_sink_seal(&w, t.sink, r, ROWS);
    const fl_image_column *m = (const fl_image_column *)((const fl_image_head *)stub_images[k].meta + 1);
    fl_layout l = {.encoding = m->encoding, .width = m->width, .nullable = m->nullable, .has_base = m->has_base, .divisor = m->divisor};
    u32 at = 0;
    while (at < n && memcmp(&seen[at], &l, sizeof l)) at++;
    if (at == n) seen[n++] = l;
    fl_temp_reset(&w);
  }
  CHECK(n <= 4 && n > 2);
  free(data);
  stub_reset();
}

/* Several segments: clustered values stay clustered, narrow and of one layout. */
static void test_big(void) {
  test *t = calloc(1, sizeof *t);
  u32 images, per = 50000, n = 46;
  t->ncols = 2;
  t->shapes[0] = (shape){.type = FL_DEC64, .scale = 2};
  t->shapes[1] = (shape){.type = FL_STR, .dictionary = 1, .words = 5};
  t->nmorsels = n;
  t->morsel_rows = calloc(n, sizeof *t->morsel_rows);
  t->morsel_first = calloc(n, sizeof *t->morsel_first);
  t->rows = (u64)per * n;
  for (u32 m = 0; m < n; m++) t->morsel_rows[m] = per, t->morsel_first[m] = (u64)m * per;
  t->keep = malloc(t->rows);
  memset(t->keep, 1, t->rows);
  for (u32 c = 0; c < 2; c++) {
    t->values[c] = calloc(t->rows, 16);
    t->valid[c] = malloc(t->rows);
    memset(t->valid[c], 1, t->rows);
  }
  for (u64 i = 0; i < t->rows; i++) {
    *(i64 *)(t->values[0] + 16 * i) = (i64)(i / 10000) * 100;
    one_value(&t->shapes[1], t->values[1] + 16 * i);
  }
  run_test(t, THREADS, &images);
  CHECK(images == 3);
  for (u32 i = 0; i < stub_nimages; i++) {
    const fl_image_head *h = (const fl_image_head *)stub_images[i].meta;
    const fl_image_column *m = (const fl_image_column *)(h + 1);
    if (h->kind != FL_IMAGE_SEGMENT) continue;
    CHECK(m[0].encoding == FL_SCALED && m[0].width == 1 && m[0].divisor == 100 && !m[0].has_base && !m[0].nullable);
    CHECK(m[1].encoding == FL_DICTIONARY && m[1].width == 1 && m[1].distinct == 5);
    CHECK(m[0].distinct >= h->rows / 10000 && m[0].distinct <= h->rows / 10000 + 2);
  }
  stub_reset();
  for (u32 c = 0; c < 2; c++) free(t->values[c]), free(t->valid[c]);
  free(t->morsel_rows);
  free(t->morsel_first);
  free(t->keep);
  free(t);
}

int main(int argc, char **argv) {
  u32 rounds = argc > 1 ? (u32)atoi(argv[1]) : 30;
  if (argc > 2) seed ^= (u64)atol(argv[2]) * 0x9E3779B97F4A7C15ul;
  for (u32 i = 0; i < sizeof pool; i++) pool[i] = (u8)('a' + rnd(&seed) % 26);
  test_not_null();
  test_small();
  test_long_rows();
  test_few_layouts();
  test_big();
  for (u32 i = 0; i < rounds; i++) random_test(i % 10 == 9 ? 60000 : 3000, 1 + i % THREADS);
  return 0;
}

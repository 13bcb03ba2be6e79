/* testing.c: see testing.h. */
#include "testing.h"

int failures;
jmp_buf on_raise;
char raised[1100];
static fl_query query = {.morsel = FL_MORSEL};
fl_worker worker = {.q = &query};
u8 *result_bytes;
u64 result_len, result_rows;

u64 rnd(void) {
  static u64 s = 0x853c49e6748fea9b;
  s ^= s << 13;
  s ^= s >> 7;
  s ^= s << 17;
  return s * 0x2545f4914f6cdd1dul;
}

void failed(const char *format, ...) {
  va_list ap;
  if (failures++ > 20) return;
  va_start(ap, format);
  vprintf(format, ap);
  va_end(ap);
  putchar('\n');
}

int report(const char *name) {
  printf("%s: %s\n", name, failures ? "FAILED" : "ok");
  return failures != 0;
}

/* %s takes a fl_str*, %d an i64, %f an f64, as in the executor. */
void fl_raise(fl_worker *w, const char *sqlstate, i32 position, const char *format, ...) {
  va_list ap;
  u64 n = (u64)snprintf(raised, sizeof raised, "%s ", sqlstate);
  (void)w;
  (void)position;
  va_start(ap, format);
  for (const char *f = format; *f && n < sizeof raised - 64; f++) {
    if (*f != '%') {
      raised[n++] = *f;
      continue;
    }
    f++;
    if (*f == 's') {
      const fl_str *s = va_arg(ap, const fl_str *);
      u64 k = s->n < sizeof raised - 64 - n ? s->n : sizeof raised - 64 - n;
      memcpy(raised + n, s->p, k);
      n += k;
    } else if (*f == 'd') {
      n += (u64)sprintf(raised + n, "%ld", va_arg(ap, i64));
    } else if (*f == 'f') {
      n += (u64)sprintf(raised + n, "%g", va_arg(ap, f64));
    } else {
      raised[n++] = *f;
    }
  }
  va_end(ap);
  raised[n] = 0;
  longjmp(on_raise, 1);
}
void fl_context(fl_worker *w, const char *format, ...) { (void)w, (void)format; }

/* Memory of the query and of the block: separate allocations, so that the sanitizer sees every byte past the end. */
static void *blocks[1 << 18];
static u64 nblocks;
void *fl_temp(fl_worker *w, u64 bytes) {
  (void)w;
  void *p = malloc(bytes ? bytes : 1);
  if (!p || nblocks == sizeof blocks / sizeof *blocks) abort();
  return blocks[nblocks++] = p;
}
void fl_temp_reset(fl_worker *w) {
  (void)w;
  while (nblocks) free(blocks[--nblocks]);
}
void *fl_temp_mark(fl_worker *w) {
  fl_temp(w, 1); /* so that no mark is NULL */
  return (void *)nblocks;
}
void fl_temp_release(fl_worker *w, void *mark) {
  (void)w;
  while (nblocks >= (u64)mark) free(blocks[--nblocks]);
}
void *fl_alloc(fl_worker *w, u64 bytes) {
  void *p = fl_temp(w, bytes);
  memset(p, 0, bytes);
  return p;
}
void fl_free(fl_worker *w, void *p, u64 bytes) { (void)w, (void)p, (void)bytes; }

static u64 result_cap;
u8 *fl_result_room(fl_worker *w, u64 bytes) {
  (void)w;
  if (result_len + bytes > result_cap) {
    result_cap = (result_len + bytes) * 2;
    result_bytes = realloc(result_bytes, result_cap);
  }
  return result_bytes + result_len;
}
void fl_result_used(fl_worker *w, u64 bytes, u64 rows) {
  (void)w;
  result_len += bytes;
  result_rows += rows;
}

void fl_obey(fl_worker *w) {
  if (w->q->stop) fl_raise(w, "57014", 0, "the query is over");
}
void fl_no_more(fl_worker *w) { (void)w; }
void fl_raise_context_row(fl_worker *w, u32 row, const fl_str *value) { (void)w, (void)row, (void)value; }

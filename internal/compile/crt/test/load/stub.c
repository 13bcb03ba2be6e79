/* stub.c: see stub.h. Every allocation is its own, so that the sanitizers see each overrun. */
#include "stub.h"

#include <pthread.h>
#include <stdarg.h>

__thread jmp_buf raised;
__thread char raised_state[6], raised_message[4096], raised_context[4096];
stub_image stub_images[4096];
u32 stub_nimages;
u64 stub_allocated, stub_most, stub_limit = (u64)1 << 62;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *all[1 << 20];
static u32 nall;
static __thread void *temps[1 << 18];
static __thread u32 ntemps;

static void format(char *out, u64 room, const char *f, va_list a) {
  u64 n = 0;
  for (; *f && n + 1 < room; f++) {
    if (*f != '%') {
      out[n++] = *f;
      continue;
    }
    f++;
    if (*f == 's') {
      const fl_str *s = va_arg(a, const fl_str *);
      u64 k = s->n < room - n - 1 ? s->n : room - n - 1;
      memcpy(out + n, s->p, k);
      n += k;
    } else if (*f == 'd') {
      n += (u64)snprintf(out + n, room - n, "%ld", va_arg(a, i64));
    } else if (*f == 'f') {
      n += (u64)snprintf(out + n, room - n, "%g", va_arg(a, double));
    }
  }
  out[n] = 0;
}

void fl_raise(fl_worker *w, const char *state, i32 position, const char *f, ...) {
  (void)position;
  va_list a;
  va_start(a, f);
  format(raised_message, sizeof raised_message, f, a);
  va_end(a);
  memcpy(raised_state, state, 6);
  w->q->stop = 1;
  longjmp(raised, 1);
}

void fl_context(fl_worker *w, const char *f, ...) {
  (void)w;
  va_list a;
  va_start(a, f);
  format(raised_context, sizeof raised_context, f, a);
  va_end(a);
}

void *fl_alloc(fl_worker *w, u64 bytes) {
  (void)w;
  void *p = aligned_alloc(64, (bytes + 63) & ~63ul);
  CHECK(p);
  memset(p, 0, bytes);
  pthread_mutex_lock(&lock);
  CHECK(nall < sizeof all / sizeof *all);
  all[nall++] = p;
  stub_allocated += bytes;
  if (stub_allocated > stub_most) stub_most = stub_allocated;
  pthread_mutex_unlock(&lock);
  return p;
}

void fl_free(fl_worker *w, void *p, u64 bytes) {
  (void)w;
  pthread_mutex_lock(&lock);
  u32 i = 0;
  while (i < nall && all[i] != p) i++;
  CHECK(i < nall);
  all[i] = all[--nall];
  stub_allocated -= bytes;
  pthread_mutex_unlock(&lock);
  free(p);
}

u64 fl_memory_limit(const fl_worker *w) {
  (void)w;
  return stub_limit;
}

void *fl_temp(fl_worker *w, u64 bytes) {
  (void)w;
  void *p = malloc(bytes ? bytes : 1);
  CHECK(p && ntemps < sizeof temps / sizeof *temps);
  return temps[ntemps++] = p;
}

void fl_temp_reset(fl_worker *w) {
  (void)w;
  while (ntemps) free(temps[--ntemps]);
}

void *fl_image_alloc(fl_worker *w, u64 bytes, u32 *id) {
  (void)w;
  void *p = aligned_alloc(64, (bytes + 63) & ~63ul);
  CHECK(p);
  memset(p, 0, bytes);
  pthread_mutex_lock(&lock);
  *id = stub_nimages++;
  CHECK(*id < 4096);
  stub_images[*id] = (stub_image){.p = p, .n = bytes};
  pthread_mutex_unlock(&lock);
  return p;
}

void fl_image_done(fl_worker *w, u32 id, const void *meta, u64 meta_len) {
  (void)w;
  stub_images[id].meta = malloc(meta_len);
  memcpy(stub_images[id].meta, meta, meta_len);
  stub_images[id].meta_len = meta_len;
}

void stub_reset(void) {
  while (nall) free(all[--nall]);
  fl_temp_reset(NULL);
  for (u32 i = 0; i < stub_nimages; i++) {
    free(stub_images[i].p);
    free(stub_images[i].meta);
  }
  memset(stub_images, 0, sizeof *stub_images * stub_nimages);
  stub_nimages = 0;
  stub_allocated = 0;
  raised_state[0] = raised_message[0] = raised_context[0] = 0;
}

/* executor_image.c: shared memory that outlives a query and becomes a file of a table's. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "executor.h"

struct image {
  struct image *next;
  u8 *base;
  u64 size;
  u32 id;
  int fd;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The descriptor and the mapping are this process's; the memory lives on while the control plane holds it. */
static void let_go(struct image *i) {
  munmap(i->base, i->size);
  close(i->fd);
  free(i);
}

/* Charges an image. Those that the control plane has not written to disk yet may take a quarter of the limit: where disks
 * are slower than the program, it waits for them. Which come to an end, since nobody waits here with an image half done. */
static bool charge(struct ctx *c, u64 size) {
  struct run *r = c->run;
  u64 most = fl_memory_limit(&c->w) / 4;
  for (bool blocked = false;;) {
    u32 seen = event_read(&r->out_event);
    u64 unwritten = atomic_load(&r->unwritten);
    bool done = (unwritten == 0 || unwritten + size <= most) && memory_charge(r, size);
    bool wait = !done && unwritten > 0 && !stop_of(r);
    if (wait && !blocked) sched_block();
    blocked |= wait;
    if (wait) event_wait(&r->out_event, seen);
    event_leave(&r->out_event);
    if (wait) continue;
    if (blocked) sched_unblock();
    if (stop_of(r)) {
      if (done) memory_uncharge(r, size);
      escape();
    }
    return done;
  }
}

void *fl_image_alloc(fl_worker *w, u64 bytes, u32 *id) {
  struct ctx *c = (struct ctx *)w;
  struct run *r = c->run;
  u64 size = (bytes + 4095) & ~(u64)4095;
  if (size == 0) size = 4096;
  if (!charge(c, size)) fail_memory(c, bytes);
  struct image *i = malloc(sizeof *i);
  int fd = i ? memfd_create("flernd-image", MFD_CLOEXEC) : -1;
  void *base = MAP_FAILED;
  if (fd >= 0 && ftruncate(fd, (off_t)size) == 0) base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) {
    if (fd >= 0) close(fd);
    free(i);
    memory_uncharge(r, size);
    fail_memory(c, bytes);
  }
  *i = (struct image){.base = base, .size = size, .id = atomic_fetch_add(&r->images, 1), .fd = fd};
  pthread_mutex_lock(&lock);
  i->next = r->image_list;
  r->image_list = i;
  pthread_mutex_unlock(&lock);
  *id = i->id;
  return base;
}

static struct image *take(struct run *r, u32 id) {
  pthread_mutex_lock(&lock);
  struct image **at = &r->image_list;
  while (*at && (*at)->id != id) at = &(*at)->next;
  struct image *i = *at;
  if (i) *at = i->next;
  pthread_mutex_unlock(&lock);
  return i;
}

/* The memory stays charged until the control plane has written it to a file (M_IMAGE_ACK). */
void fl_image_done(fl_worker *w, u32 id, const void *meta, u64 meta_len) {
  struct ctx *c = (struct ctx *)w;
  struct image *i = take(c->run, id);
  if (!i) return;
  u8 *body = arena_alloc(c->run, &c->temp, 8 + meta_len, false);
  bool sent = false;
  if (body) {
    memcpy(body, &i->size, 8);
    if (meta_len > 0) memcpy(body + 8, meta, meta_len);
    atomic_fetch_add(&c->run->unwritten, i->size);
    struct head h = {.kind = M_IMAGE, .arg = id, .run = c->run->id, .body = 8 + meta_len};
    sent = message_send(&h, body, i->fd);
  }
  let_go(i);
  if (!sent) fail_memory(c, meta_len);
}

void image_acknowledged(struct run *r, void *bytes) {
  memory_uncharge(r, *(u64 *)bytes);
  atomic_fetch_sub(&r->unwritten, *(u64 *)bytes);
  event_signal(&r->out_event);
}

void images_release(struct run *r) {
  for (struct image *i = r->image_list, *next; i; i = next) {
    next = i->next;
    let_go(i);
  }
  r->image_list = NULL;
}

/* executor_input.c: mappings of segments and other shared memory, and how a run's tables are laid out over them. The control
 * plane has checked every offset against the size of what it lies in. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "executor.h"

struct mapping mappings[MAX_MAPPINGS];
static u32 highest;

void mapping_add(u32 handle, int fd, u64 size, bool writable) {
  void *p = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, 0);
  if (p == MAP_FAILED) { /* a run that needs it is refused */
    mappings[handle].error = fd < 0 ? EMFILE : errno;
    return;
  }
  mappings[handle].base = p;
  mappings[handle].size = size;
  if (handle > highest) highest = handle;
}

void mapping_drop(u32 handle) {
  u8 *p = mappings[handle].base;
  mappings[handle].base = NULL;
  if (p) munmap(p, mappings[handle].size);
}

bool mapping_holds(const void *p) {
  for (u32 i = 0; i <= highest; i++) {
    const u8 *base = mappings[i].base;
    if (base && (const u8 *)p >= base && (const u8 *)p < base + mappings[i].size) return true;
  }
  return false;
}

/* Reads the message's structs one after another; sticks at the first that is not there in full. */
struct reader { const u8 *p, *end; bool short_; };

static const void *take(struct reader *in, u64 bytes) {
  if (in->short_ || bytes > (u64)(in->end - in->p)) {
    in->short_ = true;
    return NULL;
  }
  const u8 *at = in->p;
  in->p += bytes;
  return at;
}

static const u8 *base_of(u32 handle) { return handle < MAX_MAPPINGS ? mappings[handle].base : NULL; }

static const u8 *at(const u8 *base, u64 offset) { return offset == NOWHERE ? NULL : base + offset; }

static bool refuse(struct run *r, const char *what) {
  run_fail(r, "XX000", 0, what, NULL, NULL);
  return true;
}

void mapping_refuse(struct run *r, const char *what, u32 handle) {
  char message[256];
  int error = handle < MAX_MAPPINGS ? mappings[handle].error : EINVAL;
  bool few = error == EMFILE || error == ENFILE || error == ENOMEM;
  snprintf(message, sizeof message, "could not map %s: %s", what, strerror(error));
  run_fail(r, few ? "53000" : "58030", 0, message, NULL, NULL);
}

static bool lay_out_segment(struct run *r, struct reader *in, fl_segment *s, fl_column *cols, u32 ncols) {
  const struct segment_body *sb = take(in, sizeof *sb);
  const struct column_body *cb = take(in, ncols * sizeof *cb);
  if (in->short_) return false;
  const u8 *base = base_of(sb->handle);
  if (!base && ncols > 0) {
    mapping_refuse(r, "a segment", sb->handle);
    return false;
  }
  *s = (fl_segment){.rows = sb->rows, .id = sb->id, .cols = cols, .layout = sb->layout};
  for (u32 i = 0; i < ncols; i++)
    cols[i] = (fl_column){.data = at(base, cb[i].data),
                          .valid = at(base, cb[i].valid),
                          .offsets = (const i32 *)at(base, cb[i].offsets),
                          .base = cb[i].base,
                          .min = cb[i].min,
                          .max = cb[i].max,
                          .has_bounds = cb[i].has_bounds,
                          .null_count_low = cb[i].null_count};
  return true;
}

static bool lay_out_table(struct run *r, struct reader *in, fl_table *t) {
  const struct table_body *tb = take(in, sizeof *tb);
  if (!tb) return true;
  const struct dict_body *db = take(in, tb->ncols * sizeof *db);
  if (!db && tb->ncols) return true;
  if (tb->nsegments > (u64)(in->end - in->p) / sizeof(struct segment_body)) {
    in->short_ = true;
    return true;
  }
  u64 ncols = tb->ncols, cells = ncols * tb->nsegments;
  fl_segment *segments = arena_alloc(r, &r->memory, tb->nsegments * sizeof *segments, true);
  fl_dict *dicts = arena_alloc(r, &r->memory, ncols * sizeof *dicts, true);
  fl_column *cols = arena_alloc(r, &r->memory, cells * sizeof *cols, true);
  if (!segments || !dicts || !cols) return false;
  *t = (fl_table){.nsegments = tb->nsegments, .ncols = tb->ncols, .segments = segments, .dicts = dicts};
  for (u64 i = 0; i < ncols; i++) {
    const u8 *base = base_of(db[i].handle);
    if (db[i].handle == NO_HANDLE) continue;
    if (!base) {
      mapping_refuse(r, "a dictionary", db[i].handle);
      return true;
    }
    dicts[i] = (fl_dict){.offsets = (const i32 *)at(base, db[i].offsets), .data = at(base, db[i].data), .count = db[i].count};
  }
  for (u64 i = 0; i < tb->nsegments; i++) {
    if (!lay_out_segment(r, in, &segments[i], cols + i * ncols, tb->ncols)) return true;
    segments[i].first_morsel = t->nmorsels;
    t->rows += segments[i].rows;
    t->nmorsels += (u32)((segments[i].rows + r->q.morsel - 1) / r->q.morsel);
  }
  return true;
}

static bool lay_out_blobs(struct run *r, struct reader *in, u32 n, const u8 *body, u64 bytes) {
  const struct blob_body *bb = take(in, n * sizeof *bb);
  if (!bb && n) return true;
  const u8 **blobs = arena_alloc(r, &r->memory, n * sizeof *blobs, true);
  if (!blobs) return false;
  for (u32 i = 0; i < n; i++) {
    if (bb[i].handle != NO_HANDLE) {
      const u8 *base = base_of(bb[i].handle);
      if (!base) {
        mapping_refuse(r, "a blob", bb[i].handle);
        return true;
      }
      blobs[i] = base + bb[i].offset;
      continue;
    }
    if (bb[i].offset > bytes || bb[i].bytes > bytes - bb[i].offset) return refuse(r, "malformed request: blobs");
    u8 *copy = arena_alloc(r, &r->memory, bb[i].bytes + 64, false);
    if (!copy) return false;
    memcpy(copy, body + bb[i].offset, bb[i].bytes);
    blobs[i] = copy;
  }
  r->q.blobs = blobs;
  return true;
}

/* A copy, since the message's memory is used again; one cache line longer, so that vectors may be read at its end. */
static bool copy_in(struct run *r, struct reader *in, u64 bytes, u8 **to) {
  const u8 *from = take(in, (bytes + 63) & ~(u64)63);
  if (!from) return true;
  u8 *copy = arena_alloc(r, &r->memory, bytes + 64, true);
  if (!copy) return false;
  memcpy(copy, from, bytes);
  *to = copy;
  return true;
}

bool input_lay_out(struct run *r, const struct run_body *b, const u8 *body, u64 bytes, u8 **cutter) {
  struct reader in = {.p = body + sizeof *b, .end = body + bytes};
  u8 *params = NULL;
  if (!copy_in(r, &in, b->params, &params) || !copy_in(r, &in, b->cutter, cutter)) return false;
  r->q.params = params;
  r->q.morsel = b->morsel ? b->morsel : FL_MORSEL;
  if (b->ntables > bytes) return refuse(r, "malformed request");
  fl_table *tables = arena_alloc(r, &r->memory, b->ntables * sizeof *tables, true);
  if (!tables) return false;
  r->q.tables = tables;
  for (u32 i = 0; i < b->ntables && !in.short_ && !r->failed; i++)
    if (!lay_out_table(r, &in, &tables[i])) return false;
  if (!in.short_ && !r->failed && !lay_out_blobs(r, &in, b->nblobs, body, bytes)) return false;
  if (in.short_) return refuse(r, "malformed request");
  return true;
}

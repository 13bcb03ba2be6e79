/* executor_stream.c: input streams (COPY data). */
#define _GNU_SOURCE
#include "executor.h"

/* Without a cutter, rows are lines. */
static u64 cut_lines(const u8 *p, u64 n, int last, u64 *rows) {
  const u8 *end = last ? p + n : memrchr(p, '\n', n);
  if (!end) return 0;
  if (!last) end++;
  for (const u8 *at = p; at < end; (*rows)++) {
    const u8 *newline = memchr(at, '\n', (u64)(end - at));
    at = newline ? newline + 1 : end;
  }
  return (u64)(end - p);
}

static u64 cut(struct stream *s, const u8 *p, u64 n, bool last) {
  if (!s->cutter) return cut_lines(p, n, last, &s->position);
  u64 length = fl_csv_cut(s->cutter, p, n, last);
  s->position = s->cutter->position;
  return last || length > n ? n : length;
}

bool stream_begin(struct run *r, const struct run_body *b, u8 *cutter) {
  struct stream *s = &r->stream;
  if (b->stream == NO_HANDLE) return true;
  if (b->stream < MAX_MAPPINGS && !mappings[b->stream].base) {
    mapping_refuse(r, "the input's buffers", b->stream);
    return true;
  }
  if (b->stream >= MAX_MAPPINGS || b->buffers == 0 || b->buffer_size <= HEADROOM ||
      mappings[b->stream].size / b->buffers < b->buffer_size || (b->cutter > 0 && b->cutter != sizeof *s->cutter)) {
    run_fail(r, "XX000", 0, "the input stream cannot be read", NULL, NULL);
    return true;
  }
  if (b->cutter == sizeof *s->cutter) s->cutter = (fl_csv_cutter *)cutter;
  s->in = arena_alloc(r, &r->memory, b->buffers * sizeof *s->in, true);
  if (!s->in) return false;
  s->base = mappings[b->stream].base;
  s->buffer_size = b->buffer_size;
  s->buffers = b->buffers;
  return true;
}

bool stream_ready(struct run *r) {
  struct stream *s = &r->stream;
  return s->base && !s->cutting && !s->end && s->filled > 0;
}

void stream_filled(struct run *r, void *body) {
  const u64 *b = body;
  struct stream *s = &r->stream;
  if (!s->base || b[0] >= s->buffers || b[1] > s->buffer_size - HEADROOM || s->filled == s->buffers) return;
  u32 at = (s->first + s->filled++) % s->buffers;
  s->in[at] = (struct input_buffer){.bytes = b[1], .buffer = (u32)b[0], .last = b[2] != 0};
  sched_wake_locked(1);
}

static struct block *charged_block(struct run *r, u64 bytes) {
  struct block *b = memory_charge(r, bytes) ? block_get(bytes) : NULL;
  if (!b) {
    run_fail(r, "53200", 0, "out of memory", NULL, "A row of the input does not fit into the query's memory limit.");
    return NULL;
  }
  b->charged = bytes;
  return b;
}

static void drop_block(struct run *r, struct block **b) {
  if (!*b) return;
  memory_uncharge(r, (*b)->charged);
  block_put(*b);
  *b = NULL;
}

static u8 *bytes_of(struct block *b) { return (u8 *)b + BLOCK_HEADER; }

static void free_buffer(struct run *r, i64 buffer) {
  struct head h = {.kind = M_INPUT_FREE, .arg = (u32)buffer, .run = r->id};
  message_send(&h, NULL, -1);
}

/* Makes the tail end with n more bytes. */
static bool append_tail(struct run *r, struct stream *s, const u8 *p, u64 n) {
  u64 need = s->tail_bytes + n;
  if (!s->tail || s->tail->size - BLOCK_HEADER < need) {
    struct block *b = charged_block(r, need < HEADROOM / 4 ? HEADROOM / 4 : need * 2);
    if (!b) return false;
    if (s->tail) memcpy(bytes_of(b), bytes_of(s->tail), s->tail_bytes);
    drop_block(r, &s->tail);
    s->tail = b;
  }
  memcpy(bytes_of(s->tail) + s->tail_bytes, p, n);
  s->tail_bytes = need;
  return true;
}

/* Cuts p[0..n): the worker gets the whole rows, the rest becomes the tail. */
static bool hand_out(struct ctx *c, const u8 *p, u64 n, bool last) {
  struct run *r = c->run;
  struct stream *s = &r->stream;
  u64 position = s->position;
  u64 length = cut(s, p, n, last);
  if (length < n && !append_tail(r, s, p + length, n - length)) return false;
  s->retry = length == 0 ? 2 * n : 0;
  if (length == 0) return false;
  c->w.chunk = p;
  c->w.chunk_len = length;
  c->w.chunk_row = position;
  c->w.morsel = s->chunks++;
  return true;
}

struct input_buffer stream_take(struct run *r) {
  struct stream *s = &r->stream;
  struct input_buffer b = s->in[s->first];
  s->first = (s->first + 1) % s->buffers;
  s->filled--;
  s->cutting = true;
  return b;
}

bool stream_next(struct ctx *c, struct input_buffer in) {
  struct run *r = c->run;
  struct stream *s = &r->stream;
  u32 buffer = in.buffer;
  u8 *data = s->base + buffer * s->buffer_size + HEADROOM;
  u64 n = in.bytes;
  bool last = in.last, found;
  c->in_buffer = -1;
  if (s->tail_bytes <= HEADROOM) {
    if (s->tail_bytes > 0) memcpy(data - s->tail_bytes, bytes_of(s->tail), s->tail_bytes);
    data -= s->tail_bytes;
    n += s->tail_bytes;
    s->tail_bytes = 0;
    found = n > 0 && hand_out(c, data, n, last);
    if (found) c->in_buffer = buffer;
  } else {
    bool fits = append_tail(r, s, data, n);
    found = false;
    if (fits && (last || s->tail_bytes >= s->retry)) {
      struct block *whole = s->tail;
      u64 bytes = s->tail_bytes;
      s->tail = NULL;
      s->tail_bytes = 0;
      found = hand_out(c, bytes_of(whole), bytes, last);
      if (found) c->in_block = whole;
      else drop_block(r, &whole);
    }
  }
  if (c->in_buffer < 0) free_buffer(r, buffer);
  if (last) s->end = true;
  return found;
}

void stream_done(struct ctx *c) {
  if (c->in_buffer >= 0) free_buffer(c->run, c->in_buffer);
  c->in_buffer = -1;
  drop_block(c->run, &c->in_block);
}

void stream_release(struct run *r) { drop_block(r, &r->stream.tail); }

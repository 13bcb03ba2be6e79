/* sink_dict.c: a text column's dictionary while it grows.
 *
 * Looking up a string takes no lock: slots are filled and replaced so that a reader sees a string or does not. A string that
 * is not found is looked for again and added under the lock. Memory is got before the lock is taken, since getting it may
 * raise.
 */
#include "sink_int.h"

#define FEW_OLD 1024   /* a table's dictionary up to this size is hashed at once */
#define FEW_ROWS 64    /* … a bigger one is searched through for statements of so few rows */
#define TRIAL_ROWS 8192
#define MOST_BYTES ((u64)64 << 20) /* of new strings */

static u64 load(const u8 *p, u64 n) {
  u64 v = 0;
  __builtin_memcpy(&v, p, n);
  return v;
}

static u32 hash(const u8 *p, u64 n) {
  u64 a, b;
  if (n >= 8) {
    u64 h = n;
    for (const u8 *q = p; q + 8 < p + n; q += 8) h = (h ^ load(q, 8)) * 0x9E3779B97F4A7C15ul, h ^= h >> 29;
    a = h;
    b = load(p + n - 8, 8);
  } else if (n >= 4) {
    a = load(p, 4);
    b = load(p + n - 4, 4) | n << 32;
  } else {
    a = n ? (u64)p[0] | (u64)p[n / 2] << 8 | (u64)p[n - 1] << 16 : 0;
    b = n;
  }
  u64 h = (a ^ 0x9E3779B97F4A7C15ul) * ((b ^ 0xD6E8FEB86659FD93ul) | 1);
  h ^= h >> 32;
  h *= 0x9E3779B97F4A7C15ul;
  return (u32)(h >> 32);
}

/* The page of the new string number i, and where its strings start. */
static inline u32 page_of(u32 i, u32 *first) {
  u32 p = 31 - (u32)__builtin_clz(i / DICT_PAGE + 1);
  *first = ((1u << p) - 1) * DICT_PAGE;
  return p;
}

fl_str fl_dict_text(const dict *d, u32 code) {
  if (code < d->base) {
    i32 at = d->old->offsets[code];
    return (fl_str){d->old->data + at, (u64)(d->old->offsets[code + 1] - at)};
  }
  u32 first, page = page_of(code - d->base, &first);
  return d->pages[page][code - d->base - first];
}

static int same(fl_str a, const fl_str *b) { return a.n == b->n && (a.n == 0 || !__builtin_memcmp(a.p, b->p, a.n)); }

#define NOT_FOUND (~0u)

static u32 find(const dict *d, const u64 *slots, const fl_str *s, u32 h) {
  u64 mask = slots[-1];
  for (u64 i = h & mask;; i = (i + 1) & mask) {
    u64 e = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);
    if (!e) return NOT_FOUND;
    if (e >> 32 == h && same(fl_dict_text(d, (u32)e - 1), s)) return (u32)e - 1;
  }
}

static void put(u64 *slots, u32 h, u32 code) {
  u64 mask = slots[-1], i = h & mask;
  while (slots[i]) i = (i + 1) & mask;
  __atomic_store_n(&slots[i], (u64)h << 32 | (code + 1), __ATOMIC_RELEASE);
}

/* Slots for `count` strings, and as many to come. */
static u64 *new_slots(fl_worker *w, u64 count) {
  u64 size = 64;
  while (size < 4 * count) size *= 2;
  u64 *slots = (u64 *)fl_alloc(w, (size + 8) * sizeof *slots) + 8;
  slots[-1] = size - 1;
  return slots;
}

static void fill(const dict *d, u64 *slots, u32 from) {
  for (u32 c = from; c < d->count; c++) {
    fl_str s = fl_dict_text(d, c);
    put(slots, hash(s.p, s.n), c);
  }
}

void fl_dict_open(fl_worker *w, dict *d, const fl_dict *old) {
  d->on = 1;
  d->old = old;
  d->base = d->count = old ? (u32)old->count : 0;
  d->complete = d->base <= FEW_OLD;
  d->slots = new_slots(w, d->complete ? d->base : 0);
  if (d->complete) fill(d, d->slots, 0);
}

/* Replaces the slots by bigger ones; complete: with the old strings in. Nobody else may fail meanwhile, hence no lock while
 * allocating. What another worker has completed by then stays: slots without the old strings would make second codes of
 * them. */
static int regrow(fl_worker *w, dict *d, int complete) {
  u32 count = __atomic_load_n(&d->count, __ATOMIC_RELAXED);
  u64 *slots = new_slots(w, complete ? count : count - d->base);
  if (!lock_take(w, &d->lock)) return 0;
  u32 from = complete ? 0 : d->base;
  if (complete >= (int)d->complete && 4ul * (d->count - from) <= 3 * (slots[-1] + 1)) {
    fill(d, slots, from);
    if (complete) __atomic_store_n(&d->complete, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&d->slots, slots, __ATOMIC_RELEASE);
  }
  lock_give(&d->lock);
  return 1;
}

static u32 find_old(const dict *d, const fl_str *s) {
  const i32 *at = d->old->offsets;
  for (u32 c = 0; c < d->base; c++)
    if ((u64)(at[c + 1] - at[c]) == s->n && same((fl_str){d->old->data + at[c], s->n}, s)) return c;
  return NOT_FOUND;
}

/* A copy of s that lasts as long as the query. */
static fl_str keep(fl_worker *w, sink_worker *me, const fl_str *s) {
  if (s->n == 0) return (fl_str){(const u8 *)"", 0};
  if (s->n > me->strings_left) {
    u64 size = s->n > 2048 ? s->n : 8192;
    me->strings = fl_alloc(w, size);
    me->strings_left = size;
  }
  fl_str out = {me->strings, s->n};
  __builtin_memcpy(me->strings, s->p, s->n);
  me->strings += s->n;
  me->strings_left -= s->n;
  return out;
}

/* Adds s, unless another worker was faster. NOT_FOUND: no room, or the query was stopped. */
static u32 add(fl_worker *w, sink_worker *me, dict *d, const fl_str *s, u32 h) {
  fl_str copy = keep(w, me, s), *page = NULL;
  u32 room = DICT_PAGES; /* the page that `page` is memory for */
  for (;;) {
    if (!lock_take(w, &d->lock)) return NOT_FOUND;
    u32 code = find(d, d->slots, s, h), at = d->count - d->base;
    if (code != NOT_FOUND || d->count >= DICT_MOST || d->bytes + s->n > MOST_BYTES) {
      lock_give(&d->lock);
      return code;
    }
    int full = 2ul * (d->complete ? d->count : at) > d->slots[-1];
    u32 first, p = page_of(at, &first);
    if (!d->pages[p] && room == p) d->pages[p] = page;
    fl_str *to = d->pages[p];
    if (!full && to) {
      to[at - first] = copy;
      d->bytes += s->n;
      code = d->count;
      put(d->slots, h, code);
      __atomic_store_n(&d->count, code + 1, __ATOMIC_RELEASE);
      lock_give(&d->lock);
      return code;
    }
    lock_give(&d->lock);
    if (full && !regrow(w, d, (int)__atomic_load_n(&d->complete, __ATOMIC_ACQUIRE))) return NOT_FOUND;
    if (!to) {
      page = fl_alloc(w, ((u64)DICT_PAGE << p) * sizeof *page);
      room = p;
    }
  }
}

/* Whether strings repeat too little. */
static int hopeless(const dict *d) {
  u64 rows = __atomic_load_n(&d->rows, __ATOMIC_RELAXED), fresh = __atomic_load_n(&d->count, __ATOMIC_RELAXED) - d->base;
  return rows >= TRIAL_ROWS && fresh > rows / 2;
}

int fl_dict_codes(fl_worker *w, sink_worker *me, dict *d, u32 *codes, const fl_str *v, const u64 *valid, u32 n) {
  u64 rows = __atomic_add_fetch(&d->rows, n, __ATOMIC_RELAXED);
  if (!__atomic_load_n(&d->complete, __ATOMIC_ACQUIRE) && rows > FEW_ROWS && !regrow(w, d, 1)) return 0;
  for (u32 i = 0; i < n; i++) {
    if (valid && !bit_of(valid, i)) {
      codes[i] = 0;
      continue;
    }
    u32 h = hash(v[i].p, v[i].n);
    u32 complete = __atomic_load_n(&d->complete, __ATOMIC_ACQUIRE);
    u32 c = find(d, __atomic_load_n(&d->slots, __ATOMIC_ACQUIRE), &v[i], h);
    if (c == NOT_FOUND && !complete) c = find_old(d, &v[i]);
    if (c == NOT_FOUND) c = add(w, me, d, &v[i], h);
    if (c == NOT_FOUND) {
      __atomic_store_n(&d->on, 0, __ATOMIC_RELAXED);
      return 0;
    }
    codes[i] = c;
  }
  if (hopeless(d)) __atomic_store_n(&d->on, 0, __ATOMIC_RELAXED);
  return 1;
}

void fl_dict_emit(fl_worker *w, const dict *d, u32 ordinal) {
  if (d->used <= d->base) return;
  u64 count = d->used - d->base, bytes = 0;
  for (u32 c = d->base; c < d->used; c++) bytes += fl_dict_text(d, c).n;
  fl_image_head h = {.magic = FL_IMAGE_MAGIC, .version = FL_IMAGE_VERSION, .kind = FL_IMAGE_DICTIONARY};
  h.ordinal = ordinal;
  h.base = d->base;
  h.count = count;
  h.data = round_up((count + 1) * 4 + 128, 64);
  h.data_len = bytes;
  h.size = h.data + round_up(bytes + 128, 64);
  u32 id;
  u8 *p = fl_image_alloc(w, h.size, &id), *to = p + h.data;
  i32 *offsets = (i32 *)p;
  for (u32 c = d->base; c < d->used; c++) {
    fl_str s = fl_dict_text(d, c);
    __builtin_memcpy(to, s.p, s.n);
    to += s.n;
    *++offsets = (i32)(to - (p + h.data));
  }
  fl_image_done(w, id, &h, sizeof h);
}

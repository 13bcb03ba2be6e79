/* model_choice.c: calls whose rows name their models: names to numbers, and a block's rows by number. */
#include "kernels.h"
#include "text.h"

typedef struct {
  u32 names;
  const u32 *offsets;
  const u8 *bytes;
} names;

static names names_of(const u8 *table) {
  u32 texts = *(const u32 *)table;
  const u32 *offsets = (const u32 *)table + 1;
  return (names){texts / 2, offsets, (const u8 *)(offsets + texts + 1)};
}

static fl_str text_at(const names *t, u32 i) { return (fl_str){t->bytes + t->offsets[i], t->offsets[i + 1] - t->offsets[i]}; }

static i32 number_of(fl_worker *w, const names *t, const i32 *numbers, fl_str name, i32 pos) {
  u32 lo = 0, hi = t->names;
  while (lo < hi) {
    u32 mid = (lo + hi) / 2;
    fl_str key = text_at(t, mid);
    if (text_compare(&key, &name) < 0) lo = mid + 1;
    else hi = mid;
  }
  fl_str found = lo < t->names ? text_at(t, lo) : no_text;
  if (lo == t->names || !text_equal(&found, &name))
    fl_raise(w, "42704", pos, "model \"%s\" does not exist", &name);
  if (numbers[lo] < 0) {
    fl_str why = text_at(t, t->names + lo);
    fl_raise(w, "42883", pos, "%s", &why);
  }
  return numbers[lo];
}

/* Names that lie in one place, as those of a dictionary and of a joined list do, are looked up once a block: so many are remembered. */
#define REMEMBERED 64

void flk_choose(fl_worker *w, i32 *d, const fl_str *a, const u8 *table, const i32 *numbers, const u64 *m, i32 pos, u32 n) {
  names t = names_of(table);
  struct { fl_str name; i32 number; } seen[REMEMBERED];
  __builtin_memset(seen, 0, sizeof seen);
  for (u32 i = 0; i < n; i++) {
    d[i] = -1;
    if (m && !(m[i / 64] >> i % 64 & 1)) continue;
    u64 at = ((u64)a[i].p * 0x9e3779b97f4a7c15u) >> 58;
    if (!seen[at].name.p || seen[at].name.p != a[i].p || seen[at].name.n != a[i].n) {
      seen[at].name = a[i];
      seen[at].number = number_of(w, &t, numbers, a[i], pos);
    }
    d[i] = seen[at].number;
  }
}

u32 fl_choice_groups(u16 *order, u32 *groups, const i32 *numbers, u32 models, u32 n) {
  u32 next[models], count = 0, from = 0; /* at most a thousand models */
  __builtin_memset(next, 0, models * sizeof *next);
  for (u32 i = 0; i < n; i++)
    if (numbers[i] >= 0) next[numbers[i]]++;
  for (u32 k = 0; k < models; k++) {
    u32 rows = next[k];
    next[k] = from;
    if (!rows) continue;
    groups[3 * count] = k, groups[3 * count + 1] = from, groups[3 * count + 2] = rows;
    count++, from += rows;
  }
  for (u32 i = 0; i < n; i++)
    if (numbers[i] >= 0) order[next[numbers[i]]++] = (u16)i;
  return count;
}

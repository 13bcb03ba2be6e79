/* choice_test.c: names to numbers, and rows by number, there and back. */
#include "../src/kernels.h"
#include "testing.h"

static fl_str text(const char *s) { return (fl_str){(const u8 *)s, strlen(s)}; }

/* Three names and their reasons: "a", "b" (refused: "no b") and "c". */
static const struct { u32 texts, offsets[7]; char bytes[8]; } table = {6, {0, 1, 2, 3, 3, 7, 7}, "abcno b"};
static const i32 numbers[] = {1, -1, 0};

static void test_choose(void) {
  i32 d[70];
  fl_str a[70];
  u64 m[2] = {~0ul, 0x1f};
  for (u32 i = 0; i < 70; i++) a[i] = text(i % 3 ? "c" : "a");
  a[69] = (fl_str){NULL, 5}; /* left out */
  flk_choose(&worker, d, a, (const u8 *)&table, numbers, m, 7, 70);
  for (u32 i = 0; i < 70; i++)
    if (d[i] != (i == 69 ? -1 : i % 3 ? 0 : 1)) failed("choose: row %u has %d", i, d[i]);
  const char *refused[][2] = {{"b", "42883 no b"}, {"d", "42704 model \"d\" does not exist"}, {"", "42704 model \"\" does not exist"},
                              {"aa", "42704 model \"aa\" does not exist"}};
  for (u32 i = 0; i < 4; i++) {
    a[3] = text(refused[i][0]);
    const char *e = CATCH(flk_choose(&worker, d, a, (const u8 *)&table, numbers, m, 7, 70));
    if (!e || strcmp(e, refused[i][1])) failed("choose \"%s\": %s", refused[i][0], e ? e : "no error");
  }
  /* Names of one address and different lengths are different names. */
  fl_str same[2] = {text("ab"), {NULL, 1}};
  same[1].p = same[0].p;
  const char *e = CATCH(flk_choose(&worker, d, same, (const u8 *)&table, numbers, NULL, 0, 2));
  if (!e) failed("choose: \"ab\" was found");
  same[0] = same[1];
  flk_choose(&worker, d, same, (const u8 *)&table, numbers, NULL, 0, 2);
  if (d[0] != 1 || d[1] != 1) failed("choose: a part of a text");
}

static void test_groups(void) {
  for (u32 round = 0; round < 500; round++) {
    u32 n = round ? 1 + (u32)(rnd() % FL_BLOCK) : FL_BLOCK, models = 1 + (u32)(rnd() % 1000), count;
    i32 number[FL_BLOCK];
    u16 *order = malloc(FL_BLOCK * sizeof *order);
    u32 most = models < FL_BLOCK ? models : FL_BLOCK, *groups = malloc(most * 3 * sizeof *groups), rows = 0;
    u64 from[FL_BLOCK], gathered[FL_BLOCK], to[FL_BLOCK], bits[FL_BLOCK / 64], part[FL_BLOCK / 64], back[FL_BLOCK / 64];
    for (u32 i = 0; i < n; i++) number[i] = rnd() % 5 ? (i32)(rnd() % models) : -1, from[i] = rnd(), to[i] = 42;
    for (u32 i = 0; i < FL_BLOCK / 64; i++) bits[i] = rnd();
    flk_clear_m(back);
    count = fl_choice_groups(order, groups, number, models, n);
    for (u32 g = 0; g < count; g++) {
      u32 model = groups[3 * g], first = groups[3 * g + 1], size = groups[3 * g + 2];
      if (!size || first != rows || (g && model <= groups[3 * g - 3])) failed("groups: %u of %u rows from %u", model, size, first);
      for (u32 i = first; i < first + size; i++)
        if (number[order[i]] != (i32)model || (i > first && order[i] <= order[i - 1])) failed("groups: place %u is row %u", i, order[i]);
      flk_gather_8(gathered, from, order + first, size);
      flk_scatter_8(to, gathered, order + first, size);
      flk_gather_m(part, bits, order + first, size);
      flk_scatter_m(back, part, order + first, size);
      rows += size;
    }
    for (u32 i = 0; i < n; i++) {
      u64 bit = (u64)1 << i % 64, want = number[i] >= 0 ? bits[i / 64] & bit : 0;
      if (to[i] != (number[i] >= 0 ? from[i] : 42)) failed("scatter: row %u", i);
      if ((back[i / 64] & bit) != want) failed("scatter_m: row %u", i);
    }
    free(order), free(groups);
  }
  u16 places[2] = {65, 3};
  u64 all[FL_BLOCK / 64];
  flk_clear_m(all);
  flk_scatter_m(all, NULL, places, 2);
  if (all[0] != 8 || all[1] != 2) failed("scatter_m of all ones");
  u32 four[70] = {0}, two[2] = {7, 9};
  flk_scatter_4(four, two, places, 2);
  fl_str wide[70] = {{NULL, 0}}, pair[2] = {{NULL, 5}, {NULL, 6}};
  flk_scatter_16(wide, pair, places, 2);
  if (four[65] != 7 || four[3] != 9 || wide[65].n != 5 || wide[3].n != 6) failed("scatter");
}

int main(void) {
  test_choose();
  test_groups();
  return report("choices of models");
}

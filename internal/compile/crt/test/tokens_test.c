/* tokens_test.c: kernels of models over texts on tables made here: what internal/ml makes is tested from Go. */
#include "../src/kernels.h"
#include "../src/tokens.h"
#include "testing.h"

static fl_str str(const char *s) { return (fl_str){(const u8 *)s, strlen(s)}; }

/* Runs of a: state 1 before any, 2 behind at least one; symbols a, all else, the end. */
static u32 table[(sizeof(fl_regex) + 9 * sizeof(u32)) / sizeof(u32)];
static fl_regex *runs(void) {
  fl_regex *r = (fl_regex *)table;
  *r = (fl_regex){.width = 3, .states = 3, .start = {1, 1, 1, 1}};
  memset(r->classes, 1, sizeof r->classes);
  r->classes['a'] = 0;
  r->next[3] = 2;
  r->next[6] = 2 | REGEX_ENDS;
  r->next[7] = r->next[8] = REGEX_ENDS;
  return r;
}

static void matches(void) {
  const char *const texts[] = {"", "a", "aaa", "aab", "b"};
  fl_str lanes[5];
  u64 got = 0, rows = 0x1d;
  for (u32 i = 0; i < 5; i++) lanes[i] = str(texts[i]);
  flk_matches(&got, lanes, (const u8 *)runs(), NULL, 5);
  if (got != 6) failed("matches %lx", got);
  flk_matches(&got, lanes, (const u8 *)runs(), &rows, 5);
  if (got != 4) failed("matches of some rows %lx", got);
}

static void letters(void) {
  /* Two letters with another case, one of them longer. */
  const u32 cases[] = {2, 0xC9, 0x23A, 0xE9, 0x2C65};
  fl_str lanes[3] = {str("A\u00c9\u023a\U0001f600"), str(""), str("z")}, got[3];
  const char *const want[] = {"a\u00e9\u2c65\U0001f600", "", "z"};
  flk_recase(&worker, got, lanes, (const u8 *)cases, 0, NULL, 0, 3);
  for (u32 i = 0; i < 3; i++)
    if (got[i].n != strlen(want[i]) || (got[i].n && memcmp(got[i].p, want[i], got[i].n))) failed("letters of text %u", i);
}

static void hashes(void) {
  const char *const texts[] = {"", "a", "abc", "hello, world", "The quick brown fox jumps over the lazy dog"};
  const u32 want[] = {0, 0x3c2569b2, 0xb3dd93fa, 0x149bbb7f, 0x2e4ff723};
  for (u32 i = 0; i < 5; i++) {
    fl_str s = str(texts[i]);
    i32 got;
    flk_murmur3(&got, &s, 0, NULL, 1);
    if ((u32)got != want[i]) failed("hash of %s: %x", texts[i], (u32)got);
  }
}

/* The tokens "a" and "aa", and the sequence of both, in a table of their own. */
static struct {
  fl_tokens head;
  u32 slots[8], places[3], first[2];
  i32 columns[4];
  fl_tokens_edge edges[4];
  u32 regex[sizeof table / sizeof(u32)];
  u8 bytes[3];
} counted;

static u32 hash(const char *s) {
  u32 h = 0x811c9dc5u;
  for (; *s; s++) h = (h ^ (u8)*s) * 0x01000193u;
  return h ^ h >> 15;
}
static u32 place(const void *p) { return (u32)((const u8 *)p - (const u8 *)&counted); }

static void make_counted(void) {
  const char *const tokens[] = {"a", "aa"};
  for (u32 k = 0; k < 2; k++) {
    u32 at = hash(tokens[k]) & 7;
    while (counted.slots[at]) at = (at + 1) & 7;
    counted.slots[at] = k + 1;
    counted.first[k] = k + 1;
  }
  counted.places[1] = 1, counted.places[2] = 3;
  memset(counted.bytes, 'a', 3);
  counted.columns[0] = -1, counted.columns[1] = 0, counted.columns[2] = 1, counted.columns[3] = 2;
  u32 h = 1 * 0x9e3779b1u ^ 1 * 0x85ebca6bu;
  counted.edges[(h ^ h >> 15) & 3] = (fl_tokens_edge){1, 1, 3, 0};
  memcpy(counted.regex, runs(), sizeof table);
  counted.head = (fl_tokens){.kind = TOKENS_MATCHES, .least = 1, .size = 3, .shortest = 1, .longest = 2, .tokens = 2, .slots = 8, .edges = 4,
                             .texts = place(counted.slots), .places = place(counted.places), .bytes = place(counted.bytes),
                             .first = place(counted.first), .columns = place(counted.columns), .tree = place(counted.edges),
                             .weights = place(counted.regex), .table = {place(counted.regex)}};
}

static void counts(const char *text, f32 a, f32 aa, f32 both) {
  f32 got[6] = {9, 9, 9, 9, 9, 9};
  fl_str lanes[4] = {{0}, str(text), {0}, str(text)};
  fl_str *const columns[] = {lanes};
  const u16 rows[] = {1, 3};
  flk_arr_tokens_str(&worker, got, columns, 1, 1, (const u8 *)&counted, rows, 2, 0);
  for (u32 i = 0; i < 6; i += 3)
    if (got[i] != a || got[i + 1] != aa || got[i + 2] != both) failed("of %.20s: %g %g %g", text, (f64)got[i], (f64)got[i + 1], (f64)got[i + 2]);
}

static void tokens(void) {
  make_counted();
  counts("", 0, 0, 0);
  counts("a aa aaa a aa", 2, 2, 2);
  counted.head.least = 2;
  counts("a aa", 0, 1, 0);
  counted.head.least = 1;
  counted.head.shortest = 2;
  counts("a-aa", 0, 0, 1);
  counted.head.shortest = 1;
  counted.head.skip = 1;
  counts("a b aa", 1, 1, 1); /* b is no token of the table, and none at all */
  counted.head.kind = TOKENS_CHARACTERS;
  counts("a\u00e9a", 2, 0, 0);
  counted.head.kind = TOKENS_SEPARATED;
  counted.head.tables = 1;
  counts("baab", 0, 0, 0);
  counted.head.kind = TOKENS_ELEMENTS;
  counts("aa", 0, 1, 0);
}

static void remembered(void) {
  u32 states[4] = {0}, found[6], count[6];
  const u16 codes[6] = {1, 3, 1, 9, 0, 3};
  u64 rows = 0x2f;
  flk_new_codes_u16(&worker, found, count, states, 4, codes, &rows, 6);
  if (count[0] != 2 || found[0] != 1 || found[1] != 3) failed("%u new codes", count[0]);
  f32 values[4] = {0}, lanes[2] = {1.5f, 2.5f};
  flk_remember_f32(values, found, lanes, 2);
  flk_remembered(states, found, 2);
  if (values[1] != 1.5f || values[3] != 2.5f || values[0] != 0) failed("values at their codes");
  flk_new_codes_u16(&worker, found, count, states, 4, codes, NULL, 6);
  if (count[0] != 1 || found[0] != 0) failed("%u codes that are new still", count[0]);
}

int main(void) {
  matches();
  letters();
  hashes();
  tokens();
  remembered();
  return report("tokens");
}

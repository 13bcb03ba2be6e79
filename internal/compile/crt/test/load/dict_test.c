/* dict_test.c: what two workers do to a dictionary at the same time, one step after the other. */
#include "../../src/sink_dict.c"
#include "stub.h"

enum { OLD = 2000 };

int main(void) {
  static i32 offsets[OLD + 1];
  static char data[OLD * 8];
  for (u32 i = 0; i < OLD; i++) offsets[i + 1] = offsets[i] + snprintf(data + offsets[i], 8, "s%u", i);
  fl_dict old = {offsets, (const u8 *)data, OLD};
  fl_query q = {.nworkers = 1};
  fl_worker w = {.q = &q};
  dict *d = fl_alloc(&w, sizeof *d);
  fl_dict_open(&w, d, &old);
  CHECK(!d->complete);
  CHECK(regrow(&w, d, 1) && d->complete); /* one worker hashes the old strings … */
  CHECK(regrow(&w, d, 0) && d->complete); /* … while another, that had seen them not hashed, made room for new ones */
  for (u32 i = 0; i < OLD; i++) {
    fl_str s = {(const u8 *)data + offsets[i], (u64)(offsets[i + 1] - offsets[i])};
    CHECK(find(d, d->slots, &s, hash(s.p, s.n)) == i);
  }
  stub_reset();
  return 0;
}

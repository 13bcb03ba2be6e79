/* some_window.h: random windows, for the tests of convolutions and pools. */
#ifndef SOME_WINDOW_H
#define SOME_WINDOW_H
#include "../src/window.h"
#include "testing.h"

static i64 upto(u64 n) { return (i64)(1 + rnd() % n); }

/* A window over axes of which the last `rank` are there. It never lies outside of the padded input, nor in the padding only. */
static fl_window some_window(u32 rank, u64 longest) {
  fl_window w = {.in_channels = 1, .other = 1, .groups = 1};
  for (u32 a = 0; a < 3; a++) {
    w.in[a] = w.out[a] = w.window[a] = w.stride[a] = w.dilation[a] = 1;
    if (a + rank < 3) continue;
    w.window[a] = upto(5), w.dilation[a] = upto(3), w.stride[a] = upto(3);
    i64 reach = (w.window[a] - 1) * w.dilation[a] + 1;
    w.in[a] = reach + upto(longest) - 1;
    w.before[a] = (i64)(rnd() % (u64)w.window[a]), w.after[a] = (i64)(rnd() % (u64)w.window[a]);
    w.out[a] = (w.in[a] + w.before[a] + w.after[a] - reach) / w.stride[a] + 1;
  }
  return w;
}
#endif

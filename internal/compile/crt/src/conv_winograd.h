/* conv_winograd.h: windows of 3 × 3 neighbouring places by Winograd's F(2 × 2, 3 × 3), 16 products a square of 2 × 2 places and a channel
 * instead of 36; included by conv.c.
 *
 * A square is made of 4 × 4 places of the input, d, and a window's weights g: A'((GgG') ⊙ (B'dB))A, with
 *
 *   B' = 1  0 -1  0     G = 1   0   0     A' = 1  1  1  0
 *        0  1  1  0        1/2 1/2 1/2         0  1 -1 -1
 *        0 -1  1  0        1/2 -1/2 1/2
 *        0  1  0 -1         0   0   1
 *
 * Go turns the weights (ml/registry/packed.go). ⊙ and the sum over channels are a product of matrices, [squares, channels] by
 * [channels, channels of the result], for each of the 16 elements.
 *
 * What a place is made of is what its window has, no more: a number that is infinite or NaN, or too large, shows in the places that it
 * would show in anyway. There it may be NaN instead of infinite, so a row in which that happens is computed by windows. */
#define TURNED 16
#ifndef TURNED_BYTES
#define TURNED_BYTES (512 << 10) /* of a group's turned input */
#endif
#define LEAST 32                 /* squares in a group, that share the weights */
#define SUMS (BLOCK * FL_PANEL + 16) /* from one element's sums to the next; not a multiple of a page */

typedef struct {
  const fl_window *w;
  i64 across, group;  /* squares in a line; the most in a group */
  i64 padded, step;   /* from one square's turned input to the next, and from one element of it to the next */
  f32 *turned, *sums, *zeros;
  tile_run *runs;
  u64 chunks;
} winograd;

/* The 16 places' channels of the square, a place outside being zeros. */
static void square_in(const winograd *g, const f32 *in, i64 square, f32 *to) {
  const fl_window *w = g->w;
  i64 y = square / g->across * 2 - w->before[1], x = square % g->across * 2 - w->before[2];
  const f32 *at[4][4];
  for (i64 i = 0; i < 4; i++)
    for (i64 j = 0; j < 4; j++) {
      u32 inside = (u64)(y + i) < (u64)w->in[1] && (u64)(x + j) < (u64)w->in[2];
      at[i][j] = inside ? in + ((y + i) * w->in[2] + x + j) * w->in_channels : g->zeros;
    }
  for (i64 c = 0; c < w->in_channels; c += 16) {
    v_f32 t[4][4];
    UNROLL for (u32 j = 0; j < 4; j++) {
      v_f32 d0 = fl_load_f32(at[0][j] + c), d1 = fl_load_f32(at[1][j] + c), d2 = fl_load_f32(at[2][j] + c), d3 = fl_load_f32(at[3][j] + c);
      t[0][j] = fl_sub_f32(d0, d2), t[1][j] = fl_add_f32(d1, d2), t[2][j] = fl_sub_f32(d2, d1), t[3][j] = fl_sub_f32(d1, d3);
    }
    UNROLL for (u32 i = 0; i < 4; i++) {
      f32 *v = to + 4 * i * g->step + c;
      fl_store_f32(v, fl_sub_f32(t[i][0], t[i][2]));
      fl_store_f32(v + g->step, fl_add_f32(t[i][1], t[i][2]));
      fl_store_f32(v + 2 * g->step, fl_sub_f32(t[i][2], t[i][1]));
      fl_store_f32(v + 3 * g->step, fl_sub_f32(t[i][1], t[i][3]));
    }
  }
}

/* n of a panel's columns of a square, from the sums of its 16 elements. Returns NaN in lanes in which a result is not finite. */
static v_f32 square_out(const sums_f32 *to, const winograd *g, i64 square, const f32 *sums, const f32 *bias, u64 n, u64 wide, v_f32 check) {
  const fl_window *w = g->w;
  f32 part[4][FL_PANEL], *dst[4];
  const f32 *add[4];
  i64 y = square / g->across * 2, x = square % g->across * 2;
  for (i64 k = 0; k < 4; k++) {
    i64 place = (y + k / 2) * w->out[2] + x + k % 2;
    u32 inside = y + k / 2 < w->out[1] && x + k % 2 < w->out[2];
    dst[k] = inside && n == wide ? to->out + (u64)place * to->out_place : part[k];
    add[k] = inside && to->add ? to->add + (u64)place * to->add_place : NULL;
  }
  for (u64 c = 0; c < wide; c += 16) {
    v_f32 t[2][4], b = fl_load_f32(bias + c);
    UNROLL for (u32 j = 0; j < 4; j++) {
      const f32 *m = sums + j * SUMS + c;
      v_f32 m0 = fl_load_f32(m), m1 = fl_load_f32(m + 4 * SUMS), m2 = fl_load_f32(m + 8 * SUMS), m3 = fl_load_f32(m + 12 * SUMS);
      t[0][j] = fl_add_f32(fl_add_f32(m0, m1), m2), t[1][j] = fl_sub_f32(fl_sub_f32(m1, m2), m3);
    }
    UNROLL for (u32 k = 0; k < 4; k++) {
      v_f32 *m = t[k / 2];
      v_f32 sum = k % 2 ? fl_sub_f32(fl_sub_f32(m[1], m[2]), m[3]) : fl_add_f32(fl_add_f32(m[0], m[1]), m[2]);
      check = fl_add_f32(check, fl_sub_f32(sum, sum));
      sum = fl_add_f32(sum, b);
      if (add[k]) sum = fl_add_f32(sum, fl_load_f32(add[k] + c));
      if (to->act == FL_ACT_RELU || to->act == FL_ACT_RELU_TO) sum = fl_max_f32(sum, fl_set_f32(0));
      if (to->act == FL_ACT_RELU_TO) sum = fl_min_f32(sum, fl_set_f32((f32)to->alpha));
      fl_store_f32(dst[k] + c, sum);
    }
  }
  for (i64 k = 0; k < 4; k++) {
    if (to->act > FL_ACT_RELU && to->act != FL_ACT_RELU_TO) activate_f32(dst[k], FL_PANEL, 1, (u32)(wide / 16), to->act, to->alpha);
    if (y + k / 2 < w->out[1] && x + k % 2 < w->out[2] && n != wide)
      __builtin_memcpy(to->out + (u64)((y + k / 2) * w->out[2] + x + k % 2) * to->out_place, part[k], n * sizeof(f32));
  }
  return check;
}

/* Whether all results of a row are finite. */
static u32 winograd_row(sums_f32 to, const winograd *g, const f32 *in, const f32 *packed) {
  const fl_window *w = g->w;
  i64 squares = g->across * ((w->out[1] + 1) / 2), groups = (squares + g->group - 1) / g->group, group = (squares + groups - 1) / groups;
  u64 k = (u64)w->in_channels, n = (u64)w->other, each = fl_gemm_packed(k, n);
  const f32 *turned = packed + fl_gemm_packed(9 * k, n);
  v_f32 check = fl_set_f32(0);
  for (i64 first = 0; first < squares; first += group) {
    i64 some = squares - first < group ? squares - first : group;
    for (i64 s = 0; s < some; s++) square_in(g, in, first + s, g->turned + s * g->padded);
    sums_f32 panel = to;
    for (u64 j = 0; j < n; j += FL_PANEL) {
      u64 left = n - j < FL_PANEL ? n - j : FL_PANEL, wide = (left + 15) / 16 * 16;
      sums_f32 sums = {to.worker, g->sums, NULL, FL_PANEL, 0, 0, FL_ACT_NONE, 0};
      for (u64 e = 0; e < TURNED; e++, sums.out += SUMS)
        block_f32(&sums, 0, 0, 1, some, g->turned + (i64)e * g->step, 0, g->padded, g->runs, g->chunks,
                  turned + e * each + j * (k + 1), wide, wide);
      for (i64 s = 0; s < some; s++)
        check = square_out(&panel, g, first + s, g->sums + s * FL_PANEL, packed + j * (9 * k + 1), left, wide, check);
      panel.out += left;
      if (panel.add) panel.add += left;
    }
  }
  return !fl_any_m(fl_isnan_f32(check));
}

/* Memory and runs for winograd_row. */
static winograd winograd_of(fl_worker *worker, const fl_window *w) {
  i64 padded = (w->in_channels + 15) / 16 * 16, group = TURNED_BYTES / (TURNED * padded * (i64)sizeof(f32)) / 8 * 8;
  group = group < LEAST ? LEAST : group > BLOCK ? BLOCK : group;
  winograd g = {w, (w->out[2] + 1) / 2, group, padded, group * padded + 16, NULL, NULL, NULL, NULL, 0};
  g.turned = fl_temp_lines(worker, (u64)(TURNED * g.step) * sizeof(f32));
  g.sums = fl_temp_lines(worker, TURNED * SUMS * sizeof(f32));
  g.zeros = fl_temp_lines(worker, (u64)padded * sizeof(f32));
  memset(g.zeros, 0, (u64)padded * sizeof(f32));
  fl_window one = {.in_channels = w->in_channels, .other = w->other, .groups = 1, .window = {1, 1, 1}, .dilation = {1, 1, 1}};
  g.runs = fl_temp(worker, most_chunks(&one, one.in_channels) * sizeof(tile_run));
  g.chunks = chunks_of(g.runs, &one, one.in_channels, (strip_steps){0, 0});
  return g;
}

/* recurrent.h: what flk_recurrent_* are told of a layer in one direction; Go's side of it is ml/lower/array_recurrent.go. */
#ifndef RECURRENT_H
#define RECURRENT_H
#include "fl.h"

enum fl_cell { FL_RNN, FL_GRU, FL_LSTM };

/* Activations, graph.SquashFn. */
enum {
  FL_SQUASH_SIGMOID,
  FL_SQUASH_TANH,
  FL_SQUASH_RELU,
  FL_SQUASH_AFFINE,
  FL_SQUASH_LEAKY_RELU,
  FL_SQUASH_THRESHOLDED_RELU,
  FL_SQUASH_SCALED_TANH,
  FL_SQUASH_HARD_SIGMOID,
  FL_SQUASH_ELU,
  FL_SQUASH_SOFTSIGN,
  FL_SQUASH_SOFTPLUS,
  FL_SQUASHES
};

enum {
  FL_REC_BACKWARD = 1,
  FL_REC_RESET_AFTER = 2, /* a GRU's product with the state comes before its reset gate */
  FL_REC_COUPLED = 4,     /* an LSTM forgets as much as it does not take in */
  FL_REC_STATES = 8,      /* the last states stand behind the steps' */
  FL_REC_FIRST = 16,      /* what is given beside x */
  FL_REC_FIRST_C = 32,
  FL_REC_LENS = 64,
  FL_REC_PEEPHOLES = 128,
};

typedef struct {
  i64 cell, flags;
  i64 sequences; /* a row */
  i64 steps, in, hidden;
  i64 directions, direction;                /* where the results of this one go */
  i64 x_row, first_row, first_c_row, lens_row; /* elements from one row's to the next row's: 0 for what is the same in all rows */
  f64 clip;                                 /* 0: none */
  struct {
    i64 fn;
    f64 alpha, beta;
  } act[3]; /* f, g, k of graph.Cell */
} fl_recurrent;
#endif

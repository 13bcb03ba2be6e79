/* bf16.h: numbers of bf16, the upper halves of f32's, for products of bf16. */
#ifndef FL_BF16_H
#define FL_BF16_H
#include "fl.h"

/* The bits of an f32 rounded to the nearest of bf16, ties to even, as the processor's instruction does it: what is below the least normal
 * number is zero, NaN stays. */
static inline u32 fl_bf16_bits(u32 bits) {
  u32 number = bits & 0x7f800000 ? bits + 0x7fff + (bits >> 16 & 1) : bits & 0x80000000;
  return ((bits & 0x7fffffff) > 0x7f800000 ? bits | 0x400000 : number) & 0xffff0000;
}
#endif

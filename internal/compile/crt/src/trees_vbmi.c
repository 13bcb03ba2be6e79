/* trees_vbmi.c: the bit-sliced form for AVX-512 with VBMI and GFNI. */
#ifdef __AVX512BW__
#pragma GCC target("avx512vbmi,gfni")
#define SLICED_VBMI
#define SLICED(T) fl_trees_sliced_vbmi_##T
#include "trees_sliced.h"
#endif

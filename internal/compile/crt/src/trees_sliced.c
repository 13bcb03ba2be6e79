/* trees_sliced.c: the bit-sliced form for the instruction sets that the executor is built for. */
#define SLICED(T) fl_trees_sliced_##T
#include "trees_sliced.h"

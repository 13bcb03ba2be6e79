/* stub.h: the executor's services, for tests of the C runtime in one process. */
#ifndef FL_TEST_STUB_H
#define FL_TEST_STUB_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/fl.h"

/* An error ends at raised, with its text. Each thread has its own. */
extern __thread jmp_buf raised;
extern __thread char raised_state[6], raised_message[4096], raised_context[4096];

/* Images, by id. */
typedef struct { u8 *p; u64 n; u8 *meta; u64 meta_len; } stub_image;
extern stub_image stub_images[4096];
extern u32 stub_nimages;
extern u64 stub_allocated, stub_most, stub_limit;

void stub_reset(void);

#define CHECK(c) do { if (!(c)) { fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); abort(); } } while (0)

/* xorshift */
static inline u64 rnd(u64 *s) {
  *s ^= *s << 13;
  *s ^= *s >> 7;
  *s ^= *s << 17;
  return *s;
}

#endif

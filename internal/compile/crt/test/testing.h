/* testing.h: what the tests of the C runtime share: a generator of numbers, failures, and the executor's services as stubs. */
#ifndef TESTING_H
#define TESTING_H
#include "../src/fl.h"
#undef NULL
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int failures;
extern jmp_buf on_raise;         /* where fl_raise goes */
extern char raised[1100];        /* SQLSTATE, a space and the message of the last error */
extern fl_worker worker;
extern u8 *result_bytes;         /* what went out through fl_result_room */
extern u64 result_len, result_rows;

u64 rnd(void);
void failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
int report(const char *name);

/* The error that the statement raises, or NULL. */
#define CATCH(statement) (setjmp(on_raise) ? (const char *)raised : ((void)(statement), (const char *)NULL))
#endif

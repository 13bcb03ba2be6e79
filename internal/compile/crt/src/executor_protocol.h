/* executor_protocol.h: what the executor and the control plane say to each other: messages, their bodies, and the page that they
 * share. compile/exec writes and reads the same bytes in Go (protocol.go; struct run_body and what follows it: request.go; the
 * page: process.go), at the places that are asserted at the end.
 */
#ifndef EXECUTOR_PROTOCOL_H
#define EXECUTOR_PROTOCOL_H

#include <stddef.h>

#include "fl.h"

#define PROTOCOL 3
enum {
  FD_CONTROL = 3, /* SOCK_SEQPACKET */
  FD_PAGE = 4,    /* struct page */
  FD_CHUNKS = 5,  /* the result chunks */
};
enum message {
  M_MAP = 1,   /* arg: mapping handle; body: u64 size, u64 writable; fd */
  M_UNMAP,     /* arg: mapping handle */
  M_LOAD,      /* arg: program handle; body: u64 size; fd */
  M_UNLOAD,    /* arg: program handle */
  M_RUN,       /* run, arg: slot; body: struct run_body and what follows it */
  M_CANCEL,    /* run, arg: slot */
  M_CHANGE,    /* run, arg: slot; body: u64 program handle */
  M_RELEASE,   /* run, arg: slot; body: u32 chunks that the control plane has read */
  M_INPUT,     /* run, arg: slot; body: u64 buffer, u64 bytes, u64 last */
  M_IMAGE_ACK, /* run, arg: slot; body: u64 bytes of images taken over */
  M_LIMIT,     /* body: u64 bytes, the memory limit over all runs */
  M_HELLO = 101, /* body: u64 PROTOCOL, u64 FL_ABI, u64 NO_LANDLOCK | NO_SECCOMP */
  M_ROWS,        /* run; arg: chunk; body: u64 bytes, u64 rows */
  M_DONE,        /* run; body: struct done_body and what follows it */
  M_IMAGE,       /* run; arg: image; body: u64 size, then metadata; fd */
  M_INPUT_FREE,  /* run; arg: buffer */
  M_CHANGED,     /* run; arg: 1, or 0 when refused */
};
#define NO_LANDLOCK 1u
#define NO_SECCOMP 2u
struct head {
  u32 kind, arg;
  u64 run;
  u64 body;        /* bytes */
  u32 body_shared; /* 1: the body lies in the memory of the first descriptor */
  u32 pad;
};
#define INLINE_BODY (48 * 1024) /* a longer body goes through shared memory */
#define INLINE_ROWS (16 * 1024) /* at most so many bytes of rows travel in M_DONE itself */
#define INLINE_MAX (INLINE_BODY + INLINE_ROWS + 16 * 1024) /* whose body always goes inline */

#define CHUNK_SIZE (256 * 1024)
#define CHUNK_COUNT 8192
#define NO_HANDLE 0u
#define MAX_PROGRAMS 1024
#define MAX_MAPPINGS 32768
#define MAX_RUNS 4096

struct run_body {
  u32 program, alternate; /* handles; alternate: the program of every second morsel, for tests */
  u32 threads, ntables;
  u32 nblobs, stream; /* stream: handle of the input buffers, or NO_HANDLE */
  u32 buffers, morsel; /* morsel: rows of one, a multiple of 64; 0: FL_MORSEL */
  u64 buffer_size;
  u64 memory_limit, seed;
  u64 params, cutter; /* bytes of the parameters and of the stream's fl_csv_cutter, in this order after the struct, padded to 64 */
};
struct table_body { u64 rows; u32 nsegments, ncols; };
struct dict_body { u64 count, offsets, data; u32 handle, pad; };
struct segment_body { u64 rows, id; u32 layout, handle; };
struct column_body { u64 data, valid, offsets; i64 base, min, max; u32 has_bounds, null_count; }; /* NOWHERE: none */
struct blob_body { u64 offset, bytes; u32 handle, pad; }; /* without handle: offset into the body */
#define NOWHERE (~(u64)0)
#define HEADROOM (64 * 1024) /* at the start of each buffer of a stream */

struct done_body {
  char code[8]; /* empty: success */
  i32 position;
  u32 message, context, detail; /* bytes of each, in this order after the counters */
  u32 ncounters, pad;
  u64 execution_ns, peak, rows;
  u64 inlined; /* bytes of rows after the texts; their count is inlined_rows */
  u64 inlined_rows;
};

/* Shared with the control plane, which reads it when the executor has died. */
enum fault_kind { FAULT_NONE, FAULT_SIGNAL, FAULT_HUNG };
struct page {
  u32 fault, signal;
  u64 run; /* the culprit; 0: unknown */
  u64 address;    /* that could not be accessed */
  u64 pc;         /* of the instruction, from the start of the object it is in */
  u64 in_program; /* 1: of the program, 0: of the executor or a library of its */
  char where[64]; /* the pipeline it was in */
};

/* ---- the places that compile/exec knows ---- */
#define SIZE(T, bytes) _Static_assert(sizeof(struct T) == (bytes), "compile/exec knows another size of " #T)
#define AT(T, field, at) _Static_assert(offsetof(struct T, field) == (at), "compile/exec has " #T "." #field " elsewhere")
SIZE(head, 32); AT(head, kind, 0); AT(head, arg, 4); AT(head, run, 8); AT(head, body, 16); AT(head, body_shared, 24);
SIZE(run_body, 72); AT(run_body, program, 0); AT(run_body, alternate, 4); AT(run_body, threads, 8);
AT(run_body, ntables, 12); AT(run_body, nblobs, 16); AT(run_body, stream, 20); AT(run_body, buffers, 24);
AT(run_body, morsel, 28); AT(run_body, buffer_size, 32); AT(run_body, memory_limit, 40); AT(run_body, seed, 48);
AT(run_body, params, 56); AT(run_body, cutter, 64);
SIZE(table_body, 16); AT(table_body, rows, 0); AT(table_body, nsegments, 8); AT(table_body, ncols, 12);
SIZE(dict_body, 32); AT(dict_body, count, 0); AT(dict_body, offsets, 8); AT(dict_body, data, 16);
AT(dict_body, handle, 24);
SIZE(segment_body, 24); AT(segment_body, rows, 0); AT(segment_body, id, 8); AT(segment_body, layout, 16);
AT(segment_body, handle, 20);
SIZE(column_body, 56); AT(column_body, data, 0); AT(column_body, valid, 8); AT(column_body, offsets, 16);
AT(column_body, base, 24); AT(column_body, min, 32); AT(column_body, max, 40); AT(column_body, has_bounds, 48);
AT(column_body, null_count, 52);
SIZE(blob_body, 24); AT(blob_body, offset, 0); AT(blob_body, bytes, 8); AT(blob_body, handle, 16);
SIZE(done_body, 72); AT(done_body, code, 0); AT(done_body, position, 8); AT(done_body, message, 12);
AT(done_body, context, 16); AT(done_body, detail, 20); AT(done_body, ncounters, 24); AT(done_body, execution_ns, 32);
AT(done_body, peak, 40); AT(done_body, rows, 48); AT(done_body, inlined, 56); AT(done_body, inlined_rows, 64);
SIZE(page, 104); AT(page, fault, 0); AT(page, signal, 4); AT(page, run, 8); AT(page, address, 16); AT(page, pc, 24);
AT(page, in_program, 32); AT(page, where, 40);
#undef SIZE
#undef AT

#endif

/* executor_raise.c: errors of programs. */
#define _GNU_SOURCE
#include <stdio.h>

#include "executor.h"

/* Appends up to n bytes, cut at the start of a UTF-8 character when there is no room for all. */
static void put(char *to, u64 *at, const char *from, u64 n) {
  u64 room = MESSAGE_MAX - 1 - *at;
  if (n > room) {
    n = room;
    while (n > 0 && ((u8)from[n] & 0xC0) == 0x80) n--;
  }
  memcpy(to + *at, from, n);
  *at += n;
}

/* %s: fl_str *, %d: i64, %f: f64, %%: a per cent sign. A line break of the format's own (one of an argument is text like any
 * other) ends the message: what follows is the detail, whose place in `to` is returned, NULL if there is none. */
static const char *format_message(char *to, const char *format, va_list args) {
  char number[400];
  u64 at = 0;
  const char *detail = NULL;
  for (const char *f = format; *f;) {
    const char *next = strchrnul(f, '%');
    const char *line = detail ? NULL : memchr(f, '\n', (u64)(next - f));
    if (line && at + (u64)(line - f) + 1 < MESSAGE_MAX) {
      put(to, &at, f, (u64)(line - f));
      to[at++] = 0;
      detail = to + at;
      f = line + 1;
      continue;
    }
    put(to, &at, f, (u64)(next - f));
    if (!*next || !next[1]) break;
    int n = 0;
    switch (next[1]) {
      case 's': {
        const fl_str *s = va_arg(args, const fl_str *);
        put(to, &at, (const char *)s->p, s->n);
        break;
      }
      case 'd': n = snprintf(number, sizeof number, "%ld", va_arg(args, i64)); break;
      case 'f': n = snprintf(number, sizeof number, "%.15g", va_arg(args, f64)); break;
      default: put(to, &at, next + 1, 1);
    }
    put(to, &at, number, (u64)n);
    f = next + 2;
  }
  to[at] = 0;
  return detail;
}

void fl_raise(fl_worker *w, const char *sqlstate, i32 position, const char *format, ...) {
  struct ctx *c = (struct ctx *)w;
  char message[MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  const char *detail = format_message(message, format, args);
  va_end(args);
  run_fail(c->run, sqlstate, position, message, c->context, detail);
  escape();
}

void fl_context(fl_worker *w, const char *format, ...) {
  struct ctx *c = (struct ctx *)w;
  va_list args;
  va_start(args, format);
  format_message(c->context, format, args);
  va_end(args);
}

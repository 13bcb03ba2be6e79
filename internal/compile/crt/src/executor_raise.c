/* executor_raise.c: errors of programs. */
#define _GNU_SOURCE
#include <stdio.h>

#include "executor.h"

#define DOTS "..."
#define TEXT_MAX (MESSAGE_MAX - sizeof DOTS)

void text_put(char *to, u64 *at, const char *from, u64 n) {
  if (*at > TEXT_MAX) return; /* it ends in dots already */
  bool whole = n <= TEXT_MAX - *at;
  if (!whole) {
    n = TEXT_MAX - *at;
    while (n > 0 && ((u8)from[n] & 0xC0) == 0x80) n--;
  }
  if (n > 0) memcpy(to + *at, from, n);
  memcpy(to + *at + n, whole ? "" : DOTS, whole ? 1 : sizeof DOTS);
  *at = whole ? *at + n : MESSAGE_MAX;
}

/* %s: fl_str *, %d: i64, %f: f64, %%: a per cent sign. A line break of the format's own (one of an argument is text like any
 * other) ends the message: what follows is the detail. */
static void format_message(char *to, char *detail, const char *format, va_list args) {
  char number[400];
  u64 at = 0;
  to[0] = 0;
  for (const char *f = format; *f;) {
    const char *next = strchrnul(f, '%');
    const char *line = detail ? memchr(f, '\n', (u64)(next - f)) : NULL;
    if (line) {
      text_put(to, &at, f, (u64)(line - f));
      to = detail;
      detail = NULL;
      at = 0;
      f = line + 1;
      continue;
    }
    text_put(to, &at, f, (u64)(next - f));
    if (!*next || !next[1]) break;
    int n = 0;
    switch (next[1]) {
      case 's': {
        const fl_str *s = va_arg(args, const fl_str *);
        text_put(to, &at, (const char *)s->p, s->n);
        break;
      }
      case 'd': n = snprintf(number, sizeof number, "%ld", va_arg(args, i64)); break;
      case 'f': n = snprintf(number, sizeof number, "%.15g", va_arg(args, f64)); break;
      default: text_put(to, &at, next + 1, 1);
    }
    text_put(to, &at, number, (u64)n);
    f = next + 2;
  }
}

void fl_raise(fl_worker *w, const char *sqlstate, i32 position, const char *format, ...) {
  struct ctx *c = (struct ctx *)w;
  char message[MESSAGE_MAX], detail[MESSAGE_MAX] = "";
  va_list args;
  va_start(args, format);
  format_message(message, detail, format, args);
  va_end(args);
  result_error_turn(c);
  run_fail(c->run, sqlstate, position, message, c->context, detail);
  escape();
}

void fl_context(fl_worker *w, const char *format, ...) {
  struct ctx *c = (struct ctx *)w;
  va_list args;
  va_start(args, format);
  format_message(c->context, NULL, format, args);
  va_end(args);
}

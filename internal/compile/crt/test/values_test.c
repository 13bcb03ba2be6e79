/* values_test.c: kernels on single values against what PostgreSQL 15 answers. Each line of expected_*.txt is an operation, its
 * arguments and the answer, tab separated (expect.py writes them): text, or ! SQLSTATE and message. */
#include "../src/kernels.h"
#include "testing.h"

#define MAX_ARGS 4
static fl_str arg[MAX_ARGS];
static u32 nargs;
static u64 one[1] = {1}, valid[1];
static fl_str answer; /* of the operation under test */

/* ---- arguments in their types: all lanes of a small block hold the first ---- */
#define LANES 16
#define TYPED(T, name, call)                             \
  static T *name##_arg(u32 k) {                          \
    T *d = fl_temp(&worker, LANES * sizeof(T));          \
    memset(d, 0, LANES * sizeof(T));                     \
    call;                                                \
    return d;                                            \
  }
TYPED(fl_str, text, d[0] = arg[k])
TYPED(fl_str, num, flk_num_str(&worker, d, &arg[k], one, 0, 1))
TYPED(f64, f64, flk_f64_str(&worker, d, &arg[k], one, 0, 1))
TYPED(f32, f32, flk_f32_str(&worker, d, &arg[k], one, 0, 1))
TYPED(i64, i64, flk_int_str(&worker, d, &arg[k], 64, one, 0, 1))
TYPED(i32, date, flk_date_str(&worker, d, &arg[k], one, 0, 1))
TYPED(i64, timestamp, flk_timestamp_str(&worker, d, &arg[k], one, 0, 1))
TYPED(fl_interval, interval, flk_interval_str(&worker, d, &arg[k], one, 0, 1))
static i32 *i32_arg(u32 k) {
  i32 *d = fl_temp(&worker, LANES * sizeof(i32));
  d[0] = (i32)i64_arg(k)[0];
  return d;
}

/* ---- answers ---- */
static void say(u8 kind, i32 scale, const void *data) {
  fl_vec v = {.kind = kind, .scale = (i16)scale, .typmod = -1, .data = data};
  flk_str_any(&worker, &answer, &v, one, 1);
}
static void say_int(i64 *d) { say(FL_I64, 0, d); }
static void say_i32(i32 *d) { say(FL_I32, 0, d); }
static void say_null(void) { answer = (fl_str){(const u8 *)"<null>", 6}; }
#define OUT(T) T *d = fl_temp(&worker, LANES * sizeof(T))
static int is(const char *op, const char *name) { return strcmp(op, name) == 0; }

static int casts(const char *op) {
  int p, s, n = 0;
  const fl_str *a = text_arg(0);
  if (is(op, "int2") || is(op, "int4") || is(op, "int8")) {
    OUT(i64);
    flk_int_str(&worker, d, a, op[3] == '2' ? 16 : op[3] == '4' ? 32 : 64, one, 0, 1);
    say_int(d);
  } else if (is(op, "float8")) {
    say(FL_F64, 0, f64_arg(0));
  } else if (is(op, "float4")) {
    say(FL_F32, 0, f32_arg(0));
  } else if (is(op, "bool")) {
    OUT(u64);
    flk_bool_str(&worker, d, a, one, 0, 1);
    say(FL_BOOL, 0, d);
  } else if (is(op, "numeric")) {
    say(FL_NUM, 0, num_arg(0));
  } else if (sscanf(op, "numeric(%d,%d%n", &p, &s, &n) == 2 && n) {
    OUT(fl_str);
    flk_typmod_num(&worker, d, num_arg(0), p, s, one, 0, 1);
    say(FL_NUM, 0, d);
    /* The forms of fixed scale agree. */
    fl_str as_num = answer;
    if (s >= 0 && as_num.p[0] != 'N') {
      fl_i128 *w = fl_temp(&worker, LANES * sizeof(fl_i128));
      flk_dec128_str(&worker, w, a, p, s, one, 0, 1);
      say(FL_DEC128, s, w);
      if (answer.n != as_num.n || memcmp(answer.p, as_num.p, answer.n)) return 1;
      if (p <= 18) {
        i64 *x = fl_temp(&worker, LANES * sizeof(i64));
        flk_dec64_str(&worker, x, a, p, s, one, 0, 1);
        say(FL_DEC64, s, x);
      }
    }
  } else if (sscanf(op, "varchar(%d", &p) == 1) {
    OUT(fl_str);
    flk_varchar_str(&worker, d, a, p, 0, one, 0, 1);
    answer = d[0];
  } else if (sscanf(op, "char(%d", &p) == 1) {
    OUT(fl_str), *t = fl_temp(&worker, LANES * sizeof(fl_str));
    flk_char_str(&worker, d, a, p, 0, one, 0, 1);
    flk_trim_char(t, d, one, 1); /* ::text drops the padding */
    answer = t[0];
  } else if (is(op, "date")) {
    say(FL_DATE, 0, date_arg(0));
  } else if (is(op, "timestamp")) {
    say(FL_TIMESTAMP, 0, timestamp_arg(0));
  } else if (is(op, "interval")) {
    say(FL_INTERVAL, 0, interval_arg(0));
  } else {
    return 0;
  }
  return 1;
}

static int numbers(const char *op) {
  OUT(fl_str);
  fl_str *a, *b;
  u64 *bit = fl_temp(&worker, 64);
#define BINARY(name)                                             \
  if (is(op, #name "_num")) {                                    \
    a = num_arg(0), b = num_arg(1);                              \
    flk_##name##_num(&worker, d, a, b, one, 0, 1);               \
    return say(FL_NUM, 0, d), 1;                                 \
  }
  BINARY(add) BINARY(sub) BINARY(mul) BINARY(div) BINARY(mod)
#define UNARY(name)                                              \
  if (is(op, #name "_num")) {                                    \
    flk_##name##_num(&worker, d, num_arg(0), one, 1);            \
    return say(FL_NUM, 0, d), 1;                                 \
  }
  UNARY(floor) UNARY(ceil) UNARY(sign) UNARY(abs) UNARY(neg)
#define SCALED(name)                                             \
  if (is(op, #name "_num")) {                                    \
    flk_##name##_num(&worker, d, num_arg(0), i32_arg(1), one, 1);\
    return say(FL_NUM, 0, d), 1;                                 \
  }
  SCALED(round) SCALED(trunc)
  if (is(op, "lt_num")) return flk_lt_num(bit, num_arg(0), num_arg(1), one, 0, 1), say(FL_BOOL, 0, bit), 1;
  if (is(op, "eq_num")) return flk_eq_num(bit, num_arg(0), num_arg(1), one, 0, 1), say(FL_BOOL, 0, bit), 1;
  i64 *i = fl_temp(&worker, LANES * 8);
  f64 *f = fl_temp(&worker, LANES * 8);
  f32 *g = fl_temp(&worker, LANES * 4);
  if (strncmp(op, "num_int", 7) == 0) {
    flk_int_num(&worker, i, num_arg(0), (op[7] - '0') * 8, one, 0, 1);
    return say_int(i), 1;
  }
  if (is(op, "num_float8")) return flk_f64_num(&worker, f, num_arg(0), one, 0, 1), say(FL_F64, 0, f), 1;
  if (is(op, "num_float4")) return flk_f32_num(&worker, g, num_arg(0), one, 0, 1), say(FL_F32, 0, g), 1;
  if (is(op, "float8_num")) return flk_num_f64(&worker, d, f64_arg(0), one, 1), say(FL_NUM, 0, d), 1;
  if (is(op, "float4_num")) return flk_num_f32(&worker, d, f32_arg(0), one, 1), say(FL_NUM, 0, d), 1;
  if (strncmp(op, "float8_int", 10) == 0) {
    flk_int_f64(&worker, i, f64_arg(0), (op[10] - '0') * 8, one, 0, 1);
    return say_int(i), 1;
  }
  if (is(op, "float4_int4")) return flk_int_f32(&worker, i, f32_arg(0), 32, one, 0, 1), say_int(i), 1;
  if (is(op, "float8_float4")) return flk_f32_f64(&worker, g, f64_arg(0), one, 0, 1), say(FL_F32, 0, g), 1;
  if (is(op, "intdiv")) return flk_intdiv(&worker, i, i64_arg(0), i64_arg(1), one, 0, 1), say_int(i), 1;
  if (is(op, "intmod")) return flk_intmod(&worker, i, i64_arg(0), i64_arg(1), one, 0, 1), say_int(i), 1;
  return 0;
}

static int texts(const char *op) {
  OUT(fl_str);
  i32 *i = fl_temp(&worker, LANES * 4);
  u64 *bit = fl_temp(&worker, 64);
  const fl_str *a = text_arg(0), *b = nargs > 1 ? text_arg(1) : NULL, *c = nargs > 2 ? text_arg(2) : NULL;
  static const u8 backslash[] = "\\";
  fl_str escape = {backslash, 1};
  if (is(op, "substr")) flk_substr(&worker, d, a, i32_arg(1), one, 1);
  else if (is(op, "substr_len")) flk_substr_len(&worker, d, a, i32_arg(1), i32_arg(2), one, 0, 1);
  else if (is(op, "left")) flk_left(d, a, i32_arg(1), one, 1);
  else if (is(op, "right")) flk_right(d, a, i32_arg(1), one, 1);
  else if (is(op, "upper")) flk_upper(&worker, d, a, one, 1);
  else if (is(op, "lower")) flk_lower(&worker, d, a, one, 1);
  else if (is(op, "btrim")) flk_btrim(d, a, b, one, 1);
  else if (is(op, "ltrim")) flk_ltrim(d, a, b, one, 1);
  else if (is(op, "rtrim")) flk_rtrim(d, a, b, one, 1);
  else if (is(op, "replace")) flk_replace(&worker, d, a, b, c, one, 0, 1);
  else if (is(op, "repeat")) flk_repeat(&worker, d, a, i32_arg(1), one, 0, 1);
  else if (is(op, "concat")) flk_concat(&worker, d, a, b, one, 0, 1);
  else if (is(op, "length")) return flk_length(i, a, one, 1), say_i32(i), 1;
  else if (is(op, "position")) return flk_position(i, a, b, one, 1), say_i32(i), 1;
  else if (is(op, "starts_with")) return flk_starts_with(bit, a, b, one, 1), say(FL_BOOL, 0, bit), 1;
  else if (is(op, "like") || is(op, "ilike") || is(op, "like_escape")) {
    fl_like *like = flk_like_prepare(&worker, b, c ? c : &escape, is(op, "ilike"), 0);
    flk_like(&worker, bit, a, like, one, 0, 1);
    u64 each[1] = {0};
    flk_like_each(&worker, each, a, b, c ? c : &escape, is(op, "ilike"), one, 0, 1);
    if ((each[0] ^ bit[0]) & 1) failed("LIKE: prepared and row by row differ");
    return say(FL_BOOL, 0, bit), 1;
  } else return 0;
  answer = d[0];
  return 1;
}

static u32 field_named(const fl_str *s) {
  static const char *const names[] = {"microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter",
                                      "year", "decade", "century", "millennium", "isoyear", "dow", "isodow", "doy", "epoch", "julian"};
  for (u32 k = 0; k < sizeof names / sizeof *names; k++)
    if (s->n == strlen(names[k]) && memcmp(s->p, names[k], s->n) == 0) return k;
  abort();
}
static int dates(const char *op) {
  i64 *t = fl_temp(&worker, LANES * 8);
  i32 *d = fl_temp(&worker, LANES * 4);
  fl_interval *v = fl_temp(&worker, LANES * 16);
  u64 *bit = fl_temp(&worker, 64);
  valid[0] = strcmp(op, "extract_interval") == 0 ? 1 : rnd(); /* others write it */
  if (strncmp(op, "extract_", 8) == 0) {
    u32 f = field_named(&arg[1]);
    int scale = f == FL_MILLISECONDS ? 3 : f == FL_SECOND || (f == FL_EPOCH && op[8] != 'd') ? 6 : 0;
    if (op[8] == 'd') flk_extract_date(&worker, t, valid, date_arg(0), f, one, 0, 1);
    else if (op[8] == 't') flk_extract_timestamp(&worker, t, valid, timestamp_arg(0), f, one, 0, 1);
    else flk_extract_interval(&worker, t, interval_arg(0), f, one, 0, 1);
    if (valid[0] & 1) say(FL_DEC64, scale, t);
    else say_null();
    return 1;
  }
  if (is(op, "trunc_timestamp")) flk_trunc_timestamp(&worker, t, timestamp_arg(0), field_named(&arg[1]), one, 0, 1);
  else if (is(op, "date_timestamp")) flk_timestamp_date(&worker, t, date_arg(0), one, 0, 1);
  else if (is(op, "timestamp_add")) flk_timestamp_add_interval(&worker, t, timestamp_arg(0), interval_arg(1), one, 0, 1);
  else if (is(op, "timestamp_sub")) flk_timestamp_sub_interval(&worker, t, timestamp_arg(0), interval_arg(1), one, 0, 1);
  else t = NULL;
  if (t) return say(FL_TIMESTAMP, 0, t), 1;
  if (is(op, "date_add")) return flk_date_add_int(&worker, d, date_arg(0), i32_arg(1), one, 0, 1), say(FL_DATE, 0, d), 1;
  if (is(op, "date_sub")) return flk_date_sub_int(&worker, d, date_arg(0), i32_arg(1), one, 0, 1), say(FL_DATE, 0, d), 1;
  if (is(op, "date_diff")) return flk_date_sub_date(&worker, d, date_arg(0), date_arg(1), one, 0, 1), say_i32(d), 1;
  if (is(op, "timestamp_date")) return flk_date_timestamp(&worker, d, timestamp_arg(0), one, 0, 1), say(FL_DATE, 0, d), 1;
  if (is(op, "interval_lt")) return flk_lt_interval(bit, interval_arg(0), interval_arg(1), one, 0, 1), say(FL_BOOL, 0, bit), 1;
  if (is(op, "interval_eq")) return flk_eq_interval(bit, interval_arg(0), interval_arg(1), one, 0, 1), say(FL_BOOL, 0, bit), 1;
  if (is(op, "timestamp_diff")) flk_timestamp_sub(&worker, v, timestamp_arg(0), timestamp_arg(1), one, 0, 1);
  else if (is(op, "interval_add")) flk_add_interval(&worker, v, interval_arg(0), interval_arg(1), one, 0, 1);
  else if (is(op, "interval_sub")) flk_sub_interval(&worker, v, interval_arg(0), interval_arg(1), one, 0, 1);
  else if (is(op, "interval_neg")) flk_neg_interval(&worker, v, interval_arg(0), one, 1);
  else if (is(op, "interval_mul")) flk_mul_interval(&worker, v, interval_arg(0), f64_arg(1), one, 0, 1);
  else if (is(op, "interval_div")) flk_div_interval(&worker, v, interval_arg(0), f64_arg(1), one, 0, 1);
  else return 0;
  return say(FL_INTERVAL, 0, v), 1;
}
static int functions(const char *op) {
  OUT(f64);
#define MATH(name) \
  if (is(op, #name)) return flk_math_##name(&worker, d, f64_arg(0), one, 0, 1), say(FL_F64, 0, d), 1;
  MATH(sqrt) MATH(exp) MATH(ln) MATH(log10) MATH(asin) MATH(acos) MATH(sin) MATH(tan)
  if (is(op, "power")) return flk_math_power(&worker, d, f64_arg(0), f64_arg(1), one, 0, 1), say(FL_F64, 0, d), 1;
  if (is(op, "atan2")) return flk_math_atan2(&worker, d, f64_arg(0), f64_arg(1), one, 0, 1), say(FL_F64, 0, d), 1;
  return 0;
}

/* text[] and the like: the text of the array that is read, and of what its binary form would be. */
static int arrays(const char *op) {
  static const struct { const char *name; u32 kind; } types[] = {{"bool[]", FL_BOOL}, {"int2[]", FL_I16}, {"int4[]", FL_I32},
    {"int8[]", FL_I64}, {"float4[]", FL_F32}, {"float8[]", FL_F64}, {"text[]", FL_STR}};
  for (u32 k = 0; k < sizeof types / sizeof *types; k++) {
    if (!is(op, types[k].name)) continue;
    OUT(fl_str);
    flk_array_str(&worker, d, text_arg(0), types[k].kind, one, 0, 1);
    u8 *exact = fl_temp(&worker, d[0].n);
    memcpy(exact, d[0].p, d[0].n);
    d[0].p = exact;
    fl_str *same = fl_temp(&worker, LANES * sizeof *same);
    flk_cast_array(&worker, same, d, types[k].kind, types[k].kind, one, 0, 1);
    if (same[0].n != d[0].n || memcmp(same[0].p, d[0].p, d[0].n)) failed("a cast to the same type changed an array");
    u64 *bit = fl_temp(&worker, 64);
    flk_eq_array(bit, d, same, types[k].kind, one, 1);
    if (!(bit[0] & 1)) failed("an array differs from itself");
    return say(FL_PACKED, (i32)types[k].kind, d), 1;
  }
  return 0;
}

static int run(const char *op) {
  if (arrays(op)) return 1;
  if (casts(op) || numbers(op)) return 1;
  if (texts(op)) return 1;
  if (dates(op) || functions(op)) return 1;
  failed("no such operation: %s", op);
  return 0;
}

/* Undoes \n, \t, \r and \\. Arguments are copied to the byte, so that the sanitizer sees reads past the end. */
static fl_str unescape(const char *s) {
  u8 *d = fl_temp(&worker, strlen(s));
  u64 n = 0;
  for (; *s; s++) {
    if (*s == '\\') {
      s++;
      d[n++] = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s == 'r' ? '\r' : (u8)*s;
    } else {
      d[n++] = (u8)*s;
    }
  }
  u8 *exact = fl_temp(&worker, n);
  memcpy(exact, d, n);
  return (fl_str){exact, n};
}

static void check(char *line) {
  char *field[MAX_ARGS + 2], *volatile copy = strdup(line);
  u32 n = 0;
  for (char *at = line; at && n < MAX_ARGS + 2; n++) {
    field[n] = at;
    at = strchr(at, '\t');
    if (at) *at++ = 0;
  }
  fl_str want = unescape(field[n - 1]);
  nargs = n - 2;
  for (u32 k = 0; k < nargs; k++) arg[k] = unescape(field[k + 1]);
  answer = (fl_str){NULL, 0};
  const char *error = CATCH(run(field[0]));
  fl_str got = answer;
  char text[2100];
  if (error) {
    got.n = (u64)snprintf(text, sizeof text, "!%s", error);
    got.p = (u8 *)text;
  }
  if (got.n != want.n || memcmp(got.p, want.p, want.n))
    failed("%s\n    got %.*s", copy, (int)(got.n < 300 ? got.n : 300), (const char *)got.p);
  free(copy);
  fl_temp_reset(&worker);
}

int main(int argc, char **argv) {
  static const char *const files[] = {"expected_numbers.txt", "expected_dates.txt", "expected_text.txt", "expected_arrays.txt"};
  static char line[1 << 20];
  for (int k = argc > 1 ? 1 : 0; k < (argc > 1 ? argc : 4); k++) {
    FILE *f = fopen(argc > 1 ? argv[k] : files[k], "r");
    if (!f) {
      failed("cannot open %s", argc > 1 ? argv[k] : files[k]);
      continue;
    }
    while (fgets(line, sizeof line, f)) {
      line[strcspn(line, "\n")] = 0;
      if (*line) check(line);
    }
    fclose(f);
  }
  return report("values");
}

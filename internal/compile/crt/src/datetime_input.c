/* datetime_input.c: dates, timestamps and intervals from text: ISO 8601 and its usual relatives, numbers in month-day-year order,
 * English names of months, and intervals in Postgres's and ISO's forms. Zones are read and, as timestamp does, ignored.
 * Refused, though PostgreSQL reads them: zones by name other than UTC, words like today, some odd punctuation. */
#include <math.h>
#include <stdlib.h>

#include "datetime.h"
#include "value.h"

typedef struct { const u8 *p, *end; } text;

static inline int is_digit(u8 c) { return (u8)(c - '0') < 10; }
static inline u8 lower(u8 c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }
static inline int is_alpha(u8 c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static inline u8 peek(const text *t) { return t->p < t->end ? *t->p : 0; }
static void skip_spaces(text *t) {
  while (t->p < t->end && fl_is_space(*t->p)) t->p++;
}
/* A whole number of at most 9 digits; how many there were, 0 for none or too many. */
static u32 number(text *t, i32 *v) {
  const u8 *from = t->p;
  i32 x = 0;
  for (; t->p < t->end && is_digit(*t->p); t->p++)
    if (t->p - from < 9) x = x * 10 + (*t->p - '0');
  *v = x;
  return t->p - from > 9 ? 0 : (u32)(t->p - from);
}
/* A word in lower case, of at most 31 letters. */
static u32 letters(text *t, char *to) {
  u32 n = 0;
  for (; t->p < t->end && is_alpha(*t->p); t->p++)
    if (n < 31) to[n++] = (char)lower(*t->p);
  to[n] = 0;
  return n;
}
static int is_word(const char *w, const char *list) { /* list: words, each with a space before and after */
  u64 n = __builtin_strlen(w);
  for (const char *at = list; (at = __builtin_strstr(at, w)); at++)
    if (n && at[-1] == ' ' && at[n] == ' ') return 1;
  return 0;
}
/* ".123" as microseconds, rounded; more digits than six decide the rounding only. */
static i32 fraction(text *t) {
  char digits[40] = "0.";
  u32 n = 2;
  for (t->p++; t->p < t->end && is_digit(*t->p); t->p++)
    if (n < 38) digits[n++] = (char)*t->p;
  digits[n] = 0;
  return (i32)rint(strtod(digits, NULL) * 1e6);
}

/* ---- parts of a moment ---- */
typedef struct {
  i64 year;
  i32 month, day;
  i64 time;      /* microseconds of the day */
  int special;   /* 1 epoch, 2 infinity, 3 -infinity */
  int two_digits, bc;
  int counted;   /* the date was given as a number of days: no era, no year in two digits */
  int no_year;   /* it comes after the time of day */
} moment;

static i32 month_named(const char *w) {
  static const char *const names[] = {"january", "february", "march",     "april",   "may",      "june",
                                      "july",    "august",   "september", "october", "november", "december"};
  u64 n = __builtin_strlen(w);
  for (i32 m = 0; m < 12; m++) {
    int whole = __builtin_strcmp(names[m], w) == 0, brief = n == 3 && __builtin_strncmp(names[m], w, 3) == 0;
    if (whole || brief || (m == 8 && __builtin_strcmp(w, "sept") == 0)) return m + 1;
  }
  return 0;
}
static int is_weekday(const char *w) {
  return is_word(w, " sun mon tue tues wed weds thu thur thurs fri sat sunday monday tuesday wednesday thursday friday saturday ");
}

static int get_time(text *t, moment *m) {
  i32 hour, minute, second = 0, micros = 0;
  char w[32];
  u32 digits = number(t, &hour);
  if (digits == 4 || digits == 6) { /* hhmm, hhmmss */
    if (digits == 6) second = hour % 100, hour /= 100;
    minute = hour % 100;
    hour /= 100;
    if (digits == 6 && peek(t) == '.') micros = fraction(t);
  } else {
    if (!digits || peek(t) != ':') return FL_SYNTAX;
    t->p++;
    if (!number(t, &minute)) return FL_SYNTAX;
    if (peek(t) == ':') {
      t->p++;
      if (!number(t, &second)) return FL_SYNTAX;
      if (peek(t) == '.') micros = fraction(t);
    }
  }
  text rest = *t;
  skip_spaces(&rest);
  if (letters(&rest, w) == 2 && is_word(w, " am pm ")) {
    if (hour > 12) return FL_FIELD;
    hour = hour % 12 + (w[0] == 'p' ? 12 : 0);
    *t = rest;
  }
  m->time = (i64)hour * 3600000000 + (i64)minute * 60000000 + (i64)second * 1000000 + micros;
  if (minute > 59 || second > 60 || hour > 24 || m->time > USECS_PER_DAY) return FL_FIELD;
  return FL_OK;
}
/* Z, a few names, or +hh[[:]mm[[:]ss]]. */
static int get_zone(text *t) {
  i32 hour, minute = 0, second = 0;
  char w[32];
  if (is_alpha(peek(t))) {
    letters(t, w);
    return is_word(w, " z utc gmt ut zulu ") ? FL_OK : FL_SYNTAX;
  }
  t->p++;
  u32 n = number(t, &hour);
  if (n > 2) minute = hour % 100, hour /= 100;
  if (n > 4) second = minute, minute = hour % 100, hour /= 100;
  if (!n || n > 6) return FL_SYNTAX;
  for (i32 *next = &minute; n <= 2 && peek(t) == ':'; next = &second) {
    t->p++;
    if (!number(t, next)) return FL_SYNTAX;
    if (next == &second) break;
  }
  return hour > 15 || minute > 59 || second > 59 ? FL_ZONE : FL_OK;
}
static void set_year(moment *m, i32 year, u32 digits) {
  m->year = year;
  m->two_digits = digits <= 2;
}
static void set_days(moment *m, i64 days) {
  fl_ymd c = fl_civil(days);
  m->year = c.year;
  m->month = c.month;
  m->day = c.day;
  m->counted = 1;
}
/* Year first when it has three digits or more, else month, day, year; or a run of digits; or with a month's name. */
static int get_date(text *t, moment *m) {
  i32 a, b, c;
  u32 na, nb, nc;
  char w[32];
  u8 sep;
  if (is_alpha(peek(t))) { /* January 8, 1999 */
    letters(t, w);
    if (w[0] == 'j' && !w[1]) { /* J2451187: a Julian day */
      if (!number(t, &a)) return FL_SYNTAX;
      set_days(m, (i64)a - JULIAN_2000);
      return FL_OK;
    }
    if (!(m->month = month_named(w))) return FL_SYNTAX;
    while (t->p < t->end && (fl_is_space(*t->p) || *t->p == '-' || *t->p == '.')) t->p++;
    if (!number(t, &m->day)) return FL_SYNTAX;
    text before = *t;
    while (t->p < t->end && (fl_is_space(*t->p) || *t->p == '-' || *t->p == ',')) t->p++;
    if (!(nc = number(t, &c))) return FL_SYNTAX;
    if (peek(t) == ':') {
      *t = before;
      m->no_year = 1;
    }
    set_year(m, c, nc);
    return FL_OK;
  }
  if (!(na = number(t, &a))) return FL_SYNTAX;
  sep = peek(t);
  if (na >= 6 && (sep == 0 || fl_is_space(sep) || sep == 'T' || sep == 't')) { /* YYYYMMDD, YYMMDD */
    m->day = a % 100;
    m->month = a / 100 % 100;
    set_year(m, a / 10000, na - 4);
    return FL_OK;
  }
  if (sep != '-' && sep != '/' && sep != '.' && !(fl_is_space(sep) && na <= 2)) return FL_SYNTAX;
  t->p++;
  if (is_alpha(peek(t))) { /* 8-Jan-1999, 1999-Jan-08 */
    if (!letters(t, w) || !(m->month = month_named(w))) return FL_SYNTAX;
    while (t->p < t->end && (fl_is_space(*t->p) || *t->p == '-' || *t->p == '/' || *t->p == ',' || *t->p == '.')) t->p++;
    if (!(nc = number(t, &c)) || peek(t) == ':') return FL_SYNTAX;
    if (na >= 3) set_year(m, a, na), m->day = c;
    else set_year(m, c, nc), m->day = a;
    return FL_OK;
  }
  if (fl_is_space(sep) || !(nb = number(t, &b))) return FL_SYNTAX;
  if (na == 4 && nb == 3 && sep != '/' && peek(t) != sep) { /* a day of the year */
    if (!a || b < 1 || b > 366) return FL_SYNTAX;
    set_days(m, fl_days(a, 1, 1) + b - 1);
    return FL_OK;
  }
  if (peek(t) != sep) return FL_SYNTAX;
  t->p++;
  if (!(nc = number(t, &c))) return FL_SYNTAX;
  if (na >= 3) {
    set_year(m, a, na);
    m->month = b;
    m->day = c;
  } else {
    m->month = a;
    m->day = b;
    set_year(m, c, nc);
  }
  return nb > 2 ? FL_SYNTAX : FL_OK;
}

static int get_special(text t, moment *m) {
  char w[32];
  int minus = peek(&t) == '-', plus = peek(&t) == '+';
  t.p += minus + plus;
  u32 n = letters(&t, w);
  skip_spaces(&t);
  if (!n || t.p != t.end) return 0;
  if (!plus && is_word(w, " infinity ")) m->special = minus ? 3 : 2;
  else if (!minus && !plus && is_word(w, " epoch ")) m->special = 1;
  return m->special;
}

/* After the date: time, zone and era, in any sensible order. */
static int get_rest(text *t, moment *m) {
  int timed = 0, zoned = 0, era = 0, err;
  char w[32];
  for (;;) {
    text before = *t;
    skip_spaces(t);
    if (t->p == t->end) return FL_OK;
    if (!timed && (peek(t) | 0x20) == 't' && t->p + 1 < t->end && is_digit(t->p[1])) t->p++;
    if (is_digit(peek(t)) && !timed && (t->p > before.p)) {
      timed = 1;
      if ((err = get_time(t, m))) return err;
      continue;
    }
    text word = *t;
    if (letters(&word, w) == 2 && is_word(w, " bc ad ") && !era) {
      era = 1;
      m->bc = w[0] == 'b';
      *t = word;
      continue;
    }
    if (letters(&word, w), word = *t, letters(&word, w) && is_weekday(w)) {
      *t = word;
      continue;
    }
    if (m->no_year && timed && is_digit(peek(t)) && t->p > before.p) {
      i32 year;
      u32 digits = number(t, &year);
      if (!digits) return FL_SYNTAX;
      set_year(m, year, digits);
      m->no_year = 0;
      continue;
    }
    if (!timed || zoned || is_digit(peek(t))) return FL_SYNTAX;
    if (!is_alpha(peek(t)) && peek(t) != '+' && peek(t) != '-') return FL_SYNTAX;
    zoned = 1;
    if ((err = get_zone(t))) return err;
  }
}

static int get_moment(const u8 *p, u64 n, moment *m) {
  text t = {p, p + n};
  char w[32];
  int err;
  *m = (moment){0};
  skip_spaces(&t);
  if (get_special(t, m)) return FL_OK;
  text first = t;
  if (letters(&first, w) && is_weekday(w)) { /* Friday, January 8, 1999 */
    while (first.p < first.end && (fl_is_space(*first.p) || *first.p == ',')) first.p++;
    t = first;
  }
  if ((err = get_date(&t, m)) || (err = get_rest(&t, m))) return err;
  if (m->no_year || (m->bc && m->counted)) return FL_SYNTAX;
  if (m->counted) return FL_OK;
  if (m->bc) {
    if (m->year <= 0) return FL_FIELD;
    m->year = 1 - m->year;
  } else if (m->two_digits) {
    m->year += m->year < 70 ? 2000 : 1900;
  } else if (m->year <= 0) {
    return FL_FIELD;
  }
  if (m->month < 1 || m->month > 12 || m->day < 1 || m->day > fl_month_days(m->year, m->month)) return FL_FIELD;
  return FL_OK;
}

/* The form that nearly all dates have, without any of the above. */
static int plain_date(const u8 *p, i64 *days) {
  u32 year = (u32)(p[0] - '0') * 1000 + (u32)(p[1] - '0') * 100 + (u32)(p[2] - '0') * 10 + (u32)(p[3] - '0');
  i32 month = (p[5] - '0') * 10 + (p[6] - '0'), day = (p[8] - '0') * 10 + (p[9] - '0');
  for (u32 k = 0; k < 10; k++)
    if (k == 4 || k == 7 ? p[k] != '-' : !is_digit(p[k])) return 0;
  if (!year || month < 1 || month > 12 || day < 1 || day > fl_month_days(year, month)) return 0;
  *days = fl_days(year, month, day);
  return 1;
}
int fl_get_date(const u8 *p, u64 n, i32 *x) {
  moment m;
  i64 days;
  if (n == 10 && plain_date(p, &days)) {
    *x = (i32)days;
    return FL_OK;
  }
  int err = get_moment(p, n, &m);
  if (err) return err;
  if (m.special) {
    *x = m.special == 1 ? -10957 : m.special == 2 ? DATE_INFINITY : DATE_MINUS_INFINITY;
    return FL_OK;
  }
  days = fl_days(m.year, m.month, m.day);
  if (days < DATE_LEAST || days >= DATE_END) return FL_RANGE;
  *x = (i32)days;
  return FL_OK;
}
int fl_get_timestamp(const u8 *p, u64 n, i64 *x) {
  moment m;
  int err = get_moment(p, n, &m);
  if (err) return err;
  if (m.special) {
    *x = m.special == 1 ? -946684800000000 : m.special == 2 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
    return FL_OK;
  }
  wide t = (wide)fl_days(m.year, m.month, m.day) * USECS_PER_DAY + m.time;
  if (t < TIMESTAMP_LEAST || t >= TIMESTAMP_END) return FL_RANGE;
  *x = (i64)t;
  return FL_OK;
}

/* ---- intervals ---- */
enum unit { NONE, MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, DECADE, CENTURY, MILLENNIUM, AGO };
typedef struct {
  i64 years, months, days, micros;
} parts;

static enum unit unit_named(const char *w) {
  static const char *const words[] = {
      [MICROSECOND] = " us usec usecs usecond useconds microsecond microseconds microsecon ",
      [MILLISECOND] = " ms msec msecs mseconds millisecond milliseconds millisecon ",
      [SECOND] = " s sec secs second seconds ",
      [MINUTE] = " m min mins minute minutes ",
      [HOUR] = " h hr hrs hour hours ",
      [DAY] = " d day days ",
      [WEEK] = " w week weeks ",
      [MONTH] = " mon mons month months ",
      [YEAR] = " y yr yrs year years ",
      [DECADE] = " dec decs decade decades ",
      [CENTURY] = " c cent century centuries ",
      [MILLENNIUM] = " mil mils millennia millennium ",
      [AGO] = " ago "};
  for (enum unit u = MICROSECOND; u <= AGO; u++)
    if (is_word(w, words[u])) return u;
  return NONE;
}
static int add32(i64 *sum, i64 value, i64 scale) {
  if (value != (i32)value) return 0;
  i64 v = value * scale;
  if (v != (i32)v || *sum + v != (i32)(*sum + v)) return 0;
  *sum += v;
  return 1;
}
/* Half a microsecond is rounded to zero, as PostgreSQL does here and nowhere else. */
static int add_micros(i64 *sum, i64 value, f64 part, i64 scale) {
  f64 micros = part * (f64)scale;
  i64 v, whole = (i64)micros;
  micros -= (f64)whole;
  whole += (micros > 0.5) - (micros < -0.5);
  if (__builtin_mul_overflow(value, scale, &v) || __builtin_add_overflow(*sum, v, sum)) return 0;
  return !__builtin_add_overflow(*sum, whole, sum);
}
static int add_days(parts *s, f64 part) {
  i64 whole = (i64)part;
  return add32(&s->days, whole, 1) && add_micros(&s->micros, 0, part - (f64)whole, USECS_PER_DAY);
}
static int add_years(parts *s, i64 value, f64 part, i64 scale) {
  return add32(&s->years, value, scale) && add32(&s->months, (i64)rint(part * (f64)scale * 12), 1);
}
static int add_unit(parts *s, i64 value, f64 part, enum unit u) {
  switch (u) {
  case MICROSECOND: return add_micros(&s->micros, value, part, 1);
  case MILLISECOND: return add_micros(&s->micros, value, part, 1000);
  case NONE:
  case SECOND: return add_micros(&s->micros, value, part, 1000000);
  case MINUTE: return add_micros(&s->micros, value, part, 60000000);
  case HOUR: return add_micros(&s->micros, value, part, 3600000000);
  case DAY: return add32(&s->days, value, 1) && add_micros(&s->micros, 0, part, USECS_PER_DAY);
  case WEEK: return add32(&s->days, value, 7) && add_days(s, part * 7);
  case MONTH: return add32(&s->months, value, 1) && add_days(s, part * 30);
  case YEAR: return add_years(s, value, part, 1);
  case DECADE: return add_years(s, value, part, 10);
  case CENTURY: return add_years(s, value, part, 100);
  case MILLENNIUM: return add_years(s, value, part, 1000);
  case AGO: break;
  }
  return 0;
}
/* [+-]digits[.digits]; sets sign apart, since -0.5 has a whole part of 0. */
typedef struct { i64 value; f64 part; int minus, whole_digits, seen; } quantity;
static int get_quantity(text *t, quantity *q) {
  *q = (quantity){0};
  if (peek(t) == '+' || peek(t) == '-') {
    q->minus = *t->p++ == '-';
    if (!is_digit(peek(t))) return FL_SYNTAX;
  }
  for (; t->p < t->end && is_digit(*t->p); t->p++, q->whole_digits++)
    if (__builtin_mul_overflow(q->value, 10, &q->value) || __builtin_add_overflow(q->value, *t->p - '0', &q->value)) return FL_FIELD;
  q->seen = q->whole_digits > 0;
  if (peek(t) == '.') {
    char digits[64] = "0.";
    u32 n = 2;
    for (t->p++; t->p < t->end && is_digit(*t->p); t->p++, q->seen = 1)
      if (n < 62) digits[n++] = (char)*t->p;
    digits[n] = 0;
    q->part = strtod(digits, NULL);
  }
  if (q->minus) q->value = -q->value, q->part = -q->part;
  return q->seen ? FL_OK : FL_SYNTAX;
}
/* hh:mm[:ss[.f]] after the hours. */
static int get_clock(text *t, const quantity *hours, parts *s) {
  i32 minute, second = 0, micros = 0;
  if (hours->part != 0) return FL_SYNTAX;
  t->p++;
  if (!number(t, &minute)) return FL_SYNTAX;
  if (peek(t) == ':') {
    t->p++;
    if (!number(t, &second)) return FL_SYNTAX;
    if (peek(t) == '.') micros = fraction(t);
  } else if (peek(t) == '.') { /* minutes and seconds */
    if (hours->minus ? hours->value < -2147483647 : hours->value > 2147483647) return FL_FIELD;
    micros = fraction(t);
    i64 rest = (i64)minute * 1000000 + micros, all = (hours->minus ? -hours->value : hours->value) * 60000000 + rest;
    if (minute > 59) return FL_FIELD;
    return add_micros(&s->micros, hours->minus ? -all : all, 0, 1) ? FL_OK : FL_FIELD;
  }
  if (minute > 59 || second > 60) return FL_FIELD;
  i64 rest = (i64)minute * 60000000 + (i64)second * 1000000 + micros;
  if (!add_micros(&s->micros, hours->value, 0, 3600000000)) return FL_FIELD;
  return add_micros(&s->micros, hours->minus ? -rest : rest, 0, 1) ? FL_OK : FL_FIELD;
}
/* P1Y2M3DT4H5M6S, P1W. */
static int get_iso(text t, parts *s) {
  int in_time = 0, any = 0;
  for (t.p++; t.p < t.end;) {
    if (!in_time && (peek(&t) == 'T' || peek(&t) == 't')) {
      in_time = 1;
      t.p++;
      continue;
    }
    quantity q;
    int err = get_quantity(&t, &q);
    if (err) return err;
    enum unit u;
    switch (lower(peek(&t))) {
    case 'y': u = YEAR; break;
    case 'm': u = in_time ? MINUTE : MONTH; break;
    case 'w': u = WEEK; break;
    case 'd': u = DAY; break;
    case 'h': u = HOUR; break;
    case 's': u = SECOND; break;
    default: return FL_SYNTAX;
    }
    if (in_time != (u <= HOUR)) return FL_SYNTAX;
    t.p++;
    if (!add_unit(s, q.value, q.part, u)) return FL_FIELD;
    any = 1;
  }
  return any || in_time ? FL_OK : FL_SYNTAX;
}
static int get_parts(text t, parts *s) {
  u32 seen = 0;
  int any = 0, err, ago = 0;
  char w[32];
  skip_spaces(&t);
  if (peek(&t) == 'P') return get_iso(t, s);
  if (peek(&t) == '@') t.p++;
  for (;;) {
    skip_spaces(&t);
    if (t.p == t.end) break;
    if (is_alpha(peek(&t))) {
      letters(&t, w);
      if (unit_named(w) != AGO || !any || ago) return FL_SYNTAX;
      ago = 1;
      continue;
    }
    quantity q;
    if (ago) return FL_SYNTAX;
    if ((err = get_quantity(&t, &q))) return err;
    enum unit u = NONE;
    if (peek(&t) == ':') {
      if (seen & 1u << HOUR) return FL_SYNTAX;
      if ((err = get_clock(&t, &q, s))) return err;
      seen |= 1u << HOUR | 1u << MINUTE | 1u << SECOND;
      any = 1;
      continue;
    }
    if (peek(&t) == '-' && q.part == 0) { /* years-months */
      i32 months;
      t.p++;
      if (!number(&t, &months) || peek(&t) == '-' || peek(&t) == '.') return FL_SYNTAX;
      if (months >= 12 || !add32(&s->months, q.value, 12) || !add32(&s->months, q.minus ? -months : months, 1)) return FL_FIELD;
      if (seen & (1u << MONTH | 1u << YEAR)) return FL_SYNTAX;
      seen |= 1u << MONTH | 1u << YEAR;
      any = 1;
      continue;
    }
    if (t.p < t.end && !fl_is_space(*t.p) && !is_alpha(*t.p)) return FL_SYNTAX;
    text after = t;
    skip_spaces(&after);
    if (is_alpha(peek(&after))) {
      u32 length = letters(&after, w);
      u = unit_named(w);
      if (u == NONE || u == AGO || (length > 1 && is_digit(peek(&after)))) return FL_SYNTAX;
      t = after;
    } else if (is_digit(peek(&after)) || peek(&after) == '+' || peek(&after) == '-') { /* days before a time */
      quantity next;
      text look = after;
      if (get_quantity(&look, &next) || peek(&look) != ':') return FL_SYNTAX;
      u = DAY;
    }
    u32 slots = 1u << (u == NONE ? SECOND : u);
    if (slots == 1u << SECOND && q.part != 0) slots |= 1u << MILLISECOND | 1u << MICROSECOND;
    if (seen & slots) return FL_SYNTAX;
    seen |= slots;
    any = 1;
    if (!add_unit(s, q.value, q.part, u)) return FL_FIELD;
  }
  if (!any) return FL_SYNTAX;
  if (ago) {
    if (s->micros == INT64_LEAST) return FL_FIELD;
    *s = (parts){-s->years, -s->months, -s->days, -s->micros};
  }
  return FL_OK;
}
int fl_get_interval(const u8 *p, u64 n, fl_interval *x) {
  parts s = {0};
  int err = get_parts((text){p, p + n}, &s);
  if (err) return err;
  i64 months = s.years * 12 + s.months;
  if (months != (i32)months || s.days != (i32)s.days) return FL_RANGE;
  *x = (fl_interval){s.micros, (i32)s.days, (i32)months};
  return FL_OK;
}

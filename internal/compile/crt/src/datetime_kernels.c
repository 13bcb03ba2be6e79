/* datetime_kernels.c: kernels over dates, timestamps and intervals. */
#include <math.h>

#include "datetime.h"
#include "value.h"

static void out_of_range(fl_worker *w, const char *type, i32 pos) {
  fl_str name = {(const u8 *)type, __builtin_strlen(type)};
  fl_raise(w, "22008", pos, "%s out of range", &name);
}

/* ---- fields ---- */
static const char *const field_names[] = {"microseconds", "milliseconds", "second", "minute", "hour", "day", "week",
                                          "month", "quarter", "year", "decade", "century", "millennium", "isoyear",
                                          "dow", "isodow", "doy", "epoch", "julian"};
static void unsupported(fl_worker *w, u32 field, const char *type, i32 pos) {
  const char *name = field <= FL_JULIAN ? field_names[field] : "unknown";
  fl_str unit = {(const u8 *)name, __builtin_strlen(name)}, t = {(const u8 *)type, __builtin_strlen(type)};
  fl_raise(w, "0A000", pos, "unit \"%s\" not supported for type %s", &unit, &t);
}
/* An infinite moment has no cyclic fields (the row loses its bit), and its others are infinite. */
static void infinite_field(fl_worker *w, u64 *valid, u32 row, u32 field, i32 pos) {
  if (field == FL_JULIAN || field == FL_EPOCH || (field >= FL_YEAR && field <= FL_ISOYEAR))
    fl_raise(w, "0A000", pos, "extracting an infinite value is not supported");
  valid[row / 64] &= ~((u64)1 << (row % 64));
}
static i32 weekday(i64 days) { /* Sunday is 0 */
  i64 d = (days + 6) % 7;
  return (i32)(d < 0 ? d + 7 : d);
}
/* The Monday of the ISO week, and the year that week belongs to: that of its Thursday. */
static i64 monday_of(i64 days) { return days - (weekday(days) + 6) % 7; }
static i64 iso_year(i64 days) { return fl_civil(monday_of(days) + 3).year; }
static i64 iso_week(i64 days) {
  i64 thursday = monday_of(days) + 3;
  return (thursday - fl_days(fl_civil(thursday).year, 1, 1)) / 7 + 1;
}
static i64 with_era(i64 year) { return year > 0 ? year : year - 1; }
/* Decades, centuries and millennia before Christ; y counts …, -1, 0. */
static i64 decade_of(i64 y) { return y >= 0 ? y / 10 : -((8 - (y - 1)) / 10); }
static i64 century_of(i64 y) { return y > 0 ? (y + 99) / 100 : -((99 - (y - 1)) / 100); }
static i64 millennium_of(i64 y) { return y > 0 ? (y + 999) / 1000 : -((999 - (y - 1)) / 1000); }

static i64 date_field(fl_worker *w, i64 days, u32 field, const char *type, i32 pos) {
  fl_ymd c = fl_civil(days);
  switch (field) {
  case FL_DAY: return c.day;
  case FL_MONTH: return c.month;
  case FL_QUARTER: return (c.month - 1) / 3 + 1;
  case FL_WEEK: return iso_week(days);
  case FL_YEAR: return with_era(c.year);
  case FL_DECADE: return decade_of(c.year);
  case FL_CENTURY: return century_of(c.year);
  case FL_MILLENNIUM: return millennium_of(c.year);
  case FL_ISOYEAR: return with_era(iso_year(days));
  case FL_DOW: return weekday(days);
  case FL_ISODOW: return (weekday(days) + 6) % 7 + 1;
  case FL_DOY: return days - fl_days(c.year, 1, 1) + 1;
  case FL_JULIAN: return days + JULIAN_2000;
  }
  unsupported(w, field, type, pos);
  return 0;
}
void flk_extract_date(fl_worker *w, i64 *d, u64 *valid, const i32 *a, u32 field, const u64 *m, i32 pos, u32 n) {
  flk_ones_m(valid, n);
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (!date_finite(a[i])) infinite_field(w, valid, i, field, pos);
    else d[i] = field == FL_EPOCH ? ((i64)a[i] + 10957) * 86400 : date_field(w, a[i], field, "date", pos);
  }
}
static i64 timestamp_field(fl_worker *w, i64 t, u32 field, i32 pos) {
  i64 day = floor_div(t, USECS_PER_DAY), rest = t - day * USECS_PER_DAY, r;
  switch (field) {
  case FL_MICROSECONDS:
  case FL_MILLISECONDS:
  case FL_SECOND: return rest % 60000000;
  case FL_MINUTE: return rest / 60000000 % 60;
  case FL_HOUR: return rest / 3600000000;
  case FL_EPOCH:
    if (__builtin_add_overflow(t, 946684800000000, &r)) fl_raise(w, "0A000", pos, "extracting so late an epoch is not supported");
    return r;
  case FL_JULIAN: fl_raise(w, "0A000", pos, "extracting julian from a timestamp is not supported");
  }
  return date_field(w, day, field, "timestamp without time zone", pos);
}
void flk_extract_timestamp(fl_worker *w, i64 *d, u64 *valid, const i64 *a, u32 field, const u64 *m, i32 pos, u32 n) {
  flk_ones_m(valid, n);
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (!timestamp_finite(a[i])) infinite_field(w, valid, i, field, pos);
    else d[i] = timestamp_field(w, a[i], field, pos);
  }
}
static i64 interval_field(fl_worker *w, fl_interval x, u32 field, i32 pos) {
  i64 year = x.months / 12, month = x.months % 12;
  switch (field) {
  case FL_MICROSECONDS:
  case FL_MILLISECONDS:
  case FL_SECOND: return x.micros % 60000000;
  case FL_MINUTE: return x.micros / 60000000 % 60;
  case FL_HOUR: return x.micros / 3600000000;
  case FL_DAY: return x.days;
  case FL_MONTH: return month;
  case FL_QUARTER: return month / 3 + 1;
  case FL_YEAR: return year;
  case FL_DECADE: return year / 10;
  case FL_CENTURY: return year / 100;
  case FL_MILLENNIUM: return year / 1000;
  case FL_EPOCH: { /* a year counts 365.25 days, a month 30 */
    wide t = ((wide)year * 1461 + ((wide)month * 30 + x.days) * 4) * 21600 * 1000000 + x.micros;
    if (t != (i64)t) fl_raise(w, "0A000", pos, "extracting so great an epoch is not supported");
    return (i64)t;
  }
  }
  unsupported(w, field, "interval", pos);
  return 0;
}
void flk_extract_interval(fl_worker *w, i64 *d, const fl_interval *a, u32 field, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? interval_field(w, a[i], field, pos) : 0;
}

/* ---- date_trunc ---- */
static i64 start_of(fl_worker *w, i64 t, u32 field, i32 pos) {
  static const i64 units[] = {[FL_MICROSECONDS] = 1, [FL_MILLISECONDS] = 1000, [FL_SECOND] = 1000000, [FL_MINUTE] = 60000000,
                              [FL_HOUR] = 3600000000, [FL_DAY] = USECS_PER_DAY};
  if (!timestamp_finite(t)) return t;
  if (field <= FL_DAY) return floor_div(t, units[field]) * units[field];
  i64 days = floor_div(t, USECS_PER_DAY), y;
  fl_ymd c = fl_civil(days);
  switch (field) {
  case FL_WEEK: return monday_of(days) * USECS_PER_DAY;
  case FL_MONTH: return fl_days(c.year, c.month, 1) * USECS_PER_DAY;
  case FL_QUARTER: return fl_days(c.year, (c.month - 1) / 3 * 3 + 1, 1) * USECS_PER_DAY;
  case FL_YEAR: y = c.year; break;
  case FL_DECADE: y = decade_of(c.year) * 10; break;
  case FL_CENTURY: y = c.year > 0 ? century_of(c.year) * 100 - 99 : century_of(c.year) * 100 + 1; break;
  case FL_MILLENNIUM: y = c.year > 0 ? millennium_of(c.year) * 1000 - 999 : millennium_of(c.year) * 1000 + 1; break;
  default: unsupported(w, field, "timestamp without time zone", pos); y = 0;
  }
  wide r = (wide)fl_days(y, 1, 1) * USECS_PER_DAY;
  if (r < TIMESTAMP_LEAST) out_of_range(w, "timestamp", pos);
  return (i64)r;
}
void flk_trunc_timestamp(fl_worker *w, i64 *d, const i64 *a, u32 field, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    d[i] = start_of(w, a[i], field, pos);
    if (timestamp_finite(a[i]) && !timestamp_valid(d[i])) out_of_range(w, "timestamp", pos);
  }
}
static fl_interval shortened(fl_worker *w, fl_interval x, u32 field, i32 pos) {
  static const i64 units[] = {[FL_MICROSECONDS] = 1, [FL_MILLISECONDS] = 1000, [FL_SECOND] = 1000000, [FL_MINUTE] = 60000000,
                              [FL_HOUR] = 3600000000};
  static const i32 months[] = {[FL_MONTH] = 1, [FL_QUARTER] = 3, [FL_YEAR] = 12, [FL_DECADE] = 120, [FL_CENTURY] = 1200,
                               [FL_MILLENNIUM] = 12000};
  if (field <= FL_HOUR) return (fl_interval){x.micros / units[field] * units[field], x.days, x.months};
  if (field == FL_DAY) return (fl_interval){0, x.days, x.months};
  if (field == FL_WEEK || field > FL_MILLENNIUM) unsupported(w, field, "interval", pos);
  return (fl_interval){0, 0, x.months / months[field] * months[field]};
}
void flk_trunc_interval(fl_worker *w, fl_interval *d, const fl_interval *a, u32 field, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? shortened(w, a[i], field, pos) : (fl_interval){0, 0, 0};
}

/* ---- dates ---- */
static i32 moved(fl_worker *w, i32 date, i64 days, i32 pos) {
  if (!date_finite(date)) return date;
  i64 r = date + days;
  if (r < DATE_LEAST || r >= DATE_END) out_of_range(w, "date", pos);
  return (i32)r;
}
void flk_date_add_int(fl_worker *w, i32 *d, const i32 *a, const i32 *days, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? moved(w, a[i], days[i], pos) : 0;
}
void flk_date_sub_int(fl_worker *w, i32 *d, const i32 *a, const i32 *days, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? moved(w, a[i], -(i64)days[i], pos) : 0;
}
void flk_date_sub_date(fl_worker *w, i32 *d, const i32 *a, const i32 *b, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (!date_finite(a[i]) || !date_finite(b[i])) fl_raise(w, "22008", pos, "cannot subtract infinite dates");
    d[i] = a[i] - b[i];
  }
}
void flk_timestamp_date(fl_worker *w, i64 *d, const i32 *a, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (!date_finite(a[i])) {
      d[i] = a[i] < 0 ? TIMESTAMP_MINUS_INFINITY : TIMESTAMP_INFINITY;
      continue;
    }
    if (a[i] >= TIMESTAMP_END / USECS_PER_DAY) fl_raise(w, "22008", pos, "date out of range for timestamp");
    d[i] = a[i] * USECS_PER_DAY;
  }
}
void flk_date_timestamp(fl_worker *w, i32 *d, const i64 *a, const u64 *m, i32 pos, u32 n) {
  (void)w, (void)pos;
  for (u32 i = 0; i < n; i++) {
    d[i] = 0;
    if (!picked(m, i)) continue;
    if (!timestamp_finite(a[i])) d[i] = a[i] < 0 ? DATE_MINUS_INFINITY : DATE_INFINITY;
    else d[i] = (i32)floor_div(a[i], USECS_PER_DAY);
  }
}

/* ---- timestamps ---- */
/* Months first (the day is cut to the month's last), then days, then time. */
static i64 shifted(fl_worker *w, i64 t, fl_interval by, int sign, i32 pos) {
  if (!timestamp_finite(t)) return t;
  i64 days = floor_div(t, USECS_PER_DAY), time = t - days * USECS_PER_DAY, months = (i64)by.months * sign;
  if (months) {
    fl_ymd c = fl_civil(days);
    i64 month = c.year * 12l + c.month - 1 + months, year = floor_div(month, 12);
    i32 in_year = (i32)(month - year * 12) + 1, last = fl_month_days(year, in_year);
    days = fl_days(year, in_year, c.day < last ? c.day : last);
    wide r = (wide)days * USECS_PER_DAY + time;
    if (r < TIMESTAMP_LEAST || r >= TIMESTAMP_END) out_of_range(w, "timestamp", pos);
  }
  wide r = (wide)(days + (i64)by.days * sign) * USECS_PER_DAY + time;
  if (r < TIMESTAMP_LEAST || r >= TIMESTAMP_END) out_of_range(w, "timestamp", pos);
  r += (wide)by.micros * sign;
  if (r < TIMESTAMP_LEAST || r >= TIMESTAMP_END) out_of_range(w, "timestamp", pos);
  return (i64)r;
}
void flk_timestamp_add_interval(fl_worker *w, i64 *d, const i64 *a, const fl_interval *b, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? shifted(w, a[i], b[i], 1, pos) : 0;
}
void flk_timestamp_sub_interval(fl_worker *w, i64 *d, const i64 *a, const fl_interval *b, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) d[i] = picked(m, i) ? shifted(w, a[i], b[i], -1, pos) : 0;
}
void flk_timestamp_sub(fl_worker *w, fl_interval *d, const i64 *a, const i64 *b, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    i64 diff;
    d[i] = (fl_interval){0, 0, 0};
    if (!picked(m, i)) continue;
    if (!timestamp_finite(a[i]) || !timestamp_finite(b[i])) fl_raise(w, "22008", pos, "cannot subtract infinite timestamps");
    if (__builtin_sub_overflow(a[i], b[i], &diff)) out_of_range(w, "interval", pos); /* PostgreSQL 15 wraps */
    d[i] = (fl_interval){diff % USECS_PER_DAY, (i32)(diff / USECS_PER_DAY), 0};
  }
}
void flk_timestamp_typmod(fl_worker *w, i64 *d, const i64 *a, i32 digits, const u64 *m, i32 pos, u32 n) {
  (void)w, (void)pos;
  i64 unit = digits < 0 || digits > 6 ? 1 : (i64)fl_pow10[6 - digits];
  for (u32 i = 0; i < n; i++) {
    d[i] = picked(m, i) ? a[i] : 0;
    if (unit > 1 && timestamp_finite(d[i])) {
      i64 t = d[i] < 0 ? -d[i] : d[i];
      t = (t + unit / 2) / unit * unit;
      d[i] = d[i] < 0 ? -t : t;
    }
  }
}

/* ---- intervals ---- */
#define COMPARE(op, sign)                                                                                            \
  void flk_##op##_interval(u64 *d, const fl_interval *a, const fl_interval *b, const u64 *m, u32 bc, u32 n) {        \
    for (u32 i = 0; i < (n + 63) / 64; i++) d[i] = 0;                                                                \
    ROWS(i, m, n) d[i / 64] |= (u64)(interval_length(a[bc & 1 ? 0 : i]) sign interval_length(b[bc & 2 ? 0 : i])) << (i % 64); \
  }
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)
#define ADDITIVE(op)                                                                                                  \
  void flk_##op##_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const fl_interval *b, const u64 *m,    \
                           i32 pos, u32 n) {                                                                          \
    for (u32 i = 0; i < n; i++) {                                                                                     \
      d[i] = (fl_interval){0, 0, 0};                                                                                  \
      if (!picked(m, i)) continue;                                                                                    \
      int over = __builtin_##op##_overflow(a[i].months, b[i].months, &d[i].months);                                   \
      over += __builtin_##op##_overflow(a[i].days, b[i].days, &d[i].days);                                            \
      over += __builtin_##op##_overflow(a[i].micros, b[i].micros, &d[i].micros);                                      \
      if (over) out_of_range(w, "interval", pos);                                                                     \
    }                                                                                                                 \
  }
ADDITIVE(add)
ADDITIVE(sub)
void flk_neg_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const u64 *m, u32 n) {
  for (u32 i = 0; i < n; i++) {
    d[i] = (fl_interval){0, 0, 0};
    if (!picked(m, i)) continue;
    if (a[i].months == DATE_MINUS_INFINITY || a[i].days == DATE_MINUS_INFINITY || a[i].micros == INT64_LEAST)
      out_of_range(w, "interval", 0);
    d[i] = (fl_interval){-a[i].micros, -a[i].days, -a[i].months};
  }
}
static f64 to_micros(f64 seconds) { return rint(seconds * 1e6) / 1e6; }
/* Fractions of months become days of 30 to the month, fractions of days become time. */
static fl_interval scaled(fl_worker *w, f64 months, f64 days, f64 micros, i32 pos) {
  if (!(months >= -0x1p31 && months < 0x1p31 && days >= -0x1p31 && days < 0x1p31)) out_of_range(w, "interval", pos);
  fl_interval r = {0, (i32)days, (i32)months};
  f64 month_days = to_micros((months - r.months) * 30);
  f64 seconds = to_micros((days - r.days + month_days - trunc(month_days)) * 86400);
  i64 whole = r.days;
  if (fabs(seconds) >= 86400) {
    whole += (i64)(seconds / 86400);
    seconds -= trunc(seconds / 86400) * 86400;
  }
  whole += (i64)month_days;
  micros = rint(micros + seconds * 1e6);
  if (whole != (i32)whole || !(micros >= -0x1p63 && micros < 0x1p63)) out_of_range(w, "interval", pos);
  r.days = (i32)whole;
  r.micros = (i64)micros;
  return r;
}
void flk_mul_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const f64 *by, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    f64 f = by[i];
    d[i] = (fl_interval){0, 0, 0};
    if (picked(m, i)) d[i] = scaled(w, a[i].months * f, a[i].days * f, (f64)a[i].micros * f, pos);
  }
}
void flk_div_interval(fl_worker *w, fl_interval *d, const fl_interval *a, const f64 *by, const u64 *m, i32 pos, u32 n) {
  for (u32 i = 0; i < n; i++) {
    f64 f = by[i];
    d[i] = (fl_interval){0, 0, 0};
    if (!picked(m, i)) continue;
    if (f == 0) fl_raise(w, "22012", pos, "division by zero");
    d[i] = scaled(w, a[i].months / f, a[i].days / f, (f64)a[i].micros / f, pos);
  }
}

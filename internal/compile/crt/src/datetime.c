/* datetime.c: the calendar, and dates, timestamps and intervals to text (ISO style, intervals in Postgres's). */
#include "datetime.h"
#include "value.h"

/* ---- calendar ---- */
/* Years are taken to start in March, so that the day of a leap year is the last one; 400 years have 146,097 days. */
i64 fl_days(i64 year, i32 month, i32 day) {
  i64 y = year - (month <= 2), era = floor_div(y, 400), of = y - era * 400;
  i64 doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + of * 365 + of / 4 - of / 100 + doy - 730425;
}
fl_ymd fl_civil(i64 days) {
  i64 z = days + 730425, era = floor_div(z, 146097), of = z - era * 146097;
  i64 yoe = (of - of / 1460 + of / 36524 - of / 146096) / 365, doy = of - (365 * yoe + yoe / 4 - yoe / 100);
  i64 m = (5 * doy + 2) / 153;
  i32 month = (i32)(m < 10 ? m + 3 : m - 9);
  return (fl_ymd){(i32)(yoe + era * 400 + (month <= 2)), month, (i32)(doy - (153 * m + 2) / 5 + 1)};
}
i32 fl_month_days(i64 year, i32 month) {
  static const i32 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}
fl_moment fl_split(i64 t) {
  i64 day = floor_div(t, USECS_PER_DAY), rest = t - day * USECS_PER_DAY;
  i32 seconds = (i32)(rest / 1000000);
  return (fl_moment){fl_civil(day), seconds / 3600, seconds / 60 % 60, seconds % 60, (i32)(rest % 1000000)};
}

/* ---- text ---- */
static u8 *two(u8 *d, i32 x) {
  d[0] = (u8)('0' + x / 10);
  d[1] = (u8)('0' + x % 10);
  return d + 2;
}
static u8 *word(u8 *d, const char *text) {
  u64 n = __builtin_strlen(text);
  __builtin_memcpy(d, text, n);
  return d + n;
}
static u8 *put_ymd(u8 *d, fl_ymd x) {
  i32 year = x.year > 0 ? x.year : 1 - x.year;
  if (year < 10000) {
    d = two(two(d, year / 100), year % 100);
  } else {
    d += fl_put_i64(d, year);
  }
  *d++ = '-';
  d = two(d, x.month);
  *d++ = '-';
  return two(d, x.day);
}
/* Microseconds without trailing zeros. */
static u8 *put_micros(u8 *d, i32 micros) {
  if (!micros) return d;
  *d++ = '.';
  for (i32 unit = 100000; micros; unit /= 10) {
    *d++ = (u8)('0' + micros / unit);
    micros %= unit;
  }
  return d;
}
u32 fl_put_date(u8 *d, i32 x) {
  u8 *p = d;
  if (!date_finite(x)) return (u32)(word(d, x < 0 ? "-infinity" : "infinity") - d);
  fl_ymd c = fl_civil(x);
  p = put_ymd(p, c);
  if (c.year <= 0) p = word(p, " BC");
  return (u32)(p - d);
}
u32 fl_put_timestamp(u8 *d, i64 x) {
  u8 *p = d;
  if (!timestamp_finite(x)) return (u32)(word(d, x < 0 ? "-infinity" : "infinity") - d);
  fl_moment m = fl_split(x);
  p = put_ymd(p, m.date);
  *p++ = ' ';
  p = two(p, m.hour);
  *p++ = ':';
  p = two(p, m.minute);
  *p++ = ':';
  p = put_micros(two(p, m.second), m.micros);
  if (m.date.year <= 0) p = word(p, " BC");
  return (u32)(p - d);
}

/* One field of an interval; a positive field after a negative one gets a plus sign. */
static u8 *put_unit(u8 *d, i64 value, const char *unit, int *any, int *was_negative) {
  if (!value) return d;
  if (*any) *d++ = ' ';
  if (*was_negative && value > 0) *d++ = '+';
  d += fl_put_i64(d, value);
  *d++ = ' ';
  d = word(d, unit);
  if (value != 1) *d++ = 's';
  *was_negative = value < 0;
  *any = 1;
  return d;
}
u32 fl_put_interval(u8 *d, fl_interval x) {
  u8 *p = d;
  int any = 0, negative = 0;
  p = put_unit(p, x.months / 12, "year", &any, &negative);
  p = put_unit(p, x.months % 12, "mon", &any, &negative);
  p = put_unit(p, x.days, "day", &any, &negative);
  if (x.micros || !any) {
    u64 a = x.micros < 0 ? -(u64)x.micros : (u64)x.micros, seconds = a / 1000000, hours = seconds / 3600;
    if (any) *p++ = ' ';
    if (x.micros < 0) *p++ = '-';
    else if (negative) *p++ = '+';
    if (hours < 100) p = two(p, (i32)hours);
    else p += fl_put_i64(p, (i64)hours);
    *p++ = ':';
    p = two(p, (i32)(seconds / 60 % 60));
    *p++ = ':';
    p = put_micros(two(p, (i32)(seconds % 60)), (i32)(a % 1000000));
  }
  return (u32)(p - d);
}

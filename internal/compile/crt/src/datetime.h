/* datetime.h: the calendar and the limits of dates and timestamps inside the runtime. Days and microseconds count from
 * 2000-01-01; the calendar is the Gregorian one, extended to the past; years count …, -1 (2 BC), 0 (1 BC), 1. */
#ifndef FL_DATETIME_H
#define FL_DATETIME_H
#include "wide.h"

#define DATE_MINUS_INFINITY (-2147483647 - 1)
#define DATE_INFINITY 2147483647
#define TIMESTAMP_MINUS_INFINITY (-9223372036854775807L - 1)
#define TIMESTAMP_INFINITY 9223372036854775807L
#define DATE_LEAST (-2451545)             /* 4714-11-24 BC */
#define DATE_END 2145031949               /* 5874898-01-01 */
#define TIMESTAMP_LEAST (-211813488000000000L) /* 4714-11-24 00:00 BC */
#define TIMESTAMP_END 9223371331200000000L     /* 294277-01-01 00:00 */
#define USECS_PER_DAY 86400000000L
#define JULIAN_2000 2451545

typedef struct { i32 year, month, day; } fl_ymd;
typedef struct {
  fl_ymd date;
  i32 hour, minute, second, micros;
} fl_moment;

i64 fl_days(i64 year, i32 month, i32 day); /* month 1 to 12, day at least 1 and possibly past the month's end */
fl_ymd fl_civil(i64 days);
i32 fl_month_days(i64 year, i32 month);
fl_moment fl_split(i64 timestamp);
/* What intervals are compared by: months count 30 days, days 24 hours. */
static inline wide interval_length(fl_interval x) { return ((wide)x.months * 30 + x.days) * USECS_PER_DAY + x.micros; }
static inline int date_finite(i32 d) { return d != DATE_MINUS_INFINITY && d != DATE_INFINITY; }
static inline int timestamp_finite(i64 t) { return t != TIMESTAMP_MINUS_INFINITY && t != TIMESTAMP_INFINITY; }
static inline int timestamp_valid(i64 t) { return t >= TIMESTAMP_LEAST && t < TIMESTAMP_END; }
static inline i64 floor_div(i64 a, i64 b) { return a / b - (a % b != 0 && (a ^ b) < 0); }
#endif

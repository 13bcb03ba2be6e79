-- Dates, timestamps and intervals.
select extract(year from d), date_trunc('month', ts), d + 30, ts - iv, age from (select d, ts, iv, ts - timestamp '2000-01-01' as age from t) x
where d + interval '1' month < ts

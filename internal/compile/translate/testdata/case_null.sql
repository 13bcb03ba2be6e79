-- CASE guards what can raise; three truth values.
select case when a > 0 then 100 / a when f then -a else 0 end, coalesce(c, 0), a is null or not f, nullif(g, 3), b like 'x%' and f
from t where not (f and a > 5) or h / g > 2

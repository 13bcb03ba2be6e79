-- A model over a scanned table, its class grouped on.
select real_class, sum(case when class = 0 then 1 else 0 end) as class0, sum(case when class = 1 then 1 else 0 end) as class1, count(*)
from (select real_class, classifier(c1, c2, c3, c4) as class from data) t
group by real_class order by real_class

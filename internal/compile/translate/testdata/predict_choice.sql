-- Models that rows name: two of one kind in one piece of code.
select m.name, count(*), sum(predict(m.name, c1, c2, c3, c4))
from data cross join (values ('classifier'), ('again')) m(name)
where c1 > 1 group by m.name

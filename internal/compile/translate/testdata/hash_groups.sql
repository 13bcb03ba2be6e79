-- Groups by a key of many values and one that may be NULL; extremes of text.
select o_custkey, o_orderstatus = 'F' as done, count(*), sum(o_totalprice), min(o_comment)
from orders group by o_custkey, o_orderstatus = 'F' having count(*) > 10

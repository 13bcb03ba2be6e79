-- Two hash joins with a condition over both sides.
select n_name, r_name, s_name
from region, nation, supplier
where r_regionkey = n_regionkey and n_nationkey = s_nationkey and s_acctbal > n_nationkey * 100 and r_name = 'EUROPE'

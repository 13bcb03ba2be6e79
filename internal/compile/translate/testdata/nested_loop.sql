-- A join without keys.
select r_name, t.a from region, t where r_regionkey < t.a and r_name > t.b

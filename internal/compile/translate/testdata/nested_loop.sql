-- A join without keys.
select u.a, t.b from u, t where u.a < t.a and u.x > t.b

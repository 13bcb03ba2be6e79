-- A SELECT without FROM.
select 1 + 1 as two, 'abc' || 'd' as text, 10.0 / 4 as quotient, null as nothing, now()

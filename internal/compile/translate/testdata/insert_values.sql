-- INSERT of constants, with defaults and casts to the columns' types.
insert into t (a, b, c, d, f, ch) values (1, 'x', 1.5, '2020-02-29', true, 'ab'), (2, null, 2, null, false, null)

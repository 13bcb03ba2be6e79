-- A list of constants is data.
select a + 1, b, c from (values (1, 'one', 1.50), (2, null, 2.25), (3, 'three', null)) v(a, b, c) where a > 1

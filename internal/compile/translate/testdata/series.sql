-- generate_series into a table sink.
insert into big select i, random()::real, (i % 100) / 7.0::real from generate_series(1::int8, 10000000) i

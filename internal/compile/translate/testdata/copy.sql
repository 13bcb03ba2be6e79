-- COPY: a CSV source, casts, a table sink.
copy t from stdin with (format csv, header)

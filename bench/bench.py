#!/usr/bin/env python3
"""Prints flernd's figures for SQL and a small classifier beside its peers'. Run by scripts/bench.sh: bench.py SCRATCH [THREADS ...]"""
import json, os, shutil, sys, time

from harness import *

ROWS = 10_000_000
SCHEMA = """create table lineitem (l_orderkey bigint not null, l_partkey bigint not null, l_suppkey bigint not null,
  l_linenumber bigint not null, l_quantity decimal(15,2) not null, l_extendedprice decimal(15,2) not null,
  l_discount decimal(15,2) not null, l_tax decimal(15,2) not null, l_returnflag varchar(1) not null,
  l_linestatus varchar(1) not null, l_shipdate date not null, l_commitdate date not null, l_receiptdate date not null,
  l_shipinstruct varchar(25) not null, l_shipmode varchar(10) not null, l_comment varchar(44) not null)"""
Q1 = """select l_returnflag, l_linestatus, sum(l_quantity) as sum_qty, sum(l_extendedprice) as sum_base_price,
  sum(l_extendedprice * (1 - l_discount)) as sum_disc_price,
  sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) as sum_charge, avg(l_quantity) as avg_qty,
  avg(l_extendedprice) as avg_price, avg(l_discount) as avg_disc, count(*) as count_order
  from lineitem where l_shipdate <= date '1998-12-01' - interval '90' day
  group by l_returnflag, l_linestatus order by l_returnflag, l_linestatus"""
Q6 = """select sum(l_extendedprice * l_discount) as revenue from lineitem where l_shipdate >= date '1994-01-01'
  and l_shipdate < date '1995-01-01' and l_discount between 0.05 and 0.07 and l_quantity < 24"""
NOVEL = ["select sum(l_tax * l_quantity) from lineitem where l_linenumber = 3 and l_discount < 0.05",
         "select sum(l_extendedprice * l_tax) from lineitem where l_suppkey < 500 and l_quantity > 10",
         "select sum(l_discount * l_quantity) from lineitem where l_receiptdate < date '1995-03-01' and l_tax > 0.02"]
FACTORS = (7919, 104729, 1299709, 15485863)
GROUPED = ("select real_class, " + ", ".join(f"sum(case when class = {k} then 1 else 0 end) as class{k}" for k in range(4)) +
           " from (select real_class, classifier(c1, c2, c3, c4) as class from {}) t group by real_class order by real_class")


def lineitem():
    path = f"{SCRATCH}/tpch/lineitem.tbl"
    if not os.path.exists(path):
        raw = f"{SCRATCH}/tpch/raw"
        run(f"{SCRATCH}/venv/bin/tpchgen-cli", "tbl", "-s", "1", "--tables", "lineitem", "--output-dir", raw)
        with open(f"{raw}/lineitem.tbl") as old, open(path + ".new", "w") as new:
            for line in old:
                new.write(line.rstrip("\n").removesuffix("|") + "\n")
        os.rename(path + ".new", path)
        shutil.rmtree(raw)
    return path


PEER = """
import duckdb, json, time
c = duckdb.connect(db); c.execute(f"set threads={threads}"); c.execute(schema)
def best(f, n=7):
    ms = []
    for _ in range(n):
        t = time.perf_counter(); f(); ms.append((time.perf_counter() - t) * 1e3)
    return min(ms)
out = {"load": best(lambda: c.execute(f"copy lineitem from '{tbl}' (format csv, delimiter '|', header false, quote '', escape '')"), 1)}
out["q1"], out["q6"] = (best(lambda: c.execute(q).fetchall()) for q in (q1, q6))
out["answers"] = {sql: [[str(v) for v in row] for row in c.execute(sql).fetchall()] for sql in [q1, q6] + novel}
import numpy as np, onnxruntime as ort
i = np.arange(1, rows + 1, dtype="i8"); x = np.stack([((i * k) % 1000003 / 100000.0).astype("f") for k in factors], 1)
o = ort.SessionOptions(); o.intra_op_num_threads = threads; s = ort.InferenceSession(model, o, providers=["CPUExecutionProvider"])
n = np.concatenate([s.run(None, {"x": x[k:k + 65536]})[0] for k in range(0, rows, 65536)])
out["classes"] = [[int(((i % 4 == r) & (n == k)).sum()) for k in range(4)] for r in range(4)]
out["classifier"] = min(best(lambda: [s.run(None, {"x": x[k:k + b]}) for k in range(0, rows, b)], 3) for b in (1024, 8192, 65536))
print(json.dumps(out))
"""
MODEL = """
import numpy as np, onnx
from onnx import helper as h, numpy_helper as nh, TensorProto as T
w = np.array([[.5,-1,.25,.75],[1,.5,-.5,-1],[-.75,.25,1,.5],[.25,-.5,.5,-1]], "f"); b = np.array([.1,.2,-.3,.05], "f")
g = h.make_graph([h.make_node("Gemm", ["x", "w", "b"], ["y"]), h.make_node("ArgMax", ["y"], ["class"], axis=1, keepdims=0)], "classifier",
    [h.make_tensor_value_info("x", T.FLOAT, ["N", 4])], [h.make_tensor_value_info("class", T.INT64, ["N"])], [nh.from_array(w, "w"), nh.from_array(b, "b")])
onnx.save(h.make_model(g, opset_imports=[h.make_opsetid("", 17)], ir_version=9), path)
"""


def reference(threads, *args):
    lines = run(*pinned(threads, f"{SCRATCH}/reference", *args[:2], str(threads), "15")).splitlines()
    return {l.split()[0]: float(l.split()[1]) for l in lines}


def figures(threads, tbl, models):
    print(f"\n{threads} thread(s)")
    line("", "flernd", "plain C", "peer")
    db = f"{SCRATCH}/peer.duckdb"
    if os.path.exists(db):
        os.remove(db)
    peer = json.loads(python(threads, PEER, db=db, threads=threads, schema=SCHEMA, tbl=tbl, q1=Q1, q6=Q6, rows=ROWS,
                             novel=NOVEL, factors=FACTORS, model=models + "/classifier.onnx").splitlines()[-1])
    floor = reference(threads, "q1q6", tbl) | reference(threads, "classifier", str(ROWS))
    s = Server(threads, models)
    line("start to the first answer", f"{s.start_s:.2f} s")
    s.psql(SCHEMA)
    start = time.perf_counter()
    s.psql(f"\\copy lineitem from '{tbl}' with (format csv, delimiter '|')")
    line("COPY lineitem SF1", f"{time.perf_counter() - start:.2f} s", "", f"{peer['load'] / 1e3:.2f} s", "DuckDB")
    line("peak memory after COPY", f"{s.peak_mb():.0f} MB")
    first = sorted(s.client_ms(q)[0] for q in NOVEL)
    line("aggregate never seen, client", ms(first[len(first) // 2]), "", "", "tier auto, median of 3 shapes")
    for sql, answer in peer["answers"].items():
        check(sql, s.rows(sql), answer)
    for name, sql in (("q1", Q1), ("q6", Q6)):
        runs = [s.explain(sql) for _ in range(9)]
        line(f"{name}, executor", ms(min(r["Execution Time"] for r in runs)), ms(floor[name]), "",
             f"C {floor[name + '_rested']:.2f} ms with 10 ms between its runs, as here")
        line(f"{name}, client", ms(min(s.client_ms(*[sql] * 9, before=("set flern.tier = 'best'",)))), "", ms(peer[name]), "DuckDB")
        line(f"{name}, planning of a known shape", ms(min(r["Planning Time"] for r in runs)))
    s.psql("create model classifier from 'classifier.onnx'",
           "create table data (id int8 primary key, real_class int4, c1 real, c2 real, c3 real, c4 real)",
           "insert into data select i, i % 4, " + ", ".join(f"((i * {k}) % 1000003) / 100000.0" for k in FACTORS) +
           f" from generate_series(1::int8, {ROWS}) i")
    check("classifier", [r[1:] for r in s.rows(GROUPED.format("data"))], [[str(v) for v in r] for r in peer["classes"]])
    took = min(s.explain(GROUPED.format("data"))["Execution Time"] for _ in range(9))
    line("classifier, 10M rows", f"{took * 1e6 / ROWS:.2f} ns/row", f"{floor['classifier'] * 1e6 / ROWS:.2f} ns/row",
         f"{peer['classifier'] * 1e6 / ROWS:.2f} ns/row", "ONNX Runtime alone, on arrays")
    for rows in (200, 2000):
        s.psql(f"create table data{rows} as select * from data where id <= {rows}")
        took = min(s.explain(GROUPED.format(f"data{rows}"))["Execution Time"] for _ in range(15))
        line(f"classifier, {rows} rows, executor", f"{took:.3f} ms")
    line("peak memory", f"{s.peak_mb():.0f} MB")
    s.close()


def main():
    models = f"{SCRATCH}/models"
    os.makedirs(models, exist_ok=True)
    os.makedirs(f"{SCRATCH}/tpch", exist_ok=True)
    python(1, MODEL, path=models + "/classifier.onnx")
    tbl = lineitem()
    for threads in THREADS:
        figures(threads, tbl, models)


main()

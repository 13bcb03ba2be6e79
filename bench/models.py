#!/usr/bin/env python3
"""Prints flernd's figures for models inside a query beside its peers'. Run by scripts/bench-ml.sh: models.py SCRATCH [THREADS ...]

flernd's figures are of the whole query in the executor, scan and aggregation included; the libraries' are of prediction alone,
over arrays that are in memory and in their best batch; DuckDB's and Spark's are of the same query with the library in a
user-defined function. A peer that is not installed is left out, and said to be.
"""
import json, os, sys, time

from harness import *

ROWS = 1_000_000
NETS = ("squeezenet", "resnet50", "mobilenet", "encoder", "deepspeech")
STEPS = [7919 + 104_729 * k + 1_299_709 * (k % 7) for k in range(32)]
FEATURES = ", ".join(f"x{k}" for k in range(32))

# The same table for everybody: f (id, g, x0 … x31).
DATA = """
import json, os, time, numpy as np
def table(n):
    i = np.arange(1, n + 1, dtype="i8")
    return i, i % 10, np.stack([((i * s) % 1000003 / 500000.0 - 1).astype("f") for s in steps], 1)
def best(f, least=3, seconds=1.5):
    f(); took = []; start = time.perf_counter()
    while len(took) < least or time.perf_counter() - start < seconds:
        t = time.perf_counter(); f(); took.append(time.perf_counter() - t)
    return min(took)
def session(path):
    import onnxruntime as ort
    o = ort.SessionOptions(); o.intra_op_num_threads = threads
    return ort.InferenceSession(path, o, providers=["CPUExecutionProvider"])
def alone(s, x):  # seconds, in the best batch
    return min(best(lambda: [s.run(None, {"x": x[k:k + b]}) for k in range(0, len(x), b)]) for b in (256, 1024, 8192, len(x)))
def done(out):
    print(json.dumps(out), flush=True); os._exit(0)
"""

NETWORK = DATA + """
import onnx
from onnx import helper as h, numpy_helper as nh, TensorProto as T
r = np.random.default_rng(7); nodes = []; weights = []; x = "x"; last = len(dims) - 2
for l, (a, b) in enumerate(zip(dims, dims[1:])):
    weights += [nh.from_array((r.standard_normal((a, b)) * (2 / a) ** .5).astype("f"), f"w{l}"), nh.from_array((r.standard_normal(b) / 10).astype("f"), f"b{l}")]
    nodes.append(h.make_node("Gemm", [x, f"w{l}", f"b{l}"], [f"y{l}"])); x = f"y{l}"
    if l < last: nodes.append(h.make_node("Relu", [x], [f"z{l}"])); x = f"z{l}"
one = dims[-1] == 1
nodes.append(h.make_node("Sigmoid", [x], ["score"]) if one else h.make_node("ArgMax", [x], ["class"], axis=1, keepdims=0))
out = h.make_tensor_value_info("score", T.FLOAT, ["N", 1]) if one else h.make_tensor_value_info("class", T.INT64, ["N"])
onnx.save(h.make_model(h.make_graph(nodes, "net", [h.make_tensor_value_info("x", T.FLOAT, ["N", dims[0]])], [out], weights),
          opset_imports=[h.make_opsetid("", 17)], ir_version=9), path)
i, g, x = table(rows); wide = x[:, [k % 32 for k in range(dims[0])]].copy(); s = session(path)
res = {"onnxruntime": alone(s, wide) / rows * 1e9}
y = np.concatenate([s.run(None, {"x": wide[k:k + 8192]})[0] for k in range(0, rows, 8192)]).reshape(-1)
res["answer"] = [[int(k), int((y[g == k] > .5).sum())] for k in range(10)] if one else [[int(k), int((y == k).sum())] for k in np.unique(y)]
res["close"] = int((abs(y - .5) < 1e-5).sum()) if one else rows // 10000
try:
    import torch
    torch.set_num_threads(threads); parts = []
    for l in range(len(dims) - 1):
        lin = torch.nn.Linear(dims[l], dims[l + 1]); lin.weight.data = torch.from_numpy(nh.to_array(weights[2 * l]).T.copy()); lin.bias.data = torch.from_numpy(nh.to_array(weights[2 * l + 1]).copy())
        parts += [lin] + ([torch.nn.ReLU()] if l < last else [])
    net = torch.nn.Sequential(*parts); t = torch.from_numpy(wide)
    with torch.inference_mode(): res["torch"] = min(best(lambda: [net(t[k:k + b]) for k in range(0, rows, b)]) for b in (1024, 8192)) / rows * 1e9
except ImportError: pass
if one:
    import duckdb, pyarrow as pa
    c = duckdb.connect(); c.execute(f"set threads={threads}"); t = pa.table({**{f"x{k}": x[:, k] for k in range(32)}, "g": g}); c.execute("create table f as select * from t")
    names = ",".join(f"a{k}" for k in range(32))
    score = eval(f"lambda {names}: predict({names})", {"predict": lambda *v: pa.array(s.run(None, {"x": np.column_stack([a.to_numpy(zero_copy_only=False) for a in v])})[0][:, 0])})
    c.create_function("score", score, ["FLOAT"] * 32, "FLOAT", type="arrow")
    q = f"select g, count(*), avg(s) from (select g, score({','.join(f'x{k}' for k in range(32))}) s from f) where s > 0.5 group by g order by g"
    res["duckdb"] = best(lambda: c.execute(q).fetchall()) / rows * 1e9
done(res)
"""

TREES = DATA + """
import xgboost as xgb, lightgbm as lgb
i, g, x = table(rows); x = x[:, :28].copy(); r = np.random.default_rng(5); z = (r.random((50000, 28)) * 2 - 1).astype("f")
label = (z[:, 0] * z[:, 1] + np.sin(3 * z[:, 2]) + z[:, 3:8].sum(1) / 3 + r.standard_normal(50000) / 2 > 0).astype(int)
b = xgb.train({"max_depth": depth, "eta": .1, "objective": "binary:logistic", "nthread": 2, "tree_method": "hist"}, xgb.DMatrix(z, label), trees)
b.save_model(path + ".json"); b.set_param({"nthread": threads})
l = lgb.train({"num_leaves": 2 ** depth - 1, "max_depth": depth, "objective": "binary", "num_threads": 2, "verbose": -1}, lgb.Dataset(z, label), trees); l.save_model(path + ".txt")
m = min(rows, 200000)
res = {"xgboost": best(lambda: b.inplace_predict(x[:m])) / m * 1e9, "lightgbm": best(lambda: l.predict(x[:m], num_threads=threads), 1, 0) / m * 1e9}
try:
    import lleaves
    if trees <= 100: # compiling takes minutes for more
        c = lleaves.Model(model_file=path + ".txt"); t = time.perf_counter(); c.compile(); res["lleaves_compile"] = time.perf_counter() - t
        res["lleaves"] = best(lambda: c.predict(x[:m], n_jobs=threads)) / m * 1e9
except ImportError: pass
for kind, p in (("json", b.inplace_predict(x)), ("txt", l.predict(x, num_threads=2))):
    res[kind] = [[int(k), int((p[g == k] > .5).sum())] for k in range(10)]; res["close_" + kind] = int((abs(p - .5) < 1e-5).sum())
done(res)
"""

# The classifier between a join and an aggregation: what a peer does with a user-defined function.
PIPELINE = ("select d.name, count(*) from (select g, x0, {call} as class from f where x4 > 0) t, d "
            "where t.g = d.g and class = 2 group by d.name order by d.name")
CLASSIFIER = DATA + """
import onnx
from onnx import helper as h, numpy_helper as nh, TensorProto as T
w = np.array([[.5,-1,.25,.75],[1,.5,-.5,-1],[-.75,.25,1,.5],[.25,-.5,.5,-1]], "f"); b = np.array([.1,.2,-.3,.05], "f")
graph = h.make_graph([h.make_node("Gemm", ["x", "w", "b"], ["y"]), h.make_node("ArgMax", ["y"], ["class"], axis=1, keepdims=0)], "classifier",
    [h.make_tensor_value_info("x", T.FLOAT, ["N", 4])], [h.make_tensor_value_info("class", T.INT64, ["N"])], [nh.from_array(w, "w"), nh.from_array(b, "b")])
onnx.save(h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=9), path)
import duckdb, pyarrow as pa
i, g, x = table(rows); s = session(path); c = duckdb.connect(); c.execute(f"set threads={threads}")
t = pa.table({**{f"x{k}": x[:, k] for k in range(5)}, "g": g}); c.execute("create table f as select * from t")
d = pa.table({"g": np.arange(10), "name": [f"group {k % 3}" for k in range(10)]}); c.execute("create table d as select * from d")
c.create_function("classify", lambda a, b, c, d: pa.array(s.run(None, {"x": np.column_stack([v.to_numpy(zero_copy_only=False) for v in (a, b, c, d)])})[0]), ["FLOAT"] * 4, "BIGINT", type="arrow")
q = pipeline.format(call="classify(x0, x1, x2, x3)")
done({"duckdb": best(lambda: c.execute(q).fetchall()) / rows * 1e9, "answer": [list(map(str, r)) for r in c.execute(q).fetchall()]})
"""
SPARK = DATA + """
import sys
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf, pandas_udf
i, g, x = table(rows)
spark = SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false").config("spark.sql.execution.arrow.pyspark.enabled", "true").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
spark.createDataFrame(pd.DataFrame({**{f"x{k}": x[:, k] for k in range(5)}, "g": g})).cache().createOrReplaceTempView("f")
spark.createDataFrame(pd.DataFrame({"g": range(10), "name": [f"group {k % 3}" for k in range(10)]})).createOrReplaceTempView("d")
spark.sql("select count(*) from f").collect()
held = []
def model():
    if not held: held.append(session(path))
    return held[0]
def rowwise(a, b, c, d): return int(model().run(None, {"x": np.array([[a, b, c, d]], "f")})[0][0])
def batch(a: pd.Series, b: pd.Series, c: pd.Series, d: pd.Series) -> pd.Series: return pd.Series(model().run(None, {"x": np.column_stack([a, b, c, d]).astype("f")})[0])
spark.udf.register("by_row", udf(rowwise, "bigint")); spark.udf.register("by_batch", pandas_udf(batch, "bigint"))
done({k: best(lambda: spark.sql(pipeline.format(call=f"{k}(x0, x1, x2, x3)")).collect(), 1, 0) / rows * 1e9 for k in ("by_row", "by_batch")})
"""

# Nets of nets.py; PyTorch's have the same shapes and weights of their own.
NET = DATA + """
import sys
sys.path.insert(0, "bench")
import nets, onnx
build, rows, inputs = nets.NETS[name]
v = nets.values(name, rows); onnx.save(build(), path + ".onnx"); s = session(path + ".onnx")
shaped = {k: v[k].reshape(rows, *d) for k, t, d, b in inputs}
def batches(f): return min(best(lambda: [f({k: x[i:i + b] for k, x in shaped.items()}) for i in range(0, rows, b)], 2, 0) for b in (1, 4, 16)) / rows * 1e9
res = {"rows": rows, "inputs": [[k, t == onnx.TensorProto.INT64] for k, t, d, b in inputs], "onnxruntime": batches(lambda f: s.run(None, f)),
       "answer": np.concatenate([s.run(None, {k: x[i:i + 4] for k, x in shaped.items()})[0] for i in range(0, rows, 4)]).reshape(-1).tolist()}
with open(path + ".copy", "w") as f:
    for i in range(rows): f.write("\\t".join([str(i), *("{" + ",".join(map(str, v[k][i].tolist() if v[k].dtype == "i8" else v[k][i])) + "}" for k, *_ in inputs)]) + "\\n")
try:
    import torch, torch_nets
    torch.set_num_threads(threads); net = torch_nets.NETS[name]().eval()
    with torch.inference_mode(): res["torch"] = batches(lambda f: net(*map(torch.from_numpy, f.values())))
except ImportError: pass
done(res)
"""

LARGE = """
import numpy as np, onnx
from onnx import helper as h, numpy_helper as nh, TensorProto as T
r = np.random.default_rng(3); n = 3584
w = [nh.from_array((r.standard_normal(d) / 60).astype("f"), k) for k, d in (("a", (32, n)), ("b", (n, n)), ("c", (n, n)), ("d", (n, 1)))]
nodes = []; x = "x"
for k in "abcd": nodes += [h.make_node("MatMul", [x, k], ["m" + k]), h.make_node("Tanh", ["m" + k], ["y" + k])]; x = "y" + k
onnx.save(h.make_model(h.make_graph(nodes, "large", [h.make_tensor_value_info("x", T.FLOAT, ["N", 32])], [h.make_tensor_value_info(x, T.FLOAT, ["N", 1])], w),
          opset_imports=[h.make_opsetid("", 17)], ir_version=9), path)
"""


def peer(code, threads, **values):
    return json.loads(python(threads, code, threads=threads, steps=STEPS, **values).splitlines()[-1])


def ns(v):
    return f"{v:.1f} ns/row" if v < 1000 else f"{v:,.0f} ns/row" if v < 1e6 else f"{v / 1e6:.2f} ms/row"


def report(name, took, others, note=""):
    """took and others: ns a row; others by name."""
    line(name, ns(took), note=note)
    for other, v in others.items():
        line("    " + other, "", "", ns(v), f"{v / took:.1f} times flernd's")


def executor_ns(s, sql, rows):
    s.explain(sql)
    return min(s.explain(sql)["Execution Time"] for _ in range(5)) * 1e6 / rows


def compare(name, got, want, close):
    """Counts may differ by the rows that lie next to the threshold."""
    got, want = {int(r[0]): int(r[1]) for r in got}, {int(r[0]): int(r[1]) for r in want}
    if sum(abs(got.get(k, 0) - want.get(k, 0)) for k in got | want) > 2 * close:
        sys.exit(f"{name}: flernd answers {got}, the peer {want}")


def networks(s, threads, peak, models):
    for dims, rows in ((32, 64, 64, 1), ROWS), ((256, 512, 512, 10), ROWS // 10):
        name = f"mlp{dims[0]}"
        p = peer(NETWORK, threads, dims=dims, rows=rows, path=f"{models}/{name}.onnx")
        s.psql(f"create or replace model {name} from '{name}.onnx'")
        call = f"{name}({', '.join(f'x{k % 32}' for k in range(dims[0]))})"
        if dims[-1] == 1:
            sql = f"select g, count(*), avg(s) from (select g, {call} s from f) t where s > 0.5 group by g order by g"
        else:
            sql = f"select {call} c, count(*) from f where id <= {rows} group by c order by c"
        compare(name, s.rows(sql), p["answer"], p["close"])
        limit = 2 * sum(a * b for a, b in zip(dims, dims[1:])) / peak
        others = {"at the FMA peak": limit, "ONNX Runtime alone": p["onnxruntime"], "PyTorch alone": p.get("torch"),
                  "DuckDB + UDF over ONNX Runtime": p.get("duckdb")}
        report("MLP " + "-".join(map(str, dims)), executor_ns(s, sql, rows), {k: v for k, v in others.items() if v})


def trees(s, threads, models):
    for count, depth in (100, 6), (500, 8):
        p = peer(TREES, threads, trees=count, depth=depth, rows=ROWS, path=f"{models}/boost{count}")
        for kind, label in ("json", "XGBoost"), ("txt", "LightGBM"):
            start = time.perf_counter()
            s.psql(f"create or replace model boost from 'boost{count}.{kind}'")
            create = time.perf_counter() - start
            sql = (f"select g, sum(case when p > 0.5 then 1 else 0 end) from (select g, boost({', '.join(f'x{k}' for k in range(28))}) p from f) t "
                   "group by g order by g")
            compare(label, s.rows(sql), p[kind], p["close_" + kind])
            others = {"XGBoost": p["xgboost"], "LightGBM": p["lightgbm"], "lleaves": p.get("lleaves")}
            report(f"{label} {count} x depth {depth}", executor_ns(s, sql, ROWS), {k: v for k, v in others.items() if v},
                   f"CREATE MODEL {create:.2f} s" + (f"; lleaves compiles {p['lleaves_compile']:.0f} s" if "lleaves" in p else ""))


def pipeline(s, threads, models):
    p = peer(CLASSIFIER, threads, rows=ROWS, path=f"{models}/classify.onnx", pipeline=PIPELINE)
    s.psql("create or replace model classify from 'classify.onnx'")
    sql = PIPELINE.format(call="classify(x0, x1, x2, x3)")
    check("pipeline", s.rows(sql), p["answer"])
    others = {"DuckDB + UDF over ONNX Runtime": p["duckdb"]}
    try:
        spark = peer(SPARK, threads, rows=ROWS // 10, path=f"{models}/classify.onnx", pipeline=PIPELINE)
        others |= {"PySpark, row UDF (100k rows)": spark["by_row"], "PySpark, pandas UDF (100k rows)": spark["by_batch"]}
    except SystemExit as e:
        print("    PySpark left out:", str(e).strip().splitlines()[-1][:150])
    report("scan, filter, model, join, group by", executor_ns(s, sql, ROWS), others)


def nets(s, threads, models):
    for name in NETS:
        p = peer(NET, threads, name=name, path=f"{models}/{name}")
        s.psql(f"create table {name}_rows (id int4, " + ", ".join(f"{k} {'bigint' if whole else 'real'}[]" for k, whole in p["inputs"]) + ")",
               f"\\copy {name}_rows from '{models}/{name}.copy'")
        start = time.perf_counter()
        s.psql(f"create or replace model {name} from '{name}.onnx'")
        create, call = time.perf_counter() - start, f"{name}({', '.join(k for k, _ in p['inputs'])})"
        first = s.client_ms(f"select {call} from {name}_rows where id = 0")[0]
        got = [float(r[1]) for r in s.rows(f"select id, {call} from {name}_rows order by id")]
        if len(got) != p["rows"] or max(abs(a - b) for a, b in zip(got, p["answer"])) > 1e-3 * max(map(abs, p["answer"])):
            sys.exit(f"{name}: flernd answers {got}, the peer {p['answer']}")
        others = {"ONNX Runtime": p["onnxruntime"], "PyTorch": p.get("torch")}
        report(f"{name}, {p['rows']} rows", executor_ns(s, f"select count(*), sum({call}) from {name}_rows", p["rows"]),
               {k: v for k, v in others.items() if v}, f"CREATE MODEL {create:.2f} s, first query {first:.0f} ms")


def large(s, models):
    path = f"{models}/large.onnx"
    python(1, LARGE, path=path)
    start = time.perf_counter()
    s.psql("create or replace model large from 'large.onnx'")
    create = time.perf_counter() - start
    took = s.client_ms(f"select large({FEATURES}) from f where id = 1")[0]
    line(f"CREATE MODEL of {os.path.getsize(path) / 1e6:.0f} MB", f"{create:.2f} s")
    line("    its first query, one row", f"{took:.0f} ms")


def figures(threads, models):
    print(f"\n{threads} thread(s), {ROWS:,} rows")
    line("", "flernd", "", "peer")
    peak = max(float(l.split()[-1]) for l in run(*pinned(threads, f"{SCRATCH}/peak", str(threads))).splitlines())
    s = Server(threads, models)
    s.psql("create table f (id int8 primary key, g int4, " + ", ".join(f"x{k} real" for k in range(32)) + ")",
           "insert into f select i, i % 10, " + ", ".join(f"((i * {k}) % 1000003) / 500000.0 - 1" for k in STEPS) +
           f" from generate_series(1::int8, {ROWS}) i",
           "create table d (g int4, name text)", "insert into d select k, 'group ' || (k % 3) from generate_series(0, 9) k")
    networks(s, threads, peak, models)
    trees(s, threads, models)
    pipeline(s, threads, models)
    nets(s, threads, models)
    large(s, models)
    line("peak memory", f"{s.peak_mb():.0f} MB")
    s.close()


def main():
    models = f"{SCRATCH}/models"
    os.makedirs(models, exist_ok=True)
    for threads in THREADS:
        figures(threads, models)


main()

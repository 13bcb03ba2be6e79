#!/usr/bin/env python3
"""Makes control.json: models with functions, branches, loops, sequences and optionals, with inputs and what ONNX Runtime gives for
them. It needs numpy, onnx and onnxruntime of requirements.txt. A model without a batch is run row by row."""
import base64, json

import numpy as np
import onnx
import onnxruntime as ort
from onnx import parser

from arrays import HERE, plain

rng = np.random.default_rng(3)
cases = []
HEAD = '<ir_version: 8, opset_import: ["" : 17, "local" : 1, "ai.onnx.ml" : 3]>\n'


def sample(shape, dtype):
    if dtype == np.bool_:
        return rng.random(shape) < 0.5
    if dtype == np.int64:
        return rng.integers(0, 7, shape)
    return rng.normal(0, 1, shape).astype(dtype)


TYPES = {"float": np.float32, "double": np.float64, "int64": np.int64, "bool": np.bool_}


def case(name, text, batch=True, rows=9, head=HEAD, **values):
    """The model as text of onnx.parser. Inputs have the batch N in front, or rows bring them whole."""
    model = parser.parse_model(head + text)
    file = model.SerializeToString()
    feed = {}
    for i in model.graph.input:
        t = i.type.tensor_type
        dims = [rows if d.dim_param else d.dim_value for d in t.shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(t.elem_type)
        feed[i.name] = np.asarray(values[i.name], dtype) if i.name in values else sample(dims if batch else [rows, *dims], dtype.type)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(file, options)
    if batch:
        got = session.run(None, feed)
    else:
        got = [session.run(None, {k: np.asarray(v[r]) for k, v in feed.items()}) for r in range(rows)]
        got = [np.stack(list(o)) for o in zip(*got)]
    want = {}
    for o, v in zip(model.graph.output, got):
        if isinstance(v, list):
            for i, x in enumerate(v):
                want[f"{o.name}_{i}"] = plain(x)
        else:
            want[o.name] = plain(v)
    cases.append({"name": name, "model": base64.b64encode(file).decode(), "inputs": {k: plain(v) for k, v in feed.items()}, "outputs": want})


def functions():
    case("function", """
g (float[N,3] x) => (float[N,3] y) { h = local.twice(x) y = local.twice(h) }
<domain: "local", opset_import: ["" : 17]>
twice (x) => (y) { one = Constant<value_float: float = 1.0>() h = Add(x, one) y = Add(h, x) }
""")
    case("function with attributes", """
g (float[N,3] x) => (float[N,3] y, float[N,3] z) { y = local.leak<slope: float = 0.25>(x) z = local.leak(x) }
<domain: "local", opset_import: ["" : 17]>
leak <slope: float = 0.5> (x) => (y) { y = local.inner<alpha: float = @slope>(x) }
<domain: "local", opset_import: ["" : 17]>
inner <alpha> (x) => (y) { y = LeakyRelu<alpha: float = @alpha>(x) }
""".replace("opset_import: [\"\" : 17]>\nleak", "opset_import: [\"\" : 17, \"local\" : 1]>\nleak"))
    case("function without an input", """
g (float[N,3] x) => (float[N,3] y) { y = local.clamp(x, , x) }
<domain: "local", opset_import: ["" : 17]>
clamp (x, low, high) => (y) { two = Constant<value_float: float = 2.0>() h = Add(high, two) c = Clip(x, low) y = Sub(h, c) }
""")
    case("function around a branch", """
g (float[N,3] x) => (float[N,3] y) { y = local.choose<up: int = 1>(x) }
<domain: "local", opset_import: ["" : 17]>
choose <up> (x) => (y) {
  u = Constant<value_int: int = @up>() c = Cast<to: int = 9>(u)
  y = If(c)<then_branch = a () => (a) { s = Constant<value_int: int = @up>() f = Cast<to: int = 1>(s) a = Add(x, f) },
            else_branch = b () => (b) { b = Neg(x) }>
}
""")


def branches():
    case("branch by a constant", """
g (float[N,3] x) => (float[N,3] y) <bool c = {0}> {
  y = If(c)<then_branch = a () => (float[N,3] a) { a = Relu(x) }, else_branch = b () => (float[N,3] b) { h = Neg(x) b = Add(h, x) }>
}
""")
    case("branch by a computed constant", """
g (float[N,3] x) => (float[N,3] y) {
  s = Shape<start: int = 1>(x) three = Constant<value_ints: ints = [3]>() e = Equal(s, three) c = Squeeze(e)
  y = If(c)<then_branch = a () => (float[N,3] a) { a = Relu(x) }, else_branch = b () => (float[N,3] b) { b = Neg(x) }>
}
""")


def loops():
    case("loop of constant turns", """
g (float[N,3] x) => (float[N,3] y, float[N,4,3] z) <int64 turns = {4}, bool more = {1}, float[3] step = {0.5, -1, 2}> {
  y, all = Loop(turns, more, x)<body = b (int64 i, bool c, float[N,3] h) => (bool c2, float[N,3] h2, float[N,3] out) {
    c2 = Identity(c) f = Cast<to: int = 1>(i) s = Mul(step, f) h2 = Add(h, s) out = Relu(h2) }>
  z = Transpose<perm: ints = [1, 0, 2]>(all)
}
""")
    case("loop that its body ends", """
g (float[N,3] x) => (float[N,3] y) <int64 turns = {100}, int64 last = {5}, float half = {0.5}> {
  y = Loop(turns, , x)<body = b (int64 i, bool c, float[N,3] h) => (bool c2, float[N,3] h2) { c2 = Less(i, last) h2 = Mul(h, half) }>
}
""")
    case("loop without turns", """
g (float[N,3] x) => (float[N,3] y) <int64 turns = {0}, bool more = {1}> {
  y = Loop(turns, more, x)<body = b (int64 i, bool c, float[N,3] h) => (bool c2, float[N,3] h2) { c2 = Identity(c) h2 = Neg(h) }>
}
""")
    case("loop in a loop", """
g (float[N,2] x) => (float[N,2] y) <int64 three = {3}, bool more = {1}, float half = {0.5}> {
  y = Loop(three, more, x)<body = b (int64 i, bool c, float[N,2] h) => (bool c2, float[N,2] h2) {
    c2 = Identity(c)
    m = Loop(three, more, h)<body = d (int64 j, bool e, float[N,2] k) => (bool e2, float[N,2] k2) {
      e2 = Identity(e) s = Add(i, j) f = Cast<to: int = 1>(s) l = Add(k, f) k2 = Mul(l, half) }>
    h2 = Sub(m, x) }>
}
""")
    for op, text in {"scan": "<num_scan_inputs: int = 1, scan_input_axes: ints = [1], scan_output_axes: ints = [1], BODY>",
                     "scan backwards": "<num_scan_inputs: int = 1, scan_input_axes: ints = [1], scan_input_directions: ints = [1],"
                                       " scan_output_axes: ints = [2], scan_output_directions: ints = [1], BODY>"}.items():
        out = "[N,5,2]" if "back" not in op else "[N,2,5]"
        body = """body = b (float[N,2] h, float[N,2] e) => (float[N,2] h2, float[N,2] out) { s = Add(h, e) h2 = Tanh(s) out = Sub(h2, e) }"""
        case(op, f"""
g (float[N,2] h0, float[N,5,2] x) => (float[N,2] h, float{out} y) {{ h, y = Scan(h0, x){text.replace("BODY", body)} }}
""")


def sequences():
    case("sequence built and joined", """
g (float[N,2] a, float[N,3] b) => (float[N,7] y, int64 n) <int64 one = {1}, int64 last = {-1}> {
  e = SequenceEmpty() s = SequenceInsert(e, a) t = SequenceInsert(s, b) u = SequenceInsert(t, a, one) w = SequenceConstruct(a, b, b)
  v = SequenceErase(w, last) p = SequenceAt(v, last) q = SequenceErase(u, one) r = SequenceInsert(q, p) z = SequenceErase(r, last)
  k = SequenceInsert(z, a) l = ConcatFromSequence<axis: int = 1>(k) y = Identity(l) n = SequenceLength(k)
}
""".replace(", int64 n)", ")").replace(" n = SequenceLength(k)", ""))
    case("sequence split and stacked", """
g (float[N,4,3] x) => (float[N,3,4] y, float[N,2,3] z) <int64[2] sizes = {1, 3}, int64 at = {1}, int64[2] two = {2, 2}> {
  s = SplitToSequence<axis: int = 1, keepdims: int = 0>(x) y = ConcatFromSequence<axis: int = 2, new_axis: int = 1>(s)
  t = SplitToSequence<axis: int = 1>(x, two) z = SequenceAt(t, at)
}
""")
    case("sequence as an output", """
g (float[N,4] x) => (seq(float[N,2]) y) <int64 two = {2}> { y = SplitToSequence<axis: int = 1>(x, two) }
""")
    case("sequence mapped", """
g (float[N,4] x) => (float[N,4] y) <int64 two = {2}> {
  s = SplitToSequence<axis: int = 1>(x, two)
  m = SequenceMap(s, x)<body = b (float[N,2] e, float[N,4] w) => (float[N,2] f) { t = ReduceMax<axes: ints = [1]>(w) f = Sub(e, t) }>
  y = ConcatFromSequence<axis: int = 1>(m)
}
""")
    case("sequence of a loop", """
g (float[N,3] x) => (float[N,9] y) <int64 three = {3}, bool more = {1}> {
  e = SequenceEmpty()
  h, s = Loop(three, more, x, e)<body = b (int64 i, bool c, float[N,3] h, seq(float[N,3]) q) => (bool c2, float[N,3] h2, seq(float[N,3]) q2) {
    c2 = Identity(c) h2 = Tanh(h) q2 = SequenceInsert(q, h2) }>
  y = ConcatFromSequence<axis: int = 1>(s)
}
""")
    case("optional", """
g (float[N,3] x) => (float[N,3] y) {
  o = Optional(x) h = OptionalHasElement(o)
  y = If(h)<then_branch = a () => (float[N,3] a) { v = OptionalGetElement(o) a = Neg(v) }, else_branch = b () => (float[N,3] b) { b = Relu(x) }>
}
""")


def kept():
    """Loops and branches that stay ones."""
    case("loop of many turns", """
g (float[N,3] x) => (float[N,3] y, float[N,3,70] z) <int64 turns = {70}, bool more = {1}, float[3,3] w = {0.5, -0.3, 0.1, 0.2, 0.4, -0.6, 0.7, 0.1, -0.2}, int64[3] axes = {0, 1, 2}> {
  y, all = Loop(turns, more, x)<body = b (int64 i, bool c, float[N,3] h) => (bool c2, float[N,3] h2, float[N,3] out) {
    c2 = Identity(c) f = Cast<to: int = 1>(i) m = MatMul(h, w) s = Sin(f) t = Add(m, s) u = Tanh(t) h2 = Add(u, x) out = Neg(h2) }>
  z = Transpose<perm: ints = [1, 2, 0]>(all)
}
""")
    case("loop that gathers by its turn", """
g (float[N,60,2] x) => (float[N,2] y) <int64 turns = {60}, bool more = {1}, float[2] zero = {0, 0}, float half = {0.5}> {
  h0 = ReduceSum<keepdims: int = 0>(x, axes)
  y = Loop(turns, more, h0)<body = b (int64 i, bool c, float[N,2] h) => (bool c2, float[N,2] h2) {
    c2 = Identity(c) e = Gather<axis: int = 1>(x, i) a = Mul(h, half) s = Add(a, e) t = Tanh(s) d = Sub(t, e) h2 = Add(d, a) }>
}
""".replace("float[2] zero = {0, 0}", "int64[1] axes = {1}"))
    body = """body = b (float[N,2] h, float[N,2] k, float[N,2] e) => (float[N,2] k2, float[N,2] h2, float[N,2] out) {
      s = Add(h, e) m = MatMul(s, w) h2 = Tanh(m) k2 = Identity(k) d = Sub(h2, e) o = Mul(d, k) out = Relu(o) }"""
    for name, flags, out in (("", "scan_output_axes: ints = [1]", "[N,70,2]"),
                             (" backwards", "scan_input_directions: ints = [1], scan_output_axes: ints = [2], scan_output_directions: ints = [1]", "[N,2,70]")):
        case("long scan that swaps" + name, f"""
g (float[N,2] h0, float[N,2] k0, float[N,70,2] x) => (float[N,2] h, float[N,2] k, float{out} y) <float[2,2] w = {{0.5, -0.3, 0.1, 0.8}}> {{
  h, k, y = Scan(h0, k0, x)<num_scan_inputs: int = 1, scan_input_axes: ints = [1], {flags}, {body}>
}}
""")
    case("branch by data", """
g (float[4] x, float[1] t) => (float[4] y, float[2] z) <int64[2] at = {0, 2}, float[1] zero = {0}, float[4] two = {2, 2, 2, 2}> {
  c = Greater(t, zero)
  y, z = If(c)<then_branch = a () => (float[4] a, float[2] b) { a = Mul(x, two) b = Gather(x, at) },
               else_branch = d () => (float[4] e, float[2] f) { n = Neg(x) e = Add(n, t) f = Gather(n, at) }>
}
""", batch=False)
    case("branch with products by data", """
g (float[3,4] x, float[1] t) => (float[3,3] y, float[3,4] same) <float[1] zero = {0}> {
  xt = Transpose(x) c = Greater(t, zero)
  y, same = If(c)<then_branch = a () => (float[3,3] a, float[3,4] b) { a = MatMul(x, xt) b = Identity(x) },
                  else_branch = d () => (float[3,3] e, float[3,4] f) { m = MatMul(x, xt) s = Softmax(m) e = Neg(s) f = Relu(x) }>
}
""", batch=False)
    case("loop that data ends", """
g (float[4] x, int64 most) => (float[4] y, int64 turns) <int64 none = {0}, int64 one = {1}, float limit = {20}, float[4] up = {1.5, 1.25, 2, 1}> {
  first = Greater(most, none)
  y, turns = Loop(most, first, x, none)<body = b (int64 i, bool c, float[4] h, int64 n) => (bool c2, float[4] h2, int64 n2) {
    h2 = Mul(h, up) n2 = Add(n, one) s = ReduceSumSquare<keepdims: int = 0>(h2) r = Sqrt(s) c2 = Less(r, limit) }>
}
""", batch=False)
    case("loop without a limit", """
g (float[4] x) => (float[4] y, int64 turns) <int64 none = {0}, float limit = {20}, float[4] up = {1.5, 1.25, 2, 1}, int64 one = {1}> {
  y, turns = Loop(, , x, none)<body = b (int64 i, bool c, float[4] h, int64 n) => (bool c2, float[4] h2, int64 n2) {
    h2 = Mul(h, up) n2 = Add(i, one) a = Abs(h2) s = ReduceMax<keepdims: int = 0>(a) c2 = Less(s, limit) }>
}
""", batch=False)
    case("branch in a loop in a branch", """
g (float[4] x, int64 most) => (float[4] y) <int64 two = {2}, bool yes = {1}, float half = {0.5}, int64 none = {0}> {
  c = Greater(most, two)
  y = If(c)<then_branch = a () => (float[4] a) {
      a = Loop(most, yes, x)<body = b (int64 i, bool k, float[4] h) => (bool k2, float[4] h2) {
        k2 = Identity(k) m = Mod(i, two) odd = Equal(m, none)
        h2 = If(odd)<then_branch = p () => (float[4] q) { q = Mul(h, half) }, else_branch = r () => (float[4] s) { t = Sin(h) s = Add(t, x) }> }> },
    else_branch = d () => (float[4] e) { e = Identity(x) }>
}
""", batch=False)


if __name__ == "__main__":
    functions()
    branches()
    loops()
    sequences()
    kept()
    with open(f"{HERE}/control.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(len(cases), "models")

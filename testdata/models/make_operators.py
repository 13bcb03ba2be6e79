#!/usr/bin/env python3
"""Makes operators.json: one small model for each operator and variant that the ONNX importer knows, with inputs and what
ONNX Runtime gives for them. It needs numpy, onnx and onnxruntime of requirements.txt."""
import base64, json, os

import numpy as np
import onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as nh

from arrays import HERE, plain

F, D, I, I32, B, S = T.FLOAT, T.DOUBLE, T.INT64, T.INT32, T.BOOL, T.STRING
DTYPES = {F: np.float32, D: np.float64, I: np.int64, I32: np.int32, B: bool, S: object}
rng = np.random.default_rng(1)
cases = []


def sample(kind, shape):
    if kind == S:
        return rng.choice(np.array(["a", "b", "c", "zz"], object), shape)
    if kind == B:
        return rng.random(shape) < 0.5
    if kind in (I, I32):
        return rng.integers(-5, 6, shape).astype(DTYPES[kind])
    a = rng.normal(0, 2, shape).astype(DTYPES[kind])
    a.reshape(-1)[::5] = np.round(a.reshape(-1)[::5])
    return a


def split(names):
    return [n.strip('"') for n in names.split()]


def case(name, nodes, inputs, outputs, constants=None, opset=17, ml=3, rows=5, values=None, first=None):
    """inputs: {name: (type, row shape)}, outputs: {name: type}; nodes: tuples (op, inputs, outputs, attributes)."""
    made = [h.make_node(op, split(i), split(o), domain="ai.onnx.ml" if op in ML else "", **(a[0] if a else {})) for op, i, o, *a in nodes]
    init = [nh.from_array(np.asarray(v), k) for k, v in (constants or {}).items()]
    batch = "N" if first is None else first
    graph = h.make_graph(made, name, [h.make_tensor_value_info(k, t, [batch, *s]) for k, (t, s) in inputs.items()],
                         [h.make_tensor_value_info(k, t, None) for k, t in outputs.items()], init)
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", opset), h.make_opsetid("ai.onnx.ml", ml)], ir_version=9).SerializeToString()
    rows = rows if first is None else first
    feed = {k: sample(t, [rows, *s]) if values is None or k not in values else np.asarray(values[k], DTYPES[t]) for k, (t, s) in inputs.items()}
    options = ort.SessionOptions()
    options.log_severity_level = 4
    got = ort.InferenceSession(model, options).run(None, feed)
    want = {}
    for k, v in zip(outputs, got):
        if isinstance(v, list):
            v = np.array([[r[i] for i in r] for r in v], np.float32)
        want[k] = plain(v)
    cases.append({"name": name, "model": base64.b64encode(model).decode(), "inputs": {k: plain(v) for k, v in feed.items()}, "outputs": want})


ML = {"Scaler", "Normalizer", "LinearRegressor", "LinearClassifier", "ZipMap", "LabelEncoder", "FeatureVectorizer", "Imputer", "Binarizer",
      "ArrayFeatureExtractor", "OneHotEncoder"}
X = {"x": (F, [3])}
W = rng.normal(0, 1, (3, 2)).astype("f")
BIAS = np.array([0.5, -1], "f")


def one(name, op, attrs=None, inputs=None, out=F, constants=None, extra="", **kw):
    inputs = inputs or X
    case(name, [(op, " ".join(list(inputs) + extra.split()), "y", attrs or {})], inputs, {"y": out}, constants, **kw)


def linear():
    one("Gemm", "Gemm", constants={"w": W, "b": BIAS}, extra="w b")
    one("Gemm alpha beta transB", "Gemm", {"alpha": 0.5, "beta": 2.0, "transB": 1}, constants={"w": W.T.copy(), "b": BIAS}, extra="w b")
    one("Gemm without C", "Gemm", constants={"w": W}, extra="w")
    one("Gemm scalar C", "Gemm", constants={"w": W, "b": np.float32(3)}, extra="w b")
    case("Gemm C of rows", [("Gemm", "x w c", "y")], {**X, "c": (F, [2])}, {"y": F}, {"w": W})
    one("Gemm C [1,2]", "Gemm", constants={"w": W, "b": BIAS.reshape(1, 2)}, extra="w b")
    one("MatMul", "MatMul", constants={"w": W}, extra="w")
    one("MatMul f64", "MatMul", inputs={"x": (D, [3])}, out=D, constants={"w": W.astype("d")}, extra="w")
    one("MatMul vector", "MatMul", constants={"w": W[:, 0].copy()}, extra="w")
    one("MatMul rank 3", "MatMul", inputs={"x": (F, [4, 3])}, constants={"w": W}, extra="w")
    one("MatMul rank 3 by [1,3,2]", "MatMul", inputs={"x": (F, [4, 3])}, constants={"w": W[None]}, extra="w")
    case("weights computed from constants", [("Transpose", "w", "t"), ("Mul", "t two", "s"), ("MatMul", "x s", "y")], X, {"y": F},
         {"w": W.T.copy(), "two": np.float32(2)})


def elementwise():
    for op in "Abs Neg Sign Exp Sqrt Log Floor Ceil Round Erf Sin Cos Relu Tanh Sigmoid Softplus Softsign Reciprocal Elu Selu LeakyRelu HardSigmoid Celu ThresholdedRelu HardSwish".split():
        one(op, op)
    one("Mish", "Mish", opset=18)
    for op in "Abs Neg Sign Exp Tanh Relu Sigmoid Floor Round".split():
        one(op + " f64", op, inputs={"x": (D, [3])}, out=D)
    one("Abs i64", "Abs", inputs={"x": (I, [3])}, out=I), one("Neg i32", "Neg", inputs={"x": (I32, [3])}, out=I32), one("Sign i64", "Sign", inputs={"x": (I, [3])}, out=I)
    one("Elu alpha", "Elu", {"alpha": 0.3}), one("LeakyRelu alpha", "LeakyRelu", {"alpha": 0.3}), one("Selu parameters", "Selu", {"alpha": 2.0, "gamma": 0.7})
    one("Celu alpha", "Celu", {"alpha": 0.4}), one("HardSigmoid parameters", "HardSigmoid", {"alpha": 0.3, "beta": 0.4}), one("ThresholdedRelu alpha", "ThresholdedRelu", {"alpha": 0.3})
    one("Gelu", "Gelu", opset=20), one("Gelu tanh", "Gelu", {"approximate": "tanh"}, opset=20)
    one("PRelu", "PRelu", constants={"s": np.array([0.1, 0.2, 0.3], "f")}, extra="s"), one("PRelu one slope", "PRelu", constants={"s": np.array([0.1], "f")}, extra="s")
    two = {"a": (F, [3]), "b": (F, [3])}
    for op in "Add Sub Mul Div Min Max Sum Mean".split():
        one(op, op, inputs=two)
    for op in "Add Sub Mul Div".split():
        one(op + " i64", op, inputs={"a": (I, [3])}, out=I, constants={"c": np.array([3, -2, 7])}, extra="c")
        one(op + " f64 constant", op, inputs={"a": (D, [3])}, out=D, constants={"c": np.array([[3, -2, 7.5]])}, extra="c")
    case("constant first", [("Sub", "c x", "y")], X, {"y": F}, {"c": np.array([1, 2, 3], "f")})
    case("constant [1,1]", [("Div", "c x", "y")], X, {"y": F}, {"c": np.array([[2]], "f")})
    one("broadcast [N,1] with [N,3]", "Mul", inputs={"a": (F, [1]), "b": (F, [3])})
    one("broadcast rank 3", "Add", inputs={"a": (F, [2, 1])}, constants={"c": np.arange(3, dtype="f")}, extra="c")
    one("Max of three", "Max", inputs=two, constants={"c": np.float32(0.5)}, extra="c"), one("Min of one", "Min")
    one("Max i64", "Max", inputs={"a": (I, [3]), "b": (I, [3])}, out=I)
    positive = {"x": np.abs(sample(F, [5, 3])) + 0.1}
    one("Pow", "Pow", constants={"p": np.float32(2.5)}, extra="p", values=positive), one("Pow square", "Pow", constants={"p": np.float32(2)}, extra="p")
    one("Pow integer exponent", "Pow", constants={"p": np.int64(3)}, extra="p")
    one("Clip 6", "Clip", {"min": -1.0, "max": 1.5}, opset=10), one("Clip 11", "Clip", constants={"lo": np.float32(-1), "hi": np.float32(1)}, extra="lo hi")
    one("Clip below", "Clip", constants={"lo": np.float32(0)}, extra="lo")
    one("Relu keeps NaN", "Relu", values={"x": [[np.nan, -0.0, 1]]}, rows=1)


def logic():
    for op in "Equal Less LessOrEqual Greater GreaterOrEqual".split():
        one(op, op, inputs={"a": (F, [3])}, out=B, constants={"c": np.array([0, 1, -1], "f")}, extra="c")
        one(op + " i64", op, inputs={"a": (I, [3]), "b": (I, [3])}, out=B)
    one("Equal strings", "Equal", inputs={"a": (S, [3])}, out=B, constants={"c": np.array(["b"], object)}, extra="c", opset=19)
    for op in "And Or Xor".split():
        one(op, op, inputs={"a": (B, [3]), "b": (B, [3])}, out=B)
    one("Not", "Not", inputs={"a": (B, [3])}, out=B)
    one("IsNaN", "IsNaN", out=B, values={"x": [[np.nan, 1, -1]]}, rows=1)
    one("Where", "Where", inputs={"c": (B, [3]), "a": (F, [3]), "b": (F, [1])})
    one("Where constant", "Where", inputs={"c": (B, [3])}, out=S, constants={"a": np.array(["yes"], object), "b": np.array(["no"], object)}, extra="a b")


def last_axis():
    deep = {"x": (F, [2, 3])}
    for op in ("Softmax", "LogSoftmax"):
        for opset in (11, 13):
            one(f"{op} {opset}", op, opset=opset), one(f"{op} {opset} deep", op, inputs=deep, opset=opset)
            one(f"{op} {opset} axis 1 deep", op, {"axis": 1}, inputs=deep, opset=opset), one(f"{op} {opset} axis -1 deep", op, {"axis": -1}, inputs=deep, opset=opset)
    one("Softmax f64", "Softmax", inputs={"x": (D, [3])}, out=D)
    for op in ("ArgMax", "ArgMin"):
        one(op, op, {"axis": 1}, out=I), one(op + " flat", op, {"axis": -1, "keepdims": 0}, out=I)
        one(op + " deep", op, {"axis": 1, "keepdims": 0}, inputs=deep, out=I), one(op + " ties", op, {"axis": 1}, values={"x": [[1, 1, 0], [0, 2, 2], [3, 3, 3]]}, out=I)
        one(op + " last", op, {"axis": 1, "select_last_index": 1}, values={"x": [[1, 1, 0], [0, 2, 2], [3, 3, 3]]}, out=I)
        one(op + " i64", op, {"axis": 1}, inputs={"x": (I, [3])}, out=I) if op == "ArgMax" else None


def reduce():
    deep = {"x": (F, [2, 3])}
    for op in "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp".split():
        new = 13 if op == "ReduceSum" else 18
        one(f"{op} attribute", op, {"axes": [1]}, opset=11), one(f"{op} input", op, constants={"a": np.array([1])}, extra="a", opset=new)
        one(f"{op} deep flat", op, {"axes": [-2], "keepdims": 0}, inputs=deep, opset=11), one(f"{op} two axes", op, {"axes": [1, 2]}, inputs=deep, opset=11)
    one("ReduceSum no axes", "ReduceSum", {"noop_with_empty_axes": 1}, constants={"a": np.array([], np.int64)}, extra="a")
    one("ReduceSum i64", "ReduceSum", {"keepdims": 0}, inputs={"x": (I, [3])}, out=I, constants={"a": np.array([1])}, extra="a")
    positive = {"x": np.abs(sample(F, [5, 3])) + 0.1}
    one("ReduceLogSum", "ReduceLogSum", {"axes": [1]}, values=positive, opset=11)


def normalize():
    vec = lambda: rng.normal(0, 1, 3).astype("f")
    consts = {"s": vec(), "b": vec(), "m": vec(), "v": np.abs(vec()) + 0.1}
    one("BatchNormalization 9", "BatchNormalization", {"epsilon": 0.01}, constants=consts, extra="s b m v", opset=9)
    one("BatchNormalization 15", "BatchNormalization", constants=consts, extra="s b m v")
    one("BatchNormalization channels", "BatchNormalization", inputs={"x": (F, [3, 2])}, constants=consts, extra="s b m v")
    one("LayerNormalization", "LayerNormalization", constants={"s": vec(), "b": vec()}, extra="s b")
    one("LayerNormalization deep", "LayerNormalization", {"axis": 1}, inputs={"x": (F, [2, 3])}, constants={"s": rng.normal(0, 1, (2, 3)).astype("f")}, extra="s")
    one("LpNormalization 2", "LpNormalization"), one("LpNormalization 1", "LpNormalization", {"p": 1, "axis": 1})


def constants():
    case("Constant", [("Constant", "", "c", {"value": nh.from_array(np.array([1, 2, 3], "f"))}), ("Add", "x c", "y")], X, {"y": F})
    case("Constant floats", [("Constant", "", "c", {"value_floats": [1., 2., 3.]}), ("Constant", "", "d", {"value_float": 2.}), ("Mul", "x c", "m"), ("Add", "m d", "y")], X, {"y": F})
    case("Shape Reshape", [("Shape", "x", "s"), ("Reshape", "x s", "y")], {"x": (F, [2, 3])}, {"y": F})
    case("Shape Gather Concat Reshape", [("Shape", "x", "s"), ("Gather", "s zero", "n", {"axis": 0}), ("Unsqueeze", "n axes", "u"), ("Concat", "u minus", "t", {"axis": 0}),
          ("Reshape", "x t", "y")], {"x": (F, [2, 3])}, {"y": F}, {"zero": np.int64(0), "axes": np.array([0]), "minus": np.array([-1])})
    case("Shape Slice Mul", [("Shape", "x", "s"), ("Slice", "s b e", "n"), ("Slice", "s e f", "r"), ("Mul", "r one", "m"), ("Concat", "n m", "t", {"axis": 0}), ("Reshape", "x t", "y")],
         {"x": (F, [6])}, {"y": F}, {"b": np.array([0]), "e": np.array([1]), "f": np.array([2]), "one": np.array([1])})
    case("Shape start end", [("Shape", "x", "s", {"start": 0, "end": 1}), ("Concat", "s six", "t", {"axis": 0}), ("Reshape", "x t", "y")], {"x": (F, [2, 3])}, {"y": F}, {"six": np.array([6])})
    case("ConstantOfShape of the batch", [("Shape", "x", "s"), ("ConstantOfShape", "s", "c", {"value": nh.from_array(np.array([2], "f"))}), ("Concat", "x c", "y", {"axis": 1})], X, {"y": F})
    case("Expand to the batch", [("Shape", "x", "s"), ("Expand", "c s", "e"), ("Concat", "x e", "y", {"axis": 1})], X, {"y": F}, {"c": np.array([1, 2, 3], "f")})
    case("Expand by Where", [("Shape", "x", "s"), ("Shape", "s", "r"), ("ConstantOfShape", "r", "ones", {"value": nh.from_array(np.array([1], np.int64))}),
          ("Mul", "ones minus", "m"), ("Equal", "s m", "q"), ("Where", "q ones s", "t"), ("Expand", "x t", "y")], X, {"y": F}, {"minus": np.int64(-1)})
    case("sizes by Mul", [("Shape", "x", "s", {"start": 0, "end": 1}), ("Mul", "s one", "n"), ("Concat", "n six", "t", {"axis": 0}), ("Reshape", "x t", "y")],
         {"x": (F, [2, 3])}, {"y": F}, {"one": np.array([1]), "six": np.array([6])})
    case("sizes by ReduceProd", [("Shape", "x", "s"), ("Gather", "s z", "n", {"axis": 0}), ("ReduceProd", "n", "p", {"keepdims": 1}), ("Concat", "p six", "t", {"axis": 0}), ("Reshape", "x t", "y")],
         {"x": (F, [2, 3])}, {"y": F}, {"z": np.array([0]), "six": np.array([6])})
    case("Constant ints", [("Constant", "", "t", {"value_ints": [-1, 6]}), ("Reshape", "x t", "y")], {"x": (F, [2, 3])}, {"y": F})
    case("Constant int", [("Constant", "", "i", {"value_int": 1}), ("Gather", "x i", "y", {"axis": 1})], X, {"y": F})
    case("Constant strings", [("Constant", "", "a", {"value_strings": ["p"]}), ("Constant", "", "b", {"value_string": "q"}), ("Where", "c a b", "y")], {"c": (B, [2])}, {"y": S})
    case("Gather of two labels", [("Greater", "x z", "g"), ("Cast", "g", "i", {"to": I}), ("Reshape", "i v", "j"), ("Gather", "t j", "y")], {"x": (F, [1])}, {"y": S},
         {"z": np.float32(0), "v": np.array([-1]), "t": np.array(["no", "yes"], object)})
    case("Expand rows", [("Expand", "x t", "y")], {"x": (F, [1, 3])}, {"y": F}, {"t": np.array([2, 1])})
    for to in (D, I, I32, B):
        one(f"Cast to {to}", "Cast", {"to": to}, out=to, values={"x": [[1.5, -2.5, 0], [0.4, -0.4, 1e6]]})
    one("Cast from bool", "Cast", {"to": F}, inputs={"x": (B, [3])}), one("Cast i64 to f64", "Cast", {"to": D}, inputs={"x": (I, [3])}, out=D)
    one("CastLike", "CastLike", out=I, constants={"c": np.int64(0)}, extra="c"), one("Identity", "Identity"), one("Dropout 7", "Dropout", {"ratio": 0.5}, opset=11)
    case("Dropout 13", [("Dropout", "x r", "y")], X, {"y": F}, {"r": np.float32(0.5)})


def shapes():
    deep = {"x": (F, [2, 3])}
    for name, to in (("-1 last", [0, -1]), ("-1 first", [-1, 6]), ("copied", [0, 0, 3]), ("deeper", [-1, 3, 2, 1]), ("all copied", [0, 3, -1])):
        one("Reshape " + name, "Reshape", inputs=deep, constants={"t": np.array(to)}, extra="t")
    one("Reshape to a vector", "Reshape", inputs={"x": (F, [1])}, constants={"t": np.array([-1])}, extra="t")
    one("Flatten", "Flatten", inputs=deep), one("Flatten axis -2", "Flatten", {"axis": -2}, inputs=deep), one("Flatten axis 2", "Flatten", {"axis": 2}, inputs={"x": (F, [1, 3])})
    one("Squeeze 11", "Squeeze", {"axes": [1]}, inputs={"x": (F, [1, 3])}, opset=11), one("Squeeze 13", "Squeeze", inputs={"x": (F, [1, 3])}, constants={"a": np.array([-2])}, extra="a")
    one("Squeeze all", "Squeeze", inputs={"x": (F, [1, 3, 1])})
    one("Unsqueeze 11", "Unsqueeze", {"axes": [1, 3]}, opset=11), one("Unsqueeze 13", "Unsqueeze", constants={"a": np.array([-1])}, extra="a")
    one("Transpose", "Transpose", {"perm": [0, 2, 1]}, inputs=deep), one("Transpose 4", "Transpose", {"perm": [0, 3, 1, 2]}, inputs={"x": (F, [2, 3, 4])})
    case("Transpose there and back", [("Transpose", "x", "t", {"perm": [2, 0, 1]}), ("Relu", "t", "r"), ("Gather", "r i", "g", {"axis": 0}), ("Transpose", "g", "y", {"perm": [1, 2, 0]})],
         deep, {"y": F}, {"i": np.array([2, 0])})
    case("Transpose and gather one", [("Transpose", "x", "t", {"perm": [2, 1, 0]}), ("Gather", "t i", "g", {"axis": 0}), ("Transpose", "g", "y")], deep, {"y": F}, {"i": np.int64(1)})
    case("Transpose and gather more", [("Transpose", "x", "t"), ("Gather", "t i", "g", {"axis": 0}), ("Transpose", "g", "y", {"perm": [2, 0, 1]})], X, {"y": F}, {"i": np.array([[0, 1], [2, 1]])})
    case("GatherND", [("Transpose", "x", "t"), ("GatherND", "t i", "g"), ("Transpose", "g", "y")], X, {"y": F}, {"i": np.array([[2], [0]])})
    case("Transpose and squeeze", [("Transpose", "x", "t"), ("Squeeze", "t a", "y")], {"x": (F, [1])}, {"y": F}, {"a": np.array([0])})
    case("Transpose and slice", [("Transpose", "x", "t"), ("Slice", "t b e", "s"), ("Transpose", "s", "y")], X, {"y": F}, {"b": np.array([1]), "e": np.array([3])})
    case("Transpose and reshape", [("Transpose", "x", "t", {"perm": [1, 0, 2]}), ("Reshape", "t s", "y")], {"x": (F, [1, 3])}, {"y": F}, {"s": np.array([-1, 3])})
    one("Tile", "Tile", inputs=deep, constants={"r": np.array([1, 2, 3])}, extra="r")


def moves():
    deep = {"x": (F, [2, 3])}
    one("Concat", "Concat", {"axis": 1}, inputs={"a": (F, [2]), "b": (F, [3])}), one("Concat deep", "Concat", {"axis": 2}, inputs={"a": (F, [2, 1]), "b": (F, [2, 3])})
    one("Concat deep first", "Concat", {"axis": -2}, inputs={"a": (F, [1, 3]), "b": (F, [2, 3])}), one("Concat strings", "Concat", {"axis": 1}, inputs={"a": (S, [2]), "b": (S, [1])}, out=S)
    one("Slice 1", "Slice", {"starts": [0, 1], "ends": [1 << 60, 3], "axes": [0, 1]}, opset=9)
    for name, b, e, a, s in (("10", [1], [3], [1], [1]), ("reverse", [-1], [-100], [2], [-1]), ("stride", [0], [9], [2], [2]), ("negative", [-2], [-1], [-1], [1]), ("empty", [2], [1], [2], [1])):
        one("Slice " + name, "Slice", inputs=deep, constants={"b": np.array(b), "e": np.array(e), "a": np.array(a), "s": np.array(s)}, extra="b e a s")
    one("Gather", "Gather", {"axis": 1}, constants={"i": np.array([2, 0, -1])}, extra="i"), one("Gather scalar", "Gather", {"axis": 2}, inputs=deep, constants={"i": np.int64(1)}, extra="i")
    one("Gather matrix", "Gather", {"axis": 1}, constants={"i": np.array([[2, 0], [1, 1]])}, extra="i")
    case("Gather of a table", [("ArgMax", "x", "i", {"axis": 1, "keepdims": 0}), ("Gather", "t i", "y")], X, {"y": F}, {"t": np.array([10, 20, 30], "f")})
    case("Split", [("Split", "x s", "y z", {"axis": 1})], {"x": (F, [5])}, {"y": F, "z": F}, {"s": np.array([2, 3])})
    case("Split 11", [("Split", "x", "y z", {"axis": 1, "split": [4, 1]})], {"x": (F, [5])}, {"y": F, "z": F}, opset=11)
    case("Split equal", [("Split", "x", "y z", {"axis": 2})], {"x": (F, [2, 4])}, {"y": F, "z": F})
    case("Split 18", [("Split", "x", "y z", {"axis": 1, "num_outputs": 2})], {"x": (F, [5])}, {"y": F, "z": F}, opset=18)


def one_row():
    """Exports without a dynamic batch: the 1 in front is the batch."""
    case("one row", [("Reshape", "x t", "r"), ("MatMul", "r w", "m"), ("Concat", "m c", "y", {"axis": 1})], {"x": (F, [1, 3])}, {"y": F},
         {"t": np.array([1, -1]), "w": W, "c": np.array([[7]], "f")}, first=1)


def ml():
    one("Scaler", "Scaler", {"offset": [1., 2., 3.], "scale": [.5, 2., -1.]}), one("Scaler scalars", "Scaler", {"offset": [1.], "scale": [.5]}), one("Scaler i64", "Scaler", {"offset": [1.], "scale": [.5]}, inputs={"x": (I, [3])})
    for norm in ("MAX", "L1", "L2"):
        one("Normalizer " + norm, "Normalizer", {"norm": norm}), one(f"Normalizer {norm} zero", "Normalizer", {"norm": norm}, values={"x": [[0, 0, 0], [-1, 0, -2]]})
    co = [float(v) for v in rng.normal(0, 1, 6)]
    one("LinearRegressor", "LinearRegressor", {"coefficients": co[:3], "intercepts": [1.]}), one("LinearRegressor two targets", "LinearRegressor", {"coefficients": co, "intercepts": [1., 2.], "targets": 2})
    one("LinearRegressor without intercept", "LinearRegressor", {"coefficients": co[:3]}), one("LinearRegressor LOGISTIC", "LinearRegressor", {"coefficients": co, "targets": 2, "post_transform": "LOGISTIC", "intercepts": [0., 0.]})
    for post in ("NONE", "LOGISTIC", "SOFTMAX"):
        for n, labels in ((2, [4, 9]), (1, [4, 9])):
            case(f"LinearClassifier {post} {n}", [("LinearClassifier", "x", "l s", {"coefficients": co[:3 * n], "intercepts": [.1, -.2][:n], "classlabels_ints": labels, "post_transform": post})], X, {"l": I, "s": F})
        case(f"LinearClassifier {post} 3", [("LinearClassifier", "x", "l s", {"coefficients": co + co[:3], "intercepts": [.1, -.2, .3], "classlabels_strings": ["a", "b", "c"], "post_transform": post})], X, {"l": S, "s": F})
    case("FeatureVectorizer", [("FeatureVectorizer", "a b", "y", {"inputdimensions": [2, 3]})], {"a": (F, [2]), "b": (F, [3])}, {"y": F})
    one("Imputer NaN", "Imputer", {"imputed_value_floats": [1., 2., 3.], "replaced_value_float": float("nan")}, values={"x": [[np.nan, 1, np.nan], [0, np.nan, 5]]})
    one("Imputer value", "Imputer", {"imputed_value_floats": [7.], "replaced_value_float": -1.}, values={"x": [[-1, 1, 2]]}), one("Imputer i64", "Imputer", {"imputed_value_int64s": [7], "replaced_value_int64": 2}, inputs={"x": (I, [3])}, out=I)
    one("Binarizer", "Binarizer", {"threshold": 0.5})
    one("ArrayFeatureExtractor", "ArrayFeatureExtractor", constants={"i": np.array([2, 0])}, extra="i")
    case("ArrayFeatureExtractor of labels", [("ArgMax", "x", "i", {"axis": 1}), ("ArrayFeatureExtractor", "t i", "e"), ("Reshape", "e s", "y")], X, {"y": S}, {"t": np.array(["p", "q", "r"], object), "s": np.array([-1])})
    one("LabelEncoder 1", "LabelEncoder", {"classes_strings": ["a", "b"], "default_int64": -7}, inputs={"x": (S, [2])}, out=I, ml=1), one("LabelEncoder 1 back", "LabelEncoder", {"classes_strings": ["a", "b"], "default_string": "?"}, inputs={"x": (I, [2])}, out=S, ml=1)
    one("LabelEncoder 2", "LabelEncoder", {"keys_strings": ["a", "b"], "values_floats": [1., 2.], "default_float": 9.}, inputs={"x": (S, [2])}), one("LabelEncoder 2 i64", "LabelEncoder", {"keys_int64s": [1, 2, -3], "values_int64s": [10, 20, 30]}, inputs={"x": (I, [2])}, out=I)
    one("LabelEncoder 2 floats", "LabelEncoder", {"keys_floats": [1., float("nan")], "values_strings": ["one", "none"], "default_string": "other"}, out=S, values={"x": [[1, np.nan, 2]]})
    one("LabelEncoder 4 floats", "LabelEncoder", {"keys_floats": [1., float("nan")], "values_strings": ["one", "none"], "default_string": "other"}, out=S, values={"x": [[1, np.nan, 2]]}, ml=4)
    one("LabelEncoder 4 tensors", "LabelEncoder", {"keys_tensor": nh.from_array(np.array([1., 2.])), "values_tensor": nh.from_array(np.array([5, 6])), "default_tensor": nh.from_array(np.array([-2]))}, inputs={"x": (D, [3])}, out=I, values={"x": [[1, 2, 3]]}, ml=4)
    one("OneHotEncoder", "OneHotEncoder", {"cats_strings": ["a", "zz"], "zeros": 1}, inputs={"x": (S, [1])}), one("OneHotEncoder i64", "OneHotEncoder", {"cats_int64s": [0, 2, 4], "zeros": 1}, inputs={"x": (I, [2])})


def edges():
    """Integers that do not fit, and floats that no integer holds. Divisions that ONNX Runtime does not survive are tested in Go."""
    least, most, low, high = -2**31, 2**31 - 1, -2**63, 2**63 - 1
    pairs = {"a": [[most, least, 99999], [least, -1, 0]], "b": [[most, -1, 99999], [1, least, least]]}
    wide = {"a": [[high, low, 3037000500], [low, -1, 0]], "b": [[high, -1, 3037000500], [1, low, low]]}
    for op in ("Add", "Sub", "Mul", "Min", "Max"):
        one(op + " i32 edges", op, inputs={"a": (I32, [3]), "b": (I32, [3])}, out=I32, values=pairs, rows=2)
        one(op + " i64 edges", op, inputs={"a": (I, [3]), "b": (I, [3])}, out=I, values=wide, rows=2)
    for op in ("Abs", "Neg", "Sign"):
        one(op + " i32 edges", op, inputs={"x": (I32, [3])}, out=I32, values={"x": [[least, most, 0]]}, rows=1)
        one(op + " i64 edges", op, inputs={"x": (I, [3])}, out=I, values={"x": [[low, high, 0]]}, rows=1)
    for op in ("Less", "Equal"):
        one(op + " i32", op, inputs={"a": (I32, [3]), "b": (I32, [3])}, out=B, values=pairs, rows=2)
    one("ArgMax i32 edges", "ArgMax", {"axis": 1}, inputs={"x": (I32, [3])}, out=I, values={"x": [[least, most, 0], [least, least, least]]}, rows=2)
    case("Mul i32 used again", [("Mul", "a b", "m"), ("Greater", "m b", "g"), ("Cast", "m", "w", {"to": I}), ("Mul", "w w", "y")],
         {"a": (I32, [3]), "b": (I32, [3])}, {"y": I, "g": B}, values=pairs, rows=2)
    floats = [3e9, -3e9, 1e30, np.nan, np.inf, -np.inf, 2147483647, -2147483648, 2.5, -2.5]
    exact = [-2147483648.5, 2147483647.5, -2147483649, 9007199254740993, 9.2e18, 9.3e18, -9.3e18, 0.99, -0.99, -0.0]
    for to, kind in ((I32, "i32"), (I, "i64"), (B, "bool")):
        one(f"Cast f32 to {kind} edges", "Cast", {"to": to}, inputs={"x": (F, [10])}, out=to, values={"x": [floats]}, rows=1)
        one(f"Cast f64 to {kind} edges", "Cast", {"to": to}, inputs={"x": (D, [10])}, out=to, values={"x": [floats, exact]}, rows=2)
    one("Cast i64 to i32 edges", "Cast", {"to": I32}, inputs={"x": (I, [4])}, out=I32, values={"x": [[2**32 + 5, 2**31, low, -1]]}, rows=1)
    one("Cast i32 to i64 edges", "Cast", {"to": I}, inputs={"x": (I32, [2])}, out=I, values={"x": [[least, most]]}, rows=1)
    one("Cast i64 to f32 edges", "Cast", {"to": F}, inputs={"x": (I, [3])}, values={"x": [[2**24 + 1, high, low]]}, rows=1)
    for kind, name, end in ((I32, "i32", least), (I, "i64", low)):
        by = np.array([3, -3, 10, end], DTYPES[kind])
        rows = {"x": [[-7, 7, end, end], [7, -7, -end - 1, -1], [6, -6, -end - 1, 0]]}
        one(f"Div {name} edges", "Div", inputs={"x": (kind, [4])}, out=kind, constants={"c": by}, extra="c", values=rows, rows=3)
        one(f"Mod {name}", "Mod", inputs={"x": (kind, [4])}, out=kind, constants={"c": by}, extra="c", values=rows, rows=3)
        one(f"Mod {name} fmod", "Mod", {"fmod": 1}, inputs={"x": (kind, [4])}, out=kind, constants={"c": by}, extra="c", rows=3)
        one(f"ReduceSum {name} deep", "ReduceSum", inputs={"x": (kind, [2, 3])}, out=kind, constants={"a": np.array([2])}, extra="a")
        one(f"ReduceMean {name}", "ReduceMean", {"axes": [1]}, inputs={"x": (kind, [3])}, out=kind, opset=13)
    one("Pow f64", "Pow", inputs={"x": (D, [4])}, out=D, constants={"p": np.array([2.5, -3, 0, 0.5])}, extra="p", values={"x": [[2, -2, np.nan, 0], [0, 0, np.inf, -1], [np.inf, 1e-200, 5, 9]]}, rows=3)
    mixed = {"a": [[-7.5, 7.5, -7.5], [np.inf, 5, 0.5]], "b": [[2, -2, -2], [2, np.inf, 0]]}
    for kind, name in ((F, "f32"), (D, "f64")):
        one(f"Mod {name}", "Mod", {"fmod": 1}, inputs={"a": (kind, [3]), "b": (kind, [3])}, out=kind, values=mixed, rows=2)


def tables():
    """LabelEncoder from every type to every type: keys in any order, some twice, some missing."""
    keys = {"strings": ["b", "", "zz", "\u00e9", "b"], "int64s": [7, -2**63, 0, 2**63 - 1, 7], "floats": [1.5, float("-inf"), float("nan"), 0.0, 1.5]}
    values = {"strings": ["x", "", "long enough a text", "\u00fc", "never"], "int64s": [2**40, -1, 0, -2**63, 5], "floats": [0.5, float("nan"), -0.0, 1e30, 5.0]}
    types = {"strings": S, "int64s": I, "floats": F}
    inputs = {"strings": [["b", "a"], ["", "zz"], ["\u00e9", "zzz"]], "int64s": [[7, 8], [-2**63, 0], [2**63 - 1, -1]], "floats": [[1.5, 2], [-np.inf, np.nan], [-0.0, np.inf]]}
    for k in keys:
        for v in values:
            one(f"LabelEncoder {k} to {v}", "LabelEncoder", {"keys_" + k: keys[k], "values_" + v: values[v]}, inputs={"x": (types[k], [2])}, out=types[v],
                values={"x": inputs[k]}, rows=3, ml=4)
    one("LabelEncoder of one key", "LabelEncoder", {"keys_strings": ["b"], "values_strings": ["x"]}, inputs={"x": (S, [2])}, out=S, ml=2)
    one("LabelEncoder of many keys", "LabelEncoder", {"keys_int64s": [k * 37 % 101 for k in range(101)], "values_int64s": list(range(101)), "default_int64": -5}, inputs={"x": (I, [3])},
        out=I, values={"x": [[0, 100, 101], [50, -1, 37]]}, rows=2, ml=2)
    for kind, name, table in ((F, "f32", [1.5, -2, np.nan]), (D, "f64", [0.1, -2, np.inf]), (I, "i64", [2**40, -1, 0]), (I32, "i32", [2**31 - 1, -2**31, 0]), (S, "strings", ["", "b", "\u00fc"])):
        case(f"Gather of {name}", [("ArgMax", "x", "i", {"axis": 1, "keepdims": 0}), ("Gather", "t i", "y")], X, {"y": kind}, {"t": np.array(table, DTYPES[kind])})
    one("Equal of two texts", "Equal", inputs={"a": (S, [3]), "b": (S, [3])}, out=B, opset=19, values={"a": [["", "b", "ab"], ["\u00e9", "b", "x"]], "b": [["", "ba", "ab"], ["e", "", "x"]]}, rows=2)


def windows():
    """Convolutions and pools over one to three axes; their results flattened, so that they have a signature in SQL."""
    def flat(name, op, shape, attrs=None, constants=None, **kw):
        names = " ".join(["x", *(constants or {})])
        case(name, [(op, names, "z", attrs or {}), ("Flatten", "z", "y")], {"x": (F, shape)}, {"y": F}, constants, rows=3, **kw)

    def weights(*shape):
        return rng.normal(0, 1, shape).astype("f")

    flat("Conv 1d", "Conv", [2, 9], {"strides": [2], "pads": [2, 1], "dilations": [2]}, {"w": weights(3, 2, 3), "b": weights(3)})
    flat("Conv 2d", "Conv", [3, 5, 4], {"pads": [1, 1, 1, 1]}, {"w": weights(4, 3, 3, 3), "b": weights(4)})
    flat("Conv 2d groups", "Conv", [4, 5, 5], {"group": 2, "strides": [2, 1], "kernel_shape": [3, 2]}, {"w": weights(6, 2, 3, 2)})
    flat("Conv 2d depthwise, same upper", "Conv", [3, 5, 5], {"group": 3, "auto_pad": "SAME_UPPER", "strides": [2, 2]}, {"w": weights(3, 1, 2, 3)})
    flat("Conv 2d same lower", "Conv", [1, 4, 5], {"auto_pad": "SAME_LOWER"}, {"w": weights(1, 1, 2, 2)})
    flat("Conv 3d", "Conv", [1, 3, 3, 4], {"pads": [1, 0, 0, 0, 0, 1], "auto_pad": "NOTSET"}, {"w": weights(2, 1, 2, 2, 2)})
    flat("MaxPool", "MaxPool", [2, 5, 5], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]})
    flat("MaxPool ceil dilated", "MaxPool", [1, 9], {"kernel_shape": [2], "strides": [2], "dilations": [2], "ceil_mode": 1})
    flat("AveragePool", "AveragePool", [2, 4, 5], {"kernel_shape": [2, 3], "pads": [1, 1, 0, 1]})
    flat("AveragePool with padding", "AveragePool", [2, 5, 5], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [2, 2], "count_include_pad": 1})
    flat("AveragePool ceil", "AveragePool", [1, 6], {"kernel_shape": [3], "strides": [2], "ceil_mode": 1}, opset=19)
    flat("GlobalAveragePool", "GlobalAveragePool", [3, 4, 5])
    flat("GlobalMaxPool", "GlobalMaxPool", [3, 7])


def recurrent():
    """Recurrent layers. ONNX Runtime has the batch behind the steps only, so rows are transposed there and back; results are flattened."""
    def layer(name, op, attrs=None, steps=5, width=3, hidden=4, bias=False, first=False, first_c=False, peepholes=False, lens=None, outputs="yhc"):
        attrs = {"hidden_size": hidden, **(attrs or {})}
        dirs, gates = 1 + (attrs.get("direction") == "bidirectional"), {"RNN": 1, "GRU": 3, "LSTM": 4}[op]
        weights = {"w": (dirs, gates * hidden, width), "r": (dirs, gates * hidden, hidden)}
        if bias:
            weights["b"] = (dirs, 2 * gates * hidden)
        if peepholes:
            weights["p"] = (dirs, 3 * hidden)
        inputs, nodes, values = {"x": (F, [steps, width])}, [("Transpose", "x", "xt", {"perm": [1, 0, 2]})], {}
        if lens:
            inputs["l"], values["l"] = (I32, []), lens
        for k, there in (("f", first), ("c", first_c)):
            if there:
                inputs[k] = (F, [dirs, hidden])
                nodes.append(("Transpose", k, k + "t", {"perm": [1, 0, 2]}))
        given = ["xt", "w", "r", "b" if bias else '""', "l" if lens else '""', "ft" if first else '""', "ct" if first_c else '""', "p" if peepholes else '""']
        if op != "LSTM":
            given, outputs = given[:6], outputs.replace("c", "")
        while given[-1] == '""':
            given.pop()
        nodes.append((op, " ".join(given), " ".join("o" + k if k in outputs else '""' for k in "yhc"[:3 if op == "LSTM" else 2]), attrs))
        for k in outputs:
            nodes += [("Transpose", "o" + k, "t" + k, {"perm": [2, 0, 1, 3] if k == "y" else [1, 0, 2]}), ("Flatten", "t" + k, k + "_")]
        case(name, nodes, inputs, {k + "_": F for k in outputs}, {k: rng.normal(0, 0.6, d).astype("f") for k, d in weights.items()}, values=values, rows=4)

    both = {"direction": "bidirectional"}
    lens = [5, 2, 1, 4]
    layer("LSTM", "LSTM")
    layer("LSTM y alone", "LSTM", bias=True, hidden=17, outputs="y")
    layer("LSTM reverse", "LSTM", {"direction": "reverse"}, bias=True, first=True, first_c=True)
    layer("LSTM both, lengths, peepholes", "LSTM", both, bias=True, first=True, first_c=True, peepholes=True, lens=lens)
    layer("LSTM clip", "LSTM", {"clip": 0.3}, bias=True, peepholes=True, first_c=True)
    layer("LSTM input_forget", "LSTM", {"input_forget": 1}, bias=True)
    layer("LSTM activations", "LSTM", {**both, "activations": ["HardSigmoid", "Affine", "ScaledTanh", "Sigmoid", "Softsign", "LeakyRelu"], "activation_alpha": [0.3, 0.5, 0.8, 0.2],
                                       "activation_beta": [0.4, 0.1, 0.7]}, outputs="hc")
    layer("LSTM activations by default", "LSTM", {"activations": ["hardsigmoid", "LEAKYRELU", "Elu"]})
    layer("GRU", "GRU")
    layer("GRU both, lengths", "GRU", both, bias=True, first=True, lens=lens)
    layer("GRU linear_before_reset", "GRU", {"linear_before_reset": 1, **both}, bias=True, hidden=18)
    layer("GRU linear_before_reset without bias, clip", "GRU", {"linear_before_reset": 1, "clip": 0.4}, lens=lens)
    layer("GRU clip", "GRU", {"clip": 0.3, "direction": "reverse"}, bias=True, lens=lens)
    layer("GRU activations", "GRU", {"activations": ["Softplus", "Relu"]}, steps=3)
    layer("RNN", "RNN")
    layer("RNN both, lengths", "RNN", both, bias=True, first=True, lens=lens)
    layer("RNN clip, relu", "RNN", {"clip": 0.5, "activations": ["Relu"]}, bias=True)
    layer("RNN activations", "RNN", {**both, "activations": ["ThresholdedRelu", "Elu"], "activation_alpha": [0.1, 0.5]})
    layer("RNN of no steps in one row", "RNN", both, first=True, lens=[5, 0, 3, 0])
    layer("LSTM of no steps in one row", "LSTM", both, first=True, first_c=True, lens=[5, 0, 3, 0])
    layer("GRU of no steps in one row", "GRU", both, first=True, lens=[5, 0, 3, 0])


def sampled():
    """Signals and images at places that rows bring."""
    def flat(name, op, names, inputs, attrs=None, constants=None, **kw):
        case(name, [(op, names, "z", attrs or {}), ("Flatten", "z", "y")], inputs, {"y": F}, constants, rows=3, **kw)

    for mode in ("linear", "nearest", "cubic"):
        for padding in ("zeros", "border", "reflection"):
            places = np.round(rng.normal(0, 1, (3, 2, 3, 2)), 1).astype("f")
            flat(f"GridSample {mode} {padding}", "GridSample", "x g", {"x": (F, [2, 3, 4]), "g": (F, [2, 3, 2])}, {"mode": mode, "padding_mode": padding, "align_corners": int(mode == "cubic")},
                 values={"g": places}, opset=20)
    flat("GridSample 3d", "GridSample", "x g", {"x": (F, [1, 2, 3, 4]), "g": (F, [2, 2, 1, 3])}, opset=20)
    for opset in (17, 20):
        flat(f"DFT {opset}", "DFT", "x", {"x": (F, [6, 1])}, {} if opset == 20 else {"axis": 1}, opset=opset)
        flat(f"DFT onesided {opset}", "DFT", "x n", {"x": (F, [6, 1])}, {"onesided": 1}, {"n": np.int64(7)}, opset=opset)
        flat(f"DFT inverse {opset}", "DFT", "x", {"x": (F, [5, 2])}, {"inverse": 1}, opset=opset)
    flat("STFT", "STFT", "x step w", {"x": (F, [12, 1])}, {}, {"step": np.int64(3), "w": np.hanning(6).astype("f")})
    flat("GatherND of batches", "GatherND", "x i", {"x": (F, [3, 4]), "i": (I, [2, 1])}, {"batch_dims": 1}, values={"i": rng.integers(-3, 3, (3, 2, 1))})
    one("Pow i64", "Pow", inputs={"x": (I, [3]), "p": (I, [3])}, out=I, values={"p": rng.integers(0, 4, (5, 3))})
    one("Pow i32 by f32", "Pow", inputs={"x": (I32, [3])}, out=I32, constants={"p": np.float32(2)}, extra="p")


if __name__ == "__main__":
    for part in (linear, elementwise, logic, last_axis, reduce, normalize, constants, shapes, moves, one_row, ml, edges, tables, windows, recurrent, sampled):
        part()
    with open(f"{HERE}/operators.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(len(cases), "cases")

"""Transformer encoders as exporters write them, with random weights, for make_encoders.py and bench/nets.py.

encoder(style, …) makes one ONNX model:

- "bert": what PyTorch's older exporter writes of a BERT of the transformers library: token ids and an attention mask [N,S], embeddings,
  LayerNormalization and Gelu decomposed (the latter as Erf), shapes computed from shapes, an additive mask, the mean of
  the unmasked tokens
- "tanh": the same with Gelu's approximation by tanh, the mask by Where, and the first token through a pooler
- "plain": float embeddings [N,S·H], LayerNormalization and Gelu as operators, one product for query, key and value
"""
import math
import numpy as np
from onnx import helper as h, numpy_helper as nh, TensorProto as T


class Writer:
    """Collects nodes and weights."""

    def __init__(self, seed):
        self.nodes, self.weights, self.random, self.names = [], [], np.random.default_rng(seed), 0

    def op(self, kind, *args, **attrs):
        self.names += 1
        out = f"{kind.lower()}_{self.names}"
        outs = [f"{out}_{i}" for i in range(attrs.pop("outputs", 1))]
        self.nodes.append(h.make_node(kind, list(args), outs, name=f"/{kind}_{self.names}", **attrs))
        return outs[0] if len(outs) == 1 else outs

    def constant(self, value, type="f"):
        self.names += 1
        self.weights.append(nh.from_array(np.array(value, type), f"c_{self.names}"))
        return self.weights[-1].name

    def ints(self, *values):
        return self.constant(values, "i8")

    def weight(self, *dims, scale=None):
        return self.constant(self.random.standard_normal(dims) * (scale or 1 / math.sqrt(dims[0])))

    def linear(self, x, a, b, packed=False):
        return self.op("Add", self.weight(b, scale=.1), self.op("MatMul", x, self.weight(a, b)))

    def size(self, x, axis):
        """Dimension `axis` of x as a vector of one, as exporters compute it."""
        return self.op("Unsqueeze", self.op("Gather", self.op("Shape", x), self.constant(axis, "i8"), axis=0), self.ints(0))

    def norm(self, x, n, whole):
        scale, shift = self.constant(1 + self.random.standard_normal(n) * .1), self.weight(n, scale=.1)
        if whole:
            return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-5)
        d = self.op("Sub", x, self.op("ReduceMean", x, axes=[-1]))
        v = self.op("ReduceMean", self.op("Pow", d, self.constant(2)), axes=[-1])
        y = self.op("Div", d, self.op("Sqrt", self.op("Add", v, self.constant(1e-12))))
        return self.op("Add", self.op("Mul", y, scale), shift)

    def gelu(self, x, style):
        if style == "plain":
            return self.op("Gelu", x)
        if style == "bert":
            e = self.op("Erf", self.op("Div", x, self.constant(math.sqrt(2))))
            return self.op("Mul", self.op("Mul", x, self.op("Add", e, self.constant(1))), self.constant(.5))
        cube = self.op("Mul", self.op("Pow", x, self.constant(3)), self.constant(.044715))
        t = self.op("Tanh", self.op("Mul", self.op("Add", x, cube), self.constant(math.sqrt(2 / math.pi))))
        return self.op("Mul", self.op("Mul", x, self.constant(.5)), self.op("Add", t, self.constant(1)))


def attention(w, x, mask, hidden, heads, seq, style):
    each = hidden // heads
    if style == "plain":
        qkv = w.op("Reshape", w.linear(x, hidden, 3 * hidden), w.ints(0, seq, 3, heads, each))
        parts = w.op("Split", w.op("Transpose", qkv, perm=[2, 0, 3, 1, 4]), axis=0, num_outputs=3, outputs=3)
        q, k, v = [w.op("Squeeze", p, w.ints(0)) for p in parts]
        k = w.op("Transpose", k, perm=[0, 1, 3, 2])
    else:
        def split(perm):
            y = w.linear(x, hidden, hidden)
            shape = w.op("Concat", w.size(y, 0), w.size(y, 1), w.ints(heads), w.ints(each), axis=0)
            return w.op("Transpose", w.op("Reshape", y, shape), perm=perm)
        q, k, v = split([0, 2, 1, 3]), split([0, 2, 3, 1]), split([0, 2, 1, 3])
    scores = w.op("MatMul", q, k)
    if style == "tanh":
        scores = w.op("Mul", scores, w.constant(1 / math.sqrt(each)))
        scores = w.op("Where", mask, scores, w.constant(np.finfo("f").min))
    else:
        scores = w.op("Div", scores, w.constant(math.sqrt(each)))
        if mask:
            scores = w.op("Add", scores, mask)
    y = w.op("Transpose", w.op("MatMul", w.op("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
    if style == "plain":
        shape = w.ints(0, seq, hidden)
    else:
        shape = w.op("Concat", w.size(y, 0), w.size(y, 1), w.ints(hidden), axis=0)
    return w.linear(w.op("Reshape", y, shape), hidden, hidden)


def embeddings(w, hidden, vocabulary, most, style):
    words = w.op("Gather", w.weight(vocabulary, hidden, scale=1), "input_ids")
    places = w.op("Slice", w.constant(np.arange(most)[None], "i8"), w.ints(0), w.size("input_ids", 1), w.ints(1), w.ints(1))
    x = w.op("Add", words, w.op("Gather", w.weight(most, hidden, scale=.5), places))
    mask = w.op("Unsqueeze", w.op("Unsqueeze", "attention_mask", w.ints(1)), w.ints(2))
    if style == "tanh":
        mask = w.op("Cast", mask, to=T.BOOL)
    else:
        mask = w.op("Sub", w.constant(1), w.op("Cast", mask, to=T.FLOAT))
        mask = w.op("Mul", mask, w.constant(np.finfo("f").min))
    return w.norm(x, hidden, False), mask


def pooled(w, x, hidden, seq, style):
    if style == "plain":
        return w.op("ReduceMean", x, w.ints(1), keepdims=0)
    if style == "tanh":
        first = w.op("Gather", x, w.constant(0, "i8"), axis=1)
        return w.op("Tanh", w.op("Gemm", first, w.weight(hidden, hidden), w.weight(hidden, scale=.1), transB=1))
    m = w.op("Cast", w.op("Unsqueeze", "attention_mask", w.ints(-1)), to=T.FLOAT)
    m = w.op("Expand", m, w.op("Shape", x))
    total = w.op("ReduceSum", w.op("Mul", x, m), w.ints(1), keepdims=0)
    return w.op("Div", total, w.op("Clip", w.op("ReduceSum", m, w.ints(1), keepdims=0), w.constant(1e-9)))


def encoder(style, hidden, heads, ffn, seq, layers=6, vocabulary=1000, open_sequence=False, seed=3):
    w = Writer(seed)
    if style == "plain":
        x, mask = w.op("Reshape", "x", w.ints(-1, seq, hidden)), None
        inputs = [h.make_tensor_value_info("x", T.FLOAT, ["N", seq * hidden])]
    else:
        length = "sequence_length" if open_sequence else seq
        inputs = [h.make_tensor_value_info(n, T.INT64, ["batch_size", length]) for n in ("input_ids", "attention_mask")]
        x, mask = embeddings(w, hidden, vocabulary, max(seq, 16), style)
    for _ in range(layers):
        x = w.norm(w.op("Add", x, attention(w, x, mask, hidden, heads, seq, style)), hidden, style == "plain")
        y = w.linear(w.gelu(w.linear(x, hidden, ffn), style), ffn, hidden)
        x = w.norm(w.op("Add", x, y), hidden, style == "plain")
    w.nodes.append(h.make_node("Identity", [pooled(w, x, hidden, seq, style)], ["embedding"]))
    graph = h.make_graph(w.nodes, "encoder", inputs, [h.make_tensor_value_info("embedding", T.FLOAT, [inputs[0].type.tensor_type.shape.dim[0].dim_param, hidden])], w.weights)
    opset = {"bert": 14, "tanh": 17, "plain": 20}[style]
    return h.make_model(graph, opset_imports=[h.make_opsetid("", opset)], ir_version=8)

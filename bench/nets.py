"""Networks of the usual shapes with random weights, as ONNX: what bench/models.py times inside queries.

Run by hand it writes them: nets.py DIR [NAME ...]. A net's value in NETS is (its builder, rows to time, its inputs), an input
being (name, element type, dimensions without the batch, the bound of integers). Every net's answer is one number a row.
"""
import math, os, sys
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper as nh


class Net:
    """Collects nodes and weights; each method appends a layer and returns the name of its output."""

    def __init__(self, seed=1):
        self.nodes, self.weights, self.random, self.count = [], [], np.random.default_rng(seed), 0

    def weight(self, value, kind="f"):
        self.count += 1
        self.weights.append(nh.from_array(np.asarray(value, kind), f"w{self.count}"))
        return self.weights[-1].name

    def normal(self, *shape, fan=1):
        return self.weight(self.random.standard_normal(shape) / math.sqrt(fan))

    def op(self, kind, *inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"v{self.count}" if k == outputs - 1 else "" for k in range(outputs)]
        self.nodes.append(h.make_node(kind, inputs, names, **attributes))
        return names[-1]

    def conv(self, x, i, o, size, stride=1, pad=None, group=1, bias=True, gain=2.0):
        high, wide = size if isinstance(size, tuple) else (size, size)
        strides = stride if isinstance(stride, tuple) else (stride, stride)
        p = (high // 2, wide // 2) if pad is None else (pad, pad)
        w = self.normal(o, i // group, high, wide, fan=i // group * high * wide / gain)
        b = [self.weight(self.random.standard_normal(o) / 10)] if bias else []
        return self.op("Conv", x, w, *b, kernel_shape=[high, wide], strides=list(strides), pads=[*p, *p], group=group)

    def norm(self, x, c):
        r = self.random
        parts = 1 + r.random(c) / 10, r.standard_normal(c) / 10, r.standard_normal(c) / 10, 1 + r.random(c) / 10
        return self.op("BatchNormalization", x, *(self.weight(p) for p in parts))

    def relu(self, x, six=False):
        return self.op("Clip", x, self.weight(0), self.weight(6)) if six else self.op("Relu", x)

    def dense(self, x, i, o):
        return self.op("Add", self.op("MatMul", x, self.normal(i, o, fan=i)), self.weight(self.random.standard_normal(o) / 50))

    def shape(self, x, *dims):
        return self.op("Reshape", x, self.weight(dims, "i8"))

    def model(self, name, inputs, result, width):
        """The model whose output is one number a row, a mix of the width elements of result."""
        flat = self.op("Flatten", result)
        self.nodes.append(h.make_node("MatMul", [flat, self.normal(width, 1, fan=width)], ["score"]))
        graph = h.make_graph(self.nodes, name, [h.make_tensor_value_info(n, t, ["N", *d]) for n, t, d, _ in inputs],
                             [h.make_tensor_value_info("score", T.FLOAT, ["N", 1])], self.weights)
        return h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=9)


IMAGE = [("image", T.FLOAT, (3, 224, 224), 1)]


def squeezenet():
    """SqueezeNet 1.1."""
    n = Net()
    x = n.op("MaxPool", n.relu(n.conv("image", 3, 64, 3, 2, pad=0)), kernel_shape=[3, 3], strides=[2, 2])
    have = 64
    for stage in ((16, 64), (16, 64)), ((32, 128), (32, 128)), ((48, 192), (48, 192), (64, 256), (64, 256)):
        if have > 64:
            x = n.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
        for squeeze, expand in stage:
            s = n.relu(n.conv(x, have, squeeze, 1))
            x = n.op("Concat", n.relu(n.conv(s, squeeze, expand, 1)), n.relu(n.conv(s, squeeze, expand, 3)), axis=1)
            have = 2 * expand
    x = n.op("GlobalAveragePool", n.relu(n.conv(x, have, 1000, 1)))
    return n.model("squeezenet", IMAGE, x, 1000)


def resnet50():
    """ResNet-50, stride in the 3 x 3 (v1.5), batch normalisation as nodes of their own."""
    n = Net()
    x = n.relu(n.norm(n.conv("image", 3, 64, 7, 2, bias=False), 64))
    x = n.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    have = 64
    for width, blocks, stride in (64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2):
        for k in range(blocks):
            s = stride if k == 0 else 1
            y = n.relu(n.norm(n.conv(x, have, width, 1, bias=False), width))
            y = n.relu(n.norm(n.conv(y, width, width, 3, s, bias=False), width))
            y = n.norm(n.conv(y, width, 4 * width, 1, bias=False, gain=0.5), 4 * width)
            if k == 0:
                x = n.norm(n.conv(x, have, 4 * width, 1, s, bias=False, gain=1), 4 * width)
            x, have = n.relu(n.op("Add", y, x)), 4 * width
    x = n.op("Flatten", n.op("GlobalAveragePool", x))
    return n.model("resnet50", IMAGE, n.op("Gemm", x, n.normal(1000, have, fan=have), n.normal(1000, fan=100), transB=1), 1000)


def mobilenet():
    """MobileNetV2."""
    n = Net()
    x, have = n.relu(n.norm(n.conv("image", 3, 32, 3, 2, bias=False), 32), six=True), 32
    for expand, o, blocks, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
        for k in range(blocks):
            y, wide = x, have * expand
            if expand > 1:
                y = n.relu(n.norm(n.conv(y, have, wide, 1, bias=False), wide), six=True)
            y = n.relu(n.norm(n.conv(y, wide, wide, 3, stride if k == 0 else 1, group=wide, bias=False), wide), six=True)
            y = n.norm(n.conv(y, wide, o, 1, bias=False, gain=1), o)
            x, have = (n.op("Add", x, y) if k else y), o
    x = n.relu(n.norm(n.conv(x, have, 1280, 1, bias=False), 1280), six=True)
    x = n.op("Flatten", n.op("GlobalAveragePool", x))
    return n.model("mobilenet", IMAGE, n.op("Gemm", x, n.normal(1000, 1280, fan=1280), n.normal(1000, fan=100), transB=1), 1000)


TOKENS, WORDS, WIDTH, HEADS = 128, 8000, 384, 12
TEXT = [("ids", T.INT64, (TOKENS,), WORDS), ("mask", T.INT64, (TOKENS,), 2)]


def encoder():
    """Six layers of a transformer encoder over 128 tokens, MiniLM's widths; attention and Gelu as PyTorch exports them."""
    n = Net()

    def layer_norm(x):
        return n.op("LayerNormalization", x, n.weight(1 + n.random.random(WIDTH) / 10), n.normal(WIDTH, fan=400), axis=-1, epsilon=1e-12)

    def heads(x, *order):
        return n.op("Transpose", n.shape(n.dense(x, WIDTH, WIDTH), 0, 0, HEADS, WIDTH // HEADS), perm=order)

    def gelu(x):
        e = n.op("Erf", n.op("Div", x, n.weight(math.sqrt(2))))
        return n.op("Mul", n.op("Mul", x, n.op("Add", e, n.weight(1))), n.weight(0.5))

    away = n.op("Mul", n.op("Sub", n.weight(1), n.op("Cast", n.op("Unsqueeze", "mask", n.weight([1, 2], "i8")), to=T.FLOAT)), n.weight(-1e4))
    x = layer_norm(n.op("Add", n.op("Gather", n.normal(WORDS, WIDTH), "ids"), n.normal(1, TOKENS, WIDTH)))
    for _ in range(6):
        q, k, v = heads(x, 0, 2, 1, 3), heads(x, 0, 2, 3, 1), heads(x, 0, 2, 1, 3)
        scores = n.op("Add", n.op("Div", n.op("MatMul", q, k), n.weight(math.sqrt(WIDTH // HEADS))), away)
        y = n.op("Transpose", n.op("MatMul", n.op("Softmax", scores, axis=-1), v), perm=[0, 2, 1, 3])
        x = layer_norm(n.op("Add", n.dense(n.shape(y, 0, 0, WIDTH), WIDTH, WIDTH), x))
        x = layer_norm(n.op("Add", n.dense(gelu(n.dense(x, WIDTH, 4 * WIDTH)), 4 * WIDTH, WIDTH), x))
    mean = n.op("ReduceMean", x, axes=[1], keepdims=0)
    return n.model("encoder", TEXT, mean, WIDTH)


BANDS, FRAMES, STATE = 161, 100, 512
SOUND = [("sound", T.FLOAT, (1, BANDS, FRAMES), 1)]


def deepspeech():
    """The shape of DeepSpeech 2: two convolutions over a spectrogram, three bidirectional GRUs, probabilities of letters a step."""
    n = Net()
    x, high = "sound", BANDS
    for i, size, stride in (1, (41, 11), (2, 2)), (32, (21, 11), (2, 1)):
        x = n.op("Clip", n.norm(n.conv(x, i, 32, size, stride, bias=False), 32), n.weight(0), n.weight(20))
        high = (high + 1) // 2
    steps, width = FRAMES // 2, 32 * high
    x = n.op("Transpose", n.shape(x, 0, width, steps), perm=[2, 0, 1])
    for _ in range(3):
        parts = [(n.random.random(s) * 2 - 1) / math.sqrt(STATE) for s in ((2, 3 * STATE, width), (2, 3 * STATE, STATE), (2, 6 * STATE))]
        y = n.op("GRU", x, *map(n.weight, parts), hidden_size=STATE, direction="bidirectional", linear_before_reset=1)
        x, width = n.op("ReduceSum", y, n.weight([1], "i8"), keepdims=0), STATE
    x = n.op("Softmax", n.op("Transpose", n.dense(x, width, 29), perm=[1, 0, 2]), axis=2)
    return n.model("deepspeech", SOUND, x, steps * 29)


NETS = {
    "squeezenet": (squeezenet, 64, IMAGE),
    "resnet50": (resnet50, 32, IMAGE),
    "mobilenet": (mobilenet, 64, IMAGE),
    "encoder": (encoder, 64, TEXT),
    "deepspeech": (deepspeech, 32, SOUND),
}


def values(name, rows):
    """The inputs of rows rows, by name, each [rows, elements]; rows are unlike one another, so that answers are, too."""
    random, out = np.random.default_rng(11), {}
    for k, kind, dims, bound in NETS[name][2]:
        if kind == T.INT64:  # a few words a row; a mask that ends somewhere
            few = random.integers(0, bound, (rows, 3))
            v = np.take_along_axis(few, random.integers(0, 3, (rows, *dims)), 1)
            out[k] = (np.arange(*dims) < random.integers(1, dims[0], (rows, 1))).astype("i8") if k == "mask" else v
        else:  # patches of one value below noise
            patches = random.standard_normal((rows, *(-(-d // 16) for d in dims)))
            for axis, d in enumerate(dims, 1):
                patches = np.repeat(patches, 16, axis).take(np.arange(d), axis)
            out[k] = (patches + random.standard_normal((rows, *dims)) / 4).astype("f").reshape(rows, -1)
    return out


if __name__ == "__main__":
    for name in sys.argv[2:] or NETS:
        onnx.save(NETS[name][0](), os.path.join(sys.argv[1], name + ".onnx"))

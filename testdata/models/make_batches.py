#!/usr/bin/env python3
"""Makes batch_*.onnx and their rows: networks with attention, as PyTorch's exporters write them, whose batch is not the first
dimension all the way, or has heads, windows or steps folded into it. Weights are random.

    venv/bin/python make_batches.py     (torch, torchvision, onnx, onnxruntime, onnxscript)
"""
import json

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn
from torchvision.models.maxvit import MaxVit
from torchvision.models.swin_transformer import SwinTransformer
from torchvision.models.vision_transformer import VisionTransformer

from arrays import HERE, plain

ROWS, WIDTH = 4, 16


class Rows(nn.Module):
    """A network over tensors of the given shape, which rows bring flat."""

    def __init__(self, net, *shape):
        super().__init__()
        self.net, self.shape = net, shape

    def forward(self, x):
        return self.net(x.reshape(-1, *self.shape))


class Encoder(nn.Module):
    """The steps come first, then the batch."""

    def __init__(self):
        super().__init__()
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(WIDTH, 4, 32, activation="gelu"), 2, enable_nested_tensor=False)
        self.out = nn.Linear(WIDTH, 3)

    def forward(self, x):
        return self.out(self.layers(x.transpose(0, 1)).mean(0))


class Decoder(nn.Module):
    """Queries that are learned and the same for all rows; a layer over the steps of all rows as one matrix."""

    def __init__(self):
        super().__init__()
        self.into = nn.Linear(8, WIDTH)
        self.layer = nn.TransformerDecoderLayer(WIDTH, 2, 32, batch_first=True)
        self.queries = nn.Parameter(torch.randn(1, 4, WIDTH))

    def forward(self, x):
        n, steps, _ = x.shape
        y = self.into(x.reshape(n * steps, 8)).view(n, steps, WIDTH)
        return self.layer(self.queries.expand(n, -1, -1), y).reshape(n, -1)


class Conformer(nn.Module):
    """Attention over [steps, N, width], a convolution over [N, width, steps]."""

    def __init__(self):
        super().__init__()
        self.before, self.middle, self.after = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, 4)
        self.widen, self.depth, self.back = nn.Conv1d(WIDTH, 2 * WIDTH, 1), nn.Conv1d(WIDTH, WIDTH, 5, padding=2, groups=WIDTH), nn.Conv1d(WIDTH, WIDTH, 1)
        self.out = nn.Linear(WIDTH, 5)

    def forward(self, x):
        x = x.transpose(0, 1)
        y = self.before(x)
        x = x + self.attention(y, y, y)[0]
        y = nn.functional.glu(self.widen(self.middle(x).permute(1, 2, 0)), dim=1)
        x = x + self.back(nn.functional.silu(self.depth(y))).permute(2, 0, 1)
        return self.out(self.after(x).transpose(0, 1)).log_softmax(-1).mean(1)


class Picks(nn.Module):
    """Each row's own entries by the numbers of rows, as transformers' masks and poolers take them, and sizes that have the batch's."""

    def __init__(self):
        super().__init__()
        self.mix = nn.Linear(4, 4)

    def forward(self, x):
        n = x.shape[0]
        rows, steps = torch.arange(n), torch.arange(6)
        last = (x[:, :, 0].abs() * 4).long().clamp(0, 5).amax(1)
        there = x[:, :, 1] > -0.5
        mask = there[rows[:, None, None, None], steps[None, None, None, :]] & (steps[None, :] <= steps[:, None])[None, None]
        y = self.mix(x)[:, None]
        y = nn.functional.scaled_dot_product_attention(y, y, y, attn_mask=mask | (steps[None, :] == steps[:, None]))
        wide = nn.functional.interpolate(x[:, None], size=(9, 4), mode="bilinear")
        again = torch.arange(3).view(1, 3).repeat(n, 1).unsqueeze(2) * x[:, :3]
        return torch.cat([y[:, 0][rows, last], x[rows, 5 - last, 2:], wide.flatten(1), again.flatten(1), x.mean((1, 2), keepdim=True)[:, 0]], 1)


class Sums(nn.Module):
    """Equations over a batch: attention, weights for each head, inner products, and with the batch elsewhere."""

    def __init__(self):
        super().__init__()
        self.heads, self.form = nn.Parameter(torch.randn(2, 6, 3)), nn.Parameter(torch.randn(6, 6))

    def forward(self, x):
        q = torch.einsum("btd,hde->bhte", x, self.heads)
        weights = torch.einsum("bhte,bhse->bhts", q, q).softmax(-1)
        y = torch.einsum("bhts,bhse->bthe", weights, q)
        parts = [torch.einsum("bthe,hde->btd", y, self.heads), torch.einsum("bi,ij,bj->b", x[:, 0], self.form, x[:, 1]),
                 torch.einsum("tbi,bi->bt", x.transpose(0, 1), x[:, 0]), torch.einsum("b...d,d->b...", x, self.form[0]),
                 torch.einsum("bij->bji", x), torch.einsum("bij->b", x), torch.einsum("bii->bi", x[:, :, :5]), torch.einsum("bi,bj->bij", x[:, 0], x[:, 1])]
        return torch.cat([p.reshape(x.shape[0], -1) for p in parts], 1)


class Steps(nn.Module):
    """The steps come first in the input, too; its first states are an input whose first dimension is 1."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.GRU(4, 5), nn.Linear(5, 3)

    def forward(self, x, h):
        y, last = self.layer(x, h)
        return self.out(y + last)


def vit():
    net = VisionTransformer(8, 4, 2, 2, WIDTH, 32, num_classes=3)
    nn.init.normal_(net.heads.head.weight)
    return net


NETWORKS = {
    "encoder": (Rows(Encoder(), 6, WIDTH), 6 * WIDTH),
    "decoder": (Rows(Decoder(), 5, 8), 40),
    "conformer": (Rows(Conformer(), 9, WIDTH), 9 * WIDTH),
    "picks": (Rows(Picks(), 6, 4), 24),
    "sums": (Rows(Sums(), 5, 6), 30),
    "vit": (Rows(vit(), 3, 8, 8), 192),
    "maxvit": (Rows(MaxVit((8, 8), 4, 1, [8], [1], 4, 0.0, num_classes=3), 3, 8, 8), 192),
    "swin": (Rows(SwinTransformer(patch_size=[2, 2], embed_dim=8, depths=[2], num_heads=[2], window_size=[2, 2], num_classes=3), 3, 8, 8), 192),
}


def main():
    for name, (net, size) in NETWORKS.items():
        net.eval()
        x = torch.randn(ROWS, size)
        with torch.no_grad():
            want = net(x)
        for style in ("script", "dynamo"):
            path = f"{HERE}/batch_{name}_{style}.onnx"
            common = {"input_names": ["x"], "output_names": ["y"]}
            if style == "script":
                torch.onnx.export(net, (x,), path, dynamo=False, opset_version=17, dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, **common)
            else:
                torch.onnx.export(net, (x,), path, dynamo=True, external_data=False, verbose=False, dynamic_shapes=({0: torch.export.Dim("n")},), **common)
            save(path, onnx.load(path), {"x": x.numpy()}, want.numpy())
    steps()


def steps():
    """The one network whose inputs do not have the batch in front; their rows, and its outputs', do."""
    net, path = Steps().eval(), f"{HERE}/batch_steps_script.onnx"
    x, h = torch.randn(6, ROWS, 4), torch.randn(1, ROWS, 5)
    with torch.no_grad():
        want = net(x, h)
    torch.onnx.export(net, (x, h), path, dynamo=False, opset_version=17, input_names=["x", "h"], output_names=["y"],
                      dynamic_axes={"x": {1: "n"}, "h": {1: "n"}, "y": {1: "n"}})
    save(path, onnx.load(path), {"x": x.numpy(), "h": h.numpy()}, want.numpy(), 1)


def save(path, file, inputs, want, batch=0):
    """Writes the model without the exporter's traces, and what ONNX Runtime and PyTorch give."""
    g = file.graph
    for node in g.node:
        node.doc_string = ""
    for part in (g, *g.node, *g.value_info, *g.input, *g.output, *g.initializer):
        del part.metadata_props[:]
    del g.value_info[:]
    raw = file.SerializeToString()
    got = ort.InferenceSession(raw, providers=["CPUExecutionProvider"]).run(["y"], inputs)[0]
    rows = lambda a: plain(np.moveaxis(a, batch, 0))
    with open(path, "wb") as f:
        f.write(raw)
    with open(path.removesuffix(".onnx") + ".json", "w") as f:
        json.dump({"inputs": {name: rows(a) for name, a in inputs.items()}, "outputs": {"y": rows(got)}, "framework": {"y": rows(want)}}, f)


torch.manual_seed(0)
main()

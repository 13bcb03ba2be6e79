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


def vit():
    net = VisionTransformer(8, 4, 2, 2, WIDTH, 32, num_classes=3)
    nn.init.normal_(net.heads.head.weight)
    return net


NETWORKS = {
    "encoder": (Rows(Encoder(), 6, WIDTH), 6 * WIDTH),
    "decoder": (Rows(Decoder(), 5, 8), 40),
    "conformer": (Rows(Conformer(), 9, WIDTH), 9 * WIDTH),
    "vit": (Rows(vit(), 3, 8, 8), 192),
    "swin": (Rows(SwinTransformer(patch_size=[2, 2], embed_dim=8, depths=[2], num_heads=[2], window_size=[2, 2], num_classes=3), 3, 8, 8), 192),
}


def main():
    for name, (net, size) in NETWORKS.items():
        net.eval()
        x = torch.randn(ROWS, size)
        with torch.no_grad():
            want = net(x)
        for style in ("script",) if name == "swin" else ("script", "dynamo"):  # the other takes a mean's elements by the rows' numbers
            path = f"{HERE}/batch_{name}_{style}.onnx"
            common = {"input_names": ["x"], "output_names": ["y"]}
            if style == "script":
                torch.onnx.export(net, (x,), path, dynamo=False, opset_version=17, dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, **common)
            else:
                torch.onnx.export(net, (x,), path, dynamo=True, external_data=False, verbose=False, dynamic_shapes=({0: torch.export.Dim("n")},), **common)
            save(path, onnx.load(path), x.numpy(), want.numpy())


def save(path, file, x, want):
    """Writes the model without the exporter's traces, and what ONNX Runtime and PyTorch give."""
    g = file.graph
    for node in g.node:
        node.doc_string = ""
    for part in (g, *g.node, *g.value_info, *g.input, *g.output, *g.initializer):
        del part.metadata_props[:]
    del g.value_info[:]
    raw = file.SerializeToString()
    got = ort.InferenceSession(raw, providers=["CPUExecutionProvider"]).run(["y"], {"x": x})[0]
    with open(path, "wb") as f:
        f.write(raw)
    with open(path.removesuffix(".onnx") + ".json", "w") as f:
        json.dump({"inputs": {"x": plain(x)}, "outputs": {"y": plain(got)}, "framework": {"y": plain(want)}}, f)


torch.manual_seed(0)
main()

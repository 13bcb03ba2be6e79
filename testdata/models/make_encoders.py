#!/usr/bin/env python3
"""Makes encoder_*.onnx and their rows: small transformer encoders as exporters write them, with random weights (encoders.py).

    venv/bin/python make_encoders.py
"""
import json

import numpy as np
import onnxruntime as ort

from arrays import HERE, plain
from encoders import encoder

HIDDEN, HEADS, SEQUENCE, VOCABULARY, ROWS = 24, 2, 7, 30, 6


def main():
    random = np.random.default_rng(9)
    for style in "bert", "tanh", "plain":
        model = encoder(style, HIDDEN, HEADS, 40, SEQUENCE, layers=2, vocabulary=VOCABULARY).SerializeToString()
        if style == "plain":
            inputs = {"x": random.standard_normal((ROWS, SEQUENCE * HIDDEN)).astype("f")}
        else:
            mask = np.arange(SEQUENCE) < random.integers(1, SEQUENCE + 1, (ROWS, 1))
            inputs = {"input_ids": random.integers(0, VOCABULARY, (ROWS, SEQUENCE)), "attention_mask": mask.astype("i8")}
        session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
        outputs = {o.name: plain(v) for o, v in zip(session.get_outputs(), session.run(None, inputs))}
        with open(f"{HERE}/encoder_{style}.onnx", "wb") as f:
            f.write(model)
        with open(f"{HERE}/encoder_{style}.json", "w") as f:
            json.dump({"inputs": {k: plain(v) for k, v in inputs.items()}, "outputs": outputs, "framework": {}}, f)


main()

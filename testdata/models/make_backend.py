"""Chooses cases of the ONNX backend test suite for backend.zip: the smallest three of each operator that `flernd model check
--format json NODE` lists as passed, the smallest forty of expanded functions, and what else has an operator that those lack.

usage: make_backend.py REPORT.json NODE-FOLDER
"""
import collections
import json
import os
import sys
import zipfile

import onnx

report, folder = sys.argv[1:]
by_operator = collections.defaultdict(list)
for case in json.load(open(report))["results"]:
    files = [os.path.join(path, name) for path, _, names in os.walk(os.path.join(folder, case["case"])) for name in names]
    size = sum(map(os.path.getsize, files))
    if case["passed"] and size < 20_000 and case["took_ns"] < 1e9:
        by_operator[case["operator"]].append((size, case["case"], sorted(files)))
there = set()
target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "backend.zip")
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
    for operator, cases in sorted(by_operator.items()):
        for i, (_, case, files) in enumerate(sorted(cases)):
            nodes = {node.op_type for node in onnx.load(os.path.join(folder, case, "model.onnx")).graph.node}
            if i >= (40 if operator.startswith("(") else 3) and nodes <= there:
                continue
            there |= nodes
            for name in files:
                info = zipfile.ZipInfo(os.path.relpath(name, folder))
                info.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(info, open(name, "rb").read())

#!/usr/bin/env bash
# The figures of models inside queries beside ONNX Runtime, PyTorch, XGBoost, LightGBM, lleaves, DuckDB with a user-defined
# function and PySpark, on the same cores. Arguments: numbers of threads. Peers go to build/bench; PySpark needs a Java.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=build/bench
mkdir -p "$scratch"
[ -x "$scratch/venv/bin/python" ] || python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -c 'import duckdb, numpy, onnx, onnxruntime, pyarrow, xgboost, lightgbm, lleaves, llvmlite.binding as b; b.PassManagerBuilder' 2>/dev/null ||
  "$scratch/venv/bin/pip" install -q duckdb numpy onnx onnxruntime pyarrow xgboost lightgbm lleaves 'llvmlite<0.45' scikit-learn
"$scratch/venv/bin/python" -c 'import torch, torchvision' 2>/dev/null ||
  "$scratch/venv/bin/pip" install -q torch torchvision --index-url https://download.pytorch.org/whl/cpu ||
  "$scratch/venv/bin/pip" install -q torch torchvision || echo "PyTorch could not be installed: left out"
"$scratch/venv/bin/python" -c 'import pyspark, pandas' 2>/dev/null ||
  "$scratch/venv/bin/pip" install -q pyspark pandas || echo "PySpark could not be installed: left out"
"${CC:-gcc}" -O3 -march=native -mprefer-vector-width=512 -ffp-contract=fast -pthread bench/peak.c -o "$scratch/peak"
exec "$scratch/venv/bin/python" bench/models.py "$scratch" "${@:-}"

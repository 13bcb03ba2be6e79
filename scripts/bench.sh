#!/usr/bin/env bash
# The figures of flernd beside DuckDB, ONNX Runtime and hand-written C, on the same cores. Arguments: numbers of threads.
# Peers and data go to build/bench; the first run downloads and makes them.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=build/bench
mkdir -p "$scratch"
[ -x "$scratch/venv/bin/python" ] || python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -c 'import duckdb, numpy, onnx, onnxruntime' 2>/dev/null && [ -x "$scratch/venv/bin/tpchgen-cli" ] ||
  "$scratch/venv/bin/pip" install -q duckdb numpy onnx onnxruntime tpchgen-cli
"${CC:-gcc}" -O3 -march=native -mprefer-vector-width=512 -pthread bench/reference.c -o "$scratch/reference"
exec "$scratch/venv/bin/python" bench/bench.py "$scratch" "${@:-}"

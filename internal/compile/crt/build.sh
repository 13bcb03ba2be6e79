#!/bin/sh
# Builds the executor with the runtime kernels, once for each ISA, into bin/. Only what changed is compiled again.
#   build.sh [ISA...]     of: baseline avx2 avx512 (all when none is named); CC and CFLAGS_EXTRA are respected
set -eu
cd "$(dirname "$0")"
CC=${CC:-gcc}
command -v "$CC" >/dev/null || { echo "build.sh: no C compiler '$CC' (install the package gcc)" >&2; exit 1; }
[ $# -gt 0 ] || set -- baseline avx2 avx512
command -v make >/dev/null || { echo "build.sh: no make (install the package make)" >&2; exit 1; }
mkdir -p bin
exec make --no-print-directory -s -j "$(nproc)" -f build.mk CC="$CC" CFLAGS_EXTRA="${CFLAGS_EXTRA:-}" \
  $(for isa in "$@"; do echo "bin/executor-$isa"; done)

#!/bin/sh
# Builds the executor with the runtime kernels, once for each ISA, into bin/. Only what changed is compiled again.
#   build.sh [VARIANT...]   of: baseline avx2 avx512 (all three when none is named), and asan tsan, which go into build/
# CC and CFLAGS_EXTRA are respected.
set -eu
cd "$(dirname "$0")"
CC=${CC:-gcc}
for tool in "$CC" make; do
  command -v "$tool" >/dev/null || { echo "build.sh: no $tool (Debian: apt install gcc make)" >&2; exit 1; }
done
[ $# -gt 0 ] || set -- baseline avx2 avx512
targets=
for variant; do
  case $variant in
    baseline | avx2 | avx512) targets="$targets bin/executor-$variant" ;;
    asan | tsan) targets="$targets build/executor-$variant" ;;
    *) echo "build.sh: unknown variant $variant" >&2; exit 1 ;;
  esac
done
exec make --no-print-directory -s -j "$(nproc)" -f build.mk CC="$CC" CFLAGS_EXTRA="${CFLAGS_EXTRA:-}" $targets

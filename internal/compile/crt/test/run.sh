#!/bin/sh
# Builds and runs the tests of the kernels for every instruction set this machine has; `run.sh asan` under the sanitizers.
set -e
cd "$(dirname "$0")"
mode=${1:-plain}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-O2 -ffp-contract=off -fno-math-errno -fno-strict-aliasing -Wall -Wextra -Wno-psabi -Werror"
if test "$mode" = asan; then flags="$flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"; fi
runtime=$(find ../src -name 'kernels*.c' -o -name 'text*.c' -o -name 'num*.c' -o -name 'datetime*.c' -o -name 'cast*.c' \
  -o -name 'result*.c' -o -name 'mathfn*.c' -o -name 'dense*.c' -o -name 'wide*.c' -o -name 'model_*.c' -o -name 'fsum.c' | sort)
isas="x86-64"
if grep -qw avx2 /proc/cpuinfo; then isas="$isas x86-64-v3"; fi
if grep -qw avx512bw /proc/cpuinfo; then isas="$isas x86-64-v4"; fi
for isa in ${ISAS:-$isas}; do
  for c in $runtime testing.c; do
    ${CC:-gcc} $flags -march=$isa -c -o "$out/$(basename "$c" .c).o" "$c"
  done
  for t in ${TESTS:-prims_test.c kernels_test.c values_test.c model_test.c fsum_test.c}; do
    ${CC:-gcc} $flags -march=$isa -o "$out/t" "$t" "$out"/*.o -lm
    "$out/t" >"$out/log" || { cat "$out/log"; echo "FAILED: $t, $isa, $mode"; exit 1; }
    sed "s/^/$isa: /" "$out/log"
  done
done

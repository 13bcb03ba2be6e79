#!/bin/sh
# Runs the tests of the runtime, linked with the objects that go into the executor, for every instruction set this machine has;
# `run.sh asan` under the sanitizers. TESTS names some of the tests.
set -e
cd "$(dirname "$0")"
mode=${1:-plain}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-std=gnu11 -O2 -ffp-contract=off -fno-math-errno -fno-strict-aliasing -pthread -Wall -Wextra -Wno-psabi -Werror"
variants="baseline:x86-64"
if grep -qw avx2 /proc/cpuinfo; then variants="$variants avx2:x86-64-v3"; fi
if grep -qw avx512bw /proc/cpuinfo; then variants="$variants avx512:x86-64-v4"; fi
if test "$mode" = asan; then
  flags="$flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
  variants=$(echo "$variants" | sed 's/baseline:/asan-baseline:/; s/avx2:/asan:/; s/avx512:/asan-avx512:/')
fi
for v in $variants; do
  objects=build/${v%:*}/runtime.a
  make --no-print-directory -s -j "$(nproc)" -C .. -f build.mk CC="${CC:-gcc}" "$objects"
  for t in ${TESTS:-*_test.c}; do
    ${CC:-gcc} $flags "-march=${v#*:}" -o "$out/t" "$t" testing.c "../$objects" -lm
    "$out/t" >"$out/log" || { cat "$out/log"; echo "FAILED: $t, $v"; exit 1; }
    sed "s/^/${v%:*}: /" "$out/log"
  done
done

#!/bin/sh
# Runs the tests of the CSV reader and the table sink, linked with the objects that go into the executor, for every instruction
# set this machine has; `run.sh asan` and `run.sh tsan` under the sanitizers, for one.
set -e
cd "$(dirname "$0")"
mode=${1:-plain}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-std=gnu11 -O3 -ffp-contract=off -fno-strict-aliasing -pthread -Wall -Wextra -Wno-missing-field-initializers -Wno-clobbered -Werror"
variants="baseline:x86-64"
if grep -qw avx2 /proc/cpuinfo; then variants="$variants avx2:x86-64-v3"; fi
if grep -qw avx512bw /proc/cpuinfo; then variants="$variants avx512:x86-64-v4"; fi
case $mode in
  asan) flags="$flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" variants=asan:x86-64-v3 ;;
  tsan) flags="$flags -O1 -g -fsanitize=thread" variants=tsan:x86-64-v3 ;;
esac
export ASAN_OPTIONS=detect_leaks=0
for v in $variants; do
  objects=build/${v%:*}/runtime.a
  make --no-print-directory -s -j "$(nproc)" -C ../.. -f build.mk CC="${CC:-gcc}" "$objects"
  for t in csv_test sink_test dict_test; do # dict_test has a dictionary of its own, which goes before that of the objects
    ${CC:-gcc} $flags "-march=${v#*:}" -o "$out/$t" $t.c stub.c "../../$objects" -lm
  done
  "$out/dict_test"
  "$out/csv_test" testdata/copy_cases "${ROUNDS:-3000}"
  "$out/sink_test" "${TABLES:-20}"
  echo "${v%:*}: csv_test, sink_test, dict_test ok"
done

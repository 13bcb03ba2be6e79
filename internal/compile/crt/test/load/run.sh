#!/bin/sh
# Builds and runs the tests of the CSV reader and the table sink for every instruction set this machine has;
# `run.sh asan` and `run.sh tsan` under the sanitizers, for one.
set -e
cd "$(dirname "$0")"
mode=${1:-plain}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-std=gnu11 -O3 -ffp-contract=off -fno-strict-aliasing -pthread -Wall -Wextra -Wno-missing-field-initializers -Wno-clobbered -Werror"
isas="x86-64"
if grep -qw avx2 /proc/cpuinfo; then isas="$isas x86-64-v3"; fi
if grep -qw avx512bw /proc/cpuinfo && test "$mode" = plain; then isas="$isas x86-64-v4"; fi
case $mode in
  asan) flags="$flags -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" isas=${isas##* } ;;
  tsan) flags="$flags -O1 -g -fsanitize=thread" isas=${isas##* } ;;
esac
export ASAN_OPTIONS=detect_leaks=0
for isa in $isas; do
  ${CC:-gcc} $flags -march=$isa -o "$out/csv_test" csv_test.c stub.c ../../src/csv_*.c
  ${CC:-gcc} $flags -march=$isa -o "$out/sink_test" sink_test.c stub.c ../../src/sink*.c ../../src/csv_*.c
  ${CC:-gcc} $flags -march=$isa -o "$out/dict_test" dict_test.c stub.c $(ls ../../src/sink_*.c | grep -v sink_dict.c) ../../src/sink.c ../../src/csv_*.c
  "$out/dict_test"
  "$out/csv_test" testdata/copy_cases "${ROUNDS:-3000}"
  "$out/sink_test" "${TABLES:-20}"
  echo "$isa: csv_test, sink_test, dict_test ok"
done

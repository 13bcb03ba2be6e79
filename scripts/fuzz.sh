#!/usr/bin/env bash
# Runs every fuzz target of the module for $FUZZTIME.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
grep -rEHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' internal cmd |
  sed -E 's|^(.*)/[^/]*:func (Fuzz.*)$|\1 \2|' | sort -u |
  while read -r package target; do
    echo "== $package $target"
    "$go" test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" </dev/null
  done

#!/usr/bin/env bash
# What flernd's build and tests need beyond Go, git and make.
#   deps.sh check     exit 1 with a list if something the build needs is missing
#   deps.sh install   install what is missing with apt-get (as root or by sudo); elsewhere say what to install
set -euo pipefail

# command → Debian package, and what it is for. A C compiler with its headers is needed at run time too: it compiles queries.
needed_to_build=(gcc:gcc go:golang)
needed_to_test=(tcc:tcc psql:postgresql-client python3:python3)

has() { command -v "$1" >/dev/null 2>&1; }

# missing LIST... prints the Debian packages of the commands that are not there.
missing() {
  local entry
  for entry in "$@"; do
    has "${entry%%:*}" || echo "${entry#*:}"
  done
  if has gcc && ! echo '#include <pthread.h>' | gcc -E -x c - >/dev/null 2>&1; then echo libc6-dev; fi
  if has python3 && ! python3 -c 'import ensurepip' >/dev/null 2>&1; then echo python3-venv; fi
}

case "${1:-}" in
check)
  packages=$(missing "${needed_to_build[@]}" | grep -v python3-venv || true)
  [ -z "$packages" ] && exit 0
  echo "flernd's build needs a C compiler and Go. Missing, by Debian's package names:" $packages >&2
  echo "Install them ('make deps' does so on Debian), then run make again." >&2
  exit 1
  ;;
install)
  packages=$(missing "${needed_to_build[@]}" "${needed_to_test[@]}")
  has gcc || packages="$packages libc6-dev"
  has python3 || packages="$packages python3-venv"
  packages=$(echo $packages)
  [ -z "$packages" ] && exit 0
  case " $packages " in *" golang "*)
    echo "Go is missing: install the version that go.mod names from https://go.dev/dl/ and put it on PATH." >&2
    exit 1 ;;
  esac
  if ! has apt-get; then
    echo "This is no Debian-like system. Install what gives: $packages" >&2
    echo "(gcc or clang with the C library's headers; tcc if your system has it; psql; python3 with venv)" >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! has sudo; then
      echo "Missing: $packages. Run as root: apt-get install $packages" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "installing: $packages"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086 # a list of packages
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends $packages >/dev/null
  ;;
*)
  echo "usage: deps.sh check|install" >&2
  exit 2
  ;;
esac

#!/bin/sh
# Builds and runs all tests: sh tests/run.sh [--sanitizers]
# --sanitizers: core and ui/runs under the address, undefined-behaviour and thread sanitizers instead.
# Installs what is missing with apt-get.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/setup.sh"

build_and_test() {
    build "$1"
    (cd "$root" && ctest --preset "$1" </dev/null)
}

case "${1-}" in
    "")
        # shellcheck disable=SC2086
        install_packages $build_packages
        build_and_test release
        ;;
    --sanitizers)
        # shellcheck disable=SC2086
        install_packages $build_packages $sanitizer_packages
        build_and_test asan
        build_and_test tsan
        ;;
    *)
        echo "error: unknown argument '$1'" >&2
        echo "usage: sh tests/run.sh [--sanitizers]" >&2
        exit 2
        ;;
esac

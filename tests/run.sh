#!/bin/sh
# Builds and runs the tests: sh tests/run.sh [--long | --sanitizers]
# --long: also those that take minutes (label `long`).
# --sanitizers: core and ui/runs under the address, undefined-behaviour and thread sanitizers instead.
# Installs what is missing with apt-get.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/setup.sh"

# build_and_test PRESET [ctest arguments]
build_and_test() {
    preset=$1
    shift
    build "$preset"
    (cd "$root" && ctest --preset "$preset" "$@" </dev/null)
}

case "${1-}" in
    "")
        require_place release
        # shellcheck disable=SC2086
        install_packages $build_packages $test_packages
        build_and_test release -LE long
        ;;
    --long)
        require_place release
        # shellcheck disable=SC2086
        install_packages $build_packages $test_packages
        build_and_test release
        ;;
    --sanitizers)
        require_place asan
        # shellcheck disable=SC2086
        install_packages $build_packages $test_packages $sanitizer_packages
        build_and_test asan
        build_and_test tsan
        ;;
    *)
        echo "error: unknown argument '$1'" >&2
        echo "usage: sh tests/run.sh [--long | --sanitizers]" >&2
        exit 2
        ;;
esac

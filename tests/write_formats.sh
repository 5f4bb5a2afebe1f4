#!/bin/sh
# Writes what resources/help/formats.md has between its comments (keys, names, options) anew from the program: sh tests/write_formats.sh
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/setup.sh"

build release --target app_tests
cd "$root"
ATTENTION_LAB_WRITE_FORMATS=1 ctest --preset release -R app_formats_test --output-on-failure </dev/null
git --no-pager diff --stat -- resources/help/formats.md 2>/dev/null || true

#!/bin/sh
# Builds Attention Lab (once) and starts it: sh app/run.sh [FILE | COMMAND ...]
# Installs what is missing with apt-get. Without a display it trains the preset 'reverse' and draws it into files.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/setup.sh"
program="$root/build/release/app/attention-lab"

run_headless() {
    echo "No display (DISPLAY and WAYLAND_DISPLAY are not set): training the preset 'reverse' without the window." >&2
    results="$root/build/reverse"
    mkdir -p "$results" 2>/dev/null && [ -w "$results" ] || results=$(mktemp -d)
    "$program" train reverse --out "$results/reverse.safetensors" --metrics "$results/reverse.csv"
    "$program" render "$results/reverse.safetensors" --view curves --metrics "$results/reverse.csv" --out "$results/curves.png"
    "$program" render "$results/reverse.safetensors" --view maps --input "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3" --out "$results/maps.png"
    echo "Curves: $results/curves.png"
    echo "Maps:   $results/maps.png"
}

# A checkout that others own is started as they have built it.
if can_build release || [ ! -x "$program" ]; then
    require_place release
    # shellcheck disable=SC2086
    install_packages $build_packages
    if [ -n "${WAYLAND_DISPLAY-}" ] && [ -z "${DISPLAY-}" ]; then
        install_packages qt6-wayland
    fi
    [ -x "$program" ] || echo "Building Attention Lab; the first time takes a few minutes." >&2
    build release --target attention-lab
fi

if [ $# -eq 0 ] && [ -z "${DISPLAY-}" ] && [ -z "${WAYLAND_DISPLAY-}" ]; then
    run_headless
else
    exec "$program" "$@"
fi

#!/bin/sh
# The Debian package on a bare Debian: installed with what it depends on, tried, removed, and nothing of it left.
#     tests/packaging/package.sh FILE.deb SUITE        (as root; needs debootstrap and a network; SUITE is bookworm, trixie, ...)
set -eu
package=$(realpath "${1:?usage: package.sh FILE.deb SUITE}")
suite=${2:?usage: package.sh FILE.deb SUITE}
. "$(dirname "$0")/bare.sh"
bare_make "$suite"
bare_open "$suite"

# Files that may differ before and after: what apt and dpkg keep for themselves, and caches of packages that stay.
files() {
    bare_run find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path /var/log \) -prune -o -print | sort
}

bare_run apt-get update -q >/dev/null || fail "apt-get update: is there a network?"
# What it depends on first, so that what is left behind can only be its own.
cp "$package" "$bare/tmp/lab.deb"
began=$(date +%s)
bare_run apt-get install -q -y --no-install-recommends /tmp/lab.deb >"$bare_place/apt.log" 2>&1 || {
    tail -20 "$bare_place/apt.log"
    fail "apt-get install"
}
ok "installed on $suite in $(($(date +%s) - began)) s: $(bare_run dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} KiB' attention-lab)"
bare_run dpkg -s attention-lab | grep '^Depends:'
bare_run useradd -m lab 2>/dev/null || true

bare_as lab attention-lab --version | head -1 || fail "--version"
ok "--version"
bare_as lab attention-lab train reverse --set training.steps=20 --set task.test_size=100 --quiet --out r.safetensors || fail "train"
ok "trains the preset reverse, 20 steps"
bare_as lab attention-lab render r.safetensors --view maps --input "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3" --out maps.png || fail "render"
ok "renders maps: $(stat -c %s "$bare/home/lab/maps.png") bytes"
bare_as lab timeout 10 attention-lab 2>&1 | grep -q "there is no display" || fail "without a display"
ok "without a display it says so"

# A window that is really there, on a display of the host's.
if command -v Xvfb >/dev/null && command -v xdotool >/dev/null; then
    number=${LAB_DISPLAY:-:97}
    Xvfb "$number" -screen 0 1280x800x24 -ac -listen tcp -nolisten unix >/dev/null 2>&1 &
    screen=$!
    sleep 2
    bare_as lab env DISPLAY="127.0.0.1$number" attention-lab --lesson reverse >"$bare_place/window.log" 2>&1 &
    seen=
    for _ in $(seq 120); do
        if seen=$(DISPLAY="127.0.0.1$number" xdotool search --onlyvisible --class attention-lab getwindowname 2>/dev/null | head -1) && [ -n "$seen" ]; then break; fi
        sleep 1
    done
    [ -z "${LAB_PICTURE-}" ] || { sleep 8; DISPLAY="127.0.0.1$number" import -window root "$LAB_PICTURE"; }
    for id in $(bare_run sh -c 'for p in /proc/[0-9]*; do [ "$(readlink $p/exe)" = /usr/bin/attention-lab ] && echo ${p#/proc/}; done'); do
        [ "$(readlink "/proc/$id/root")" = "$bare" ] && kill "$id"
    done
    sleep 2
    kill "$screen"
    [ -n "$seen" ] || { cat "$bare_place/window.log"; fail "no window"; }
    ok "opens a window: $seen"
fi

files >"$bare_place/with"
bare_run apt-get purge -q -y attention-lab >"$bare_place/purge.log" 2>&1 || fail "apt-get purge"
files >"$bare_place/without"
left=$(bare_run find / -xdev -iname '*attention[-_]lab*' -not -path '/proc/*' -not -path '/home/*' -not -path '/var/log/*' -not -path '/var/cache/apt/*')
[ -z "$left" ] || fail "left behind: $left"
bare_run sh -c '! grep -q attention-lab /usr/share/mime/globs2 /usr/share/applications/mimeinfo.cache 2>/dev/null' || fail "a cache still names it"
ok "purged: $(comm -23 "$bare_place/with" "$bare_place/without" | grep -c .) files gone, none of it left"
echo "$checks checks held on $suite"

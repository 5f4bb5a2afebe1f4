#!/bin/sh
# The program on a disk that is really full, then read-only, then gone: each gives a sentence and loses nothing.
#     tests/full_disk.sh BUILD_FOLDER        (as root: it mounts a small tmpfs; needs the targets attention-lab and kill_nine_window)
set -eu
[ "$(id -u)" = 0 ] || { echo "full_disk.sh: needs root, to mount a tmpfs" >&2; exit 2; }
build=$(cd "${1:?usage: full_disk.sh BUILD_FOLDER}" && pwd)
program=$build/app/attention-lab
window=$build/tests/kill_nine_window
place=$(mktemp -d)
disk=$place/disk
mkdir "$disk"
mount -t tmpfs -o size=64m tmpfs "$disk"
window_id=
trap '[ -z "$window_id" ] || kill "$window_id" 2>/dev/null || true; umount -l "$disk" 2>/dev/null || true; rm -rf "$place"' EXIT
export QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=passive ATTENTION_LAB_AUTOSAVE_SECONDS=0.3
cd "$place"

small="--set training.steps=20 --set training.batch_size=16 --set task.seq_len=4 --set task.train_size=64 --set task.validation_size=8 --set task.test_size=8 --quiet"
fail() { echo "FAILED: $1" >&2; exit 1; }
# says SENTENCE COMMAND...: it fails with the sentence.
says() {
    sentence=$1; shift
    if "$@" >out 2>&1; then fail "$* went well"; fi
    grep -q "$sentence" out || { cat out; fail "$* does not say '$sentence'"; }
    echo "ok: $(grep "$sentence" out | head -1)"
}
# waits until FILE has a line that begins with WORD, some 20 s
waits() {
    for _ in $(seq 200); do grep -q "^$2" "$1" 2>/dev/null && return; sleep 0.1; done
    cat "$1"; fail "the window does not say '$2'"
}

# shellcheck disable=SC2086
"$program" train reverse $small --out "$disk/good.safetensors" >/dev/null
cp "$disk/good.safetensors" good.safetensors
dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null || true
# shellcheck disable=SC2086
says "cannot be written: No space left on device; the state of step 20 is in" "$program" train reverse $small --out "$disk/good.safetensors"
cmp "$disk/good.safetensors" good.safetensors || fail "the file before is no longer what it was"
says "No space left on device" "$program" render good.safetensors --view maps --input "3 1 4 1" --out "$disk/maps.png"
says "No space left on device" "$program" render good.safetensors --view maps --input "3 1 4 1" --out "$disk/maps.svg"
# shellcheck disable=SC2086
says "metrics.csv" "$program" train reverse $small --set training.steps=200 --metrics "$disk/metrics.csv"

rm "$disk/filler"
mkdir "$disk/session"
"$window" "$disk/session" >window.log 2>&1 & window_id=$!
waits window.log saved
dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null || true
waits window.log "unsaved: .*No space left on device"
echo "ok: $(grep '^unsaved' window.log | head -1)"
kill -9 "$window_id"; wait "$window_id" 2>/dev/null || true; window_id=
"$window" "$disk/session" --check || fail "the session before the disk was full does not open"

mount -o remount,ro "$disk"
# shellcheck disable=SC2086
says "Read-only file system" "$program" train reverse $small --out "$disk/other.safetensors"
"$window" "$disk/session" >window.log 2>&1 & window_id=$!
waits window.log "unsaved: .*Read-only file system"
echo "ok: $(grep '^unsaved' window.log | head -1)"
umount -l "$disk"
rmdir "$disk"
sleep 1
kill -0 "$window_id" || fail "the window ended when the disk went"
echo "nothing is lost on a full, a read-only and a vanished disk"

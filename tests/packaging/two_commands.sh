#!/bin/sh
# The two commands of the README on a bare Debian, as different people have it: with sudo, without, without the right to it, without a network,
# in a folder with spaces, in one that cannot be written.
#     tests/packaging/two_commands.sh SUITE [--whole]        (as root; needs debootstrap and a network)
# What is installed is installed; the build is cut short by a cmake that says what it was asked for and makes a program of three lines.
# --whole builds for real, in the folder with spaces, and says how long it took until the program ran.
set -eu
suite=${1:?usage: two_commands.sh SUITE [--whole]}
whole=${2-}
. "$(dirname "$0")/bare.sh"
checkout=$(cd "$(dirname "$0")/../.." && pwd)
bare_make "$suite"

# person NAME: an ordinary account.
person() {
    bare_run useradd -m -s /bin/sh "$1"
}

# take NAME FOLDER: this checkout, as it is committed, in the person's home.
take() {
    mkdir -p "$bare/home/$1/$2"
    git -C "$checkout" archive HEAD | tar -x -C "$bare/home/$1/$2"
    bare_run chown -R "$1:$1" "/home/$1/$2"
}

# A cmake before the real one: it configures and builds in no time, and leaves a trace of what it was asked for.
cut_short() {
    mkdir -p "$bare/opt/short"
    cat >"$bare/opt/short/cmake" <<'CMAKE'
#!/bin/sh
[ -x /usr/bin/cmake ] && [ -x /usr/bin/ninja ] && [ -x /usr/bin/g++ ] || { echo "the real tools are not there" >&2; exit 1; }
echo "cmake $* in $PWD" >>/tmp/asked
case "$1" in
    --preset) mkdir -p "build/$2" && : >"build/$2/build.ninja" ;;
    --build) mkdir -p build/release/app && printf '#!/bin/sh\necho "started: $*"\n' >build/release/app/attention-lab && chmod +x build/release/app/attention-lab ;;
esac
CMAKE
    printf '#!/bin/sh\necho "ctest $* in $PWD"\n' >"$bare/opt/short/ctest"
    chmod +x "$bare/opt/short/cmake" "$bare/opt/short/ctest"
}

# starts NAME FOLDER COMMAND...: `sh app/run.sh --version` or the like, with the short cmake; its words in $said.
starts() {
    user=$1
    folder=$2
    shift 2
    status=0
    said=$(bare_as "$user" env PATH=/opt/short:/usr/bin:/bin sh -c 'cd "$1" && shift && exec sh "$@"' sh "$folder" "$@" 2>&1) || status=$?
}

# one_sentence PATTERN: it failed, and the last line it said is one error that has this.
one_sentence() {
    [ "$status" -ne 0 ] || fail "it went well: $said"
    [ "$(printf '%s\n' "$said" | grep -c '^error: ')" = 1 ] || fail "not one sentence: $said"
    printf '%s\n' "$said" | grep '^error: ' | grep -q -- "$1" || fail "not '$1' in: $said"
    ok "$2: $(printf '%s\n' "$said" | grep '^error: ' | cut -c1-150)"
}

bare_open "$suite"
cut_short
person lab
take lab lab
starts lab lab app/run.sh --version
one_sentence "there is no sudo to install them: .*qt6-base-dev" "without sudo"
starts lab lab tests/run.sh
one_sentence "there is no sudo to install them: .*python3-numpy" "without sudo, the tests"

bare_run chmod -R a-w /home/lab/lab
starts lab lab app/run.sh --version
one_sentence "cannot be written, and the build goes there; copy the checkout" "read-only checkout"
mount --bind "$bare/home/lab/lab" "$bare/home/lab/lab"
mount -o remount,ro,bind "$bare/home/lab/lab"
status=0
said=$(bare_run sh /home/lab/lab/app/run.sh --version 2>&1) || status=$?
one_sentence "cannot be written, and the build goes there; copy the checkout" "read-only file system, as root"
umount "$bare/home/lab/lab"
bare_run chmod -R u+w /home/lab/lab

status=0
began=$(date +%s)
said=$(unshare -n chroot "$bare" /usr/bin/env -i PATH=/opt/short:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh /home/lab/lab/app/run.sh --version 2>&1) || status=$?
one_sentence "its lists could not be fetched: is there a network?" "without a network, after $(($(date +%s) - began)) s"

bare_run apt-get update -q >/dev/null
bare_run apt-get install -q -y --no-install-recommends sudo >/dev/null 2>&1
person guest
take guest lab
starts guest lab app/run.sh --version
one_sentence "sudo does not let you install them" "sudo, but not for this person"

echo "lab ALL=(ALL) NOPASSWD: ALL" >"$bare/etc/sudoers.d/lab"
bare_run chmod 440 /etc/sudoers.d/lab
take lab "my own lab (copy)"
starts lab "my own lab (copy)" app/run.sh train reverse
[ "$status" = 0 ] || fail "with sudo: $said"
printf '%s\n' "$said" | grep -q "^started: train reverse$" || fail "the program was not started: $said"
grep -q "cmake --preset release in /home/lab/my own lab (copy)" "$bare/tmp/asked" || fail "configured elsewhere: $(cat "$bare/tmp/asked")"
ok "with sudo, in a folder with spaces: all is installed, built and started"
starts lab "my own lab (copy)" tests/run.sh
printf '%s\n' "$said" | grep -q "^ctest --preset release -LE long in /home/lab/my own lab (copy)$" || fail "tests: $said"
ok "the tests likewise"

# All is installed: neither rights nor a network are needed any more, nor may they be asked for.
rm "$bare/etc/sudoers.d/lab"
starts lab "my own lab (copy)" app/run.sh --version
[ "$status" = 0 ] || fail "with all installed: $said"
ok "with all installed it asks for no rights"
bare_run chmod -R a-w "/home/lab/my own lab (copy)"
starts lab "my own lab (copy)" app/run.sh --version
[ "$status" = 0 ] && [ "$said" = "started: --version" ] || fail "built, then read-only: $said"
ok "built, then read-only: started as it is"

if [ "$whole" = --whole ]; then
    bare_run chmod -R u+w "/home/lab/my own lab (copy)"
    rm -rf "$bare/home/lab/my own lab (copy)/build"
    began=$(date +%s)
    bare_as lab sh -c 'cd "my own lab (copy)" && sh app/run.sh --version' || fail "the whole build"
    ok "built for real in $(($(date +%s) - began)) s"
fi
echo "$checks checks held on $suite"

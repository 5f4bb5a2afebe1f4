# Shared by the scripts beside it, which source it as root: bare Debians to try things in, each time as if newly installed.
# BARE_DEBIANS (default /var/tmp/bare-debians) keeps them; debootstrap makes them once, from the network.

bare_folder=${BARE_DEBIANS:-/var/tmp/bare-debians}
bare_place=
checks=0

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# ok SENTENCE: a check that held.
ok() {
    checks=$((checks + 1))
    echo "ok: $*"
}

# bare_make SUITE: a minimal Debian, if it is not there yet.
bare_make() {
    [ -e "$bare_folder/$1/etc/debian_version" ] && return
    command -v debootstrap >/dev/null || fail "debootstrap is not installed"
    mkdir -p "$bare_folder"
    debootstrap --variant=minbase "$1" "$bare_folder/$1" >"$bare_folder/$1.log" 2>&1 || fail "debootstrap: see $bare_folder/$1.log"
}

# bare_open SUITE: $bare is that Debian as it was made, to be written to and thrown away.
bare_open() {
    bare_close
    bare_place=$(mktemp -d)
    mount -t tmpfs -o size=12g tmpfs "$bare_place"
    mkdir "$bare_place/new" "$bare_place/work" "$bare_place/root"
    mount -t overlay overlay -o "lowerdir=$bare_folder/$1,upperdir=$bare_place/new,workdir=$bare_place/work" "$bare_place/root"
    bare=$bare_place/root
    mount -t proc proc "$bare/proc"
    mount --bind /dev "$bare/dev"
    cp /etc/resolv.conf "$bare/etc/resolv.conf"
    echo force-unsafe-io >"$bare/etc/dpkg/dpkg.cfg.d/quick"
}

bare_close() {
    [ -n "$bare_place" ] || return 0
    umount -R "$bare_place/root" 2>/dev/null || umount -Rl "$bare_place/root"
    umount "$bare_place" 2>/dev/null || umount -l "$bare_place"
    rmdir "$bare_place"
    bare_place=
}

# bare_run COMMAND...: as its root. bare_as USER COMMAND...: as an ordinary person there, in the home folder.
bare_run() {
    chroot "$bare" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
bare_as() {
    user=$1
    shift
    bare_run setpriv --reuid "$user" --regid "$user" --init-groups env HOME="/home/$user" USER="$user" \
        sh -c 'cd && exec "$@"' sh "$@"
}

[ "$(id -u)" = 0 ] || fail "needs root, to mount and to chroot"
trap bare_close EXIT
trap 'exit 130' INT TERM

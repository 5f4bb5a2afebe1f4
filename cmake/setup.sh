# Shared by app/run.sh and tests/run.sh, which source it with $root set: what must be installed, and how to build.

build_packages="g++ cmake ninja-build qt6-base-dev qt6-svg-dev libeigen3-dev nlohmann-json3-dev libutf8proc-dev zlib1g-dev nettle-dev libgmp-dev libmicrohttpd-dev libcurl4-openssl-dev qt6-l10n-tools qt6-translations-l10n"
# What the test of the explainer's NumPy runs, and what runs the lines of http.md.
test_packages="python3-numpy curl python3-requests"
sanitizer_packages="clang libclang-rt-dev libomp-dev"

fail() {
    echo "error: $*" >&2
    exit 1
}

# missing_packages PACKAGE...: those of them that are not installed.
missing_packages() {
    for package in "$@"; do
        case "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" in
            installed) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

# install_packages PACKAGE...: installs what is missing of them; asks apt nothing when all is there.
install_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "This is not a Debian system: going on with what is installed. Needed: $*" >&2
        return 0
    fi
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" -eq 0 ]; then
        as_root="env"
    elif command -v sudo >/dev/null 2>&1; then
        as_root="sudo env"
        sudo true || fail "these packages are missing and sudo does not let you install them: $missing"
    else
        fail "these packages are missing and there is no sudo to install them: $missing"
    fi
    echo "Installing: $missing" >&2
    # Word splitting of $missing and $as_root is meant.
    hint=
    $as_root DEBIAN_FRONTEND=noninteractive apt-get update -q -o APT::Update::Error-Mode=any </dev/null >&2 ||
        hint=" (its lists could not be fetched: is there a network?)"
    $as_root DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 $missing </dev/null >&2 ||
        fail "apt-get could not install$hint: $missing"
}

# can_build PRESET: whether what is built can be kept, which is in the checkout.
can_build() {
    mkdir -p "$root/build/$1" 2>/dev/null && [ -w "$root/build/$1" ]
}

# require_place PRESET
require_place() {
    can_build "$1" || fail "$root/build/$1 cannot be written, and the build goes there; copy the checkout to a folder of your own: cp -r '$root' ~"
}

# build PRESET [cmake --build arguments]: configures when that has not been done yet, then builds what has changed.
build() {
    preset=$1
    shift
    if command -v ccache >/dev/null 2>&1; then
        export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}" CCACHE_BASEDIR="${CCACHE_BASEDIR-$root}"
    fi
    if [ ! -f "$root/build/$preset/build.ninja" ]; then
        (cd "$root" && cmake --preset "$preset" </dev/null >&2) || fail "cmake could not configure the build '$preset'"
    fi
    (cd "$root" && cmake --build --preset "$preset" "$@" </dev/null >&2) || fail "the build '$preset' failed"
}

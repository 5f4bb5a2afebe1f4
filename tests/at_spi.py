"""The window as a screen reader has it: over AT-SPI, in a display, a bus and a home of its own.

A script calls `in_own_session(...)`, which runs it again inside of them, and there `window_of(program)`. Needs dbus-run-session, Xvfb, openbox,
xdotool and the packages at-spi2-core, gir1.2-atspi-2.0 and python3-gi; `missing()` says which are not there.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GERMAN = os.path.join(ROOT, "resources", "translations", "attention-lab_de.ts")
PROGRAMS = {"dbus-run-session": "dbus", "Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}
TRY = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
INSIDE = "--inside"
SKIPPED = 77  # as ctest is told

# Of what is no stop of a reader's own: its cells are asked for one by one.
TABLES = ("table", "tree table", "list", "tree")


def python():
    """One that knows AT-SPI; None when there is none."""
    for each in dict.fromkeys([sys.executable, "/usr/bin/python3"]):
        if os.path.exists(each) and subprocess.run([each, "-c", TRY], capture_output=True).returncode == 0:
            return each
    return None


def missing():
    """A sentence when the packages are not all there."""
    lacking = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    lacking += [] if python() else ["python3-gi", "gir1.2-atspi-2.0"]
    bus = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
    lacking += [] if any(map(os.path.exists, bus)) else ["at-spi2-core"]
    return f"not there: {', '.join(lacking)}" if lacking else ""


@contextlib.contextmanager
def display_of(size, number=None):
    """":7", of a server that ends with it."""
    reads, writes = os.pipe()
    words = ["Xvfb", *([number] if number else []), "-displayfd", str(writes), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def in_own_session(size="1280x800", number=None, language="en"):
    """Runs this script once more, with --inside, where nothing is anybody else's; ends with what that ends with."""
    with display_of(size, number) as display, tempfile.TemporaryDirectory() as home:
        runtime = os.path.join(home, "runtime")
        os.mkdir(runtime, 0o700)
        places = {name: os.path.join(home, name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
        environment = {**os.environ, **places, "HOME": home, "XDG_RUNTIME_DIR": runtime, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                       "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "ATTENTION_LAB_LANGUAGE": language}
        words = ["dbus-run-session", "--", python(), os.path.abspath(sys.argv[0]), *sys.argv[1:], INSIDE]
        sys.exit(subprocess.run(words, env=environment).returncode)


if INSIDE in sys.argv:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib

    Atspi.set_timeout(3_000, 60_000)  # a menu answers the press that opened it when it is closed
    warnings.simplefilter("ignore", DeprecationWarning)  # of the interfaces, which have no other names yet
    GONE = GLib.Error  # what is no longer there answers with it


@contextlib.contextmanager
def manager():
    """Somebody who gives windows the focus."""
    process = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(what, seconds=30.0, pause=0.1):
    """Until it gives something; the last thing it gave."""
    end = time.monotonic() + seconds
    found = what()
    while not found and time.monotonic() < end:
        time.sleep(pause)
        found = what()
    return found


def application(process):
    desktop = Atspi.get_desktop(0)
    with contextlib.suppress(GONE):
        for i in range(desktop.get_child_count()):
            each = desktop.get_child_at_index(i)
            if each and each.get_process_id() == process and each.get_child_count():
                return each
    return None


def window_of(program, *, size="1280x800"):
    """The application of a process that was started, its window at the corner of the screen; None when it is not heard of."""
    app = wait_for(lambda: application(program.pid) if program.poll() is None else False)
    if app:
        wait_for(lambda: xwindow(program.pid))
        resize(program.pid, *size.split("x"))
    return app


def xwindow(process):
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process), "--name", "Attention Lab"], capture_output=True, text=True)
    return found.stdout.split()[-1] if found.stdout.split() else None


def resize(process, width, height):
    window = xwindow(process)
    if window:
        subprocess.run(["xdotool", "windowsize", window, str(width), str(height), "windowmove", window, "0", "0"], check=False)


def keys(*names):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *names], check=True)


def typed(words):
    subprocess.run(["xdotool", "type", "--delay", "4", words], check=True)


def has(node, *states):
    of = node.get_state_set()
    return all(of.contains(state) for state in states)


def children(node):
    return [child for child in (node.get_child_at_index(i) for i in range(node.get_child_count())) if child]


def on_screen(node, skips=TABLES):
    """What is seen below it, cells of tables apart. What goes away meanwhile is left out."""
    try:
        below = [] if node.get_role_name() in skips else children(node)
    except GONE:
        return
    for child in below:
        with contextlib.suppress(GONE):
            if not has(child, Atspi.StateType.SHOWING):
                continue
            yield child
        yield from on_screen(child, skips)


def focused(app):
    """What says first that it has the focus: parts of it for which it stands say so too. Of a table, the table."""
    for each in on_screen(app, skips=("table", "tree table")):
        with contextlib.suppress(GONE):
            if has(each, Atspi.StateType.FOCUSED) and each.get_role_name() != "frame":
                return each
    return None


def label(node):
    """Its name, or that of the label beside it."""
    relations = [each for each in node.get_relation_set() if each.get_relation_type() == Atspi.RelationType.LABELLED_BY]
    by = " ".join(each.get_target(0).get_name() for each in relations if each.get_n_targets())
    return f"{by}: {node.get_name()}" if by else node.get_name()


def told(node):
    return f"[{node.get_role_name()}] {label(node)!r} {node.get_description()!r}"


def translations():
    """From English to German, of all contexts: the first of them, and all; a plural by its form for one."""
    first, every = {}, {}
    for message in xml.etree.ElementTree.parse(GERMAN).iter("message"):
        translation = message.find("translation")
        form = translation.find("numerusform")
        german = (translation.text if form is None else form.text) or ""
        first.setdefault(message.findtext("source"), german)
        every.setdefault(message.findtext("source"), set()).add(german)
    return first, every

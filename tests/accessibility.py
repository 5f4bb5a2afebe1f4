#!/usr/bin/env python3
"""Goes through the window with keys alone, as somebody does who hears it: over AT-SPI, in a display of its own.

    tests/screen_reader.py build/release/app/attention-lab [EXPERIMENT.json] [--page 2] [--size 1280x800] [--tree]

Trains the first preset or the experiment for a moment, then, on the page (or on all of them): every stop of Tab has a name and shows that it has the focus
(its picture changes), and Tab comes round; in what is drawn, the arrow keys change what is told; cells of tables have words. Prints the
stops, and the whole tree with --tree. Needs dbus-run-session, Xvfb, openbox, xdotool, ImageMagick's import and python3-pyatspi.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

MOST_STOPS = 90
MAPS = "2"
VIEWS = ["maps", "metrics", "switch off", "rollout"]
# Pictures of one thing, or of a list that has one row here: the arrows have nowhere to go.
ONE_THING = ("Attention map of", "Where it comes from", "Runs")
failures = []


def fail(sentence):
    failures.append(sentence)
    print("FAILED:", sentence)


def keys(*names):
    for name in names:
        subprocess.run(["xdotool", "key", name], check=True)


def wait_for(what, seconds=30.0):
    """Until it gives something; the last thing it gave."""
    end = time.monotonic() + seconds
    found = what()
    while not found and time.monotonic() < end:
        time.sleep(0.1)
        found = what()
    return found


def application():
    for each in pyatspi.Registry.getDesktop(0):
        if each and each.name == "attention-lab":
            return each
    return None


def has(node, state):
    return node.getState().contains(state)


def children(node):
    return [child for child in (node.getChildAtIndex(i) for i in range(node.childCount)) if child]


def shown(node):
    """What is on the screen below it, cells of tables apart."""
    found = []
    for child in children(node) if node.getRoleName() not in ("table", "tree table") else []:
        if has(child, pyatspi.STATE_SHOWING):
            found += [child] + shown(child)
    return found


def focused(node):
    return next((each for each in shown(node) if has(each, pyatspi.STATE_FOCUSED) and each.getRoleName() != "frame"), None)


def label(node):
    """Its name, or that of the label beside it."""
    relations = [r for r in node.getRelationSet() if r.getRelationType() == pyatspi.RELATION_LABELLED_BY]
    by = " ".join(r.getTarget(0).name for r in relations)
    return f"{by}: {node.name}" if by else node.name


def told(node):
    return f"[{node.getRoleName()}] {label(node)!r} {node.description!r}"


def screen(folder):
    """The picture of the screen: width and rows of bytes."""
    path = os.path.join(folder, "screen.ppm")
    subprocess.run(["import", "-silent", "-window", "root", "-depth", "8", path], check=True)
    with open(path, "rb") as file:
        assert file.readline().strip() == b"P6"
        width, _ = map(int, file.readline().split())
        file.readline()
        return width, file.read()


def differs(before, after, node, room=4):
    box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    width = before[0]
    left = max(box.x - room, 0) * 3
    for y in range(max(box.y - room, 0), box.y + box.height + room):
        row = slice(y * width * 3 + left, y * width * 3 + min((box.x + box.width + room), width) * 3)
        if before[1][row] != after[1][row]:
            return True
    return False


def walk(app, folder, where):
    """Tab until it comes round."""
    stops = []
    picture = screen(folder)
    for _ in range(MOST_STOPS):
        keys("Tab")
        time.sleep(0.15)
        here = wait_for(lambda: focused(app), 3)
        if not here:
            return fail(f"{where}: after {stops[-1:]} the focus is nowhere")
        now = screen(folder)
        name = told(here)
        if stops and name == stops[0]:
            print(f"{where}: {len(stops)} stops, and round")
            return None
        print("   ", name)
        if not here.name:
            fail(f"{where}: a stop without a name: {name}")
        if not differs(picture, now, here):
            fail(f"{where}: the focus is not seen on {name}")
        stops.append(name)
        picture = now
    return fail(f"{where}: Tab does not come round in {MOST_STOPS} stops")


def drawn(app, where):
    """Pictures that take the focus tell what the arrows choose."""
    for node in shown(app):
        if node.getRoleName() != "image" or not has(node, pyatspi.STATE_FOCUSABLE) or node.name.startswith(ONE_THING):
            continue
        if not has(node, pyatspi.STATE_SHOWING):
            continue  # the arrows in another picture have put something else in its place
        node.queryComponent().grabFocus()
        if not wait_for(lambda node=node: has(node, pyatspi.STATE_FOCUSED), 3):
            fail(f"{where}: {told(node)} does not take the focus")
            continue
        before = node.description
        for key in ("Right", "Down", "Left", "Up"):
            keys(key)
            if wait_for(lambda node=node: node.description != before, 1):
                break
        print("   ", node.name, ":", before, "->", node.description)
        if node.description == before:
            fail(f"{where}: the arrow keys change nothing that is told of {told(node)}")


def tables(app, where):
    for node in shown(app):
        if node.getRoleName() not in ("table", "tree table"):
            continue
        table = node.queryTable()
        if not node.name or not table.nRows:
            fail(f"{where}: a table without a name or rows: {told(node)}")
        headers = [table.getColumnDescription(c) for c in range(table.nColumns)]
        words = [(table.getAccessibleAt(r, c), headers[c]) for r in range(min(table.nRows, 3)) for c in range(table.nColumns)]
        empty = [header for cell, header in words if not cell.name]
        print("   ", told(node), table.nRows, "rows:", [cell.name for cell, _ in words[: table.nColumns]])
        if empty:
            fail(f"{where}: cells without words in {told(node)}, columns {empty}")


def unnamed(app, where):
    for node in shown(app):
        if has(node, pyatspi.STATE_FOCUSABLE) and not node.name and node.getRoleName() not in ("frame", "filler"):
            fail(f"{where}: {told(node)} has no name")


def print_tree(node, depth=0):
    print("  " * depth + told(node))
    for child in children(node):
        if has(child, pyatspi.STATE_SHOWING) and node.getRoleName() not in ("table", "tree table"):
            print_tree(child, depth + 1)


def look_at(app, folder, where, tree):
    if tree:
        print_tree(app)
    unnamed(app, where)
    walk(app, folder, where)
    drawn(app, where)
    tables(app, where)


def choose(app, name):
    choice = next((node for node in shown(app) if node.name == name), None)
    if not choice:
        return fail(f"there is no {name}")
    choice.queryAction().doAction(0)
    time.sleep(1.5)
    return choice


def look_at_maps(app, folder, tree):
    """One head in each of its forms, two inputs, and the other views."""
    if not any(node.name == "Shown as: map" for node in shown(app)):
        next(node for node in shown(app) if node.name == "All heads" and node.getRoleName() == "image").queryComponent().grabFocus()
        keys("Return")
        time.sleep(1)
    for form in ("lines", "both"):
        choose(app, f"Shown as: {form}")
        drawn(app, f"page {MAPS}, {form}")
    keys("ctrl+shift+k", "ctrl+Right")
    time.sleep(1.5)
    drawn(app, f"page {MAPS}, two inputs")
    keys("ctrl+shift+k")
    for view in VIEWS[1:]:
        choose(app, f"View: {view}")
        look_at(app, folder, f"page {MAPS}, {view}", tree)


def listen(options, folder):
    program = subprocess.Popen([options.program, *options.experiment], stderr=subprocess.DEVNULL)
    try:
        app = wait_for(lambda: (lambda found: found and found.childCount and found)(application()))
        if not app:
            return fail("the program is not heard of")
        window = subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(program.pid)], capture_output=True, text=True)
        window = window.stdout.split()[-1]
        width, height = options.size.split("x")
        subprocess.run(["xdotool", "windowsize", "--sync", window, width, height, "windowmove", window, "0", "0"], check=True)
        time.sleep(2)
        keys("space")
        time.sleep(options.train)
        keys("space")
        time.sleep(1)
        for page in [options.page] if options.page else ["1", "2", "3", "4", "5"]:
            keys(page)
            time.sleep(1.5)
            look_at(app, folder, f"page {page}", options.tree)
            if page == MAPS:
                look_at_maps(app, folder, options.tree)
    finally:
        program.kill()
        program.wait()
    return None


def inside(options):
    """In the bus and the display made for it."""
    with tempfile.TemporaryDirectory() as folder:
        manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            listen(options, folder)
        finally:
            manager.terminate()
            manager.wait()
    sys.exit(f"{len(failures)} failures" if failures else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("experiment", nargs="?", default=[], type=lambda file: [file])
    parser.add_argument("--page", help="the key of one page; all of them unless told")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--train", type=float, default=8, help="seconds")
    parser.add_argument("--tree", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return inside(options)
    reads, writes = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(writes), "-screen", "0", options.size + "x24", "-nolisten", "tcp"], pass_fds=[writes],
                               stderr=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as home, os.fdopen(reads) as number:
            environment = {**os.environ, "ATTENTION_LAB_LANGUAGE": "en", "DISPLAY": ":" + number.readline().strip(), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                           "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
            words = ["dbus-run-session", "--", sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--inside"]
            sys.exit(subprocess.run(words, env=environment).returncode)
    finally:
        display.terminate()
        display.wait()


if __name__ == "__main__":
    if "--inside" in sys.argv:
        import pyatspi
    main()

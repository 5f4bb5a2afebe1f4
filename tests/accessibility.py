#!/usr/bin/env python3
"""Goes through the window with keys alone, as somebody does who hears it: over AT-SPI, in a display of its own.

    tests/accessibility.py build/release/app/attention-lab [FILE] [--language en|de] [--page 2] [--heard] [--size 1280x800] [--tree]

Opens the file, or trains the first preset for a moment, then, on the page (or on all of them, and in both languages): what can have the focus has
a name and a role, no two beside each other sound alike, cells of tables have words; in German no word of English is left. Unless --heard is
given, also: every stop of Tab shows that it has the focus (its picture changes), and Tab comes round; in what is drawn, the arrow keys change what
is told. Ends with 77 where packages are missing (at_spi.py; ImageMagick's import for the stops of Tab).
"""
import argparse
import collections
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import at_spi
from at_spi import children, focused, has, keys, label, on_screen, told, wait_for

MOST_STOPS = 120
PAGES = {"1": "Train", "2": "Maps", "3": "Explain", "4": "Positions", "5": "Stream", "6": "Text", "7": "Compare", "8": "Sweeps", "9": "Memory", "0": "In context",
         "minus": "Codes"}
MAPS = "2"
FORMS = ["lines", "both"]
VIEWS = ["metrics", "switch off", "rollout"]
# Pictures of one thing, of a list that has one row here, or of nothing yet: the arrows have nowhere to go.
ONE_THING = ["Attention map of", "Where it comes from", "Runs", "Capacity"]
NO_STOPS = ("frame", "filler", "panel", "viewport", "scroll pane", "layered pane", "window", "dialog")
SAY_NOTHING = ("unknown", "invalid", "filler", "redundant object")
FOREIGN = 10  # times as often in English as in German, where "Training" is at home too
CELLS = 40  # of a table are listened to
KEY = re.compile(r"[a-z_]+")  # of a setting
AXES = re.compile(r"\[[^\]]*\]")  # of tensors, by the names of settings
WORD = re.compile(r"(?<![\w.])[^\W\d_]{3,}(?![\w.]*[_\d=])")
TAG = re.compile(r"</?(p|b|i|br|sub|sup|span|div|a|table|tr|td|html)\b[^>]*>")
failures = []


def fail(sentence):
    if sentence not in failures:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


class Language:
    """What the window says in it, and what it says in English instead."""

    def __init__(self, code):
        self.code, (self.first, self.every) = code, at_spi.translations() if code == "de" else ({}, {})
        english, german = (collections.Counter(self.words(" ".join(texts))) for texts in (self.first.keys(), self.first.values()))
        self.foreign = {word for word, count in english.items() if count >= FOREIGN * german[word]}

    @staticmethod
    def words(text):
        return [word.lower() for word in WORD.findall(text)]

    def say(self, english):
        return (self.first.get(english) or english).replace("&", "")

    def left(self, *texts):
        """A text that has a translation, or one of which a quarter is English. (Names of settings and terms are English in German too.)"""
        found = []
        for text in filter(None, texts):
            words = self.words(AXES.sub("", text))
            foreign = [word for word in words if word in self.foreign]
            known = self.every.get(text)
            if (known and text not in known and not KEY.fullmatch(text)) or (len(foreign) > 1 and len(foreign) * 4 >= len(words)):
                found.append(text)
        return found


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
    box = node.get_component_iface().get_extents(at_spi.Atspi.CoordType.SCREEN)
    width = before[0]
    left = max(box.x - room, 0) * 3
    for y in range(max(box.y - room, 0), box.y + box.height + room):
        row = slice(y * width * 3 + left, y * width * 3 + min((box.x + box.width + room), width) * 3)
        if before[1][row] != after[1][row]:
            return True
    return False


def can_have_focus(node):
    return has(node, at_spi.Atspi.StateType.FOCUSABLE, at_spi.Atspi.StateType.ENABLED) and node.get_role_name() not in NO_STOPS


def heard(app, language, where):
    """Names, roles, who sounds like somebody beside it, and words of the wrong language."""
    beside = collections.Counter()
    number = 0
    for node in on_screen(app):
        with contextlib.suppress(at_spi.GONE):
            number += 1
            name, role, tells = label(node), node.get_role_name(), told(node)
            if TAG.search(tells):
                fail(f"{where}: {tells} has tags in it")
            left = language.left(node.get_name(), node.get_description())
            if left:
                fail(f"{where}: {tells} has English in it: {left}")
            if not can_have_focus(node):
                continue
            if not name.strip():
                fail(f"{where}: {tells} has no name")
            if role in SAY_NOTHING:
                fail(f"{where}: {tells} has no role")
            parent = node.get_parent()
            beside[parent.path if hasattr(parent, "path") else hash(parent), tells, value_of(node)] += 1
    for (_, tells, _), count in beside.items():
        if count > 1:
            fail(f"{where}: {count} times beside each other: {tells}")
    print(f"{where}: {number} heard", flush=True)


def value_of(node):
    value = node.get_value_iface()
    return value.get_current_value() if value else None


def tables(app, language, where):
    for node in on_screen(app):
        with contextlib.suppress(at_spi.GONE):
            if node.get_role_name() not in ("table", "tree table"):
                continue
            table = node.get_table_iface()
            rows, columns = table.get_n_rows(), table.get_n_columns()
            if not node.get_name() or not rows:
                fail(f"{where}: a table without a name or rows: {told(node)}")
            for cell in range(min(rows * columns, CELLS) if columns else 0):
                at = table.get_accessible_at(cell // columns, cell % columns)
                if not at.get_name():
                    fail(f"{where}: a cell without words in {told(node)}, column {table.get_column_description(cell % columns)!r}")
                left = language.left(at.get_name(), at.get_description())
                if left:
                    fail(f"{where}: a cell of {told(node)} has English in it: {left}")


def moved(app, before):
    """What has the focus now, when it is another."""
    here = focused(app)
    return here if here and told(here) != before else None


def walk(app, folder, where):
    """Tab until it comes round."""
    stops, name = [], told(focused(app)) if focused(app) else ""
    picture = screen(folder)
    for _ in range(MOST_STOPS):
        keys("Tab")
        time.sleep(0.15)
        here = wait_for(lambda: moved(app, name), 5) or focused(app)
        if not here:
            return fail(f"{where}: after {stops[-1:]} the focus is nowhere")
        now = screen(folder)
        name = told(here)
        if stops and name == stops[0]:
            return print(f"{where}: {len(stops)} stops, and round", flush=True)
        if not here.get_name():
            fail(f"{where}: a stop without a name: {name}")
        if not differs(picture, now, here):
            fail(f"{where}: the focus is not seen on {name}")
        stops.append(name)
        picture = now
    return fail(f"{where}: Tab does not come round in {MOST_STOPS} stops")


def drawn(app, language, where):
    """Pictures that take the focus tell what the arrows choose."""
    one = tuple(language.say(each) for each in ONE_THING)
    for node in list(on_screen(app)):
        with contextlib.suppress(at_spi.GONE):
            if node.get_role_name() != "image" or not can_have_focus(node) or node.get_name().startswith(one):
                continue
            if not has(node, at_spi.Atspi.StateType.SHOWING):
                continue  # the arrows in another picture have put something else in its place
            node.get_component_iface().grab_focus()
            if not wait_for(lambda node=node: has(node, at_spi.Atspi.StateType.FOCUSED), 3):
                fail(f"{where}: {told(node)} does not take the focus")
                continue
            before = node.get_description()
            for key in ("Right", "Down", "Left", "Up"):
                keys(key)
                if wait_for(lambda node=node, before=before: node.get_description() != before, 1):
                    break
            if node.get_description() == before:
                fail(f"{where}: the arrow keys change nothing that is told of {told(node)}")


def print_tree(node, depth=0):
    print("  " * depth + told(node))
    for child in children(node):
        if has(child, at_spi.Atspi.StateType.SHOWING) and node.get_role_name() not in at_spi.TABLES:
            print_tree(child, depth + 1)


def look_at(app, folder, language, where, options):
    if options.tree:
        print_tree(app)
    heard(app, language, where)
    tables(app, language, where)
    if not options.heard:
        walk(app, folder, where)
        drawn(app, language, where)


def named(app, *names):
    return next((node for node in on_screen(app) if node.get_name() in names), None)


def choose(app, *names):
    choice = wait_for(lambda: named(app, *names), 5)
    if not choice:
        return fail(f"there is no {' or '.join(names)}")
    choice.get_action_iface().do_action(0)
    time.sleep(1)
    return choice


def choice_of(language, of, what):
    return f"{language.say(of)}: {language.say(what)}"


def look_at_maps(app, folder, language, where, options):
    """One head in each of its forms, two inputs, and the other views."""
    if not named(app, choice_of(language, "Shown as", "map")):
        grid = next(node for node in on_screen(app) if node.get_name() == language.say("All heads") and node.get_role_name() == "image")
        grid.get_component_iface().grab_focus()
        keys("Return")
        time.sleep(1)
    for form in FORMS:
        choose(app, choice_of(language, "Shown as", form))
        drawn(app, language, f"{where}, {form}")
    keys("ctrl+shift+k", "ctrl+Right")
    time.sleep(1.5)
    drawn(app, language, f"{where}, two inputs")
    keys("ctrl+shift+k")
    for view in VIEWS:
        choose(app, choice_of(language, "View", view))
        look_at(app, folder, language, f"{where}, {view}", options)


def trained(app, program, options):
    time.sleep(1)
    if options.file:
        return
    keys("space")
    time.sleep(options.train)
    keys("space")
    time.sleep(1)


def listen(options, folder, code):
    os.environ["ATTENTION_LAB_LANGUAGE"] = code
    language = Language(code)
    program = subprocess.Popen([options.program, "--no-start", *([options.file] if options.file else [])], stderr=subprocess.DEVNULL)
    try:
        app = at_spi.window_of(program, size=options.size)
        if not app:
            return fail("the program is not heard of")
        trained(app, program, options)
        for page in [options.page] if options.page else PAGES:
            where = f"{code}, page {language.say(PAGES[page])}"
            keys(page)
            time.sleep(1.5)
            look_at(app, folder, language, where, options)
            if page == MAPS and not options.heard:
                look_at_maps(app, folder, language, where, options)
    finally:
        program.kill()
        program.wait()
    return None


def inside(options):
    """In the bus and the display made for it."""
    with tempfile.TemporaryDirectory() as folder, at_spi.manager():
        for code in options.language or ["en", "de"]:
            listen(options, folder, code)
    sys.exit(f"{len(failures)} failures" if failures else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("file", nargs="?", type=os.path.abspath)
    parser.add_argument("--language", choices=["en", "de"], action="append", help="both unless told")
    parser.add_argument("--page", choices=PAGES, help="the key of one page; all of them unless told")
    parser.add_argument("--heard", action="store_true", help="only what is heard, without keys")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--train", type=float, default=8, help="seconds")
    parser.add_argument("--tree", action="store_true")
    parser.add_argument(at_spi.INSIDE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return inside(options)
    lacking = at_spi.missing() or ("" if options.heard or shutil.which("import") else "not there: imagemagick")
    if lacking:
        print(f"Skipped: {lacking}")
        sys.exit(at_spi.SKIPPED)
    return at_spi.in_own_session(options.size)


if __name__ == "__main__":
    main()

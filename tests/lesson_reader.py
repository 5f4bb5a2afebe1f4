#!/usr/bin/env python3
"""Goes through lessons as somebody does who hears them: over AT-SPI, with keys and actions, in a display and a bus of its own.

    lesson_reader.py PROGRAM [--lessons resources/lessons] [--only softmax] [--display 86]

Between them the lessons ask with every kind of prediction (bars, choice, number, order, curve, cell), one of them in German too. Of
every step: title, text and question are readable; every stop of Tab in the lesson has a name; the answer given is told; after it is
revealed, so are result, reasons and the why; and what has the focus has a name all the while. Prints what is read, and at the end names
what is silent; the exit code is 1 then.

Needs dbus-run-session, at-spi2-core, gir1.2-atspi-2.0, python3-gi (of the system's Python), Xvfb, openbox and xdotool.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

WALKS = [("softmax", "en", None), ("query-key-value", "en", None), ("sinusoids", "en", None), ("rope", "en", {"cell"}), ("softmax", "de", None)]
HINTS = {"en": ("A hint", "Another hint"), "de": ("Ein Hinweis", "Noch ein Hinweis")}
COVER = {"en": "The page is covered", "de": "Die Seite ist verdeckt"}
MOST_STOPS = 16
silent = {}  # what, and where


def miss(sentence, where=""):
    places = silent.setdefault(sentence, [])
    if where not in places:
        places.append(where)
    print("    SILENT:", sentence)


def wait_for(what, seconds=15.0):
    """Until it gives something; the last thing it gave."""
    end = time.monotonic() + seconds
    found = what()
    while not found and time.monotonic() < end:
        time.sleep(0.1)
        found = what()
    return found


def keys(*names):
    subprocess.run(["xdotool", "key", "--delay", "60", *names], check=True)
    time.sleep(0.25)


# What is heard.


def has(node, state):
    return node.get_state_set().contains(getattr(Atspi.StateType, state))


def shown(node):
    """What is on the screen below it, in its order."""
    found = []
    for child in (node.get_child_at_index(i) for i in range(node.get_child_count())):
        if child and has(child, "SHOWING"):
            found += [child] + shown(child)
    return found


def text_of(node):
    return Atspi.Text.get_text(node, 0, -1) if "Text" in node.get_interfaces() else ""


def heard(node):
    """Everything that is told of it."""
    return " | ".join(dict.fromkeys(part for part in (node.get_name(), node.get_description(), text_of(node)) if part))


def told(node):
    return f"[{node.get_role_name()}] {heard(node)!r}"


def letters(text):
    """Without marks and spaces, to compare what is written with what is heard."""
    return "".join(c for c in text.casefold() if c.isalnum())


def grab(node):
    Atspi.Component.grab_focus(node)
    if not wait_for(lambda: has(node, "FOCUSED"), 3):
        miss(f"{told(node)} does not take the focus")


class Texts:
    """A lesson's texts as they are written: title, and by step what stands under its headings."""

    def __init__(self, file):
        parts = re.split(r"^(#{1,3}) (.+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self.title, self.steps, step = "", {}, {}
        for depth, head, body in zip(parts[1::3], parts[2::3], parts[3::3]):
            if depth == "#":
                self.title = head
            elif depth == "##":
                step = self.steps.setdefault(head, {"say": [body.strip()]})
            else:
                step.setdefault(head, []).append(body.strip())


class Listener:
    """One lesson in one run of the program."""

    def __init__(self, texts, language, where):
        self.texts, self.language, self.where, self.expected = texts, language, where, ""
        self.app = wait_for(self.application, 30)
        self.window = wait_for(lambda: next(iter(shown(self.app)), None)) if self.app else None

    @staticmethod
    def application():
        desktop = Atspi.get_desktop(0)
        apps = [desktop.get_child_at_index(i) for i in range(desktop.get_child_count())]
        return next((app for app in apps if app and app.get_name() == "attention-lab" and app.get_child_count()), None)

    def miss(self, sentence):
        miss(sentence, self.where)

    def panel(self):
        """What takes the lesson's keys, around its title."""
        node = next((each for each in shown(self.app) if each.get_role_name() == "label" and heard(each) == self.texts.title), None)
        while node and not (node.get_role_name() != "label" and has(node, "FOCUSABLE")):
            node = node.get_parent()
        return node

    def parts(self, role=None):
        return [each for each in shown(self.panel()) if role in (None, each.get_role_name())]

    def go(self):
        return self.parts("push button")[-1]

    def press(self, button):
        print(f"  press {told(button)}")
        Atspi.Action.do_action(button, 0)
        time.sleep(0.4)

    def reads(self, markdown, what):
        """Whether every paragraph of it is told somewhere in the lesson; prints where."""
        for paragraph in filter(None, (letters(each) for each in re.split(r"\n\s*\n|\n(?=- )", markdown))):
            node = wait_for(lambda p=paragraph: next((n for n in self.parts() if p in letters(heard(n))), None), 8)
            if not node:
                self.miss(f"the {what} is not read: {markdown[:70]!r}")
                return
        print(f"  {what}: {told(node)[:150]}")
        self.marks(node)

    def marks(self, node):
        for part in (node.get_name(), node.get_description()):
            if re.search(r"\*\*|`|<\w+>|(?<!\w)\*\w[^*]*\*", part or ""):
                self.miss(f"marks of the text are read aloud: {part[:100]!r}")

    def focused(self):
        """The current row of a list says that it is, wherever the focus is: it counts where nothing else has it."""
        nodes = [n for n in shown(self.window) if has(n, "FOCUSED")]
        return next((n for n in nodes if n.get_role_name() != "list item"), nodes[0] if nodes else None)

    def focus(self, when):
        """What has the focus is announced by its name."""
        node = wait_for(self.focused, 3)
        if not node:
            return self.miss(f"{when} nothing has the focus")
        print(f"  focus {when}: {told(node)[:150]}")
        if not node.get_name():
            what = "the lesson's panel" if node == self.panel() else told(node)
            self.miss(f"{when} the focus is on {what}, which has no name")
        return node

    def tab(self):
        """The stops within the lesson."""
        grab(self.panel())
        stops = []
        for _ in range(MOST_STOPS):
            keys("Tab")
            node = self.focused()
            if node not in self.parts():
                break
            stops.append(told(node))
            if not node.get_name():
                self.miss(f"a stop of Tab without a name: {told(node)}")
        print("  Tab:", "; ".join(stop[:80] for stop in stops))

    def tab_to(self, node):
        """With keys, from the lesson."""
        grab(self.panel())
        between = []
        for _ in range(MOST_STOPS):
            keys("Tab")
            here = self.focused()
            if here in [node, *shown(node)]:
                break
            between += [here] if here not in self.parts() else []
        else:
            self.miss("Tab does not come to the answers")
        if between:
            self.miss(f"Tab leaves the lesson before its answers, for {[n.get_name() for n in between][:3]}")

    # The kinds of predictions: how each is answered, and what tells the result.

    def answer_choice(self, step, words):
        ids = [answer["id"] for answer in step["predict"]["answers"]]
        for each in ids:
            self.reads(words["answer " + each][0], "answer " + each)
        first, second = (
            next((n for n in self.parts() if letters(words["answer " + each][0]) in letters(n.get_name()) and has(n, "FOCUSABLE")), None) for each in ids[:2]
        )
        if not first or not second:
            return self.miss("an answer cannot take the focus")
        self.tab_to(first)
        self.focus("on the first answer")
        keys("space")
        if not has(first, "CHECKED"):
            self.miss("Space does not choose the answer that has the focus")
            print("  after Space:", [n.get_name() for n in shown(self.app) if n.get_role_name() == "push button"][1:4])
        grab(self.panel())
        keys("b")
        self.focus("after B")
        card = second
        if not card or not has(card, "CHECKED"):
            self.miss(f"the chosen answer is not told as checked: {card and told(card)}")
        elif card.get_role_name() not in ("radio button", "check box", "toggle button"):
            self.miss(f"an answer is a {card.get_role_name()!r}: that it is chosen is not said")

    def result_choice(self, step, words):
        for answer in step["predict"]["answers"]:
            reason = words.get("reason " + answer["id"])
            if reason:
                self.reads(reason[0], "reason " + answer["id"])
        marked = [n.get_description() for n in self.parts() if n.get_description().startswith(("✓", "×"))]
        print("  result:", [each[:40] for each in marked])
        if len(marked) != len(step["predict"]["answers"]):
            self.miss(f"answers do not say whether they are right: {marked}")

    def answer_number(self, _step, _words):
        field = next((n for n in self.parts() if "EditableText" in n.get_interfaces()), None)
        if not field:
            return self.miss("no field for a number")
        grab(field)
        self.focus("in the field")
        keys("0", "comma" if self.language == "de" else "period", "5")
        print("  typed:", told(field))
        if "5" not in text_of(field):
            self.miss("what is typed is not read")

    def answer_order(self, _step, _words):
        rows = next((n for n in self.parts("list") + self.parts("table")), None)
        if not rows:
            return self.miss("no list to order")
        self.tab_to(rows)
        before = [n.get_name() for n in shown(rows)]
        print("  list:", told(rows), before)
        if not rows.get_name() or not all(before):
            self.miss(f"the list or a row of it has no name: {told(rows)} {before}")
        keys("Down")
        self.row(rows, "after Down")
        keys("alt+Up")
        after = [n.get_name() for n in shown(rows)]
        print("  ordered:", after)
        if after == before:
            self.miss("the new order is not told")
        self.row(rows, "after Alt+Up")

    def row(self, rows, when):
        row = next((n for n in shown(rows) if has(n, "FOCUSED")), None)
        print(f"  row {when}: {row and told(row)}")
        if not row or not row.get_name():
            self.miss(f"{when} no row is told as the current one")

    def drawing(self):
        return next((n for n in self.parts() if has(n, "FOCUSABLE") and n.get_role_name() in ("filler", "image", "panel", "slider") and n != self.panel()
                     and n.get_name()), None)

    def answer_bars(self, _step, _words):
        box = self.drawing()
        if not box:
            return self.miss("the drawing has no name")
        grab(box)
        self.focus("in the drawing")
        if box.get_role_name() == "filler":
            self.miss(f"the drawing is a 'filler', which is no role: {box.get_name()!r}")
        for key in ("Up", "Right", "Up"):
            before = box.get_description()
            keys(key)
            print(f"  {key}: {box.get_description()!r}")
            if box.get_description() == before:
                self.miss(f"{key} changes nothing that is told of the drawing")

    def result_bars(self, _step, _words):
        description = self.drawing().get_description()
        print("  result:", description)
        if not description.startswith(("✓", "×")):
            self.miss("the drawing tells what is, but not whether the prediction was right")

    answer_curve, result_curve = answer_bars, result_bars

    def answer_cell(self, _step, _words):
        before = [heard(n) for n in self.parts("label")]
        maps = [n for n in shown(self.app) if n.get_role_name() == "image" and has(n, "FOCUSABLE") and n.get_name()]
        for node in maps:
            grab(node)
            keys("Down", "Right")
            said = [t for t in map(heard, self.parts("label")) if t not in before]
            print("  in", told(node)[:100], "->", said)
            if said:
                return self.focus("in the map")
        return self.miss(f"no map takes the cell by keys: {[n.get_name() for n in maps]}")

    def verdict(self, before):
        """For the kinds whose result is a line of its own."""
        lines = [heard(n) for n in self.parts("label")]
        line = next((each for each in lines if each not in before and re.match("✓|×", each)), None)
        print("  result:", line)
        if not line:
            self.miss("the result is not read")

    # The way through.

    def step(self, step, words, number, asked):
        self.where = f"{self.where.split(',')[0]}, step {number} {step['id']}"
        kind = step.get("predict", {}).get("kind")
        print(f"\n== {self.where} ({kind or 'text'})")
        if asked and kind not in asked:
            return self.press(self.parts("push button")[-2])
        self.reads(words["say"][0], "text")
        self.focus("at the start")
        if kind:
            self.reads(words["question"][0], "question")
            self.covered()
            self.tab()
            self.hint(words)
            before = [heard(n) for n in self.parts("label")]
            getattr(self, "answer_" + kind)(step, words)
            if not has(self.go(), "ENABLED"):
                self.miss(f"it could not be answered: {told(self.go())}")
                return self.press(self.parts("push button")[-2])
            self.press(self.go())
            if "why" in words:
                self.reads(words["why"][0], "why")
            result = getattr(self, "result_" + kind, None)
            if result:
                result(step, words)
            else:
                self.verdict(before)
            self.focus("after it is revealed")
        return self.press(self.go())

    def covered(self):
        """A note only: what cannot be seen yet, but be heard."""
        cover = next((n for n in shown(self.app) if n.get_name().startswith(COVER[self.language])), None)
        below = [n.get_name() for n in shown(cover.get_parent()) if n.get_name() and n != cover] if cover else []
        print("  cover:", cover and told(cover), f"; heard below it: {below[:6]} and more, {len(below)}" if below else "")

    def hint(self, words):
        if "hint" not in words:
            return
        button = next((n for n in self.parts("push button") if n.get_name() in HINTS[self.language]), None)
        if not button:
            return self.miss(f"no button {HINTS[self.language][0]!r}")
        if button.get_name() != HINTS[self.language][0]:
            self.miss(f"the first hint of a step is offered as {button.get_name()!r}")
        self.press(button)
        self.reads(words["hint"][0], "hint")


def listen(options, name, language, asked):
    file = next(options.lessons.glob(f"*-{name}.json"))
    steps = json.loads(file.read_text(encoding="utf-8"))["steps"]
    texts = Texts(file.with_suffix(f".{language}.md"))
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "ATTENTION_LAB_LANGUAGE": language, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
        program = subprocess.Popen([options.program, "--no-start", "--lesson", name], env=environment, stderr=subprocess.DEVNULL)
        try:
            listener = Listener(texts, language, f"{name} ({language})")
            if not listener.app:
                return miss(f"{name}: the program is not heard of")
            if not wait_for(listener.panel):
                return miss(f"{name} ({language}): the title is not read: {texts.title!r}")
            time.sleep(1)
            print(f"\n#### {name} ({language}): {told(listener.panel())}, {texts.title!r}")
            for number, step in enumerate(steps, 1):
                listener.step(step, texts.steps[step["id"]], number, asked)
        finally:
            program.kill()
            program.wait()
    return None


def inside(options):
    """In the bus and the display made for it."""
    manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        for name, language, asked in WALKS:
            if options.only in (None, name):
                listen(options, name, language, asked)
    finally:
        manager.terminate()
        manager.wait()
    print(f"\n{len(silent)} silent")
    for sentence, places in silent.items():
        print(f"{sentence}\n    in {'; '.join(filter(None, places))}")
    return 1 if silent else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--lessons", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent / "resources/lessons")
    parser.add_argument("--only", help="the id of one lesson")
    parser.add_argument("--display", help="the number of the display to make; a free one unless told")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return inside(options)
    reads, writes = os.pipe()
    place = [":" + options.display] if options.display else []
    display = subprocess.Popen(["Xvfb", *place, "-displayfd", str(writes), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], pass_fds=[writes],
                               stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as number:
            environment = {**os.environ, "DISPLAY": ":" + number.readline().strip(), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb",
                           "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        words = ["dbus-run-session", "--", sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--inside"]
        return subprocess.run(words, env=environment, check=False).returncode
    finally:
        display.terminate()
        display.wait()


if __name__ == "__main__":
    if "--inside" in sys.argv:
        import gi

        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
    sys.exit(main())

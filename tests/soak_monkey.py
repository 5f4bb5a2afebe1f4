"""What the monkey of tests/soak.py does: every action is a list of moves, the moves are what is written down and can be done again.

    ["keys", "ctrl+k"]  ["type", "words"]  ["press", ROLE, NAME, WHICH]  ["focus", ...]  ["value", ..., SHARE]  ["text", ..., "words"]
    ["size", WIDTH, HEIGHT]  ["wait", SECONDS]  ["ask", FIELD, FOUND, "words"]: the palette's row of these words
"""
import contextlib
import random
import re
import time

import at_spi
from at_spi import Atspi

# By their titles. Small enough that a soak is about the program, not about one large model.
PRESETS = ["Reverse", "Copy", "Copy \u00b7 KV", "Shift", "Shift \u00b7 a window with gaps", "Sort", "Sort \u00b7 gate, no feed-forward", "Swap", "Sub",
           "Segments with a memory", "Codes \u00b7 FSQ 12 \u00d7 4", "Codes \u00b7 VQ 6 \u00d7 16", "Experts \u00b7 balanced", "Induction", "Induction \u00b7 sink",
           "Hashing \u00b7 1 round, chunks of 2", "Parity \u00b7 dear steps", "Performer \u00b7 4 features", "Regression, one layer", "Retention", "Spans",
           "Reverse \u00b7 relative bias", "ViT \u00b7 Shapes", "Agreement", "Word classes", "Translation"]
TEXT_PRESETS = ["Stories", "Masked words"]
PAGE_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "minus"]
TEXT_PAGE = "6"
SIZES = [(1000, 640), (1280, 800), (1280, 720), (1440, 900), (1600, 1000)]
USUAL = (1280, 800)
WORDS = ["3 1 4 1 5", "1 2 3", "the cat sat", "0", "attention", "9 8 7 6 5 4 3 2 1", "once upon a time"]
QUESTIONS = ["why softmax", "what is a head", "temperature", "position", "mask", "residual", "loss"]
STRIP = "Timeline of the training"
# How much may be kept of trainings: the memory that is measured would be somebody's wish.
BUDGET = re.compile(r"\d (of|von) [\d.,\u202f]+ MB")
# What leads out of the window or asks for files; and parts that have actions of their own.
LEADS_OUT = ["&Quit", "Serve", "Open a file", "Browse\u2026", "Save", "Open\u2026", "Replace"]
APART = ["Pages", STRIP, "Experiment", "Settings"]
BUTTONS = ("push button", "toggle button", "check box", "radio button", "page tab", "button")
MENUS = ("popup menu", "menu")
LISTS = ("table", "tree table", "list", "tree")


class Monkey:
    def __init__(self, app, process, seed, note):
        self.app, self.process, self.seed, self.note = app, process, seed, note
        self.german, self.words = False, at_spi.translations()[0]
        self.actions = {self.page: 14, self.control: 30, self.scrub: 14, self.train: 10, self.follow: 3, self.play: 2, self.sample: 6, self.input: 2,
                        self.write: 6, self.preset: 5, self.checkpoint: 2, self.back: 2, self.branch: 2, self.duplicate: 1, self.reset: 1, self.split: 2,
                        self.theme: 2, self.language: 1, self.size: 3, self.scale: 2, self.panel: 2, self.present: 1, self.lessons: 1, self.export: 2,
                        self.look: 2, self.ask: 1}

    def word(self, english):
        plain = self.words.get(english) if self.german else english
        return (plain or english).replace("&", "")

    def act(self, number):
        """One action, which follows from the seed, the number and what is seen."""
        dice = random.Random(f"{self.seed}/{number}")
        action = dice.choices(list(self.actions), list(self.actions.values()))[0]
        self.close_dialogs(number)
        with contextlib.suppress(at_spi.GONE):
            for move in action(dice):
                self.do(move, action.__name__, number)

    def do(self, move, why, number):
        self.note(number, why, move)
        what, *how = move
        if what == "keys":
            at_spi.keys(*how)
        elif what == "type":
            at_spi.typed(*how)
        elif what == "wait":
            time.sleep(*how)
        elif what == "size":
            at_spi.resize(self.process.pid, *how)
        elif what == "ask":
            self.choose_in_palette(*how)
        else:
            self.touch(what, *how)

    def touch(self, what, role, name, which, *how):
        found = [node for node in at_spi.on_screen(self.app) if node.get_role_name() == role and node.get_name() == name]
        if len(found) <= which:
            return
        node = found[which]
        if what == "press":
            node.get_action_iface().do_action(0)
        elif what == "focus":
            node.get_component_iface().grab_focus()
        elif what == "text":
            node.get_editable_text_iface().set_text_contents(*how)
        elif what == "value":
            value = node.get_value_iface()
            low, high = value.get_minimum_value(), value.get_maximum_value()
            value.set_current_value(low + how[0] * (high - low))

    def choose_in_palette(self, field, found, words):
        """What is not offered is left alone."""
        at_spi.keys("ctrl+k")
        asked = at_spi.wait_for(lambda: self.find("text", field), 10)
        if not asked:
            return
        asked.get_editable_text_iface().set_text_contents(words)
        rows = self.find("list", found)
        lines = [each.get_name() for each in at_spi.children(rows)] if rows else []
        place = next((i for i, line in enumerate(lines) if line == words or line.endswith(f": {words}")), 0 if words in QUESTIONS else None)
        at_spi.keys(*(["Escape"] if place is None else ["Down"] * place + ["Return"]))

    def find(self, role, name):
        return next((node for node in at_spi.on_screen(self.app) if node.get_role_name() == role and node.get_name() == name), None)

    def close_dialogs(self, number):
        """Also a menu, which takes all keys; a menu in a menu asks for one more."""
        for _ in range(5):
            if not self.is_covered():
                return
            self.do(["keys", "Escape"], "close", number)
            time.sleep(0.2)

    def is_covered(self):
        with contextlib.suppress(at_spi.GONE):
            tops = [each for each in at_spi.children(self.app) if at_spi.has(each, Atspi.StateType.SHOWING)]
            return len(tops) > 1 or any(node.get_role_name() in MENUS for node in at_spi.on_screen(self.app))
        return True

    # Actions.
    def strip(self):
        return ["focus", "image", self.word(STRIP), 0]

    def palette(self, words):
        return [["ask", self.word("Ask"), self.word("Found"), words], ["wait", 0.5]]

    def open_preset(self, title):
        return self.palette(self.word("Preset: %1").replace("%1", self.word(title)))

    def close_lesson(self):
        return ["press", "push button", self.word("Close the lesson"), 0]

    def page(self, dice):
        return [self.strip(), ["keys", dice.choice(PAGE_KEYS)], ["wait", 0.4]]

    def scrub(self, dice):
        ways = ["Left", "Right", "shift+Left", "shift+Right", "Home", "End"]
        yield self.strip()
        for _ in range(dice.randint(2, 12)):
            yield ["keys", dice.choices(ways, [6, 6, 2, 2, 1, 1])[0]]
            yield ["wait", dice.choice([0.02, 0.05, 0.2])]

    def train(self, dice):
        return [self.strip(), ["keys", "space"], ["wait", dice.uniform(0.5, 4)], *([["keys", "space"]] if dice.random() < 0.5 else [])]

    def follow(self, dice):
        return [self.strip(), ["keys", "f"], ["wait", dice.uniform(0, 1)]]

    def play(self, dice):
        return [self.strip(), ["keys", "shift+space"], ["wait", dice.uniform(0.5, 2)], ["keys", "shift+space"]]

    def sample(self, dice):
        for _ in range(dice.randint(1, 5)):
            yield ["keys", dice.choice(["ctrl+Right", "ctrl+Left"])]
            yield ["wait", 0.1]

    def input(self, dice):
        return [["keys", "ctrl+i"], ["wait", 0.3], ["type", dice.choice(WORDS)], ["keys", "Return"], ["wait", 0.3], ["keys", "Escape"]]

    def write(self, dice):
        """A text is written on, by a model of texts now and then."""
        if dice.random() < 0.2:
            yield from self.open_preset(dice.choice(TEXT_PRESETS))
        yield from [self.strip(), ["keys", TEXT_PAGE], ["wait", 0.4]]
        yield ["press", "radio button", f"{self.word('Tabs')}: {self.word('Write')}", 0]
        for _ in range(dice.randint(1, 4)):
            buttons = [each for each in self.controls() if each[0] in BUTTONS]
            if buttons:
                yield ["press", *dice.choice(buttons)]
            yield ["wait", dice.uniform(0.2, 1.0)]

    def preset(self, dice):
        return self.open_preset(dice.choice(PRESETS))

    def checkpoint(self, dice):
        return [["keys", "shift+F2"], ["wait", 0.6], ["press", "push button", dice.choice(["soak.safetensors", "soak.json"]), 0], ["wait", 0.5]]

    def back(self, dice):
        return [["keys", "ctrl+z"], ["wait", 0.3]]

    def branch(self, dice):
        return [self.strip(), ["keys", "b"], ["wait", dice.uniform(0.3, 2)], ["keys", "space"]]

    def duplicate(self, dice):
        return [["keys", "ctrl+d"], ["wait", 0.5], ["keys", dice.choice(["Return", "Escape"])], ["wait", 0.3]]

    def reset(self, dice):
        return [["keys", "ctrl+r"], ["wait", 0.2]]

    def split(self, dice):
        return [["keys", "ctrl+b"], ["wait", dice.uniform(0.5, 2)], ["keys", "ctrl+b"], ["wait", 0.2]]

    def theme(self, dice):
        return self.palette(f"{self.word('View')}: {self.word(dice.choice(['&Light', '&Dark']))}")

    def language(self, dice):
        self.german = not self.german
        return self.palette("Deutsch" if self.german else "English") + [["wait", 1.5]]

    def size(self, dice):
        return [["size", *dice.choice(SIZES)], ["wait", 0.3]]

    def scale(self, dice):
        return [["keys", dice.choice(["ctrl+plus", "ctrl+minus"])], ["wait", 0.4]]

    def panel(self, dice):
        return [["keys", "F4"], ["wait", dice.uniform(0.3, 1)], ["keys", "F4"], ["wait", 0.2]]

    def present(self, dice):
        return [["keys", "F5"], ["wait", dice.uniform(0.5, 1.5)], ["keys", "Right"], ["wait", 0.5], ["keys", "Escape"], ["wait", 0.3]]

    def lessons(self, dice):
        return [["keys", "F2"], ["wait", 0.6], ["keys", "Return"], ["wait", dice.uniform(0.5, 2)], self.close_lesson(), ["wait", 0.3]]

    def export(self, dice):
        moves = [["keys", "ctrl+e"], ["wait", 0.5]]
        return moves + ([["keys", "Return"], ["wait", 0.6]] if dice.random() < 0.5 else []) + [["keys", "Escape"]]

    def look(self, dice):
        key = dice.choice(["ctrl+l", "ctrl+m", "ctrl+shift+k", "ctrl+h", "ctrl+j"])
        return [["keys", key], ["wait", dice.uniform(0.3, 1)], *([] if key == "ctrl+h" else [["keys", key]])]

    def ask(self, dice):
        return self.palette(dice.choice(QUESTIONS)) + [["wait", 1], ["keys", "alt+Home"], ["wait", 0.4], self.close_lesson()]

    def control(self, dice):
        """Some of what the page offers."""
        for _ in range(dice.randint(1, 3)):
            offered = self.controls()
            if not offered:
                return
            role, name, which = dice.choice(offered)
            yield from self.use(dice, role, name, which)
            yield ["wait", dice.uniform(0.05, 0.5)]

    def use(self, dice, role, name, which):
        if role in BUTTONS:
            yield ["press", role, name, which]
        elif role == "slider":
            yield ["value", role, name, which, round(dice.random(), 3)]
        elif role == "text":
            yield ["text", role, name, which, dice.choice(WORDS)]
        else:
            yield ["focus", role, name, which]
            for _ in range(dice.randint(1, 6)):
                yield ["keys", dice.choice(["Down", "Up"] if role != "image" else ["Down", "Up", "Left", "Right"])]

    def controls(self):
        """What can be used in the window, apart from what has actions of its own: role, name, which of this name."""
        apart, out, found = {self.word(each) for each in APART}, {self.word(each) for each in LEADS_OUT}, {}
        for node in self.below(self.app, apart):
            with contextlib.suppress(at_spi.GONE):
                role, name = node.get_role_name(), node.get_name()
                usable = role in BUTTONS + LISTS + ("slider", "spin button", "combo box", "text", "image")
                if usable and name and name not in out and not BUDGET.search(name) and "\u2026" not in name and at_spi.has(node, Atspi.StateType.FOCUSABLE, Atspi.StateType.ENABLED):
                    found[role, name] = found.get((role, name), 0) + 1
        return [(role, name, which) for (role, name), count in sorted(found.items()) for which in range(count)]

    def below(self, node, apart):
        if node.get_role_name() in at_spi.TABLES:
            return
        for child in at_spi.children(node):
            with contextlib.suppress(at_spi.GONE):
                if at_spi.has(child, Atspi.StateType.SHOWING) and child.get_name() not in apart:
                    yield child
                    yield from self.below(child, apart)

    def rest(self, number):
        """The same state each time: English, light, one run that was left and one that is open, three steps each, the page Train."""
        self.close_dialogs(number)
        moves = [["keys", "Escape"], ["keys", "Escape"], self.close_lesson()]
        if self.german:
            self.german = False
            moves += self.palette("English") + [["wait", 2]]
        moves += [["size", *USUAL], *[["keys", "ctrl+minus"]] * 3, ["wait", 0.5], *self.palette("View: Light")]
        for preset in ("Copy", "Reverse"):
            moves += self.open_preset(preset) + [["wait", 1], self.strip(), *[["keys", "period"], ["wait", 0.3]] * 3]
        moves += [self.strip(), ["keys", "1"], ["keys", "f"], ["wait", 2]]
        for move in moves:
            with contextlib.suppress(at_spi.GONE):
                self.do(move, "rest", number)
        self.close_dialogs(number)

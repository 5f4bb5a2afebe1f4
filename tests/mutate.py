#!/usr/bin/env python3
"""Changes one token of core at a time and looks whether a test notices.

    python3 tests/mutate.py [--seed N] [--count N] [--files GLOB ...] [--timeout SECONDS] [--window] [--list]

Each mutant is compiled and tested in a copy of the sources (build/mutants), so the sources themselves are never touched. A mutant is
killed when a test of the rooms that are linked with its own fails or takes longer than the timeout; the room's own tests come first. One
that does not compile is replaced by another. The survivors are printed with their place and change; some of them are equivalent to the
program as it is (a bound that only costs time, a case that cannot come): judge each, and write a test for the others.
Exit status: 0 all killed, 1 some survived, 2 it could not be tried.
"""

import argparse
import fnmatch
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutants"
BUILD = COPY / "build" / "release"
LEFT_OUT = {".git", "build", ".cache", "__pycache__"}

# ---------------------------------------------------------------------------------------------------------------------- what may be changed

# The sources are formatted by clang-format: an operator with two operands has blanks around it, `<` and `>` of a template have none.
CHANGES = {
    "comparison": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "+=": "-=", "-=": "+="},
    "logic": {"&&": "||", "||": "&&"},
}
WORDS = {
    "truth": {"true": "false", "false": "true"},
    "word": {"std::min": "std::max", "std::max": "std::min", "upper_bound": "lower_bound", "lower_bound": "upper_bound",
               "any_of": "all_of", "all_of": "any_of", "break": "continue"},
}

TOKEN = re.compile(
    r"""(?P<skip>//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*   # comments, preprocessor
        |\b(?:static_)?assert\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))                             # not in a release build
       |(?P<text>R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
       |(?P<number>\b\d[\w.']*(?:(?<=e)[+-]\d+)?)
       |(?P<word>std::(?:min|max)\b|[A-Za-z_]\w*)
       |(?P<operator>&&|\|\||[<>=!+*/-]=|<<|>>|->|\+\+|--|::|[-+*/<>=!?:;,(){}\[\]])""",
    re.VERBOSE | re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    path: str  # from the root
    begin: int
    end: int
    text: str  # in place of [begin, end)
    kind: str
    what: str

    def applied(self, source):
        return source[:self.begin] + self.text + source[self.end:]


def stands_free(source, match):
    """Whether blanks or line ends are on both sides: an operator with two operands."""
    return source[match.start() - 1].isspace() and source[match.end():match.end() + 1].isspace()


def number_mutants(text):
    """A constant one more and one less (not below 0); of fractions only simple ones."""
    whole = re.fullmatch(r"(\d+)(u?)", text)
    if whole:
        value = int(whole[1])
        return [f"{each}{whole[2]}" for each in (value + 1, value - 1) if each >= 0]
    fraction = re.fullmatch(r"(\d+\.\d*)(f?)", text)
    return [f"{float(fraction[1]) + 1}{fraction[2]}"] if fraction else []


def term_ends(tokens, at):
    """The tokens (first, last) of the terms left and right of the && or || at `at`, or None for what this cannot cut."""
    opening, closing = "([{", ")]}"
    stops = {"&&", "||", ",", ";", "?", ":", "=", "return", "{", "}"}

    def walk(step, inward, outward):
        depth, i = 0, at + step
        while 0 <= i < len(tokens):
            text = tokens[i].group()
            if depth == 0 and (text in outward or text in stops):
                return i - step
            depth += (text in inward) - (text in outward)
            i += step
        return None

    left, right = walk(-1, closing, opening), walk(1, opening, closing)
    return None if left is None or right is None or left >= at or right <= at else (left, right)


def joins_texts(tokens, at):
    """Whether a text stands in the statement around: its + joins texts, and nothing else would compile."""
    for step in (-1, 1):
        i = at
        while 0 <= i < len(tokens) and tokens[i].group() not in (";", "{", "}"):
            if tokens[i]["text"] or tokens[i].group() == "to_string":
                return True
            i += step
    return False


def mutants_of(path, source):
    """All mutants of one file, in the order of their places."""
    tokens = [match for match in TOKEN.finditer(source) if not match["skip"]]
    found = []

    def add(begin, end, text, kind, what):
        found.append(Mutant(path, begin, end, text, kind, what))

    def add_dropped(at):
        ends = term_ends(tokens, at)
        if not ends:
            return
        left, right = tokens[ends[0]].start(), tokens[ends[1]].end()
        add(left, tokens[at + 1].start(), "", "dropped", f"dropped '{' '.join(source[left:tokens[at].end()].split())}'")
        add(tokens[at - 1].end(), right, "", "dropped", f"dropped '{' '.join(source[tokens[at].start():right].split())}'")

    for i, match in enumerate(tokens):
        text = match.group()
        for kind, table in (CHANGES if match["operator"] and stands_free(source, match) else WORDS if match["word"] else {}).items():
            if text in table and not (text in ("+", "+=") and joins_texts(tokens, i)):
                add(match.start(), match.end(), table[text], kind, f"{text} to {table[text]}")
                if kind == "logic":
                    add_dropped(i)
        if text == "!" and not source[match.end()].isspace():
            add(match.start(), match.end(), "", "negation", "dropped !")
        for other in number_mutants(text) if match["number"] else []:
            add(match.start(), match.end(), other, "constant", f"{text} to {other}")
    return found


def draw(mutants, seed):
    """In an order of chance in which the kinds take turns: there are ten times as many constants as negations."""
    chance = random.Random(seed)
    kinds = {}
    for mutant in mutants:
        kinds.setdefault(mutant.kind, []).append(mutant)
    for each in kinds.values():
        chance.shuffle(each)
    while kinds:
        for kind in sorted(kinds):
            yield kinds[kind].pop()
        kinds = {kind: each for kind, each in kinds.items() if each}


def sources(patterns):
    for path in sorted((ROOT / "core").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in (".cpp", ".h") and any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
            yield name


# ------------------------------------------------------------------------------------------------------------------- the copy and its build

def copy_sources():
    """Makes COPY like ROOT; a file that is the same keeps its time, so that little is compiled again."""
    wanted = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in files:
            path = Path(folder, name)
            relative = path.relative_to(ROOT)
            wanted.add(relative)
            target = COPY / relative
            if not target.exists() or target.read_bytes() != path.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                shutil.copymode(path, target)
    for folder, folders, files in os.walk(COPY):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in files:
            path = Path(folder, name)
            if path.relative_to(COPY) not in wanted:
                path.unlink()


class TooLong(Exception):
    pass


def run(command, deadline):
    """Exit status and output; ends the command with all that it started when the deadline has passed."""
    process = subprocess.Popen(command, cwd=COPY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True)
    try:
        output, _ = process.communicate(timeout=max(deadline - time.monotonic(), 0.1))
        return process.returncode, output
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            raise TooLong from error
        raise


def check(command, what):
    status, output = run(command, time.monotonic() + 24 * 3600)
    if status:
        sys.exit(f"{output[-4000:]}\n{what}")
    return output


@dataclass
class Room:
    program: str  # its ninja target
    libraries: set  # files it is linked with, of ours
    tests: list  # names of ctest


def rooms():
    """The test programs of core (and the window), with what they are linked with and which ctests run them."""
    shown = json.loads(check(["ctest", "--test-dir", str(BUILD), "--show-only=json-v1"], "ctest lists no tests"))
    tests = {}
    for test in shown["tests"]:
        program = Path(test.get("command", [""])[0])
        labels = [value for each in test["properties"] if each["name"] == "LABELS" for value in each["value"]]
        if program.name.endswith("_tests") and "long" not in labels:
            tests.setdefault(program.relative_to(BUILD).as_posix(), []).append(test["name"])
    return [Room(program, set(re.findall(r"core/libcore_\w+\.a", check(["ninja", "-C", str(BUILD), "-t", "inputs", program], "ninja -t"))),
                 names) for program, names in sorted(tests.items())]


def affected(all_rooms, path):
    """First the room's own tests, then those of the other rooms that are linked with it."""
    layer = path.split("/")[1]
    own = f"tests/core_{layer}_tests"
    linked = [room for room in all_rooms if f"core/libcore_{layer}.a" in room.libraries]
    return [[room for room in linked if room.program == own], [room for room in linked if room.program != own]]


def build_and_test(some, deadline):
    """What failed: "" when all went well, "compiling", or the name of the first test that failed."""
    if not some:
        return ""
    status, _ = run(["ninja", "-C", str(BUILD)] + [room.program for room in some], deadline)
    if status:
        return "compiling"
    names = "|".join(re.escape(name) for room in some for name in room.tests)
    command = ["ctest", "--test-dir", str(BUILD), "-j2", "--stop-on-failure", "-R", f"^({names})$"]
    status, output = run(command, deadline)
    if not status:
        return ""
    failed = re.findall(r"Test +#\d+: (\w+) .*\*\*\*", output)
    return failed[0] if failed else "a test"


def verdict(mutant, all_rooms, timeout):
    """"survived", "not compiled", or "killed by ..."."""
    target = COPY / mutant.path
    source = (ROOT / mutant.path).read_text()
    deadline = time.monotonic() + timeout
    try:
        target.write_text(mutant.applied(source))
        for some in affected(all_rooms, mutant.path):
            failed = build_and_test(some, deadline)
            if failed == "compiling":
                return "not compiled"
            if failed:
                return f"killed by {failed}"
        return "survived"
    except TooLong:
        return "killed by the timeout"
    finally:
        target.write_text(source)


# ------------------------------------------------------------------------------------------------------------------------------------ report

def place(mutant):
    source = (ROOT / mutant.path).read_text()
    return f"{mutant.path}:{source.count(chr(10), 0, mutant.begin) + 1}"


def difference(mutant):
    """The lines before and after, as a diff shows them."""
    before = (ROOT / mutant.path).read_text()
    after = mutant.applied(before)
    first = before.rfind("\n", 0, mutant.begin) + 1
    last = before.find("\n", mutant.end)
    old, new = before[first:last], after[first:last + len(after) - len(before)]
    return "\n".join([f"    - {line}" for line in old.split("\n")] + [f"    + {line}" for line in new.split("\n")])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other mutants (1)")
    parser.add_argument("--count", type=int, default=50, help="how many that compile (50)")
    parser.add_argument("--files", nargs="+", default=["*"], metavar="GLOB", help="only of these files, as 'core/sweep/*' (all of core)")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one mutant, compiling included (600)")
    parser.add_argument("--window", action="store_true", help="also the tests of the window and of the command line")
    parser.add_argument("--list", action="store_true", help="show the mutants drawn, try none")
    return parser.parse_args()


def prepare(window):
    """The copy, configured, built and tested as it is: a mutant can only be judged by tests that pass without it."""
    copy_sources()
    check(["cmake", "--preset", "release", f"-DATTENTION_LAB_UI={'ON' if window else 'OFF'}", "-DCMAKE_CXX_FLAGS=-w -D_GLIBCXX_ASSERTIONS"],
          "The copy cannot be configured.")
    check(["ninja", "-C", str(BUILD)], "The copy cannot be built.")  # ctest knows the program of a test only when it is there
    all_rooms = rooms()
    if not all_rooms:
        sys.exit("The copy has no tests.")
    failed = build_and_test(all_rooms, time.monotonic() + 24 * 3600)
    if failed:
        sys.exit(f"Without any mutant this fails: {failed}")
    return all_rooms


def main():
    options = arguments()
    possible = [mutant for name in sources(options.files) for mutant in mutants_of(name, (ROOT / name).read_text())]
    drawn = list(draw(possible, options.seed))
    if options.list:
        for mutant in drawn[:options.count]:
            print(f"{place(mutant)}: {mutant.what}\n{difference(mutant)}")
        return 0
    all_rooms = prepare(options.window)
    survivors, killed, invalid = [], 0, 0
    for mutant in drawn:
        if killed + len(survivors) == options.count:
            break
        begin = time.monotonic()
        result = verdict(mutant, all_rooms, options.timeout)
        print(f"{result}: {place(mutant)}: {mutant.what} ({time.monotonic() - begin:.0f} s)", flush=True)
        survivors += [mutant] if result == "survived" else []
        killed += result.startswith("killed")
        invalid += result == "not compiled"
    for mutant in survivors:
        print(f"\nsurvived: {place(mutant)}: {mutant.what}\n{difference(mutant)}")
    print(f"\n{killed} of {killed + len(survivors)} mutants killed (seed {options.seed}, {len(possible)} possible, {invalid} did not compile)")
    return 1 if survivors else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            sys.exit(2)
        raise

#!/usr/bin/env python3
"""update.py [CODE ...]: brings attention-lab_CODE.ts up to date with the sources, each of them when none is named; a new one is begun.

What is translated stays, what is new is marked unfinished, what is no longer said goes. The texts are those of core and ui, and of the data
files below resources that come with the program. `--to FILE` begins a file of any name; the tests do.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Folders of resources, each the context of its texts, and the keys whose texts a person reads.
KINDS = ["presets", "comparisons", "sweeps", "recipes", "examples", "questions", "guides"]
KEYS = {"name", "about", "ask", "also", "answer", "topic", "note", "title"}
ALIASES = ["QT_TRANSLATE_NOOP+=LAB_TEXT", "QT_TRANSLATE_N_NOOP+=LAB_PLURAL"]


def texts_of(value, key=None):
    if isinstance(value, dict):
        for inner, part in value.items():
            yield from texts_of(part, inner)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part, key)
    elif isinstance(value, str) and value and key in KEYS:
        yield value


def source_of_data():
    """The texts of data files as lupdate reads them: C++."""
    lines = []
    for kind in KINDS:
        texts = [text for file in sorted((ROOT / "resources" / kind).glob("*.json")) for text in texts_of(json.loads(file.read_text("utf-8")))]
        lines += [f"QT_TRANSLATE_NOOP({json.dumps(kind)}, {json.dumps(text, ensure_ascii=False)});" for text in dict.fromkeys(texts)]
    return "\n".join(lines) + "\n"


def lupdate():
    for folder in [None, "/usr/lib/qt6/bin"]:
        if found := shutil.which("lupdate", path=folder):
            return found
    sys.exit("error: lupdate of Qt 6 is missing; on Debian: apt install qt6-l10n-tools")


def update(file, code):
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data.cpp"
        data.write_text(source_of_data(), "utf-8")
        command = [lupdate(), "-silent", "-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", code]
        for alias in ALIASES:
            command += ["-tr-function-alias", alias]
        command += ["-I", ROOT, ROOT / "core", ROOT / "ui", data, "-ts", file]
        subprocess.run(command, check=True)


def main(arguments):
    if arguments[:1] == ["--to"]:
        return update(arguments[1], "en")
    codes = arguments or [file.stem.split("_", 1)[1] for file in HERE.glob("attention-lab_*.ts")]
    for code in codes:
        update(HERE / f"attention-lab_{code}.ts", code)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Few descriptors and little memory: the program works, or says in a sentence that it cannot; it never crashes."""
import contextlib
import os
import socket
import subprocess

from disk import RUN, Kept, needs, training
from program import ENVIRONMENT, Failed, finished, require, require_no_crash, wait_until
from served import Served

INPUT = ["--input", "3 1 4 1 5 9"]
# What the system says before the program begins: it has no say in that.
LOADER = ("error while loading shared libraries", "cannot allocate memory in static TLS block", "cannot create shared object descriptor",
          "cannot apply additional memory protection", "cannot allocate")


def commands(kept):
    """What is tried under each limit, none of which ends by itself with an error."""
    folder = kept.place
    return {"train": training("--out", os.path.join(folder, "new.safetensors"), "--metrics", os.path.join(folder, "m.csv"), steps=3),
            "train on four threads": training("--threads", "4", steps=3),
            "resume": ["train", "--resume", kept.state, "--set", "training.steps=22", "--quiet"],
            "sweep": ["sweep", "g.json", "--out", os.path.join(folder, "S.csv"), "--jobs", "2", "--quiet"],
            "render": ["render", kept.state, "--view", "maps", *INPUT, "--out", os.path.join(folder, "maps.png")],
            "trace": ["trace", kept.state, *INPUT, "--out", os.path.join(folder, "t.safetensors")],
            "evaluate": ["evaluate", kept.state, "--quiet"]}


def works_or_says(process, name, seconds=None):
    """Whether it worked. One that does not end by itself (a server, a window) works when it still runs after so many seconds."""
    try:
        output, errors = process.communicate(timeout=seconds or 120)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        require(seconds, f"{name} hangs: {output}{errors}")
        return True, ""
    require_no_crash(process.returncode, output + errors, [name])
    if process.returncode == 0:
        return True, ""
    lines = [line for line in (output + errors).splitlines() if line.strip()]
    sentence = next((line for line in reversed(lines) if line.startswith("error: ")), "")
    loader = process.returncode == 127 and any(word in errors for word in LOADER)
    require(sentence or loader, f"{name} ended with {process.returncode} and no sentence: {lines[-4:]}")
    return False, sentence


def under_limits(program, place, option, values, lasting):
    """All commands under each value of a limit; returns the last sentence, and from which value on everything worked."""
    kept = Kept(program, place, place)
    sentences, enough = [], {}
    for value in values:
        before = ["prlimit", f"--{option}={value}"]
        for name, words in commands(kept).items():
            try:
                worked, sentence = works_or_says(program.start(*words, cwd=place, before=before), name)
            except Failed as failure:
                raise Failed(f"{option} {value}: {failure}") from None
            sentences += [sentence] if sentence else []
            if worked:
                enough.setdefault(name, value)
            with contextlib.suppress(FileNotFoundError):
                os.remove(os.path.join(place, "S.csv"))
            kept.require_same()
        for name, start in lasting(program, place).items():
            try:
                worked, sentence = works_or_says(start(before), name, seconds=1.5)
            except Failed as failure:
                raise Failed(f"{option} {value}: {failure}") from None
            sentences += [sentence] if sentence else []
            if worked:
                enough.setdefault(name, value)
    missing = [name for name in [*commands(kept), *lasting(program, place)] if name not in enough]
    require(not missing, f"{missing} never worked, not even with {option} {values[-1]}")
    kept.goes_on()
    require(sentences, "no limit was low enough to be refused")
    return f"{sentences[-1]} ({', '.join(f'{name} from {value}' for name, value in enough.items())})"


def server_and_window(program, place):
    home = os.path.join(place, "home")
    os.makedirs(home, exist_ok=True)
    own = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home}
    serve = ["serve", "--listen", "127.0.0.1:0", "--data", "served", "--quiet"]
    return {"serve": lambda before: program.start(*serve, cwd=place, before=before),
            "window": lambda before: program.start("--no-start", cwd=place, before=before, environment=own)}


def crowd_at_a_server(program, place):
    """More connections than it may have open: those that wait are answered when others have gone, and nothing is lost."""
    server = Served(program, place, before=["prlimit", "--nofile=48"])
    require(server.address(), "the server does not start with 48 descriptors")
    try:
        run = server.ask("POST", "/api/v1/runs", RUN)["id"]
        port = int(server.url.rsplit(":", 1)[1])
        crowd = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(80)]
        require(server.process.poll() is None, "the server ended in the crowd")
        for each in crowd:
            each.close()
        wait_until(lambda: server.all_runs() == [run], "an answer behind the crowd", 60)
        wait_until(lambda: server.ask("GET", f"/api/v1/runs/{run}")["state"] == "finished", "the run")
    finally:
        server.process.terminate()
        ended = finished(server.process)
    require(ended.status == 0, f"the server ended with {ended.status}: {ended.said}")


def no_descriptors(program, place):
    needs("prlimit")
    crowd = os.path.join(place, "crowd")
    os.mkdir(crowd)
    crowd_at_a_server(program, crowd)
    return under_limits(program, place, "nofile", [*range(3, 17), 20, 24, 28, 32, 48, 64], server_and_window)


def little_memory(program, place):
    """ulimit -v: of the addresses, which are many times what is used."""
    needs("prlimit")
    megabytes = [*range(84, 180, 4), *range(180, 400, 20), 500, 800, 1500]
    return under_limits(program, place, "as", [size << 20 for size in megabytes], server_and_window)


def memory_of_a_large_model(program, place):
    """What cannot fit is refused before anything is begun, and names what it would need."""
    kept = Kept(program, place, place)
    words = ["train", "reverse", "--set", "model.d_model=4096", "--set", "model.num_layers=24", "--out", kept.state, "--quiet"]
    ended = finished(program.start(*words, cwd=place, before=["prlimit", f"--as={2 << 30}"], environment=ENVIRONMENT))
    require_no_crash(ended.status, ended.said, words)
    require(ended.status == 1 and ended.sentence.startswith("error: ") and "memory" in ended.sentence, f"{ended.status}: {ended.said}")
    kept.goes_on()
    return ended.sentence

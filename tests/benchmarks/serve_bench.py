#!/usr/bin/env python3
"""Measures `attention-lab serve` on this machine, and attacks it.

    python3 tests/benchmarks/serve_bench.py [paced events writing attacks] [--seconds 20] [--events-seconds 600] [--program ...]

paced    2,000 requests a second for a run that trains: their latency, and what they cost the training; the same generator asks a second,
         idle server's /health for comparison (a static answer of the same library), in turn.
events   100 clients listen to a training for a long time: how much memory the server has gained.
writing  the first token of a completion and the pace of the rest, beside what `generate` writes here.
attacks  a line without an end, slow headers, idle connections, floods of chunks: memory above idle, and whether the training goes on.
"""
import argparse, json, os, re, signal, socket, statistics, subprocess, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument("parts", nargs="*", default=["paced", "events", "writing", "attacks"])
parser.add_argument("--program", default="build/release/app/attention-lab")
parser.add_argument("--seconds", type=float, default=20)
parser.add_argument("--events-seconds", type=float, default=600)
options = parser.parse_args()


class Server:
    """One server in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([options.program, "serve", "--listen", "127.0.0.1:0", "--data", self.folder.name, "--quiet"],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)\s*$", self.process.stdout.readline()).group(1))
        self.process.stdout.readline()
        self.token = open(os.path.join(self.folder.name, "token")).read().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.folder.cleanup()

    def connect(self):
        s = socket.create_connection(("127.0.0.1", self.port))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def head(self, method, path, more=""):
        return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
                f"Content-Type: application/json\r\n{more}").encode()

    def ask(self, method, path, body=None):
        with self.connect() as s:
            data = b"" if body is None else json.dumps(body).encode()
            s.sendall(self.head(method, path, f"Connection: close\r\nContent-Length: {len(data)}\r\n\r\n") + data)
            answer = b""
            while piece := s.recv(65536):
                answer += piece
        head, _, text = answer.partition(b"\r\n\r\n")
        assert b" 20" in head.split(b"\r\n")[0], answer[:400]
        return json.loads(text) if text else None

    def make(self, preset, **changes):
        return self.ask("POST", "/api/v1/runs", {"preset": preset, "set": changes})["id"]

    def step(self, run):
        return self.ask("GET", f"/api/v1/runs/{run}")["step"]

    def megabytes(self):
        pages = 0
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                pages = int(line.split()[1])
        return pages / 1024


def paced(server, path, seconds, rate=2000, connections=8):
    """Latencies in ms, from when each request was due."""
    asks = server.head("GET", path, "\r\n")
    sockets = [server.connect() for _ in range(connections)]
    latencies, begin, sent = [], time.perf_counter(), 0
    while sent < rate * seconds:
        due = begin + sent / rate
        if (left := due - time.perf_counter()) > 0:
            time.sleep(left)
        for s in sockets:
            s.sendall(asks)
        for s in sockets:
            answer = s.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
            latencies.append(1000 * (time.perf_counter() - due))
        sent += connections
    for s in sockets:
        s.close()
    return sorted(latencies)


def measure_paced():
    with Server() as server, Server() as still:
        run = server.make("stories", **{"training.steps": 10_000_000})
        path = f"/api/v1/runs/{run}"
        time.sleep(3)
        paces = {"alone": [], "beside a static answer": [], "beside the run asked for": []}
        for _ in range(3):
            for what, act in (("alone", lambda: time.sleep(options.seconds)),
                              ("beside a static answer", lambda: paced(still, "/health", options.seconds)),
                              ("beside the run asked for", lambda: paced(server, path, options.seconds))):
                first, begin = server.step(run), time.perf_counter()
                latencies = act()
                paces[what].append((server.step(run) - first) / (time.perf_counter() - begin))
                if latencies:
                    share = len(latencies) / options.seconds
                    print(f"  {what}: {share:.0f}/s, p50 {latencies[len(latencies) // 2]:.2f} ms, p99 {latencies[len(latencies) * 99 // 100]:.2f} ms, "
                          f"most {latencies[-1]:.1f} ms")
        for what, values in paces.items():
            print(f"  training {what}: {statistics.median(values):.1f} steps/s {[round(v, 1) for v in values]}")
        print(f"  costs {100 * (1 - statistics.median(paces['beside the run asked for']) / statistics.median(paces['beside a static answer'])):.1f} % "
              "more than the static answer")


def measure_events():
    with Server() as server:
        # Single steps, so that what the training itself keeps hardly grows.
        run = server.ask("POST", "/api/v1/runs", {"preset": "copy", "set": {"training.steps": 10_000_000}, "train": False})["id"]
        heard = [0] * 100

        def step_for(seconds):
            with server.connect() as s:
                end = time.time() + seconds
                while time.time() < end:
                    s.sendall(server.head("POST", f"/api/v1/runs/{run}:step", "Content-Length: 0\r\n\r\n"))
                    s.recv(65536)
                    time.sleep(0.05)

        def listen(i):
            with server.connect() as s:
                s.sendall(server.head("GET", f"/api/v1/runs/{run}/events", "\r\n"))
                while piece := s.recv(65536):
                    heard[i] += piece.count(b"data: ")

        step_for(30)
        first, before = server.step(run), server.megabytes()
        step_for(options.events_seconds / 4)
        alone = (server.megabytes() - before) / (server.step(run) - first)
        for i in range(100):
            threading.Thread(target=listen, args=(i,), daemon=True).start()
        step_for(10)
        first, begin = server.step(run), server.megabytes()
        step_for(options.events_seconds)
        steps, end = server.step(run) - first, server.megabytes()
        print(f"  100 clients, {options.events_seconds:.0f} s, {steps} steps: {begin:.1f} -> {end:.1f} MiB, of which the training alone has "
              f"{alone * steps:.1f}; events a client {min(heard)}..{max(heard)}")


def measure_writing():
    with Server() as server:
        run = server.make("stories", **{"model.d_model": 128, "model.num_layers": 4, "model.num_heads": 4, "training.steps": 2})
        while server.ask("GET", f"/api/v1/runs/{run}")["state"] != "finished":
            time.sleep(0.1)
        count, firsts, rates = 400, [], []
        body = json.dumps({"model": run, "prompt": "The", "max_tokens": count, "stream": True, "temperature": 0.8}).encode()
        for _ in range(9):
            with server.connect() as s:
                begin = time.perf_counter()
                s.sendall(server.head("POST", "/v1/completions", f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n") + body)
                text, first = b"", None
                while piece := s.recv(65536):
                    text += piece
                    if first is None and b"data: " in text:
                        first, had = time.perf_counter(), text.count(b"data: ")
                last = time.perf_counter()
                firsts.append(1000 * (first - begin))
                rates.append((text.count(b"data: ") - had) / (last - first))
        file = os.path.join(server.folder.name, "w.safetensors")
        with server.connect() as s:
            s.sendall(server.head("GET", f"/api/v1/runs/{run}/checkpoints/latest", "Connection: close\r\n\r\n"))
            whole = b""
            while piece := s.recv(1 << 20):
                whole += piece
        open(file, "wb").write(whole.partition(b"\r\n\r\n")[2])
        local = []
        for _ in range(5):
            seconds = {}
            for tokens in (1, 1 + count):
                begin = time.perf_counter()
                subprocess.run([options.program, "generate", file, "--prompt", "The", "--count", str(tokens), "--temperature", "0.8",
                                "--top-k", "0", "--top-p", "1", "--min-p", "0"], check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                seconds[tokens] = time.perf_counter() - begin
            local.append(count / (seconds[1 + count] - seconds[1]))
        print(f"  {text.count(b'data: ') - 2} events")
        print(f"  first token {statistics.median(firsts):.1f} ms (most {max(firsts):.1f}); {statistics.median(rates):.0f} tokens/s served, "
              f"{statistics.median(local):.0f} here: {100 * statistics.median(rates) / statistics.median(local):.0f} %")


def measure_attacks():
    with Server() as server:
        run = server.make("copy", **{"training.steps": 10_000_000})
        time.sleep(5)
        idle, most = server.megabytes(), 0
        ends = threading.Event()

        def watch():
            nonlocal most
            while not ends.wait(0.05):
                most = max(most, server.megabytes())

        watcher = threading.Thread(target=watch)
        watcher.start()
        first, begin = server.step(run), time.perf_counter()

        def pour(head, piece, times):
            sent = 0
            with server.connect() as s:
                try:
                    s.sendall(head)
                    for _ in range(times):
                        s.sendall(piece)
                        sent += len(piece)
                except OSError:
                    pass
            return sent

        def asks():
            start = time.perf_counter()
            server.step(run)
            return f"a run is answered in {1000 * (time.perf_counter() - start):.0f} ms"

        print(f"  150 MiB without a newline: cut after {pour(b'', b'x' * 65536, 2400) >> 10} KiB; {asks()}")
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        flood = server.head("POST", "/api/v1/runs", "Transfer-Encoding: chunked\r\n\r\n")
        print(f"  150 MiB in chunks: cut after {pour(flood, chunk, 2400) >> 10} KiB; {asks()}")
        headers = b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(1000))
        print(f"  headers of 1 MB: cut after {pour(server.head('GET', '/health'), headers, 150) >> 10} KiB; {asks()}")
        idles = [server.connect() for _ in range(1000)]
        print(f"  1,000 idle connections: {asks()}")
        halves = [server.connect() for _ in range(1000)]
        for s in halves:
            try:
                s.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
            except OSError:
                pass
        print(f"  and 1,000 half-sent requests: {asks()}")
        for _ in range(10):  # a letter a second
            for s in halves:
                try:
                    s.send(b"b")
                except OSError:
                    pass
            time.sleep(1)
        print(f"  which go on by a letter a second: {asks()}")
        for s in idles + halves:
            s.close()
        print(f"  behind them: {asks()}")
        ends.set()
        watcher.join()
        print(f"  memory {idle:.1f} MiB before, at most {most:.1f}, {server.megabytes():.1f} behind; trained on at "
              f"{(server.step(run) - first) / (time.perf_counter() - begin):.0f} steps/s")


for part in options.parts:
    print(part, flush=True)
    {"paced": measure_paced, "events": measure_events, "writing": measure_writing, "attacks": measure_attacks}[part]()

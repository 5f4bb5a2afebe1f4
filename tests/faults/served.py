"""`attention-lab serve` as a process, and what it is asked."""
import http.client
import json
import os
import urllib.error
import urllib.request


class Served:
    """Started in `folder`, keeping what it is told in `folder`/served."""

    def __init__(self, program, folder, *more, **how):
        self.process = program.start("serve", "--listen", "127.0.0.1:0", "--data", "served", "--quiet", *more, cwd=folder, **how)
        self.folder, self.url, self.token = folder, None, None

    def address(self):
        """Waits for what it says when it serves; False when it ended before."""
        line = self.process.stdout.readline()
        if not line.startswith("http://") or not self.process.stdout.readline():
            return False
        self.url = line.strip()
        with open(os.path.join(self.folder, "served", "token"), encoding="utf-8") as file:
            self.token = file.read().strip()
        return True

    def request(self, method, path, body, key=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        return urllib.request.Request(self.url + path, data=data, method=method, headers=headers)

    def ask(self, method, path, body=None, key=None):
        """What it answered with 2xx, JSON or bytes; nothing when it did not answer, refused, or is gone."""
        try:
            with urllib.request.urlopen(self.request(method, path, body, key), timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text or b" "
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return None
        except (OSError, ValueError, http.client.HTTPException):  # it was killed while it answered
            return None

    def refusal(self, method, path, body=None):
        """Status and text of what it answers."""
        try:
            with urllib.request.urlopen(self.request(method, path, body), timeout=60) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode(errors="replace")

    def all_runs(self):
        """Ids of the runs; nothing when it does not answer."""
        answer = self.ask("GET", "/api/v1/runs")
        return None if answer is None else [run["id"] for run in listed(answer)]


def listed(answer):
    return answer if isinstance(answer, list) else next(value for value in answer.values() if isinstance(value, list))

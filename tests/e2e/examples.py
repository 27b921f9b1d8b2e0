"""An example of the repository in a folder of its own: its data, and the verbs that run, serve and score it.

In: an example's name, a folder. Out: its copy with data, and how each verb came out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
SERVE_VENV = ROOT / ".venv-serve"
_PATIENCE = 900


@dataclass(frozen=True, slots=True)
class Said:
    """How a verb came out."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Example:
    """A copy of an example, and the interpreter that runs the tool on it."""

    home: Path
    python: str = sys.executable

    @property
    def state(self) -> Path:
        """The runner's folder."""
        return self.home / ".mlops"

    def verb(self, *words: str) -> Said:
        """Run a verb to its end."""
        done = subprocess.run(
            [self.python, "-m", "mlopsctl", *words],
            cwd=self.home,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def started(self, *words: str) -> subprocess.Popen[str]:
        """Start a verb, in a group of its own."""
        return subprocess.Popen(
            [self.python, "-m", "mlopsctl", *words],
            cwd=self.home,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def result(self) -> Any:
        """Read how the last run came out."""
        return json.loads((self.state / "run.json").read_text())

    def states(self) -> dict[str, str]:
        """Return how each step of the last run came out."""
        return {step["name"]: step["state"] for step in self.result()["steps"]}

    def edited(self, old: str, new: str) -> None:
        """Change the spec."""
        spec = self.home / "mlops.yaml"
        text = spec.read_text()
        assert old in text
        spec.write_text(text.replace(old, new))


def environment() -> dict[str, str]:
    """Return the environment of the verbs: the tool of this checkout, as few threads as there are processors."""
    return {"PYTHONPATH": str(ROOT), **os.environ, "OMP_NUM_THREADS": "1"}


def example(name: str, folder: Path, *data: str) -> Example:
    """Copy an example, and make its data; `data` are options of its script."""
    home = folder / name
    shutil.copytree(ROOT / "examples" / name, home, ignore=shutil.ignore_patterns(".mlops", "data", "__pycache__"))
    subprocess.run([sys.executable, "make_data.py", *data], cwd=home, check=True, capture_output=True)
    return Example(home)


@contextmanager
def serving(example: Example, *words: str) -> Iterator[str]:
    """Serve an example for as long as the block runs; give what the verb said."""
    process = example.started("serve", "--port", "0", "--metrics-port", "0", "--venv", str(SERVE_VENV), *words)
    assert process.stdout
    said: list[str] = []
    watchdog = threading.Timer(_PATIENCE, process.kill)
    watchdog.start()
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                watchdog.cancel()
                break
        else:
            raise AssertionError(f"the server did not start: {''.join(said)}")
        yield "".join(said)
    finally:
        watchdog.cancel()
        process.terminate()
        process.communicate(timeout=60)


def address(said: str, what: str) -> str:
    """Find an address in what `serve` said."""
    match = re.search(rf"^  {what} +(\S+)", said, re.MULTILINE)
    assert match, said
    return match[1]


def request(said: str) -> Any:
    """Find the request that `serve` shows."""
    match = re.search(r"-d '(.*)'", said)
    assert match, said
    return json.loads(match[1])


def response(url: str, body: Any = None, *, raw: bytes | None = None) -> tuple[int, Any]:
    """Ask a server; return the status and the answer."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    try:
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        connection.request("GET" if data is None else "POST", parts.path, data, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        return answer.status, json.loads(text) if text.startswith(("{", "[")) else text
    finally:
        connection.close()


def waited(condition: Any, seconds: float = 120) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def running(home: Path, verb: str) -> list[int]:
    """Find processes that run a step of an example, started or forked, or any step for an empty verb."""
    started = processes(["step", *filter(None, [verb]), str(home / ".mlops" / "blueprint.json")])
    forked = processes(["mlopsctl.cli.step_server"])
    return started + [pid for pid in forked if _place(pid) == home and verb in ("", _name(pid))]


def _place(pid: int) -> Path:
    """Return a process's folder; the current one if the process has ended."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return Path()


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def processes(words: Sequence[str]) -> list[int]:
    """Find processes whose command line has all these words."""
    processes = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if all(word in line for word in words):
                processes.append(int(folder.name))
    return processes

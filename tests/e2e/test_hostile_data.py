"""A failed data check whose rows hold escape sequences: nothing of them reaches the terminal, a log or the report raw.

The oracle is the set of control characters itself; the run is a real one, with the quickstart's real checks, on a
terminal (a pseudo-terminal) and into a pipe.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.examples import Example, environment, example

pytestmark = [pytest.mark.e2e, pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

# A title, a cleared screen, a link, hidden text, colours of eight bits, text from right to left, and what ends a line.
HOSTILE = (
    *("\x1b]0;owned\x07", "\x1b[2J\x1b[1;1Hall checks passed", "\x1b]8;;https://evil.example\x07basic\x1b]8;;\x07"),
    *("\x1b[8mhidden\x1b[0m", "\x9b31mred", "\u202eelpmaxe", "\u2066x", "a\rb", "\x08\x08\x08ok", "\x7f\x00"),
)
FAILED_CHECK = 3


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Example:
    import pandas as pd

    project = example("quickstart", tmp_path_factory.mktemp("hostile"))
    file = project.home / "data" / "contracts.parquet"
    rows = pd.read_parquet(file)
    rows["plan"] = [HOSTILE[i % len(HOSTILE)] if i % 2 else plan for i, plan in enumerate(rows["plan"])]
    rows.to_parquet(file)
    return project


# What the view of the progress writes: colours, and the moves that draw its lines again.
_OURS = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]*A|2K|\?25[hl])")


def steering(text: str) -> set[str]:
    """Return the characters that steer a terminal, but for line ends, tabs and the sequences of our own."""
    return {character for character in _OURS.sub("", text) if not character.isprintable() and character not in "\n\t\r"}


def on_a_terminal(project: Example, *words: str) -> tuple[int, str]:
    """Run a verb on a pseudo-terminal, and return all that a screen would get."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mlopsctl", *words],
        cwd=project.home, env={**environment(), "TERM": "xterm-256color"}, stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    seen = b"".join(chunks(master))
    return process.wait(timeout=60), seen.decode("utf-8", "replace")


def chunks(master: int) -> Iterator[bytes]:
    with os.fdopen(master, "rb", buffering=0) as terminal:
        while True:
            try:
                data = terminal.read(65536)
            except OSError:
                return
            if not data:
                return
            yield data


def texts(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in {".log", ".json", ".jsonl", ".html", ".txt", ".md", ".yaml"}:
            yield file


def test_a_failed_check_of_hostile_rows_steers_no_terminal(hostile: Example) -> None:
    code, seen = on_a_terminal(hostile, "run")
    assert code == FAILED_CHECK
    assert hostile.states()["check-data"] != "done"
    assert "plan" in seen
    assert steering(seen) == set()
    assert "\x1b[8m" not in seen


def test_a_failed_check_of_hostile_rows_leaves_no_raw_sequence_in_a_pipe_a_log_or_a_report(hostile: Example) -> None:
    said = hostile.verb("run")
    assert said.code == FAILED_CHECK
    assert steering(said.out + said.err) == set()
    assert "\x1b" not in said.out + said.err
    files = list(texts(hostile.state))
    # The rows' own texts are told, so what follows says something.
    assert any("all checks passed" in file.read_text("utf-8", "replace") for file in files)
    for file in files:
        text = file.read_text("utf-8", "replace")
        assert "\x1b" not in text, file
        assert steering(text) == set(), file

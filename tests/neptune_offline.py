"""Neptune's clients without a server: a program is started, and what a client keeps to be sent later is read."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from libraries import environment

# A client that finds no server is silent only if it looks for none.
NO_SERVER = {"NEPTUNE_MODE": "offline", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}


def kept(folder: Path) -> str:
    """Return what a client keeps to be sent later, as one text."""
    return "\n".join(_kept(folder))


def _kept(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("data-*.log")):
        yield file.read_text(encoding="utf-8")
    for file in sorted(folder.rglob("*.sqlite3")):
        with sqlite3.connect(file) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - the client's own tables
                    yield " ".join(_text(value) for value in row)


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def start(python: Path, folder: Path, *command: object) -> str:
    done = subprocess.run(
        [python, *command], cwd=folder, capture_output=True, text=True, check=False, env=environment(**NO_SERVER)
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout

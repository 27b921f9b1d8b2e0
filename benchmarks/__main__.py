"""`python -m benchmarks [--only NAME] [--systems N] [--rounds N]`: measure, and print Markdown."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import changes, laptop, scale, serving, startup
from benchmarks.installed import install

PARTS = ("compile", "run", "serve")


def main() -> None:
    """Run the benchmarks in a scratch folder, in memory where the machine has such a place."""
    words = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    words.add_argument("--only", choices=PARTS, action="append")
    words.add_argument("--systems", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=3)
    arguments = words.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mlopsctl-bench-", dir=memory) as scratch:
        for text in _measured(Path(scratch), arguments.only or PARTS, arguments.systems, arguments.rounds):
            print(text, flush=True)


def _measured(folder: Path, parts: tuple[str, ...], systems: int, rounds: int) -> Iterator[str]:
    if "compile" in parts:
        installed = install(folder)
        yield startup.run(folder, installed, rounds=max(rounds, 7))
        yield scale.run(folder, installed, systems, rounds)
        yield changes.run(folder, installed, systems, rounds)
    if "run" in parts or "serve" in parts:
        home = laptop.example(folder)
        if "run" in parts:
            yield laptop.run(home, rounds)
        if "serve" in parts:
            yield serving.run(home, folder / "bare", max(rounds, 5))


if __name__ == "__main__":
    main()

"""`python -m benchmarks [--systems N] [--rounds N]`: measure, and print Markdown."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks import changes, scale, startup
from benchmarks.installed import install


def main() -> None:
    """Run every benchmark in a scratch folder, in memory where the machine has such a place."""
    words = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    words.add_argument("--systems", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=3)
    asked = words.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mlopsctl-bench-", dir=memory) as scratch:
        folder = Path(scratch)
        installed = install(folder)
        print(startup.run(folder, installed, rounds=max(asked.rounds, 7)), flush=True)
        print(scale.run(folder, installed, asked.systems, asked.rounds), flush=True)
        print(changes.run(folder, installed, asked.systems, asked.rounds), flush=True)


if __name__ == "__main__":
    main()

"""How much a hostile test tries, and what it counted.

`MLOPSCTL_HOSTILE` multiplies the short run; `make hostile` sets it and prints the file that `MLOPSCTL_HOSTILE_COUNTS`
names, one line a measurement.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def times(short: int) -> int:
    """Return how often something is tried: `short` in every CI, a multiple of it in the long run."""
    return short * int(os.environ.get("MLOPSCTL_HOSTILE", "1"))


def sample(name: str, every: Sequence[T], *, short: int, seed: int) -> Sequence[T]:
    """Return a seeded sample of what could be tried, all of it where the run is long enough."""
    count = times(short)
    return every if count >= len(every) else random.Random(f"{name}-{seed}").sample(every, count)  # noqa: S311


def tell(what: str, tried: int, outcome: str) -> None:
    """Add a line to the counts of this run, where somebody wants them."""
    if file := os.environ.get("MLOPSCTL_HOSTILE_COUNTS"):
        with Path(file).open("a", encoding="utf-8") as counts:
            counts.write(f"{what}: {tried} tried, {outcome}\n")

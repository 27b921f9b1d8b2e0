"""How much a file may hold. Beyond these bounds it is refused, before it can cost memory or time."""

from __future__ import annotations

from typing import NamedTuple

LOCK_FILE = "mlops.lock"
MAX_DEPTH = 64
MAX_FINDINGS = 100


class Limits(NamedTuple):
    """How many bytes and values one file may hold."""

    bytes: int
    nodes: int


SPEC = Limits(1 << 20, 100_000)
LOCK = Limits(10 << 20, 500_000)
"""`mlopsctl lock` writes an entry for each model and image of each environment: 20,000 fit."""


def limits_of(file: str) -> Limits:
    """Return the limits of a file: a lock is written by the tool and grows with systems times environments."""
    return LOCK if file.rpartition("/")[2] == LOCK_FILE else SPEC

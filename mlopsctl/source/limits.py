"""Size limits of files. Larger files are rejected before they cost memory or time."""

from __future__ import annotations

from typing import NamedTuple

LOCK_FILE = "mlops.lock"
MAX_DEPTH = 64
MAX_FINDINGS = 100


class Limits(NamedTuple):
    """The maximum numbers of bytes and values of a file."""

    bytes: int
    nodes: int


SPEC = Limits(1 << 20, 100_000)
LOCK = Limits(10 << 20, 500_000)
"""`mlopsctl lock` writes an entry per model, image and environment: 20,000 fit."""


def limits_of(file: str) -> Limits:
    """Return the limits of a file: a lock is written by the tool and grows with systems times environments."""
    return LOCK if file.rpartition("/")[2] == LOCK_FILE else SPEC

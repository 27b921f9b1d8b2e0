"""The last record of each step: its key, result and outputs.

A record is written last, so an interrupted step has none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

RECORD = "step.json"


@dataclass(frozen=True, slots=True)
class Record:
    """The result of a step. `outputs` are hashes by name, `cpu` is CPU time in seconds, `peak` memory in bytes."""

    step: str
    key: str
    code: int
    seconds: float
    cpu: float
    peak: int
    ended: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


def read(folder: Path) -> Record | None:
    """Read a step's record."""
    try:
        entry = json.loads((folder / RECORD).read_text())
        return Record(**{field.name: entry[field.name] for field in fields(Record)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(folder: Path, record: Record) -> None:
    """Write a step's record atomically."""
    partial = folder / f".{RECORD}"
    partial.write_text(json.dumps(asdict(record), indent=1) + "\n")
    partial.replace(folder / RECORD)

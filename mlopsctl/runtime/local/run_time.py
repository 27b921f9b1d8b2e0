"""The reference time of a run: the given one, else the last run's if that is unfinished, else now.

A run is repeatable only with the same reference time: labels become known and features age over time.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from mlopsctl.blueprint.model.blueprint import Blueprint

_LONGEST = timedelta(days=1)


def moment(
    memory: Path, blueprint: Blueprint, requested: datetime | None, clock: datetime, data: str | None
) -> datetime:
    """Choose the run time, and save it with the hash of its data."""
    chosen = requested or _last(memory, blueprint, clock, data) or clock
    partial = memory.with_suffix(".partial")
    partial.write_text(json.dumps({"now": chosen.isoformat(), "data": data}) + "\n")
    partial.replace(memory)
    return chosen


def _last(memory: Path, blueprint: Blueprint, clock: datetime, data: str | None) -> datetime | None:
    """Return the last run's time, if the data are unchanged and no feature has outlived its ttl since."""
    try:
        memory_entry = json.loads(memory.read_text())
        last = datetime.fromisoformat(memory_entry["now"])
        same = data is not None and memory_entry["data"] == data
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return last if same and timedelta() <= clock - last <= lifetime(blueprint) else None


def lifetime(blueprint: Blueprint) -> timedelta:
    """Return how long a run time is reused: at most the shortest ttl, and at most a day."""
    views = blueprint.features.views if blueprint.features else ()
    return min([timedelta(seconds=view.ttl) for view in views] + [_LONGEST])

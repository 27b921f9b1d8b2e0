"""Format durations for Prometheus, Alertmanager and their operator: `1h30m`, in whole numbers and units up to a day."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_UNITS: Final = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@lru_cache(maxsize=1024)
def duration_text(seconds: int) -> str:
    """Write seconds in the fewest units, the longest first; zero is `0s`."""
    parts, rest = [], seconds
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


@lru_cache(maxsize=256)
def duration_seconds(text: str) -> int:
    """Read what `duration_text` writes; ValueError for anything else."""
    total, digits = 0, ""
    for character in text:
        if character in "0123456789":
            digits += character
        elif digits and character in _SECONDS:
            total += int(digits) * _SECONDS[character]
            digits = ""
        else:
            raise ValueError(f"{text!a} is no duration")
    if digits or not text:
        raise ValueError(f"{text!a} is no duration")
    return total

"""Intervals and schedules: what cron can keep, and how far apart its firings are.

In: seconds, or cron lines. Out: cron lines and seconds. Never asks for the time of day.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

MINUTE, HOUR, DAY = 60, 3600, 86_400
UTC = "Etc/UTC"


def interval_cron(seconds: int) -> str | None:
    """Return the cron line that fires every `seconds`; None for an interval that cron cannot keep evenly."""
    if seconds % MINUTE or seconds < MINUTE:
        return None
    minutes = seconds // MINUTE
    if minutes == 1:
        return "* * * * *"
    if minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *"
    hours, odd = divmod(minutes, 60)
    if odd:
        return None
    if hours == 1:
        return "0 * * * *"
    if hours < 24 and 24 % hours == 0:
        return f"0 */{hours} * * *"
    return {24: "0 0 * * *", 168: "0 0 * * 1"}.get(hours)


@lru_cache(maxsize=1024)
def longest_gap(cron: str) -> int:
    """Return the longest time between two firings of a cron line, in seconds, over the next 400 of them."""
    from cronsim import CronSim

    firings = CronSim(cron, datetime(2024, 1, 1))
    last, longest = next(firings), 0
    for _, moment in zip(range(400), firings, strict=False):
        longest = max(longest, int((moment - last).total_seconds()))
        last = moment
    return longest


def text(seconds: int) -> str:
    """Return seconds as people write them: `1h30m`."""
    parts, rest = [], seconds
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"

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
    """Return the longest time between two firings of a cron line, in seconds.

    A line that names no day and no month repeats each day, one that names days of the week alone each week; for
    others a year is looked at, or the next firing where that is further away.
    """
    from cronsim import CronSim

    _, _, day, month, weekday = cron.split()
    period = 366 if (day, month) != ("*", "*") else 8 if weekday != "*" else 2
    firings = CronSim(cron, datetime(2024, 1, 1))
    first = last = next(firings)
    longest = 0
    for moment in firings:
        longest = max(longest, int((moment - last).total_seconds()))
        last = moment
        if (last - first).days >= period:
            break
    return longest


def text(seconds: int) -> str:
    """Return seconds as people write them: `1h30m`."""
    parts, rest = [], seconds
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"

"""Intervals as cron lines and as text."""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86_400
UTC = "Etc/UTC"


def interval_cron(seconds: int) -> str | None:
    """Return the cron line that fires every `seconds`; None if cron cannot fire evenly at that interval."""
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


def text(seconds: int) -> str:
    """Return seconds as a duration: `1h30m`."""
    parts, rest = [], seconds
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"

"""Time zones from the pinned `tzdata` package: their rules and clock changes.

The machine's own time zones are not used: they may be older, and renders must not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
"""The origin of the minutes, a Monday that begins a leap year."""
YEARS = 28
"""The number of years to examine: after 28 years every date has been every day of the week."""
END = int((EPOCH.replace(year=EPOCH.year + YEARS) - EPOCH).total_seconds()) // 60
UTC_NAMES = frozenset({"UTC", "Etc/UTC"})
_WEEK = 7 * 24 * 60


class Period(NamedTuple):
    """A period with one offset from UTC; all three in minutes, the first two since `EPOCH`, in UTC."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=64)
def periods(zone: str) -> tuple[Period, ...]:
    """Return the periods between a zone's clock changes, from `EPOCH` on."""
    if zone in UTC_NAMES:
        return (Period(0, END, 0),)
    info = _rules(zone)
    starts = [0, *_changes(info), END]
    return tuple(Period(start, end, _offset(info, start)) for start, end in pairwise(starts))


def unsteady_hours(zone: str) -> frozenset[int]:
    """Return the local hours that are partly skipped or repeated when the clocks change."""
    hours: set[int] = set()
    for before, after in pairwise(periods(zone)):
        start, end = sorted((after.start + before.offset, after.start + after.offset))
        hours.update(minute // 60 % 24 for minute in range(start, end))
    return frozenset(hours)


def _changes(info: ZoneInfo) -> Iterator[int]:
    """Yield the minutes at which the offset changes; two changes are never within one week."""
    for week in range(0, END, _WEEK):
        if _offset(info, week) != _offset(info, min(week + _WEEK, END)):
            before, after = week, week + _WEEK
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if _offset(info, middle) == _offset(info, week) else (before, middle)
            yield after


def _offset(info: ZoneInfo, minute: int) -> int:
    offset = (EPOCH + timedelta(minutes=minute)).astimezone(info).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60


def _rules(zone: str) -> ZoneInfo:
    from importlib import resources
    from zoneinfo import ZoneInfo

    package, _, name = f"tzdata.zoneinfo.{zone.replace('/', '.')}".rpartition(".")
    with resources.files(package).joinpath(name).open("rb") as file:
        return ZoneInfo.from_file(file)

"""The interval between the firings of a cron line, as its scheduler parses it.

Argo Workflows and Kubernetes' CronJobs use robfig/cron v3, recurring runs of Kubeflow Pipelines v1. Both fire twice
in a repeated local hour, and not at all in a skipped one. Where midnight is skipped (Cairo, Beirut, Havana, Santiago)
or clocks change by half an hour (Lord Howe) they also lose the next firing, which is a bug: the interval ignores it,
so that an alert on a missed run fires then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mlopsctl.catalogue import zones

_DAY = 24 * 60
_NO_NAMES: dict[str, int] = {}
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {name: i for i, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))}


class _Line(NamedTuple):
    """A cron line: the minutes of the day at which it fires, and on which days."""

    minutes: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both: bool
    """Whether a day must match both the day of the month and of the week; otherwise one of the two is enough."""


@lru_cache(maxsize=1024)
def longest_gap(cron: str, zone: str = "Etc/UTC", *, step_is_star: bool = False) -> int:
    """Return the longest time between two firings of a cron line, in seconds, in 28 years.

    With `step_is_star`, as in robfig/cron v1, a day `*/2` is joined with the other day by AND, as `*` is; v3 joins it
    by OR, as it does two lists. A line that fires less than twice has a gap of all those years.
    """
    line, periods = _parse(cron, step_is_star), zones.periods(zone)
    if len(periods) == 1 and line.both and len(line.days) == 31 and len(line.months) == 12:
        periods = (zones.Period(0, 15 * _DAY, periods[0].offset),)
    ends = list(_ends_of_days(line, periods))
    between = [after[0] - before[1] for before, after in pairwise(ends)]
    within = [after - before for before, after in pairwise(line.minutes)]
    return 60 * (max([*between, *within], default=0) if between else zones.END)


def _ends_of_days(line: _Line, periods: Sequence[zones.Period]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last firing of each day on which the line fires, in minutes of UTC."""
    days = _matching(line, periods[-1].end // _DAY + 1)
    for start, end, offset in periods:
        begin, stop = start + offset, end + offset
        for day in days[bisect_left(days, begin // _DAY) : bisect_left(days, -(-stop // _DAY))]:
            first = bisect_left(line.minutes, begin - day * _DAY)
            last = bisect_left(line.minutes, stop - day * _DAY)
            if first < last:
                yield day * _DAY + line.minutes[first] - offset, day * _DAY + line.minutes[last - 1] - offset


def _matching(line: _Line, length: int) -> list[int]:
    """Return the days on which a line fires, counted from the epoch of `zones`."""
    _, days, months, weekdays, both = line
    if both:
        return [n for n, (m, d, w) in enumerate(_calendar(length)) if m in months and d in days and w in weekdays]
    return [n for n, (m, d, w) in enumerate(_calendar(length)) if m in months and (d in days or w in weekdays)]


@lru_cache(maxsize=4)
def _calendar(length: int) -> tuple[tuple[int, int, int], ...]:
    """Return month, day and day of the week (0 is Sunday) of each day from the epoch of `zones` on."""
    dates = (zones.EPOCH + timedelta(days=n) for n in range(length))
    return tuple([(date.month, date.day, date.isoweekday() % 7) for date in dates])


def hours(cron: str) -> frozenset[int]:
    """Return the hours of the day in which a cron line may fire."""
    return _values(cron.split()[1], 0, 23)


def _parse(cron: str, step_is_star: bool) -> _Line:
    minute, hour, day, month, weekday = cron.upper().split()
    minutes, hours = _values(minute, 0, 59), _values(hour, 0, 23)
    return _Line(
        tuple(sorted(60 * h + m for h in hours for m in minutes)),
        _values(day, 1, 31),
        _values(month, 1, 12, _MONTHS),
        frozenset(value % 7 for value in _values(weekday, 0, 7 if "7" in weekday else 6, _WEEKDAYS)),
        _is_star(day, step_is_star) or _is_star(weekday, step_is_star),
    )


def _is_star(field: str, step_is_star: bool) -> bool:
    """Return whether a day's field counts as a star: `*` and `*/1` do, the libraries differ for `*/2`."""
    parts = [part.partition("/") for part in field.split(",")]
    return any(base == "*" and (step_is_star or step in ("", "1")) for base, _, step in parts)


def _values(field: str, low: int, high: int, names: dict[str, int] = _NO_NAMES) -> frozenset[int]:
    """Return the values of a field; parts that the schedulers cannot parse have none."""
    values: set[int] = set()
    for part in field.split(","):
        base, _, step = part.partition("/")
        first, dash, last = base.partition("-")
        start = low if first == "*" else names.get(first, int(first) if first.isdigit() else high + 1)
        end = names.get(last, int(last) if last.isdigit() else -1) if dash else high if step or first == "*" else start
        values.update(range(start, min(end, high) + 1, int(step or 1)))
    return frozenset(values)

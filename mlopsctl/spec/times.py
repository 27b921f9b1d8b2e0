"""Parse durations, cron schedules and time zones."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from mlopsctl.spec.scalars import fail, outside, scalar_text

_UNITS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?", re.ASCII)


class Duration(Struct, frozen=True, order=True):
    """A length of time, in whole milliseconds."""

    ms: int

    @property
    def seconds(self) -> int:
        """Return whole seconds, rounded down."""
        return self.ms // 1000

    def __str__(self) -> str:
        """Format the duration as in Prometheus and the spec: `1h30m`; in days, never in weeks."""
        rest, parts = self.ms, []
        for unit, size in list(_UNITS.items())[1:]:
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count}{unit}")
        return "".join(parts) or "0s"

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.ms + other.ms)


def parse_duration(value: object) -> Duration:
    """Parse `15m`, `1h30m`, `100ms`; units w d h m s ms, largest first."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if not match:
        raise fail("duration", f"`{scalar_text(value)}` is not a duration", _meant_duration(value))
    ms = sum(int(n) * size for n, size in zip(match.groups(), _UNITS.values(), strict=True) if n)
    if not 0 <= ms <= 100 * 365 * _UNITS["d"]:
        raise fail("duration", f"`{value}` is longer than 100 years", "write a shorter duration")
    return Duration(ms)


def _meant_duration(value: object) -> str:
    """Return a suggestion for texts such as `15 minutes` or `7200`."""
    match = re.fullmatch(
        r"(\d+)\s*(w|d|h|m|s)(?:eeks?|ays?|ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?", str(value).lower(), re.ASCII
    )
    if match:
        return f"did you mean `{match[1]}{match[2]}`?"
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return f"add the unit: {value}s or {value}m"
    return "write 30s, 15m, 2h, 7d or 1h30m"


def parse_duration_between(value: object, least: str, greatest: str) -> Duration:
    """Parse a duration from `least` to `greatest`; from a second up in whole seconds, as most tools require."""
    duration, low, high = parse_duration(value), parse_duration(least), parse_duration(greatest)
    if not low <= duration <= high:
        raise fail("duration", outside(value, least, greatest, duration < low), f"use {least} to {greatest}")
    if low.ms % 1000 == 0 and duration.ms % 1000:
        raise fail("duration", f"`{value}` is not a whole number of seconds", "write it without `ms`")
    return duration


_CRON_HELP = 'write minute, hour, day of month, month and day of week: "0 3 * * 1"'


def parse_cron(value: object) -> str:
    """Parse a five-field cron line (minute, hour, day of month, month, day of week)."""
    reason = _cron_error(value) if isinstance(value, str) else "it is not a string"
    if reason:
        raise fail("cron", f"`{scalar_text(value)}` is not a cron schedule: {reason}", _CRON_HELP)
    return str(value)


@lru_cache(maxsize=256)
def _cron_error(text: str) -> str | None:
    from datetime import datetime

    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        return f"it has {len(text.split())} instead of five fields"
    if not re.fullmatch(r"[0-9A-Za-z*/,\- ]+", text, re.ASCII):
        return "it contains a character other than `0-9 * / , -`"
    if re.search(r"\d{4}", text, re.ASCII):
        return "it contains a number of more than three digits"
    try:
        next(CronSim(_steps_as_ranges(text), datetime(2024, 1, 1)))
    except CronSimError as error:
        return f"its {str(error).lower().removeprefix('bad ').replace('-', ' ')} is invalid"
    except StopIteration:
        return "it never occurs"
    return None


def _steps_as_ranges(text: str) -> str:
    """Write the days `*/2` as ranges: cronsim reads them as a star, unlike the schedulers (robfig/cron v3)."""
    minute, hour, day, month, weekday = text.split()
    day, weekday = (
        re.sub(r"\*/(?!0*1(?:,|$))", f"{all_days}/", day_field)
        for day_field, all_days in ((day, "1-31"), (weekday, "0-6"))
    )
    return f"{minute} {hour} {day} {month} {weekday}"


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Return every IANA time zone name, from the pinned `tzdata` package instead of the machine."""
    from importlib import resources

    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def parse_time_zone(value: object) -> str:
    """Parse an IANA time zone name."""
    if isinstance(value, str) and (value in ("UTC", "Etc/UTC") or value in time_zones()):
        return value
    from mlopsctl.diagnostics.suggest import closest

    text = str(value)
    of_city = [zone for zone in sorted(time_zones()) if zone.rpartition("/")[2].lower() == text.lower()]
    near = next(iter(of_city), None) or closest(text, sorted(time_zones()))
    help = f"did you mean `{near}`?" if near else "use an IANA name, such as Etc/UTC or Europe/Berlin"
    raise fail("timezone", f"`{scalar_text(value)}` is not a time zone", help)

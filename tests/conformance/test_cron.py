"""Gaps of cron lines against the Go library that starts the runs.

The oracle is robfig/cron itself (`.ci/cron-gaps`): v3 for Argo Workflows and Kubernetes, v1 for recurring runs of KFP,
asked for every firing of 28 years, with the time zones of the pinned `tzdata`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random

from mlopsctl.catalogue import cron, zones
from mlopsctl.engines.shared import schedules
from mlopsctl.spec import times
from mlopsctl.spec.times import time_zones

LISTED = [
    "0 4 29 * *", "0 4 31 * *", "0 4 * * 1/2", "0 4 */2 * 1", "0 4 */2 * */2", "0 4 1 * 1", "0 4 29 2 *", "0 4 29 2 0",
    "30 2 * * *", "0 0 * * sun", "15 1,13 1-7 */3 *", "0 */6 30 * *", "0 4 * feb-apr/2 mon-fri", "0 4 1 1 *",
]  # fmt: skip
LOST = {"Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Santiago", "Australia/Lord_Howe", "Atlantic/Azores"}
"""Where the library itself loses a firing after the change (midnight is skipped, or half an hour): tested apart."""

YEARS = (str(zones.EPOCH.year), str(zones.EPOCH.year + zones.YEARS - 1))
Case = tuple[str, str, str]


def field(random: Random, low: int, high: int) -> str:
    first, last = sorted((random.randint(low, high), random.randint(low, high)))
    return random.choice([
        "*", str(first), f"{first}-{last}", f"{first}-{last}/2", f"{first},{last}", f"*/{random.randint(1, 9)}",
        f"{first}/{random.randint(1, 5)}",
    ])  # fmt: skip


def line(random: Random) -> str:
    """Write a line that fires seldom: the library walks through every firing, hour by hour."""
    day, month, weekday = (random.choice([field(random, *bounds), "*"]) for bounds in ((1, 31), (1, 12), (0, 6)))
    return f"{random.randint(0, 59)} {random.choice([random.randint(0, 23), '2,3'])} {day} {month} {weekday}"


BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
NAMES = {3: ("JAN", "feb", "Dec", "XYZ"), 4: ("SUN", "mon", "Sat", "DAY")}
STRANGE = ("L", "LW", "5L", "5#2", "?", "15W", "", "-", "*-3", "*/", "/2", "1-", "SUNL", "L-3", "H", "@daily", "*/+2")
STEPS = ("0", "1", "01", "2", "7", "60", "9223372036854775807", "9223372036854775808", "1-2", "2/2", "*", "L", "-1")


def any_part(random: Random, at: int) -> str:
    """Write a part of a field, sound or not: what other schedulers read as well, and what none does."""
    low, high = BOUNDS[at]

    def value() -> str:
        sound = (str(random.randint(low, high)), f"0{random.randint(low, high)}")
        other = (str(random.choice((low - 1, high + 1, high + 2, 7, 99, 10**20))), *NAMES.get(at, ()))
        return random.choice(sound if random.random() < 0.7 else other)

    if random.random() < 0.06:
        return random.choice(STRANGE)
    base = random.choice(("*", value(), f"{value()}-{value()}"))
    return f"{base}/{random.choice(STEPS)}" if random.random() < 0.3 else base


def any_line(random: Random) -> str:
    """Write five fields, of which a few are strange."""
    parts = ["0", "0", "*", "*", "*"]
    for at in random.sample(range(5), random.choice((1, 1, 2, 3))):
        parts[at] = ",".join(any_part(random, at) for _ in range(random.choice((1, 1, 1, 2))))
    return " ".join(parts)


def reference_gaps(program: Path, cases: list[Case], years: Sequence[str] = YEARS) -> list[str]:
    tzdata = find_spec("tzdata")
    assert tzdata and tzdata.origin
    lines = "".join("\t".join(case) + "\n" for case in cases)
    environment = {**os.environ, "ZONEINFO": str(Path(tzdata.origin).parent / "zoneinfo")}
    done = subprocess.run(
        [program, *years], input=lines, capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    return done.stdout.splitlines()


def gap(case: Case) -> int:
    library, zone, text = case
    return cron.longest_gap(text, zone, step_is_star=library == "v1")


def test_the_longest_gap_is_the_library_s(cron_gaps: Path) -> None:
    random = Random(9)  # noqa: S311 - a seed for cases
    everywhere = sorted(zone for zone in time_zones() if zones.unsteady_hours(zone) - {0, 23} and zone not in LOST)
    cases = [("v3", zone, text) for zone in ("Etc/UTC", "Europe/Berlin") for text in LISTED]
    cases += [("v1", "Etc/UTC", text) for text in LISTED if "/" in text]
    cases += [(random.choice(["v3", "v1"]), "Etc/UTC", line(random)) for _ in range(15)]
    cases += [(random.choice(["v3", "v1"]), random.choice(everywhere), line(random)) for _ in range(15)]

    assert [(case, str(gap(case))) for case in cases] == list(zip(cases, reference_gaps(cron_gaps, cases), strict=True))


def test_where_midnight_is_skipped_the_library_may_lose_a_firing_that_it_should_have_kept(cron_gaps: Path) -> None:
    cases = [("v3", zone, text) for zone in sorted(LOST) for text in ("0 11 24 * *", "0 6 * * 1")]

    assert all(gap(case) <= int(seconds) for case, seconds in zip(cases, reference_gaps(cron_gaps, cases), strict=True))


def test_days_that_a_month_lacks_are_accepted_exactly_where_the_library_fires(cron_gaps: Path) -> None:
    random = Random(10)  # noqa: S311 - a seed for cases
    days = ("31", "30", "29", "*/2", "*/1", "*", "30,31")
    weekdays = ("*", "*/1", "*/2", "*/3", "1", "0-6/2", "*/7")
    lines = {f"0 4 {random.choice(days)} {random.choice('246')} {random.choice(weekdays)}" for _ in range(60)}
    cases = [("v3", "Etc/UTC", text) for text in sorted(lines)]
    fires = {
        text: int(seconds) > 0 for (_, _, text), seconds in zip(cases, reference_gaps(cron_gaps, cases), strict=True)
    }

    assert {text: times._cron_error(text) is None for text in fires} == fires
    assert set(fires.values()) == {True, False}


def test_no_line_is_accepted_that_the_library_refuses(cron_gaps: Path) -> None:
    random = Random(11)  # noqa: S311 - a seed for cases
    lines = sorted({any_line(random) for _ in range(600)} | {f"{at} 0 * * *" for at in STRANGE})
    cases = [(library, "Etc/UTC", text) for library in ("v1", "v3") for text in lines]
    read = [answer.isdigit() for answer in reference_gaps(cron_gaps, cases, ("2024", "2024"))]
    accepted = [not (times._cron_error(text) or schedules.unreadable(text)) for _, _, text in cases]

    assert [case for case, ours, theirs in zip(cases, accepted, read, strict=True) if ours and not theirs] == []
    assert sum(accepted) > len(cases) / 5
    assert sum(read) < len(cases) * 4 / 5


def test_a_line_that_the_library_reads_is_refused_only_for_what_is_not_in_the_language(cron_gaps: Path) -> None:
    random = Random(12)  # noqa: S311 - a seed for cases
    texts = sorted({line(random) for _ in range(200)})
    read = reference_gaps(cron_gaps, [("v3", "Etc/UTC", text) for text in texts], ("2024", "2051"))
    accepted = [not (times._cron_error(text) or schedules.unreadable(text)) for text in texts]

    assert [text for text, ours, gap in zip(texts, accepted, read, strict=True) if gap not in ("0",) and not ours] == []

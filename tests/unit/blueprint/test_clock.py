"""Intervals: what cron keeps evenly, and what it cannot."""

# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import pytest

from mlopsctl.blueprint.decide import clock
from mlopsctl.catalogue import cron as cron_lines

MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("seconds", "cron"),
    [
        (MINUTE, "* * * * *"), (5 * MINUTE, "*/5 * * * *"), (15 * MINUTE, "*/15 * * * *"), (30 * MINUTE, "*/30 * * * *"),
        (HOUR, "0 * * * *"), (2 * HOUR, "0 */2 * * *"), (12 * HOUR, "0 */12 * * *"), (DAY, "0 0 * * *"), (7 * DAY, "0 0 * * 1"),
    ],
)  # fmt: skip
def test_an_interval_that_divides_an_hour_or_a_day_is_kept_evenly(seconds: int, cron: str) -> None:
    expression = clock.interval_cron(seconds)
    assert expression == cron
    assert cron_lines.longest_gap(cron) == seconds


@pytest.mark.parametrize("seconds", [1, 59, 90, 45 * MINUTE, 7 * MINUTE, 90 * MINUTE, 5 * HOUR, 2 * DAY, 14 * DAY])
def test_any_other_interval_has_no_schedule(seconds: int) -> None:
    assert clock.interval_cron(seconds) is None


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (90, "1m30s"), (5400, "1h30m"), (30 * DAY, "30d")])
def test_seconds_are_written_as_people_say_them(seconds: int, text: str) -> None:
    assert clock.text(seconds) == text

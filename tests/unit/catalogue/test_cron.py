"""The longest time between two firings of a cron line, by hand; `conformance/test_cron.py` asks the library itself."""

from __future__ import annotations

import pytest

from mlopsctl.catalogue import cron, zones

HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ("0 3 * * *", DAY),
        ("*/15 * * * *", HOUR // 4),
        ("0 9-17 * * *", 16 * HOUR),
        ("0 3 * * 1", 7 * DAY),
        ("0 3 * * 1-5", 3 * DAY),
        ("0 4 * * 1/2", 3 * DAY),
        ("0 4 * * mon,WED", 5 * DAY),
        ("30 4 1 * *", 31 * DAY),
        ("0 0 31 * *", 61 * DAY),
        ("0 4 29 * *", 59 * DAY),
        ("0 4 1 jan *", 366 * DAY),
        ("0 0 29 2 *", 1461 * DAY),
        ("0 4 1 * 1", 7 * DAY),
    ],
)
def test_the_longest_gap_counts_weekends_short_months_and_leap_years(line: str, gap: int) -> None:
    assert cron.longest_gap(line) == gap


def test_a_stepped_day_is_one_of_two_for_v3_and_a_star_for_v1() -> None:
    assert cron.longest_gap("0 4 */2 * 1") == 2 * DAY
    assert cron.longest_gap("0 4 */2 * 1", step_is_star=True) == 21 * DAY


@pytest.mark.parametrize(
    ("line", "gap"), [("30 2 * * *", 47 * HOUR), ("30 4 * * *", 25 * HOUR), ("30 2,4 * * *", 23 * HOUR)]
)
def test_a_zone_whose_clock_skips_the_hour_loses_a_firing(line: str, gap: int) -> None:
    assert cron.longest_gap(line, "Europe/Berlin") == gap


def test_a_line_that_no_scheduler_reads_has_no_firings() -> None:
    assert cron.longest_gap("0 3 L * *") == 60 * zones.END


def test_the_hours_of_a_change_are_the_local_ones() -> None:
    assert zones.unsteady_hours("Europe/Berlin") == {2}
    assert zones.unsteady_hours("America/New_York") == {1, 2}
    assert zones.unsteady_hours("Africa/Cairo") == {0, 23}
    assert not zones.unsteady_hours("Asia/Tokyo")
    assert not zones.unsteady_hours("Etc/UTC")

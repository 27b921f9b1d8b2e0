"""Cadence, ttl, intervals, delays: what is said, and what would do instead."""

from __future__ import annotations

from projects import checked, spec


def test_a_short_ttl_names_the_sum_and_both_ways_out() -> None:
    finding = checked(spec(("ttl: 2h", "ttl: 40m"))).only()
    assert finding.message == "feature view `card_activity` goes stale before it is refreshed"
    assert finding.place and finding.place.label == "shorter than cadence 15m + materialize.every 30m = 45m"
    assert [place.label for place in finding.related] == ["new rows land this often", "and are materialised this often"]
    assert finding.help == "a ttl of 45m or more, or materialize every 25m"


def test_no_faster_interval_is_advised_where_there_is_no_room_for_one() -> None:
    finding = checked(spec(("ttl: 2h", "ttl: 15m"), ("every: 30m", "every: 15m"))).only()
    assert finding.help == "a ttl of 30m or more"


def test_an_interval_beyond_the_ttl_is_said_once() -> None:
    finding = checked(spec(("every: 30m", "every: 3h"))).only()
    assert finding.code == "MLC302"
    assert finding.help == "materialize every 1h45m or less, or a ttl of 3h15m or more"


def test_without_a_cadence_only_the_interval_counts() -> None:
    assert checked(spec(("        cadence: 15m\n", ""), ("ttl: 2h", "ttl: 30m"))).codes == []
    finding = checked(spec(("        cadence: 15m\n", ""), ("ttl: 2h", "ttl: 29m"))).only()
    assert finding.help == "materialize every 29m or less, or a ttl of 30m or more"


def test_a_view_that_is_not_materialised_may_live_as_short_as_it_likes() -> None:
    result = checked(spec(("ttl: 2h", "ttl: 1m"), ("        materialize: {every: 30m}\n", "")))
    assert set(result.codes) == {"MLC502", "MLC606"}


def test_a_duration_is_written_in_days_as_people_count() -> None:
    finding = checked(spec(("holdout: 14d", "holdout: 14d, lag: 1d"))).only()
    assert finding.place and finding.place.label == "less than the label's delay of 30d"

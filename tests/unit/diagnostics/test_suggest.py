"""Did you mean: misspelt keys find the key that was meant, others find nothing."""

from __future__ import annotations

import pytest

from mlopsctl.diagnostics.suggest import closest, did_you_mean, distance

KEYS = (
    "materialize",
    "cadence",
    "eventTime",
    "createdTime",
    "replicas",
    "resources",
    "ttl",
    "fields",
    "every",
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("cadance", "cadence"),
        ("cadecne", "cadence"),
        ("event_time", "eventTime"),
        ("event-time", "eventTime"),
        ("EVENTTIME", "eventTime"),
        ("eventtime", "eventTime"),
        ("materialise", "materialize"),
        ("materialze", "materialize"),
        ("replica", "replicas"),
        ("resource", "resources"),
        ("tll", "ttl"),
        ("tlt", "ttl"),
        ("field", "fields"),
        ("evrey", "every"),
    ],
)
def test_a_misspelt_key_finds_the_one_that_was_meant(word: str, meant: str) -> None:
    assert closest(word, KEYS) == meant


@pytest.mark.parametrize("word", ["", "x", "image", "zzz", "a" * 5000, "🦀", "-_-"])
def test_a_word_that_is_near_nothing_finds_nothing(word: str) -> None:
    assert closest(word, KEYS) is None


def test_of_two_equally_near_keys_the_first_wins() -> None:
    assert closest("max_x", ("max_a", "max_b")) == "max_a"


def test_an_exact_match_but_for_case_beats_an_earlier_near_one() -> None:
    assert closest("MIN", ("max", "mine", "min")) == "min"


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [("ab", "ba", 1), ("abc", "abc", 0), ("abc", "axc", 1), ("abcd", "acbde", 2), ("", "ab", 2)],
)
def test_an_exchange_of_neighbours_is_one_edit(a: str, b: str, edits: int) -> None:
    assert distance(a, b, 9) == edits == distance(b, a, 9)


def test_help_names_the_nearest_or_the_few_there_are_or_nothing() -> None:
    assert did_you_mean("tl", KEYS) == "did you mean `ttl`?"
    assert did_you_mean("zzz", ("direct", "canary", "shadow")) == "one of `direct`, `canary` or `shadow`"
    assert did_you_mean("zzz", ("direct",)) == "there is only `direct`"
    assert did_you_mean("zzz", [f"metric_{i}" for i in range(50)]) == ""
    assert did_you_mean("zzz", []) == ""

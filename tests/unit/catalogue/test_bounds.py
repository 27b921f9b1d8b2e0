"""Bounds of measured numbers. The oracle is integer arithmetic: a number and its bound are counts of the same unit."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from mlopsctl.catalogue.bounds import above, below, number_text, text, worsening


def decimals(count: int) -> list[tuple[int, int]]:
    """Return (units, places) of random decimals of one to six places."""
    rng = Random(7)  # noqa: S311 - not for secrets
    return [(rng.randrange(-(10**p), 3 * 10**p), p) for p in (rng.randint(1, 6) for _ in range(count))]


def written(units: int, places: int) -> Decimal:
    return Decimal(units).scaleb(-places)


def test_a_number_equal_to_its_bound_holds_and_one_unit_beyond_it_does_not() -> None:
    for units, places in decimals(3000):
        value = units / 10**places
        for step in (-1, 0, 1):
            bound = written(units + step, places)
            assert (below(value, bound), above(value, bound)) == (step > 0, step < 0), (value, bound)


def test_the_error_of_adding_floats_does_not_decide() -> None:
    rng = Random(8)  # noqa: S311 - not for secrets
    for _ in range(500):
        parts = [rng.randrange(1, 1000) for _ in range(rng.randint(2, 40))]
        value = sum(part / 1000 for part in parts)
        bound = written(sum(parts), 3)
        assert not below(value, bound), (value, bound)
        assert not above(value, bound), (value, bound)


def test_a_drop_is_the_difference_of_what_is_printed() -> None:
    rng = Random(9)  # noqa: S311 - not for secrets
    for _ in range(1000):
        before, after = rng.randrange(1001), rng.randrange(1001)
        drop = worsening(after / 1000, before / 1000, higher_is_better=True)
        assert drop == written(before - after, 3)
        assert worsening(after / 1000, before / 1000, higher_is_better=False) == -drop


def test_what_is_exported_is_on_the_same_side_of_the_bound_as_what_was_decided() -> None:
    for i, (units, places) in enumerate(decimals(1000)):
        value = units / 10**places + (i % 3 - 1) * 1e-7
        bound = written(units, places)
        assert below(value, bound) == (float(text(value)) < float(bound))


@pytest.mark.parametrize(
    ("value", "bound", "said"),
    [
        (0.79996, "0.8", "0.79996"),
        (0.7, "0.7", "0.7000"),
        (0.65, "0.7", "0.6500"),
        (0.00001234, None, "0.00001234"),
        (0.0, None, "0.0000"),
        (float("nan"), "0.7", "NaN"),
    ],
)
def test_a_number_is_printed_with_the_digits_that_tell_it_from_its_bound(
    value: float, bound: str | None, said: str
) -> None:
    assert number_text(value, Decimal(bound) if bound else None) == said


def test_what_is_not_a_number_breaks_every_bound() -> None:
    assert below(float("nan"), Decimal(0))
    assert above(float("nan"), Decimal(0))
    assert not below(float("nan"), None)

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from mlopsctl.blueprint.model.checks import DriftColumn
from mlopsctl.engines.deepchecks.backend import drift_scores
from mlopsctl.runtime.model.drift import scores, stability_index
from mlopsctl.runtime.steps.register import sampled

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def column(name: str, kind: str, method: str) -> DriftColumn:
    return DriftColumn(name, kind, method, Decimal("0.2"), f"drift-{name}")


def test_the_stability_index_is_the_textbooks() -> None:
    import pandas as pd

    before, after = pd.Series([0.0] * 50 + [1.0] * 50), pd.Series([0.0] * 80 + [1.0] * 20)
    expected = (0.8 - 0.5) * math.log(0.8 / 0.5) + (0.2 - 0.5) * math.log(0.2 / 0.5)
    assert stability_index(before, after) == pytest.approx(expected, rel=0.01)
    assert stability_index(before, before) == pytest.approx(0)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("float64", "ks"),
        ("float64", "wasserstein"),
        ("float64", "psi"),
        ("string", "cramers-v"),
        ("string", "psi"),
    ],
)
def test_each_method_tells_rows_that_moved_from_rows_that_did_not(kind: str, method: str) -> None:
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    if kind == "string":
        same, other = (pd.DataFrame({"x": rng.choice(["a", "b"], 300, p=p)}) for p in ((0.5, 0.5), (0.9, 0.1)))
        before = pd.DataFrame({"x": rng.choice(["a", "b"], 300)})
    else:
        before, same, other = (pd.DataFrame({"x": rng.normal(m, 1, 300)}) for m in (0, 0, 2))
    columns = [column("x", kind, method)]
    calm, moved = (
        scores(before, same, columns, drift_scores)["x"],
        scores(before, other, columns, drift_scores)["x"],
    )
    assert calm is not None
    assert moved is not None
    assert 0 <= calm < 0.15
    assert moved > 0.2


def textbook(before: list[Any], after: list[Any]) -> float:
    """The population stability index over the values themselves, as a sum in plain Python."""
    total = 0.0
    for value in {*before, *after}:
        expected, actual = (max(rows.count(value) / len(rows), 1e-4) for rows in (before, after))
        total += (actual - expected) * math.log(actual / expected)
    return total


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([0] * 95 + [1] * 5, [0] * 5 + [1] * 95, 5.30),
        ([0] * 5 + [1] * 95, [0] * 95 + [1] * 5, 5.30),
        ([7] * 100, [7] * 100, 0),
        ([7] * 100, [7] * 50 + [8] * 50, 4.60),
        ([7] * 100, [6] * 100, 18.42),
    ],
)
def test_the_stability_index_sees_values_that_most_rows_have(
    before: list[int], after: list[int], expected: float
) -> None:
    import pandas as pd

    index = stability_index(pd.Series(before), pd.Series(after))
    assert index == pytest.approx(textbook(before, after))
    assert index == pytest.approx(expected, abs=0.005)


def test_the_stability_index_of_few_values_is_the_textbooks_whatever_their_shares() -> None:
    """Random shares of up to six values, each a tenth of the reference or more; the oracle counts them in Python."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(3)
    for _ in range(200):
        values = rng.choice(np.arange(-50, 50), rng.integers(1, 7), replace=False)
        counts = 100 + rng.integers(0, 200, len(values)) * rng.integers(0, 2, len(values))
        before = rng.permutation(np.repeat(values, counts))
        if min(counts) * 10 < len(before):
            continue
        after = rng.choice(values, 300, p=rng.dirichlet(np.full(len(values), 0.5)))
        index = stability_index(pd.Series(before), pd.Series(after))
        assert index == pytest.approx(textbook(before.tolist(), after.tolist()))


def test_the_stability_index_of_numbers_that_seldom_repeat_goes_by_the_tenths_of_the_reference() -> None:
    """The oracle is pandas' own cut into quantiles."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(5)
    for shift in (0, 0.3, 2):
        before, after = pd.Series(rng.normal(0, 1, 2000)), pd.Series(rng.normal(shift, 1, 500))
        _, edges = pd.qcut(before, 10, retbins=True)
        edges[0], edges[-1] = -np.inf, np.inf
        shares = [
            pd.cut(rows, edges).value_counts(normalize=True, sort=False).clip(lower=1e-4) for rows in (before, after)
        ]
        expected = ((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum()
        assert stability_index(before, after) == pytest.approx(expected, rel=0.02, abs=1e-3)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("float64", "ks"),
        ("float64", "wasserstein"),
        ("float64", "psi"),
        ("string", "cramers-v"),
        ("string", "psi"),
    ],
)
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_column_whose_values_go_missing_drifts(kind: str, method: str, share: float) -> None:
    """The oracle: the difference of the shares, or the textbook's index of the classes missing and there."""
    import numpy as np
    import pandas as pd

    values = ["a", "b"] * 100 if kind == "string" else np.random.default_rng(1).normal(0, 1, 200).tolist()
    gone = int(200 * share)
    before, recent = pd.DataFrame({"x": values}), pd.DataFrame({"x": [None] * gone + values[gone:]})
    expected = textbook([False] * 200, [True] * gone + [False] * (200 - gone)) if method == "psi" else share
    for reference, rows in ((before, recent), (recent, before)):
        score = scores(reference, rows, [column("x", kind, method)], drift_scores)["x"]
        assert score == pytest.approx(expected)
    assert scores(recent, recent, [column("x", kind, method)], drift_scores)["x"] in (None, 0)


def test_the_snapshot_of_many_rows_is_a_seeded_sample() -> None:
    """Two stores whose rows take turns: every n-th row would be one store's."""
    import pandas as pd

    rows = pd.DataFrame({"store": ["a", "b"] * 10_000, "hour": range(20_000)})
    sample = sampled(rows, 7)
    assert len(sample) == 10_000
    assert sample["store"].value_counts(normalize=True)["a"] == pytest.approx(0.5, abs=0.02)
    assert sample["hour"].is_monotonic_increasing
    assert sample["hour"].is_unique
    pd.testing.assert_frame_equal(sample, sampled(rows, 7))
    assert not sample.equals(sampled(rows, 8))
    assert sampled(rows.head(9_999), 7).equals(rows.head(9_999))


def test_too_few_rows_and_unknown_columns_have_no_score() -> None:
    import pandas as pd

    before = pd.DataFrame({"x": [1.0] * 50})
    recent = pd.DataFrame({"x": [1.0] * 9, "y": [1.0] * 9})
    columns = [column(name, "float64", "ks") for name in ("x", "y")]
    assert scores(before, recent, columns, drift_scores) == {"x": None, "y": None}

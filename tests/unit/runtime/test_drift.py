from __future__ import annotations

import math
from decimal import Decimal

import pytest

from mlopsctl.blueprint.model import DriftColumn
from mlopsctl.runtime.drift import scores, stability_index

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
    one = [column("x", kind, method)]
    calm, moved = scores(before, same, one)["x"], scores(before, other, one)["x"]
    assert calm is not None
    assert moved is not None
    assert 0 <= calm < 0.15
    assert moved > 0.2


def test_too_few_values_and_unknown_columns_have_no_score() -> None:
    import pandas as pd

    before = pd.DataFrame({"x": [1.0] * 50})
    recent = pd.DataFrame({"x": [1.0] * 9 + [None] * 40, "y": [1.0] * 49})
    columns = [column(name, "float64", "ks") for name in ("x", "y")]
    assert scores(before, recent, columns) == {"x": None, "y": None}

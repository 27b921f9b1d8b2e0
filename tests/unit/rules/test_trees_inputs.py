"""Which inputs trees of other libraries take; the oracle: the libraries, asked with a column of each type."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.rules.requests import REQUEST_TYPES

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
VALUES: dict[str, Any] = {
    "string": "x",
    "bool": True,
    "bytes": b"x",
    "int32": 3,
    "int64": 3,
    "float32": 0.5,
    "float64": 0.5,
    "timestamp": "2026-01-31T12:00:00Z",
}


def estimator(flavor: str) -> Any:
    if flavor == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(n_estimators=1)
    from lightgbm import LGBMClassifier

    return LGBMClassifier(n_estimators=1, verbose=-1)


@pytest.mark.parametrize("flavor", ["xgboost", "lightgbm"])
@pytest.mark.parametrize("kind", [column_type for column_type in COLUMN_TYPES if not column_type.startswith("array")])
def test_a_type_is_a_finding_exactly_where_the_library_refuses_it(flavor: str, kind: str) -> None:
    import pandas as pd

    from mlopsctl.runtime.scoring.columns import cast

    rows = pd.DataFrame({"x": cast(pd.Series([VALUES[kind]] * 8), kind, "x", may_miss=False)})
    try:
        estimator(flavor).fit(rows, [0, 1] * 4)
        taken = True
    except Exception:
        taken = False
    assert taken == (kind in REQUEST_TYPES)

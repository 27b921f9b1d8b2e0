"""What Great Expectations is told of column types, against the dtypes that the steps really write."""

from __future__ import annotations

import pytest

from mlopsctl.blueprint.model.features import Column
from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.engines.great_expectations.expectations import suite
from mlopsctl.runtime.scoring.columns import cast

SAMPLES = {"string": "a", "bool": True, "int32": 1, "int64": 1, "float32": 0.5, "float64": 0.5}


@pytest.mark.oracle
@pytest.mark.parametrize("may_miss", [True, False])
@pytest.mark.parametrize("gap", [True, False])
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_clean_column_is_of_an_expected_type_whether_looked_up_or_not(kind: str, gap: bool, may_miss: bool) -> None:
    """The library compares a frame's dtype by its name, or the types of its values where it holds objects."""
    import pandas as pd

    assert kind in COLUMN_TYPES
    values = cast(
        pd.Series([SAMPLES[kind], None if gap else SAMPLES[kind]], dtype=object), kind, "x", may_miss=may_miss
    )
    written = "str" if values.dtype == object else str(values.dtype)
    expected = suite([Column("x", kind, True, None, None, (), "")], ())
    types = next(expectation.kwargs["type_list"] for expectation in expected if "type_list" in expectation.kwargs)
    assert written in types

from __future__ import annotations

from pathlib import Path

import pytest
from blueprints import blueprints
from unit.runtime.doubles import call_of

from mlopsctl.catalogue.types import COLUMN_TYPES
from mlopsctl.runtime.data.file_columns import examine, fits
from mlopsctl.runtime.step_context import StepFailed

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("kind", COLUMN_TYPES)
def test_a_type_fits_its_own_arrow_type_and_not_a_struct(kind: str) -> None:
    import pyarrow as pa

    known = COLUMN_TYPES[kind]
    item = COLUMN_TYPES[known.item] if known.is_array else known
    own = {"timestamp": pa.timestamp("us", tz="UTC")}.get(item.name) or pa.type_for_alias(item.pyarrow)
    assert fits(pa.list_(own) if known.is_array else own, kind)
    assert fits(pa.null(), kind)
    if kind != "bytes":
        assert not fits(pa.struct([("a", pa.int64())]), kind)


@pytest.mark.parametrize(
    ("arrow_type", "kind", "holds"),
    [("float64", "int64", True), ("int8", "float64", True), ("string", "int64", False), ("int64", "string", False)],
)
def test_numbers_fit_numbers_and_text_fits_text(arrow_type: str, kind: str, holds: bool) -> None:
    import pyarrow as pa

    assert fits(pa.type_for_alias(arrow_type), kind) is holds


def test_only_the_views_that_are_read_are_looked_at(tmp_path: Path) -> None:
    call, _ = call_of(blueprints("quickstart", "local")["quickstart"], tmp_path, "materialize")
    examine(call, ["another"])
    with pytest.raises(StepFailed, match=r"data/activity.parquet does not exist \(spec.data.sources.activity.path\)"):
        examine(call, ["customer_activity"])

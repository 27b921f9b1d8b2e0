"""Each duration, quantity and share has a least and a greatest value, so that none is cut to zero on its way.

The oracle of the walk is pydantic's own list of fields: a field that somebody adds without bounds is found.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from projects import checked, spec
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from mlopsctl.spec import alerts, checks, data, features, model, quantities, serving, system, times, workspace
from mlopsctl.spec.stack.words import Host
from mlopsctl.spec.words import Section

pytestmark = pytest.mark.filterwarnings("ignore:The 'alias' attribute")
_MODULES = (alerts, checks, data, features, model, serving, system, workspace)
_IN_MILLISECONDS = {("Slo", "threshold")}


def fields(kind: type) -> list[Any]:
    """Return the fields of the language whose value is of a kind, each with its annotation."""
    every = {variable for module in _MODULES for variable in vars(module).values() if isinstance(variable, type)}
    sections = sorted((item for item in every if issubclass(item, Section)), key=lambda section: section.__name__)
    return [
        pytest.param(section.__name__, name, hint, id=f"{section.__name__}.{name}")
        for section in sections
        for name, hint in get_type_hints(section, include_extras=True).items()
        if name in section.model_fields and kind.__name__ in str(hint)
    ]


def accepted(hint: Any, value: object) -> bool:
    try:
        TypeAdapter(hint).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("section", "name", "hint"), fields(times.Duration))
def test_no_duration_is_cut_to_zero_and_none_is_endless(section: str, name: str, hint: Any) -> None:
    assert accepted(hint, "1ms") == ((section, name) in _IN_MILLISECONDS)
    assert accepted(hint, "1500ms") == ((section, name) in _IN_MILLISECONDS)
    assert not accepted(hint, "36501d")
    assert accepted(hint, "1h")


@pytest.mark.parametrize(("section", "name", "hint"), fields(quantities.Quantity))
def test_cores_and_bytes_are_told_apart_and_held_to_what_a_container_can_have(
    section: str, name: str, hint: Any
) -> None:
    cpu = name == "cpu"
    assert [accepted(hint, value) for value in ("1m", "0.5", "4")] == [cpu] * 3, section
    assert [accepted(hint, value) for value in ("1Mi", "16Gi", "1.5G")] == [not cpu] * 3
    assert not [v for v in (16, "100m", "5k", "99Pi", "0.1Ki", "0.0001") if not cpu and accepted(hint, v)]
    assert not [v for v in ("16Gi", "0.5m", "1025", "0.0005") if cpu and accepted(hint, v)]


@pytest.mark.parametrize("value", ["0%", "0.01%", "99.99999%", "100%"])
def test_a_random_holdout_leaves_rows_on_both_sides(value: str) -> None:
    with pytest.raises(ValidationError):
        model.RandomSplit.model_validate({"by": "random", "holdout": value})


@pytest.mark.parametrize("value", [-1, "1e18", 1e18])
def test_a_drop_is_no_gain(value: object) -> None:
    with pytest.raises(ValidationError):
        checks.Gate.model_validate({"maxDrop": value})


@pytest.mark.parametrize(("host", "fits"), [("redis:6379", True), ("redis:99999", False), ("redis:0", False)])
def test_a_port_is_one_that_there_is(host: str, fits: bool) -> None:
    assert accepted(Host, host) == fits


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1ms", "`1ms` is below the minimum of 1m"),
        ("99999d", "`99999d` is longer than 100 years"),
        ("5000d", "`5000d` is above the maximum of 3650d"),
        ("90500ms", "`90500ms` is not a whole number of seconds"),
    ],
)
def test_the_message_names_the_bound(value: str, message: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        times.parse_duration_between(value, "1m", "3650d")
    assert refused.value.context and refused.value.context["message"] == message


def test_every_value_out_of_bounds_is_found_in_one_run() -> None:
    model = "    split: {by: time, holdout: 14d}\n"
    text = spec(
        ("every: 30m", "every: 1ms"),
        (model, model + "    timeout: 1ms\n    resources: {cpu: 16Gi, memory: 16}\n"),
        ("pause: 30m", "pause: 999d"),
    )
    assert sorted({finding.code for finding in checked(text, only="prod").diagnostics}) == ["MLC106", "MLC107"]
    assert len(checked(text, only="prod").diagnostics) == 5

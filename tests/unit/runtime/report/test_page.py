"""The report's pictures and page: what hostile names and odd numbers make of them."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import XML, Element

import pytest
from blueprints import blueprints
from msgspec.structs import replace

from mlopsctl.runtime.local.outcome import Outcome
from mlopsctl.runtime.local.scheduler import BROKE, DONE, NOT_REACHED, Ended, steps
from mlopsctl.runtime.local.state import Record
from mlopsctl.runtime.report import lineage, plots
from mlopsctl.runtime.report.contents import contents
from mlopsctl.runtime.report.write import render

HOSTILE = "</script><script>alert(1)</script>\"'&"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SYSTEM = blueprints("quickstart", "local")["quickstart"]
METRICS = {
    "metrics": {"roc_auc": 0.8, HOSTILE: 0.1},
    "served": {"version": "7", "metrics": {"roc_auc": 0.7}},
    "plots": {
        "roc": [[0, 0], [1, 1]],
        "precision_recall": [[0, 1], [1, 0.5]],
        "residuals": [[1.0, 2.0]],
        "importance": {HOSTILE: 0.2, "b": -0.1},
        "confusion": {"classes": ["no", HOSTILE], "rows": [[3, 1], [0, 2]]},
    },
}
CHECKS = {
    "data": {
        "passed": False,
        "counts": {"failed": 1},
        "checks": [{"name": HOSTILE, "state": "failed", "reason": HOSTILE, "conditions": []}],
    }
}


def drawn(picture: Element) -> Element:
    """Read a picture back from its text."""
    return XML(plots.text(picture))


def outcome(failed: bool) -> Outcome:
    record = Record("s", "k", 1 if failed else 0, 1.5, 1.0, 2**20, "now", {}, {})
    order = steps(SYSTEM)
    ended = [
        Ended(order[0], BROKE if failed else DONE, record),
        *(Ended(step, NOT_REACHED, None) for step in order[1:]),
    ]
    gate = {"metric": HOSTILE, "passed": False, "value": None, "served": 0.5, "bounds": "at least 1", "reason": HOSTILE}
    monitor = {"checks": [{"name": HOSTILE, "state": "passed", "reason": HOSTILE}]}
    drift = {"visits_7d": 0.3}
    return Outcome(tuple(ended), CHECKS, METRICS, {"gates": [gate]}, monitor, drift, "10", "abc", "run", "3")


def page(failed: bool = False) -> str:
    system = replace(SYSTEM, identity=replace(SYSTEM.identity, description=HOSTILE))
    values = contents(system, outcome(failed), {}, NOW, {"params": HOSTILE}, 3.0, [HOSTILE] if failed else [])
    return render(values)


def test_no_name_becomes_markup() -> None:
    assert "<script" not in page() + page(failed=True)
    assert "&lt;/script&gt;" in page()


def test_a_run_that_failed_says_so_and_what_was_said_last() -> None:
    assert "Step materialize failed" in page(failed=True)
    assert "Last messages of the step" in page(failed=True)


def test_a_run_without_anything_to_show_still_makes_a_page() -> None:
    empty = Outcome((), {}, {}, {}, {}, {}, "", "", "", "")
    text = render(contents(SYSTEM, empty, {}, NOW, {}, 0.0, []))
    assert "The run is complete" in text and "Lineage" in text


@pytest.mark.parametrize("example", [("quickstart", "local", "quickstart"), ("payments", "prod", "card-fraud")])
def test_the_lineage_has_each_thing_once_and_ends_with_the_endpoint(example: tuple[str, str, str]) -> None:
    graph = lineage.graph(blueprints(*example[:2])[example[2]], "1")
    nodes = [node for column in graph.columns for node in column]
    assert len(nodes) == len(set(nodes))
    assert graph.columns[0][0].kind == "source" and graph.columns[-1][0].kind == "endpoint"
    assert drawn(lineage.drawing(graph)).tag == "svg"


@pytest.mark.parametrize("values", [{}, {"a": 0.0}, {"a": -3.0, "b": 1e12, "c": 1e-12}])
def test_bars_bear_odd_numbers(values: dict[str, float]) -> None:
    picture = plots.bars("t", values, {"a": 1.0})
    assert len(drawn(picture).findall("rect")) == len(values)
    assert "nan" not in plots.text(picture)


@pytest.mark.parametrize("points", [[], [[1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])
def test_points_that_are_one_or_none_are_drawn(points: list[list[float]]) -> None:
    for picture in (plots.scatter("t", points, ("x", "y")), plots.residuals("t", points, ("x", "y"))):
        assert len(drawn(picture).findall("circle")) == len(points)
        assert "nan" not in plots.text(picture)


def test_a_bar_over_its_bound_is_an_alarm() -> None:
    picture = plots.bars("t", {"a": 0.3, "b": 0.1}, {"a": 0.2, "b": 0.2})
    assert [bar.get("class") for bar in picture.findall("rect")] == ["bar alarm", "bar"]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.5, "0.5"), (1234.5678, "1235"), (1e7, "1.0e+07"), (-0.25, "-0.25")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert plots.number(value) == text

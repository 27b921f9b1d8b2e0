"""Dashboards, read by Grafana's own models: every key is known, every value is of its type, every query parses."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import typing
import warnings
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from environments import ENVIRONMENTS, rendered
from promql_parser import VectorSelector, parse

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.platform import Engines
from mlopsctl.engines.grafana.target import render
from mlopsctl.engines.metrics import carries, exported

KINDS = {"timeseries": "timeseries", "stat": "stat", "state-timeline": "statetimeline"}
SYSTEMS = [system for environment in ENVIRONMENTS for system in rendered(*environment).shared.systems]
oracle = pytest.mark.skipif(
    importlib.util.find_spec("grafana_foundation_sdk") is None, reason="Grafana's SDK is not installed: run `make test`"
)


@pytest.fixture(params=SYSTEMS, ids=lambda blueprint: f"{blueprint.identity.system}-{blueprint.identity.environment}")
def system(request: pytest.FixtureRequest) -> Blueprint:
    blueprint: Blueprint = request.param
    return blueprint


@pytest.fixture
def board(system: Blueprint) -> dict[str, Any]:
    (text,) = [file.content for file in render(system) if file.path.endswith(".json")]
    document: dict[str, Any] = json.loads(text)
    return document


def lost(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Find what a reader did not keep: keys it does not know, and values it changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield f"{path}/{key}"
            else:
                yield from lost(value, after[key], f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, other) in enumerate(zip(before, after, strict=True)):
            yield from lost(old, other, f"{path}/{index}")
    elif before != after:
        yield f"{path}: {before!r} became {after!r}"


def misfits(value: Any, path: str = "") -> Iterator[str]:
    """Find values that are not of the type their model declares."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from misfits(item, f"{path}/{index}")
    elif type(value).__module__.startswith("grafana_foundation_sdk.models") and not isinstance(value, Enum):
        hints = typing.get_type_hints(type(value), sys.modules[type(value).__module__].__dict__)
        for name, field in vars(value).items():
            if name in hints and not fits(field, hints[name]):
                yield f"{path}/{name}: {field!r} is no {hints[name]}"
            yield from misfits(field, f"{path}/{name}")


def fits(value: Any, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin is typing.Union:
        return any(fits(value, arg) for arg in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    if origin is list:
        return isinstance(value, list) and all(fits(item, typing.get_args(hint)[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict)
    if isinstance(hint, type) and issubclass(hint, Enum):
        # Read from JSON, a word stays a word.
        return value in [member.value for member in hint]
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return not isinstance(hint, type) or hint is object or isinstance(value, hint)


def model(board: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        # The classic model is what Grafana 11 reads, too; the SDK would rather see the next one.
        warnings.simplefilter("ignore", DeprecationWarning)
        from grafana_foundation_sdk.cog import plugins
        from grafana_foundation_sdk.models.dashboard import Dashboard

        plugins.register_default_plugins()
    return Dashboard.from_json(board)


def written(read: Any) -> Any:
    from grafana_foundation_sdk.cog.encoder import JSONEncoder

    return json.loads(json.dumps(read, cls=JSONEncoder))


@pytest.mark.oracle
@oracle
def test_grafana_knows_every_key_and_keeps_every_value(board: dict[str, Any]) -> None:
    assert list(lost(board, written(model(board)))) == []


@pytest.mark.oracle
@oracle
def test_every_value_is_of_the_type_that_grafana_declares(board: dict[str, Any]) -> None:
    assert list(misfits(model(board))) == []


@pytest.mark.oracle
@oracle
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"thresholdsStyle"', '"thresholdStyle"'),
        ('"legendFormat"', '"legend"'),
        ('"showLegend"', '"legendShown"'),
        ('"gridPos"', '"place"'),
        ('"schemaVersion"', '"version2"'),
    ],
)
def test_a_misspelt_key_would_have_been_seen(right: str, wrong: str) -> None:
    text = next(file.content for file in render(SYSTEMS[0]) if file.path.endswith(".json"))
    assert right in text
    board = json.loads(text.replace(right, wrong))
    assert list(lost(board, written(model(board))))


@pytest.mark.oracle
@oracle
@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"refresh": "1m"', '"refresh": 1'), ('"mode": "line"', '"mode": "lines"'), ('"w": 24', '"w": "24"')],
)
def test_a_value_of_another_type_would_have_been_seen(right: str, wrong: str) -> None:
    text = next(file.content for file in render(SYSTEMS[0]) if file.path.endswith(".json"))
    assert right in text
    with_mistake = json.loads(text.replace(right, wrong))
    try:
        errors = list(misfits(model(with_mistake)))
    except ValueError:
        return
    assert errors


def test_every_kind_of_panel_is_one_that_grafana_has(board: dict[str, Any]) -> None:
    kinds = {panel["type"] for panel in board["panels"]}
    assert kinds <= {"row", *KINDS}
    for name in KINDS.values():
        assert importlib.util.find_spec(f"grafana_foundation_sdk.models.{name}")


def test_panels_and_queries_are_numbered_without_a_repeat(board: dict[str, Any]) -> None:
    assert [panel["id"] for panel in board["panels"]] == list(range(1, len(board["panels"]) + 1))
    for panel in board["panels"]:
        names = [target["refId"] for target in panel.get("targets", ())]
        assert len(names) == len(set(names))
        assert names or panel["type"] == "row"


def test_no_panel_lies_on_another(board: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not taken & cells
        assert at["x"] + at["w"] <= 24
        taken |= cells


def test_thresholds_rise_and_begin_at_the_bottom(board: dict[str, Any]) -> None:
    for panel in board["panels"]:
        if panel["type"] != "row":
            first, *rest = [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
            assert first is None
            assert rest == sorted(set(rest))


def test_the_dashboard_has_nothing_that_a_server_gives(board: dict[str, Any]) -> None:
    assert not {"id", "version"} & board.keys()
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", board["uid"])
    assert board["editable"] is False


def queries(board: dict[str, Any]) -> Iterator[str]:
    for panel in board["panels"]:
        assert panel.get("datasource", {"uid": "${datasource}"})["uid"] == "${datasource}"
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "2m")


def selectors(node: Any) -> Iterator[VectorSelector]:
    """Yield every selector of a parsed expression."""
    if isinstance(node, VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "args", "param"):
        below = getattr(node, name, None)
        for child in below if isinstance(below, list) else (below,):
            if child is not None and not isinstance(child, str | int | float):
                yield from selectors(child)


def stack(engines: Engines) -> list[tuple[str, str]]:
    used = (engines.features, engines.pipelines, engines.registry, engines.serving, engines.monitoring)
    return [(engine.name, engine.version) for engine in used]


def test_every_query_parses_and_reads_only_what_the_stack_exports(system: Blueprint, board: dict[str, Any]) -> None:
    known = exported(stack(system.engines))
    read = 0
    for query in queries(board):
        for selector in selectors(parse(query)):
            metric = known.get(selector.name)
            assert metric, f"{selector.name} in {query}"
            for matcher in selector.matchers.matchers:
                assert carries(metric, matcher.name), f"{matcher.name} of {selector.name}"
            read += 1
    assert read >= len(board["panels"]) // 2


def test_every_object_fits_the_released_schemas(system: Blueprint, tmp_path: Path, oracles: Path) -> None:
    for file in render(system):
        if "/manifests/" in f"/{file.path}":
            path = tmp_path / "tree" / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.content, encoding="utf-8")
    command = [sys.executable, oracles / "check_manifests.py", tmp_path / "tree"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr

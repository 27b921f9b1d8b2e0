from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from blueprints import card_fraud
from unit.runtime.doubles import Request, call_of, server
from unit.runtime.variants import served_by

from mlopsctl.runtime.step_context import GateRejected
from mlopsctl.runtime.steps import watch_objectives

NAME = "card-fraud-fraud-scorer"
KEY = {"system": "card-fraud", "environment": "prod"}


def prometheus(ratios: dict[tuple[str, str], float], **labels: str) -> Any:
    """Answer each error ratio's query with one series an objective."""

    def answer(request: Request) -> tuple[int, Any]:
        window = request.path.rpartition("rate")[2]
        samples = [
            {"metric": {**KEY, **labels, "slo_id": f"card-fraud-{name}"}, "value": [0, str(value)]}
            for (name, at), value in ratios.items()
            if at in (window, "*")
        ]
        return 200, {"status": "success", "data": {"resultType": "vector", "result": samples}}

    return answer


@pytest.fixture
def back(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Record the shares that the step sets, instead of a cluster."""
    weights: list[int] = []
    monkeypatch.setattr(watch_objectives, "shift", lambda *given: weights.append(given[-1]))
    return weights


def watch(folder: Path, address: str, objectives: str = "availability,latency") -> list[dict[str, Any]]:
    blueprint = served_by(card_fraud(), "seldon", "2", {"prometheus": address})
    given = {"endpoint": NAME, "objectives": objectives, "seconds": "1"}
    call, said = call_of(blueprint, folder, "watch-objectives", parameters=given)
    watch_objectives.run(call)
    return said


def test_objectives_that_hold_let_the_rollout_go_on(tmp_path: Path, back: list[int]) -> None:
    with server(prometheus({("availability", "*"): 0.0001, ("latency", "*"): 0.001})) as (address, requests):
        said = watch(tmp_path, address)
    assert back == []
    assert said[-1]["message"] == "no objective was violated in 1 seconds"
    assert all(request.path.startswith("/api/v1/query?query=mlops%3Aslo_error%3Aratio_rate") for request in requests)


def test_an_objective_that_burns_takes_the_traffic_back_and_refuses(tmp_path: Path, back: list[int]) -> None:
    with (
        server(prometheus({("availability", "*"): 0.5, ("latency", "*"): 0.001})) as (address, _),
        pytest.raises(GateRejected, match="objective `availability` burns its error budget; all traffic of"),
    ):
        watch(tmp_path, address)
    assert back == [0]


def test_a_short_burst_that_the_long_window_does_not_see_is_no_burn(tmp_path: Path, back: list[int]) -> None:
    ratios = {("availability", "5m"): 1.0, ("availability", "30m"): 0.0, ("availability", "1h"): 0.0}
    with server(prometheus(ratios)) as (address, _):
        watch(tmp_path, address, "availability")
    assert back == []


def test_another_environments_series_is_not_ours(tmp_path: Path, back: list[int]) -> None:
    with (
        server(prometheus({("availability", "*"): 0.9}, environment="dev")) as (address, _),
        pytest.raises(GateRejected, match="`availability` could not be observed: Prometheus has no series for it"),
    ):
        watch(tmp_path, address, "availability")
    assert back == [0]


@pytest.mark.parametrize("answer", [(500, {}), (200, b"<html>"), (200, {"data": None})])
def test_a_server_that_does_not_answer_is_no_good_sign(tmp_path: Path, back: list[int], answer: Any) -> None:
    with (
        server(lambda _: answer) as (address, _),
        pytest.raises(GateRejected, match=r"could not be observed: Prometheus at .* does not respond"),
    ):
        watch(tmp_path, address)
    assert back == [0]


def test_nothing_to_watch_waits(tmp_path: Path, back: list[int]) -> None:
    assert watch(tmp_path, "http://127.0.0.1:9", "")[-1]["message"] == "waited 1 seconds; no objective to watch"

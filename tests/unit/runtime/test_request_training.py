from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from blueprints import blueprints, card_fraud
from unit.runtime.cluster import kubeconfig
from unit.runtime.doubles import NOW, Asked, call_of, server

from mlopsctl.runtime.call import Broken
from mlopsctl.runtime.steps import request_training

ASKED = {"drifted": "true", "cooldown": "86400", "max-per-week": "2"}
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ([], ""),
        ([DAY], ""),
        ([DAY / 2], "less than 86400 seconds ago"),
        ([2 * DAY, 3 * DAY], "2 such runs started in the last seven days, and 2 are allowed"),
        ([2 * DAY, 8 * DAY], ""),
        ([9 * DAY, DAY / 24], "less than 86400 seconds ago"),
    ],
)
def test_a_run_waits_for_the_cooldown_and_for_the_week(ages: list[timedelta], words: str) -> None:
    found = request_training.too_soon(NOW, [NOW - age for age in ages], 86400, 2)
    assert words in found
    assert bool(found) == bool(words)


def test_no_drift_asks_nobody(tmp_path: Path) -> None:
    call, said = call_of(card_fraud(), tmp_path, "request-training", parameters={**ASKED, "drifted": "false"})
    request_training.run(call)
    assert "no training is needed" in said[-1]["message"]


def test_an_engine_that_cannot_start_runs_is_named(tmp_path: Path) -> None:
    blueprint = blueprints("payments", "dev")["card-fraud"]
    call, _ = call_of(blueprint, tmp_path, "request-training", parameters=ASKED)
    with pytest.raises(Broken, match=r"kfp cannot start a run from a run \(spec.model.retrain.onDrift\)"):
        request_training.run(call)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("age", "started"), [(2 * DAY, True), (DAY / 2, False)])
def test_a_run_is_created_from_the_template_when_the_last_one_is_long_ago(
    tmp_path: Path, age: timedelta, started: bool
) -> None:
    stamp = (NOW - age).isoformat().replace("+00:00", "Z")

    def answer(asked: Asked) -> tuple[int, Any]:
        if asked.method == "GET":
            return 200, {"items": [{"metadata": {"creationTimestamp": stamp}}]}
        return 201, {"metadata": {"name": "card-fraud-train-drift-x7"}}

    with server(answer) as (address, asked):
        environ = kubeconfig(tmp_path, address)
        call, said = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
        request_training.run(call)
    listed = asked[0].path
    assert listed.startswith("/apis/argoproj.io/v1alpha1/namespaces/ml-prod/workflows?labelSelector=")
    assert "mlopsctl.dev%2Fsystem%3Dcard-fraud%2Cmlopsctl.dev%2Freason%3Ddrift" in listed
    assert [one.method for one in asked] == (["GET", "POST"] if started else ["GET"])
    if not started:
        assert "no training is started" in said[-1]["message"]
        return
    made = asked[1].body
    assert made["spec"]["workflowTemplateRef"] == {"name": "card-fraud-train"}
    assert made["metadata"]["labels"]["mlopsctl.dev/reason"] == "drift"
    assert made["metadata"]["labels"]["mlopsctl.dev/system"] == "card-fraud"
    assert said[-1]["message"] == "the inputs drifted: card-fraud-train-drift-x7 is started"


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_a_right_that_is_missing_is_told(tmp_path: Path) -> None:
    with server(lambda _: (403, {"reason": "Forbidden"})) as (address, _):
        environ = kubeconfig(tmp_path, address)
        call, _ = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
        with pytest.raises(Broken, match="cannot list workflows in namespace `ml-prod`: the step's service account"):
            request_training.run(call)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_no_cluster_is_told(tmp_path: Path) -> None:
    environ = {"KUBECONFIG": str(tmp_path / "none")}
    call, _ = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
    with pytest.raises(Broken, match="there is no cluster to talk to"):
        request_training.run(call)

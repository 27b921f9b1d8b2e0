from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from blueprints import blueprints, card_fraud
from kfp_api import Api, serving
from msgspec.structs import replace
from unit.runtime.cluster import kubeconfig
from unit.runtime.doubles import NOW, Request, call_of, server

from mlopsctl.blueprint.model.platform import Engine
from mlopsctl.engines import known
from mlopsctl.runtime.step_context import StepContext, StepFailed
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
    reason = request_training.too_soon(NOW, [NOW - age for age in ages], 86400, 2)
    assert words in reason
    assert bool(reason) == bool(words)


def test_no_drift_asks_nobody(tmp_path: Path) -> None:
    call, said = call_of(card_fraud(), tmp_path, "request-training", parameters={**ASKED, "drifted": "false"})
    request_training.run(call)
    assert "no training run is started" in said[-1]["message"]


def test_an_engine_that_cannot_start_runs_is_named(tmp_path: Path) -> None:
    engines = replace(card_fraud().engines, pipelines=Engine("airflow", "3", {}))
    blueprint = replace(card_fraud(), engines=engines)
    call, _ = call_of(blueprint, tmp_path, "request-training", parameters=ASKED)
    with pytest.raises(
        StepFailed, match=r"airflow cannot start a run from within a run \(spec.model.retrain.onDrift\)"
    ):
        request_training.run(call)


def test_a_module_that_starts_no_runs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = known.engine("pipelines", "argo-workflows")
    assert facts and facts.pipelines
    broken = facts._replace(pipelines=facts.pipelines._replace(starter="mlopsctl.runtime.log"))
    monkeypatch.setattr(request_training, "engine", lambda *_: broken)
    call, _ = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED)
    with pytest.raises(StepFailed, match=r"mlopsctl\.runtime\.log needs the functions `starts` and `start`"):
        request_training.run(call)


def on_kfp(tmp_path: Path, api: Api, **environ: str) -> tuple[StepContext, list[dict[str, Any]]]:
    """Return a call as the rendered step of KFP makes it; the API is the test's."""
    blueprint = blueprints("payments", "dev")["card-fraud"]
    engine = blueprint.engines.pipelines
    settings = {**engine.settings, "endpoint": api.address}
    engines = replace(blueprint.engines, pipelines=replace(engine, settings=settings))
    variables = {"MLOPSCTL_START_VERSION": "card-fraud-train-3f9a1c2b7d", "MLOPSCTL_START_ACCOUNT": "card-fraud-run"}
    return call_of(
        replace(blueprint, engines=engines),
        tmp_path,
        "request-training",
        parameters=ASKED,
        environ={**variables, **environ},
    )


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(Api(accepts="a-token")) as served:
        served.pipeline("card-fraud-train", "ml-dev", "card-fraud-train-3f9a1c2b7d")
        yield served


@pytest.fixture
def token(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "token").write_text("a-token\n")
    return {"KF_PIPELINES_SA_TOKEN_PATH": str(tmp_path / "token")}


def started(api: Api, age: timedelta, name: str = "card-fraud-train-drift") -> None:
    stamp = (NOW - age).isoformat().replace("+00:00", "Z")
    api.run("pipeline-0", name, "SUCCEEDED", "ml-dev", created_at=stamp)


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ([], "is started"),
        ([DAY / 2], "no training run is started: the last such run started at"),
        ([3 * DAY, 2 * DAY], "no training run is started: 2 such runs started in the last seven days"),
        ([30 * DAY, 9 * DAY, 8 * DAY, 2 * DAY], "is started"),
    ],
)
def test_kfp_remembers_by_its_runs_when_drift_last_asked(
    tmp_path: Path, api: Api, token: dict[str, str], ages: list[timedelta], words: str
) -> None:
    started(api, DAY / 24, "card-fraud-train-scheduled")
    for age in ages:
        started(api, age)
    call, said = on_kfp(tmp_path, api, **token)
    request_training.run(call)

    assert words in said[-1]["message"]
    assert len(api.created()) == int("is started" in words and "no training" not in words)


def test_kfp_is_asked_for_the_version_and_the_account_that_the_step_was_told(
    tmp_path: Path, api: Api, token: dict[str, str]
) -> None:
    call, said = on_kfp(tmp_path, api, **token)
    request_training.run(call)

    (body,) = api.created()
    assert (body["display_name"], body["service_account"]) == ("card-fraud-train-drift", "card-fraud-run")
    assert body["pipeline_version_reference"] == {"pipeline_id": "pipeline-0", "pipeline_version_id": "version-0"}
    assert said[-1]["message"] == "the inputs drifted: card-fraud-train-drift (run run-0) is started"


@pytest.mark.parametrize("variable", ["MLOPSCTL_START_VERSION", "MLOPSCTL_START_ACCOUNT"])
def test_on_kfp_a_step_that_was_not_told_what_to_start_says_so(
    tmp_path: Path, api: Api, token: dict[str, str], variable: str
) -> None:
    call, _ = on_kfp(tmp_path, api, **token, **{variable: ""})
    with pytest.raises(StepFailed, match=f"the variable {variable} is not set"):
        request_training.run(call)
    assert api.requests == []


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("age", "started"), [(2 * DAY, True), (DAY / 2, False)])
def test_a_run_is_created_from_the_template_when_the_last_one_is_long_ago(
    tmp_path: Path, age: timedelta, started: bool
) -> None:
    stamp = (NOW - age).isoformat().replace("+00:00", "Z")

    def answer(request: Request) -> tuple[int, Any]:
        if request.method == "GET":
            return 200, {"items": [{"metadata": {"creationTimestamp": stamp}}]}
        return 201, {"metadata": {"name": "card-fraud-train-drift-x7"}}

    with server(answer) as (address, requests):
        environ = kubeconfig(tmp_path, address)
        call, said = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
        request_training.run(call)
    listed = requests[0].path
    assert listed.startswith("/apis/argoproj.io/v1alpha1/namespaces/ml-prod/workflows?labelSelector=")
    assert "mlopsctl.dev%2Fsystem%3Dcard-fraud%2Cmlopsctl.dev%2Freason%3Ddrift" in listed
    assert [request.method for request in requests] == (["GET", "POST"] if started else ["GET"])
    if not started:
        assert "no training run is started" in said[-1]["message"]
        return
    body = requests[1].body
    assert body["spec"]["workflowTemplateRef"] == {"name": "card-fraud-train"}
    assert body["metadata"]["labels"]["mlopsctl.dev/reason"] == "drift"
    assert body["metadata"]["labels"]["mlopsctl.dev/system"] == "card-fraud"
    assert said[-1]["message"] == "the inputs drifted: card-fraud-train-drift-x7 is started"


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_a_right_that_is_missing_is_told(tmp_path: Path) -> None:
    with server(lambda _: (403, {"reason": "Forbidden"})) as (address, _):
        environ = kubeconfig(tmp_path, address)
        call, _ = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
        with pytest.raises(
            StepFailed, match="cannot list workflows in namespace `ml-prod`: the step's service account"
        ):
            request_training.run(call)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_no_cluster_is_told(tmp_path: Path) -> None:
    environ = {"KUBECONFIG": str(tmp_path / "none")}
    call, _ = call_of(card_fraud(), tmp_path, "request-training", parameters=ASKED, environ=environ)
    with pytest.raises(StepFailed, match="cannot connect to a cluster"):
        request_training.run(call)

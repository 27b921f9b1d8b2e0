"""A run is started by name, once, by whoever asks: a sync, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kfp_api import Api, Request, refusal, serving

from mlopsctl.engines.kfp.backend.server import Server
from mlopsctl.engines.kfp.backend.start_run import Outcome, RunRequest, start
from mlopsctl.runtime.step_context import StepFailed

ONCE = RunRequest(
    namespace="ml-prod",
    experiment="card-fraud",
    pipeline="card-fraud-train",
    version="card-fraud-train-3f9a1c2b7d",
    service_account="card-fraud-run",
    name="card-fraud-train-645971b685",
    unless="started",
    parameters={"params": '{"max_depth": 6}'},
)
SCHEDULED = replace(ONCE, name="card-fraud-train-scheduled", unless="running")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def api() -> Iterator[Api]:
    """Serve an API that has our pipeline behind a page of others."""
    with serving(Api()) as server:
        for other in ("card-fraud-monitor", "card-fraud-materialize", "merchants-train"):
            server.pipeline(other, "ml-prod", f"{other}-0000000000")
        server.pipeline(ONCE.pipeline, "ml-prod", "card-fraud-train-aaaaaaaaaa", "card-fraud-train-bbbbbbbbbb")
        server.versions.append({**server.versions[-1], "pipeline_version_id": "wanted", "name": ONCE.version})
        yield server


OURS = "pipeline-3"


def server(api: Api, token: Path | None = None) -> Server:
    return Server(api.address, token, backoff_s=0.0)


def test_a_run_is_created_with_the_ids_of_everything_that_was_named(api: Api) -> None:
    outcome = start(server(api), ONCE)

    assert outcome == Outcome("run-0", started=True)
    assert api.created() == [
        {
            "display_name": ONCE.name,
            "experiment_id": "experiment-0",
            "pipeline_version_reference": {"pipeline_id": OURS, "pipeline_version_id": "wanted"},
            "runtime_config": {"parameters": {"params": '{"max_depth": 6}'}},
            "service_account": "card-fraud-run",
        }
    ]


def test_the_first_run_makes_the_experiment_and_the_next_one_uses_it(api: Api) -> None:
    start(server(api), ONCE)
    start(server(api), replace(ONCE, name="another"))

    assert [(experiment["display_name"], experiment["namespace"]) for experiment in api.experiments] == [
        ("card-fraud", "ml-prod")
    ]
    assert [body["experiment_id"] for body in api.created()] == ["experiment-0", "experiment-0"]


def test_an_experiment_that_somebody_else_makes_meanwhile_is_used(api: Api) -> None:
    def meanwhile(request: Request) -> None:
        if request.method == "POST" and request.path == "/experiments" and not api.experiments:
            api.experiments.append({"experiment_id": "theirs", "display_name": "card-fraud", "namespace": "ml-prod"})

    api.troubles.append(meanwhile)
    start(server(api), ONCE)
    assert [body["experiment_id"] for body in api.created()] == ["theirs"]


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED", "SKIPPED", ""])
def test_once_means_once_however_the_run_of_that_name_ended(api: Api, state: str) -> None:
    before = api.run(OURS, ONCE.name, state)

    assert start(server(api), ONCE) == Outcome(before, started=False)
    assert api.created() == []


def test_once_does_not_mind_runs_of_other_names_and_of_other_pipelines(api: Api) -> None:
    api.run(OURS, "card-fraud-train-0000000000", "RUNNING")
    api.run("pipeline-0", ONCE.name, "RUNNING")

    assert start(server(api), ONCE).started


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "CANCELING", "PAUSED"])
def test_a_schedule_starts_nothing_while_any_run_of_the_pipeline_goes_on(api: Api, state: str) -> None:
    before = api.run(OURS, "card-fraud-train-by-hand", state)

    assert start(server(api), SCHEDULED) == Outcome(before, started=False)
    assert api.created() == []


def test_two_schedules_of_a_pipeline_that_fire_in_one_minute_both_start_every_time(api: Api) -> None:
    """Each round both ask while the other's run goes on; the second used to be left out each time."""
    hourly, daily = (replace(SCHEDULED, name=f"card-fraud-materialize-{every}-scheduled") for every in ("1h", "1d"))
    for _ in range(3):
        assert start(server(api), hourly).started
        assert start(server(api), daily).started
        assert not start(server(api), daily).started
        for run in api.runs:
            run["state"] = "SUCCEEDED"


@pytest.mark.parametrize("state", ["SUCCEEDED", "FAILED", "CANCELED", "SKIPPED"])
def test_a_schedule_does_not_mind_runs_that_are_over(api: Api, state: str) -> None:
    api.run(OURS, SCHEDULED.name, state)

    assert start(server(api), SCHEDULED).started


def test_a_schedule_does_not_mind_other_pipelines_and_other_namespaces(api: Api) -> None:
    api.run("pipeline-0", SCHEDULED.name, "RUNNING")
    api.run(OURS, SCHEDULED.name, "RUNNING", namespace="elsewhere")

    assert start(server(api), SCHEDULED).started


def test_a_run_on_a_later_page_is_found(api: Api) -> None:
    before = api.run(OURS, SCHEDULED.name, "RUNNING")
    for _ in range(5):
        api.run("pipeline-0", "card-fraud-monitor-scheduled", "RUNNING")

    assert start(server(api), SCHEDULED) == Outcome(before, started=False)


def test_a_pipeline_of_the_same_name_in_another_namespace_is_not_ours(api: Api) -> None:
    api.pipelines.insert(0, {**api.pipelines[3], "pipeline_id": "theirs", "namespace": "elsewhere"})
    start(server(api), ONCE)

    assert api.created()[0]["pipeline_version_reference"]["pipeline_id"] == OURS


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pipeline": "card-fraud-trian"}, "there is no pipeline `card-fraud-trian` in namespace `ml-prod`"),
        ({"version": "card-fraud-train-cccccccccc"}, "has no version `card-fraud-train-cccccccccc`"),
    ],
)
def test_a_name_that_the_server_does_not_know_is_told(api: Api, change: dict[str, str], complaint: str) -> None:
    with pytest.raises(StepFailed, match=complaint):
        start(server(api), replace(ONCE, **change))
    assert api.created() == []


def test_the_token_is_read_from_its_file_for_each_request(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    api.accepts = "first"

    def renewed(request: Request) -> None:
        if request.path == "/experiments" and request.method == "GET":
            file.write_text("second\n")
        if request.token == f"Bearer {file.read_text().strip()}":
            api.accepts = file.read_text().strip()

    api.troubles.append(renewed)
    assert start(server(api, file), ONCE).started
    assert {request.token for request in api.requests} == {"Bearer first", "Bearer second"}


def test_without_a_token_file_no_token_is_sent(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    start(server(api), ONCE)

    assert {request.token for request in api.requests} == {None}


def test_a_token_that_is_refused_is_told_without_telling_the_token(api: Api, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abcdef")
    api.accepts = "another"
    with pytest.raises(StepFailed, match="401: Unauthenticated") as broken:
        start(server(api, tmp_path / "token"), ONCE)
    assert "abcdef" not in str(broken.value)


def test_a_token_file_that_is_not_there_is_told(api: Api, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="cannot read the token for KFP: No such file"):
        start(server(api, tmp_path / "token"), ONCE)


def failing(times: int, status: int, method: str = "GET") -> Callable[[Request], tuple[int, dict[str, object]] | None]:
    """Fail the first requests of a method."""
    left = [times]

    def trouble(request: Request) -> tuple[int, dict[str, object]] | None:
        if request.method != method or not left[0]:
            return None
        left[0] -= 1
        return refusal(status, "the server\n  is having a bad day")

    return trouble


@pytest.mark.parametrize("status", [0, 429, 502, 503, 504])
def test_a_question_that_was_not_answered_is_asked_again(api: Api, status: int) -> None:
    api.troubles.append(failing(3, status))

    assert start(server(api), ONCE).started


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_run_that_may_have_been_started_is_not_asked_for_again(api: Api, status: int) -> None:
    api.experiments.append({"experiment_id": "ours", "display_name": "card-fraud", "namespace": "ml-prod"})
    api.troubles.append(failing(1, status, "POST"))
    with pytest.raises(StepFailed):
        start(server(api), ONCE)

    assert len([request for request in api.requests if request.method == "POST"]) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_a_refusal_is_one_line_with_its_number_and_reason(api: Api, status: int) -> None:
    api.troubles.append(failing(99, status))
    with pytest.raises(StepFailed) as broken:
        start(server(api), ONCE)

    assert (
        str(broken.value) == f"{api.address} responds to GET /pipelines with {status}: the server is having a bad day"
    )


def test_a_login_page_is_told_and_not_followed(api: Api) -> None:
    api.troubles.append(lambda _: (302, b""))
    with pytest.raises(StepFailed, match=r"302, a redirect to http://127\.0\.0\.1:9/login: a login is required"):
        start(server(api), ONCE)
    assert len(api.requests) == 1


@pytest.mark.parametrize("body", [b"<html>welcome</html>", b"[]", b""])
def test_an_answer_that_is_no_object_is_not_taken_for_one(api: Api, body: bytes) -> None:
    api.troubles.append(lambda _: (200, body))
    with pytest.raises(StepFailed, match="is not the KFP API"):
        start(server(api), ONCE)


def test_a_list_that_never_ends_is_left(api: Api) -> None:
    api.troubles.append(lambda _: (200, {"pipelines": [], "next_page_token": "again"}))
    with pytest.raises(StepFailed, match="returns the same page of /pipelines repeatedly"):
        start(server(api), ONCE)


def test_a_server_that_is_not_there_is_told_in_the_systems_words() -> None:
    with serving(Api()) as gone:
        pass
    with pytest.raises(StepFailed, match="does not respond: Connection refused"):
        start(server(gone), ONCE)


@pytest.mark.parametrize("endpoint", ["ml-pipeline:8888", "ftp://host", "http://", "", "http://[::1", "/etc"])
def test_what_is_no_address_is_refused(endpoint: str) -> None:
    with pytest.raises(StepFailed, match="is not an address such as"):
        Server(endpoint)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(StepFailed) as broken:
        Server("http://somebody:hunter2@host:8888")
    assert "hunter2" not in str(broken.value)


@pytest.mark.oracle
def test_kfps_own_client_understands_the_server_of_these_tests(api: Api) -> None:
    client = pytest.importorskip("kfp_server_api", reason="kfp is not installed: run `make test`")
    start(server(api), ONCE)
    opened = client.ApiClient(client.Configuration(host=api.address))

    (run,) = client.RunServiceApi(opened).run_service_list_runs(namespace="ml-prod").runs
    assert run.display_name == ONCE.name
    assert run.pipeline_version_reference.pipeline_version_id == "wanted"
    assert run.runtime_config.parameters == ONCE.parameters
    assert run.service_account == ONCE.service_account
    versions = client.PipelineServiceApi(opened).pipeline_service_list_pipeline_versions(OURS, page_token=str(2))
    assert [pipeline_version.name for pipeline_version in versions.pipeline_versions] == [ONCE.version]
    (experiment,) = client.ExperimentServiceApi(opened).experiment_service_list_experiments().experiments
    assert experiment.display_name == ONCE.experiment


@pytest.mark.oracle
def test_what_is_sent_is_what_kfps_own_client_would_send() -> None:
    client = pytest.importorskip("kfp_server_api", reason="kfp is not installed: run `make test`")
    with serving(Api()) as ours, serving(Api()) as theirs:
        for api_server in (ours, theirs):
            api_server.pipeline(ONCE.pipeline, ONCE.namespace, ONCE.version)
        start(server(ours), ONCE)
        opened = client.ApiClient(client.Configuration(host=theirs.address))
        experiment = client.V2beta1Experiment(display_name=ONCE.experiment, namespace=ONCE.namespace)
        server_experiment = client.ExperimentServiceApi(opened).experiment_service_create_experiment(experiment)
        source = client.V2beta1PipelineVersionReference(pipeline_id="pipeline-0", pipeline_version_id="version-0")
        run = client.V2beta1Run(
            display_name=ONCE.name,
            experiment_id=server_experiment.experiment_id,
            pipeline_version_reference=source,
            runtime_config=client.V2beta1RuntimeConfig(parameters=ONCE.parameters),
            service_account=ONCE.service_account,
        )
        client.RunServiceApi(opened).run_service_create_run(run)

    sent = [(request.path, request.body) for request in ours.requests if request.method == "POST"]
    assert sent == [(request.path, request.body) for request in theirs.requests]

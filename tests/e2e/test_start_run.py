"""What is rendered for the clock and for a change is what really starts a run: the jobs' own commands, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from blueprints import blueprints
from kfp_api import Api, serving

from mlopsctl.engines.kfp import target

pytestmark = pytest.mark.e2e
SYSTEM = "card-fraud"


@pytest.fixture
def rendered() -> dict[str, list[dict[str, Any]]]:
    """Return the rendered objects of one system by kind."""
    manifests: dict[str, list[dict[str, Any]]] = {}
    for file in target.render(blueprints("payments", "dev")[SYSTEM]):
        if str(file.path).startswith("manifests/"):
            for document in yaml.safe_load_all(file.content):
                manifests.setdefault(document["kind"], []).append(document)
    return manifests


def api_with(rendered: dict[str, list[dict[str, Any]]]) -> Api:
    """Keep in the API what the cluster would have been given."""
    api = Api(accepts="a-token")
    versions: dict[str, list[str]] = {}
    for version in rendered["PipelineVersion"]:
        versions.setdefault(version["spec"]["pipelineName"], []).append(version["metadata"]["name"])
    for name, version_names in versions.items():
        api.pipeline(name, "ml-dev", *version_names)
    return api


def container(job: dict[str, Any]) -> dict[str, Any]:
    spec = job["spec"]["jobTemplate"]["spec"] if job["kind"] == "CronJob" else job["spec"]
    (job_container,) = spec["template"]["spec"]["containers"]
    return dict(job_container)


def run(job: dict[str, Any], api: Api, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a job's container: its command, its variables, its mounted token; only the address is the test's."""
    job_container = container(job)
    words = list(job_container["args"])
    words[words.index("--endpoint") + 1] = api.address
    (folder / "token").write_text("a-token\n")
    given = {variable["name"]: variable["value"] for variable in job_container["env"]}
    assert given["KF_PIPELINES_SA_TOKEN_PATH"].endswith("/token")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
        "KF_PIPELINES_SA_TOKEN_PATH": str(folder / "token"),
    }
    program = {"mlopsctl": [sys.executable, "-m", "mlopsctl"]}[job_container["command"][0]]
    return subprocess.run(
        [*program, *words],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_change_starts_its_run_once(rendered: dict[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    (job,) = rendered["Job"]
    with serving(api_with(rendered)) as api:
        first, second = run(job, api, tmp_path), run(job, api, tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    (body,) = api.created()
    assert body["display_name"] == job["metadata"]["name"]
    assert first.stdout.startswith(f"started {job['metadata']['name']}: run run-0 of version card-fraud-train-")
    assert second.stdout == f"{job['metadata']['name']} was already started: run run-0; nothing to do\n"
    accounts = {account["metadata"]["name"] for account in rendered["ServiceAccount"]}
    assert body["service_account"] in accounts


def test_every_schedule_starts_its_run_when_the_last_is_over(
    rendered: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    assert len(rendered["CronJob"]) >= 2
    with serving(api_with(rendered)) as api:
        for job in rendered["CronJob"]:
            started = len(api.created())
            assert run(job, api, tmp_path).returncode == 0
            assert len(api.created()) == started + 1
            waiting = run(job, api, tmp_path)
            assert "is still running" in waiting.stdout
            api.runs[-1]["state"] = "FAILED"
            assert run(job, api, tmp_path).stdout.startswith("started ")


def test_the_parameters_of_a_schedule_are_those_of_its_pipeline(
    rendered: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    roots = {
        version["metadata"]["name"]: version["spec"]["pipelineSpec"]["root"] for version in rendered["PipelineVersion"]
    }
    with serving(api_with(rendered)) as api:
        for job in rendered["CronJob"]:
            words = container(job)["args"]
            run(job, api, tmp_path)
            known = roots[words[words.index("--version") + 1]].get("inputDefinitions", {}).get("parameters", {})
            assert api.created()[-1]["runtime_config"]["parameters"].keys() <= known.keys()
    assert any(body["runtime_config"]["parameters"] for body in api.created())


def test_a_version_that_is_not_there_yet_fails_the_job_with_one_line(
    rendered: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    (job,) = rendered["Job"]
    with serving(api_with(rendered)) as api:
        api.versions.clear()
        ended = run(job, api, tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.startswith("error: pipeline `card-fraud-train` has no version `card-fraud-train-")
    assert ended.stderr.count("\n") == 1
    assert api.created() == []


@pytest.mark.parametrize("words", [(), ("--once", "--unless-running")])
def test_what_keeps_a_run_from_being_started_has_to_be_said(
    rendered: dict[str, list[dict[str, Any]]], tmp_path: Path, words: tuple[str, ...]
) -> None:
    (job,) = rendered["Job"]
    job_container = container(job)
    job_container["args"] = [word for word in job_container["args"] if word != "--once"] + list(words)
    job["spec"]["template"]["spec"]["containers"] = [job_container]
    with serving(api_with(rendered)) as api:
        ended = run(job, api, tmp_path)

    assert ended.returncode == 2
    assert "--once and --unless-running" in ended.stderr
    assert api.requests == []

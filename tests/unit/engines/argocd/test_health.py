"""The health checks, run by a Lua as bare as Argo CD's: no string, no os, no io."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from argocd_health import BUILT_IN_HEALTH
from environments import rendered

from mlopsctl.engines.argocd.health import lua

lupa = pytest.importorskip("lupa.lua51", reason="lupa is not installed: run `make test`")

BARE = """
local check = ...
string, os, io, debug, math = nil, nil, nil, nil, nil
return loadstring(check)
"""


def judged(check: str, **body: Any) -> tuple[str, str]:
    """Run a check on an object; return its status and its message."""
    runtime = lupa.LuaRuntime(unpack_returned_tuples=True, register_eval=False)
    runtime.eval('getmetatable("")').__index = None
    function = runtime.execute(BARE, lua(f"mlopsctl.engines.{check}", "health.lua"))
    runtime.globals().obj = runtime.table_from({"metadata": {"name": "one"}, **body}, recursive=True)
    health = function()
    return str(health.status), str(health.message)


def ready(status: str, message: str = "", **more: str) -> dict[str, Any]:
    own = {"type": "ModelReady", "status": "True", "message": "beside the point"}
    return {"conditions": [own, {"type": "Ready", "status": status, "message": message, **more}]}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ready("True", "ModelAvailable"), "Healthy"),
        (ready("False", "ModelProgressing"), "Progressing"),
        (ready("False", "ModelProgressing", reason="the scheduler is away"), "Progressing"),
        (ready("False", "ModelFailed", reason="out of memory"), "Degraded"),
        (ready("False", "ScheduleFailed", reason="no server"), "Degraded"),
        (ready("False", "PipelineFailed"), "Degraded"),
        (ready("False", "ModelScaledDown"), "Healthy"),
        (ready("Unknown"), "Progressing"),
        ({"conditions": []}, "Progressing"),
        ({"conditions": [{"type": "ModelReady", "status": "True"}]}, "Progressing"),
        ({}, "Progressing"),
    ],
)
def test_seldon_2_tells_by_the_condition_ready(status: dict[str, Any], expected: str) -> None:
    assert judged("seldon2", status=status)[0] == expected


def test_seldon_2_says_why() -> None:
    status = ready("False", "ScheduleFailed", reason="no server with that capability")
    assert judged("seldon2", status=status)[1] == "ScheduleFailed no server with that capability"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"state": "Available"}, "Healthy"),
        ({"state": "Creating"}, "Progressing"),
        ({"state": "Failed", "description": "no such image"}, "Degraded"),
        ({}, "Progressing"),
    ],
)
def test_seldon_1_tells_by_one_word(status: dict[str, Any], expected: str) -> None:
    assert judged("seldon1", status=status)[0] == expected


@pytest.mark.parametrize("check", ["seldon1", "seldon2"])
def test_what_has_no_status_yet_or_is_being_deleted_is_not_done(check: str) -> None:
    assert judged(check)[0] == "Progressing"
    gone = {"metadata": {"name": "one", "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    assert judged(check, **gone, status={"state": "Available", **ready("True")})[0] == "Progressing"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, ("Healthy", "admitted")),
        ({"conditions": [{"type": "x", "status": "True"}]}, ("Healthy", "admitted")),
        ({"conditions": [{"type": "x", "status": "False", "message": "bad spec"}]}, ("Degraded", "bad spec")),
    ],
)
def test_a_pipeline_version_is_healthy_until_something_goes_wrong(status: Any, expected: tuple[str, str]) -> None:
    assert judged("kfp", **({"status": status} if status else {})) == expected


def applied(*statuses: tuple[str, str]) -> dict[str, Any]:
    """Return the status of an Application by the kind and the sync status of each of its objects."""
    return {"status": {"resources": [{"kind": kind, "name": "one", "status": status} for kind, status in statuses]}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "Progressing"),
        ({"status": {"health": {"status": "Healthy"}}}, "Progressing"),
        (applied(("ServiceAccount", "OutOfSync"), ("Model", "Synced")), "Progressing"),
        (applied(("ServiceAccount", "Synced"), ("Model", "OutOfSync"), ("GrafanaDashboard", "OutOfSync")), "Healthy"),
        ({"status": {"conditions": [{"type": "ComparisonError", "message": "no such folder"}]}}, "Suspended"),
    ],
)
def test_the_root_waits_for_what_others_need_of_an_application_alone(body: dict[str, Any], expected: str) -> None:
    assert judged("argocd", **body)[0] == expected


@pytest.mark.parametrize("health", ["Progressing", "Degraded", "Missing"])
def test_a_system_whose_servers_are_not_healthy_holds_no_other_up(health: str) -> None:
    body = applied(("ServiceAccount", "Synced"), ("InferenceService", "Synced"))
    body["status"]["health"] = {"status": health}
    assert judged("argocd", **body)[0] == "Healthy"


@pytest.mark.parametrize(
    ("environment", "kinds"),
    [
        (
            ("payments", "prod"),
            {"argoproj.io_Application", *(f"mlops.seldon.io_{kind}" for kind in ("Experiment", "Model", "Pipeline"))},
        ),
        (("payments", "dev"), {"argoproj.io_Application", "pipelines.kubeflow.org_PipelineVersion"}),
        (("demand-forecast", "prod"), {"argoproj.io_Application", "machinelearning.seldon.io_SeldonDeployment"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_the_patch_names_the_rendered_kinds_that_argo_cd_cannot_judge(
    environment: tuple[str, str], kinds: set[str]
) -> None:
    files = {str(file.path): file for file in rendered(*environment).units["shared"]}
    patch = yaml.safe_load(files["argocd/health/argocd-cm.yaml"].content)
    prefix = "resource.customizations.health."
    assert (patch["kind"], patch["metadata"]) == ("ConfigMap", {"name": "argocd-cm", "namespace": "argocd"})
    assert {key.removeprefix(prefix) for key in patch["data"]} == kinds
    assert not files["argocd/health/argocd-cm.yaml"].objects
    for key in kinds:
        group, _, kind = key.rpartition("_")
        assert (group, kind) not in BUILT_IN_HEALTH

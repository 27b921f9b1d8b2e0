"""A whole stack with another engine at one stage: the rest of it is rendered, and Argo CD is given objects alone."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
import yaml
from projects import WORKSPACE, checked, documents, edited, spec

from mlopsctl import compiler
from mlopsctl.blueprint.provenance.paths import owner_of
from mlopsctl.diagnostics.model import Diagnostic, Severity
from mlopsctl.explain.pieces import pieces
from mlopsctl.lock.uses import uses
from mlopsctl.resolve.landscape import resolve

SYSTEMS = "  systems: [systems/*/mlops.yaml]\n"
STORES = (
    "features: {engine: feast, registry: s3://acme/registry.db, online: {type: redis, connection: 'redis:6379'}}, "
    "registry: {engine: mlflow, uri: http://mlflow:5000}"
)
STACKS = {
    "polyaxon": "pipelines: {engine: polyaxon}",
    "kale": "pipelines: {engine: kale}",
    "cortex": "serving: {engine: cortex, image: ghcr.io/acme/server:1.4}",
    "polyaxon and cortex": "pipelines: {engine: polyaxon}, serving: {engine: cortex, image: ghcr.io/acme/server:1.4}",
    "kale and cortex": "pipelines: {engine: kale}, serving: {engine: cortex, image: ghcr.io/acme/server:1.4}",
}
NO_TRAINING = ("    training: {failed: ticket, overdue: ticket}\n", "")
NO_OBJECTIVES = (
    "    slos:\n"
    "      availability: {endpoint: scorer, objective: 99.9%, window: 30d}\n"
    "      latency: {endpoint: scorer, threshold: 100ms, objective: 99%, window: 30d}\n",
    "",
)
IN_FLIGHT = ("{metric: rps, target: 50}", "{metric: concurrency, target: 8}")
UNWATCHED = (", abortOn: [availability]", "")
LOCK = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: Lock
metadata: {name: acme}
environments:
  prod:
    models:
      card-fraud@champion:
        version: "3"
        uri: s3://models/card-fraud/3
        candidate: {version: "4", uri: s3://models/card-fraud/4}
"""


def workspace(stack: str) -> str:
    more = f"{STORES}, dashboards: {{engine: grafana}}, delivery: {{engine: argocd}}"
    return edited(WORKSPACE, (SYSTEMS, f"{SYSTEMS}  stack: {{{STACKS[stack]}, {more}}}\n"))


def errors(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [
        f"{diagnostic.code} {diagnostic.path}" for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR
    ]


def adapted(stack: str) -> str:
    """Return the example without what this stack cannot do."""
    changes = [NO_OBJECTIVES, IN_FLIGHT, UNWATCHED] if "cortex" in stack else []
    return spec(*changes, *([NO_TRAINING] if "polyaxon" in stack else []))


@pytest.mark.parametrize("stack", STACKS)
def test_a_system_that_asks_for_too_much_is_told_and_nothing_breaks(stack: str) -> None:
    diagnostics = checked(spec(), workspace=workspace(stack), lock=LOCK, only="prod").diagnostics
    all_errors = errors(diagnostics)
    assert bool(all_errors) == ("polyaxon" in stack or "cortex" in stack)
    if "cortex" in stack:
        assert "MLC601 spec.alerts.slos.availability" in all_errors
        assert "MLC507 spec.serving.endpoints.scorer.autoscale.metric" in all_errors


@pytest.mark.parametrize("stack", STACKS)
def test_a_system_that_asks_for_what_there_is_is_rendered_whole(stack: str) -> None:
    result = checked(adapted(stack), workspace=workspace(stack), lock=LOCK, only="prod")
    assert errors(result.diagnostics) == []
    (shared,) = result.shared
    assert shared.systems
    units = compiler.render(shared)
    folders = {PurePosixPath(file.path).parts[0] for file in units["card-fraud"]}
    assert {"prometheus", "grafana", *stack.split(" and ")} <= folders


@pytest.mark.parametrize("stack", STACKS)
def test_argo_cd_is_given_objects_alone(stack: str) -> None:
    (shared,) = checked(adapted(stack), workspace=workspace(stack), lock=LOCK, only="prod").shared
    for files in compiler.render(shared).values():
        for file in files:
            if {"manifests", "runs"} & set(PurePosixPath(file.path).parts):
                for document in yaml.safe_load_all(file.content):
                    assert {"apiVersion", "kind", "metadata"} <= set(document)


@pytest.mark.parametrize("stack", STACKS)
def test_a_run_is_planned_on_a_change_only_where_one_starts(stack: str) -> None:
    (shared,) = checked(adapted(stack), workspace=workspace(stack), lock=LOCK, only="prod").shared
    planned = [pipeline.name for system in shared.systems for pipeline in system.pipelines if pipeline.on_change]
    assert planned == (["card-fraud-train"] if stack == "cortex" else [])


@pytest.mark.parametrize("stack", ["cortex", "polyaxon and cortex", "kale and cortex"])
def test_no_run_is_rendered_that_would_shift_traffic_it_cannot_reach(stack: str) -> None:
    (shared,) = checked(adapted(stack), workspace=workspace(stack), lock=LOCK, only="prod").shared
    assert "rollout" not in {pipeline.purpose for system in shared.systems for pipeline in system.pipelines}


def test_the_image_of_a_model_server_is_rendered_by_the_lock_s_digest_and_must_be_there() -> None:
    digest = f"sha256:{'7' * 64}"
    lock = edited(LOCK, ("    models:", f"    images: {{'ghcr.io/acme/server:1.4': '{digest}'}}\n    models:"))
    pinned = checked(adapted("cortex"), workspace=workspace("cortex"), lock=lock, only="prod")
    assert not [finding for finding in pinned.diagnostics if finding.code in {"MLC703", "MLC710"}]
    (shared,) = pinned.shared
    files = {str(file.path): file.content for file in compiler.render(shared)["card-fraud"]}
    assert yaml.safe_load(files["cortex/cortex.yaml"])[0]["pod"]["containers"][0]["image"] == (
        f"ghcr.io/acme/server@{digest}"
    )
    loose = checked(adapted("cortex"), workspace=workspace("cortex"), lock=LOCK, only="prod")
    assert [finding.path for finding in loose.diagnostics if finding.code == "MLC703"] == ["spec.stack.serving.image"]


def test_the_lock_is_asked_for_the_model_server_s_image_too() -> None:
    (landscape, _), diagnostics = resolve(documents(adapted("cortex"), workspace=workspace("cortex"), lock=LOCK))
    assert not errors(diagnostics)
    assert "ghcr.io/acme/server:1.4" in {use.key for use in uses(landscape)}


@pytest.mark.parametrize("stack", STACKS)
def test_every_line_of_their_files_is_about_something_and_asking_changes_no_byte(stack: str) -> None:
    (shared,) = checked(adapted(stack), workspace=workspace(stack), lock=LOCK, only="prod").shared
    traced = compiler.render_with_origins(shared)
    assert traced == compiler.render(shared)
    for file in traced["card-fraud"]:
        if str(file.path).split("/")[0] in stack:
            located = list(pieces(file.content, owner_of("card-fraud", shared)))
            lines = {line for piece in located for line in range(piece.first, piece.last + 1)}
            text = file.content.split("\n")
            assert [n for n, line in enumerate(text, 1) if line.strip() and n not in lines] == [], file.path

"""Patches of a project: what they change, what they may not, and who says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from projects import SPEC, WORKSPACE, checked, documents, edited

from mlopsctl.blueprint import codec
from mlopsctl.blueprint.provenance.paths import owner_of
from mlopsctl.compiler import check, render, render_with_origins
from mlopsctl.diagnostics.model import Severity
from mlopsctl.explain.pieces import about_line
from mlopsctl.plan.model import Effect, Plan
from mlopsctl.plan.planner import compare
from mlopsctl.plan.states import state
from mlopsctl.resolve.landscape import resolve

SECOND = """\
apiVersion: mlopsctl.dev/v1alpha1
kind: MLSystem
metadata: {name: merchants, owner: team-risk}
spec:
  data:
    sources:
      merchants: {type: parquet, path: data/merchants.parquet, eventTime: ts, columns: {id: {type: string}}}
  alerts:
    routes: {page: pagerduty/risk}
    rules: {MerchantsDown: {expr: "up < 1", severity: page, summary: Away}}
"""


def patch(key: str, engine: str, kind: str, **more: Any) -> str:
    """Return an entry of `patches` as a line of YAML; it merges an annotation unless it says something else."""
    content = more if {"json", "merge"} & {*more} else {**more, "merge": {"metadata": {"annotations": {"a": "b"}}}}
    target = {"engine": engine, "kind": kind, "name": content.pop("name", "*")}
    return f"    {key}: {json.dumps({'target': target, **content})}\n"


def system(*patches: str, text: str = SPEC) -> str:
    return text + "  patches:\n" + "".join(patches) if patches else text


def workspace(*patches: str) -> str:
    return WORKSPACE + "  patches:\n" + "".join(patches) if patches else WORKSPACE


def trees(*systems: str, workspace: str = WORKSPACE) -> dict[str, dict[str, str]]:
    """Return the files of each unit of prod by path."""
    result = checked(*systems, workspace=workspace, only="prod")
    assert [diagnostic.message for diagnostic in result.diagnostics if diagnostic.severity is Severity.ERROR] == []
    units = render(result.shared[0])
    return {unit: {str(file.path): file.content for file in files} for unit, files in units.items()}


def changed(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[str]:
    return sorted(
        f"{unit}/{path}" for unit, files in after.items() for path in files if files[path] != before[unit].get(path)
    )


def test_a_patch_changes_its_objects_and_no_other_file() -> None:
    before = trees(SPEC)
    after = trees(system(patch("note", "prometheus-operator", "PrometheusRule")))
    assert changed(before, after) == ["card-fraud/prometheus/manifests/prometheus-rule.yaml"]
    old, new = (tree["card-fraud"]["prometheus/manifests/prometheus-rule.yaml"] for tree in (before, after))
    expected = yaml.safe_load(old)
    expected["metadata"].setdefault("annotations", {})["a"] = "b"
    assert yaml.safe_load(new) == expected


def test_a_patch_is_no_part_of_the_blueprint_that_pods_mount() -> None:
    result = checked(system(patch("note", "prometheus-operator", "PrometheusRule")), only="prod")
    blueprint = result.shared[0].systems[0]
    assert [patch.name for patch in blueprint.patches] == ["note"]
    assert codec.loads(codec.dumps(blueprint)) == blueprint
    mounted = trees(system(patch("note", "prometheus-operator", "PrometheusRule")))["card-fraud"]
    assert (
        mounted["argo-workflows/manifests/blueprint.yaml"]
        == trees(SPEC)["card-fraud"]["argo-workflows/manifests/blueprint.yaml"]
    )


def test_no_patch_changes_a_fingerprint() -> None:
    text = system(patch("note", "argo-workflows", "WorkflowTemplate", matches="some"))
    plain, patched = (checked(text, only="prod").shared[0].systems[0] for text in (SPEC, text))
    assert [pipeline.hash for pipeline in plain.pipelines] == [pipeline.hash for pipeline in patched.pipelines]


def test_a_patch_of_the_workspace_is_applied_in_every_unit_and_before_those_of_systems() -> None:
    first = patch("note", "prometheus-operator", "PrometheusRule", matches="some")
    second = patch(
        "later",
        "prometheus-operator",
        "PrometheusRule",
        json=[{"op": "test", "path": "/metadata/annotations/a", "value": "b"}],
    )
    tree = trees(system(second), workspace=workspace(first))
    assert changed(trees(SPEC), tree) == ["card-fraud/prometheus/manifests/prometheus-rule.yaml"]


def test_a_patch_of_one_environment_changes_no_other() -> None:
    text = system(patch("note", "prometheus-operator", "PrometheusRule", environments=["dev"]))
    assert changed(trees(SPEC), trees(text)) == []


def test_an_override_changes_a_patch() -> None:
    text = system(patch("note", "prometheus-operator", "PrometheusRule"))
    text += '  overrides: {prod: {patches.note.merge: {metadata: {annotations: {a: "of prod"}}}}}\n'
    rule = trees(text)["card-fraud"]["prometheus/manifests/prometheus-rule.yaml"]
    assert yaml.safe_load(rule)["metadata"]["annotations"]["a"] == "of prod"


def test_the_objects_of_delivery_are_patched_too() -> None:
    merge = {"spec": {"revisionHistoryLimit": 3}}
    text = system(patch("calm", "argocd", "Application", name="card-fraud-prod", merge=merge))
    delivered = trees(text)["card-fraud"]["argocd/manifests/application.yaml"]
    assert changed(trees(SPEC), trees(text)) == ["card-fraud/argocd/manifests/application.yaml"]
    assert [document["spec"].get("revisionHistoryLimit") for document in yaml.safe_load_all(delivered)] == [3, None]


def test_a_wrong_patch_leaves_the_objects_as_they_were_and_the_others_are_still_checked() -> None:
    text = system(
        patch("one", "prometheus-operator", "PrometheusRule", merge={"metadata": {"name": "x"}}),
        patch("two", "prometheus-operator", "PrometheusRule", merge={"kind": "ConfigMap"}),
        patch("three", "prometheus-operator", "PrometheusRule", json=[{"op": "replace", "path": "/spec", "value": 1}]),
    )
    result = checked(text, only="prod")
    assert [diagnostic.path for diagnostic in result.diagnostics] == [
        "spec.patches.one.merge.metadata.name",
        "spec.patches.two.merge.kind",
    ]


@pytest.mark.parametrize(
    "merge",
    [
        {"apiVersion": "v1"},
        {"metadata": {"namespace": "other"}},
        {"metadata": {"generateName": "x-"}},
        {"metadata": None},
        {"metadata": {"labels": None}},
        {"metadata": {"labels": {"mlopsctl.dev/owner": "x"}}},
        {"metadata": {"labels": {"app.kubernetes.io/instance": "x"}}},
        {"metadata": {"annotations": {"argocd.argoproj.io/sync-wave": "9"}}},
        {"metadata": {"annotations": {"argocd.argoproj.io/hook": "Sync"}}},
        {"metadata": {"ownerReferences": []}},
        {"metadata": {"finalizers": ["x/y"]}},
        {"status": {"ready": True}},
    ],
    ids=str,
)
def test_no_patch_changes_what_ownership_and_delivery_rely_on(merge: dict[str, Any]) -> None:
    result = checked(system(patch("one", "prometheus-operator", "PrometheusRule", merge=merge)), only="prod")
    assert set(result.codes) == {"MLC732"}


def test_what_the_project_allows_is_not_patched() -> None:
    project_patch = patch(
        "all", "argocd", "AppProject", json=[{"op": "replace", "path": "/spec/destinations", "value": []}]
    )
    result = checked(SPEC, workspace=workspace(project_patch.replace('"*"', '"acme-prod"')), only="prod")
    assert set(result.codes) == {"MLC732"}


def test_a_number_of_the_workspace_counts_every_unit() -> None:
    note = patch("note", "prometheus-operator", "PrometheusRule")
    diagnostic = checked(SPEC, SECOND, workspace=workspace(note), only="prod").diagnostics[-1]
    assert (diagnostic.code, diagnostic.message) == (
        "MLC730",
        "the patch matches 2 objects and says 1: card-fraud, merchants",
    )


def test_a_patch_of_another_stack_is_no_error_of_the_question_what_it_would_mean() -> None:
    read = documents(system(patch("note", "seldon", "Model", matches="some")))
    kserve = documents(SPEC, workspace=edited(WORKSPACE, ("  env", "  stack: {serving: {engine: kserve}}\n  env")))
    other = resolve(kserve)[0][1].engines.serving
    diagnostics = check(read, ("prod",), instead={"prod": {"serving": other}})[1]
    assert "MLC730" not in {diagnostic.code for diagnostic in diagnostics}


# --- plan and explain ---


def plan(before: tuple[str, str], after: tuple[str, str]) -> Plan:
    """Return the plan between two pairs of a spec and a workspace; both are rendered, as for a person."""
    sides = []
    for text, shared in (before, after):
        read = documents(text, workspace=shared)
        environments, diagnostics = check(read, ("prod",))
        assert not [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR], diagnostics
        files = {
            environment.environment: {
                unit: {str(file.path): file.content for file in files} for unit, files in render(environment).items()
            }
            for environment in environments
        }
        sides.append(replace(state(read, environments), files=files))
    return compare(sides[0], sides[1])


NOTE = patch("note", "prometheus-operator", "PrometheusRule")
OTHER = NOTE.replace('"b"', '"c"')


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [((), (NOTE,), "added"), ((NOTE,), (), "removed"), ((NOTE,), (OTHER,), "changed")],
    ids=["added", "removed", "changed"],
)
@pytest.mark.parametrize("owner", ["system", "workspace"])
def test_a_plan_tells_a_patch_apart(before: tuple[str, ...], after: tuple[str, ...], action: str, owner: str) -> None:
    if owner == "system":
        planned = plan((system(*before), WORKSPACE), (system(*after), WORKSPACE))
    else:
        planned = plan((SPEC, workspace(*before)), (SPEC, workspace(*after)))
    (change,) = planned.changes
    assert change.path.removeprefix("workspace:").startswith("patches.note")
    assert change.action.value == action or change.path.count(".") > 1
    assert [(consequence.effect, consequence.system) for consequence in change.consequences] == [
        (Effect.OUTSIDE, "card-fraud")
    ]
    assert change.reviewers == ("team-risk",)


def test_an_answer_names_the_patch_for_the_lines_that_it_changed_and_the_model_for_the_others() -> None:
    text = system(patch("note", "prometheus-operator", "PrometheusRule"))
    shared = checked(text, only="prod").shared[0]
    units, owner = render_with_origins(shared), owner_of("card-fraud", shared)
    content = next(file.content for file in units["card-fraud"] if file.path.endswith("prometheus-rule.yaml"))
    lines = content.split("\n")
    nearest = {number: about_line(content, number, owner)[0] for number in range(1, len(lines))}
    of_patch = {number for number, piece in nearest.items() if piece.kind.startswith("patch")}
    assert of_patch == {number for number, line in enumerate(lines, 1) if line == "    a: b"}
    assert {str(path) for number in of_patch for path in nearest[number].origins} == {"card-fraud:spec.patches.note"}
    assert all(len(about_line(content, number, owner)) > 1 for number in nearest)


def test_asking_changes_no_byte_of_a_patched_tree() -> None:
    text = system(
        patch("note", "prometheus-operator", "PrometheusRule"),
        patch("all", "argo-workflows", "WorkflowTemplate", matches="some"),
    )
    shared = checked(text, only="prod").shared[0]
    assert render(shared) == render_with_origins(shared)

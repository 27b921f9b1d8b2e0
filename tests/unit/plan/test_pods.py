"""A plan of settings of pods: each that comes, changes or goes is classified, and none starts a training run."""

from __future__ import annotations

import pytest
from projects import SPEC, WORKSPACE, documents, edited

from mlopsctl.compiler import check
from mlopsctl.diagnostics.model import Severity
from mlopsctl.plan.model import Effect, Plan
from mlopsctl.plan.planner import compare
from mlopsctl.plan.states import state

SETTINGS = {
    "labels": ("{acme.com/a: x}", "{acme.com/a: y}"),
    "annotations": ("{acme.com/a: x}", "{acme.com/b: x}"),
    "imagePullSecrets": ("[acme]", "[acme, other]"),
    "serviceAccount": ("trainer", "other"),
    "env": ("{A: '1'}", "{A: '2', B: {secret: s, key: k}}"),
    "volumes": ("{data: {claim: d, path: /d}}", "{data: {claim: e, path: /d}, shm: {sharedMemory: 1Gi}}"),
    "placement": ("{nodeSelector: {pool: gpu}}", "{nodeSelector: {pool: cpu}, priorityClass: high}"),
    "placement ": ("{tolerations: [{key: a}]}", "{tolerations: [{key: b}], topologySpread: [{topology: zone}]}"),
    "placement  ": ("{affinity: {require: {arch: [amd64]}}}", "{affinity: {avoid: {arch: [arm64]}}}"),
}
EFFECTS = (Effect.PIPELINES, Effect.ROLLS, Effect.METADATA)


def plan(before: str, after: str, workspaces: tuple[str, str] = (WORKSPACE, WORKSPACE)) -> Plan:
    sides = []
    for text, workspace in zip((before, after), workspaces, strict=True):
        read = documents(text, workspace=workspace)
        environments, diagnostics = check(read)
        assert [each.message for each in diagnostics if each.severity is Severity.ERROR] == []
        sides.append(state(read, environments))
    return compare(*sides)


def with_pods(scope: str, setting: str, value: str) -> str:
    if scope == "endpoint":
        replicas = "        replicas: {min: 2, max: 8}\n"
        return edited(SPEC, (replicas, f"{replicas}        pods: {{{setting.strip()}: {value}}}\n"))
    return f"{SPEC}  pods: {{{scope}: {{{setting.strip()}: {value}}}}}\n"


@pytest.mark.parametrize("scope", ["all", "train", "endpoint"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_comes_changes_or_goes_is_classified(scope: str, setting: str) -> None:
    first, second = (with_pods(scope, setting, value) for value in SETTINGS[setting])
    for before, after in ((SPEC, first), (first, second), (second, SPEC)):
        effects = {effect.effect for change in plan(before, after).changes for effect in change.consequences}
        assert effects, "the plan does not mention the setting"
        assert effects <= set(EFFECTS)
        assert Effect.ROLLS in effects or scope == "train"


def test_labels_and_annotations_of_the_company_are_classified() -> None:
    company = edited(
        WORKSPACE,
        ("metadata: {name: acme", "metadata: {labels: {acme.com/a: x}, annotations: {acme.com/b: y}, name: acme"),
    )
    for workspaces in ((WORKSPACE, company), (company, WORKSPACE)):
        paths = {change.path for change in plan(SPEC, SPEC, workspaces).changes}
        assert {"metadata.labels.acme.com/a", "workspace:metadata.annotations.acme.com/b"} <= paths

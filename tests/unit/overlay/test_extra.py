"""Extra manifests: what is delivered of them, what is refused, and what a plan and an answer say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from msgspec.structs import replace
from projects import SPEC, WORKSPACE, documents

from mlopsctl.blueprint.model.blueprint import Shared
from mlopsctl.blueprint.provenance.paths import owner_of
from mlopsctl.compiler import check, inputs, render, render_with_origins
from mlopsctl.diagnostics.model import Severity
from mlopsctl.explain.pieces import about_line
from mlopsctl.plan.model import Effect, Plan
from mlopsctl.plan.planner import compare
from mlopsctl.plan.states import state

FILE, SHARED_FILE = "systems/0/extra/budget.yaml", "extra/quota.yaml"
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: scorer, labels: {team: risk}}
spec: {minAvailable: 1, selector: {matchLabels: {app: scorer}}}
"""
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: readers}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
"""
SYSTEM = f"{SPEC}  extra:\n    budget: {{file: extra/budget.yaml}}\n"
SHARED = f"{WORKSPACE}  extra:\n    rights: {{file: extra/quota.yaml}}\n"
FILES = {FILE: BUDGET, SHARED_FILE: ROLE}


def compiled(system: str = SYSTEM, workspace: str = WORKSPACE, extra: Mapping[str, str] = FILES) -> Shared:
    environments, diagnostics = check(documents(system, workspace=workspace, extra=extra), ("prod",))
    assert [each.message for each in diagnostics if each.severity is Severity.ERROR] == []
    return environments[0]


def codes(manifest: str, *, shared: bool = False) -> set[str]:
    system, workspace = (SPEC, SHARED) if shared else (SYSTEM, WORKSPACE)
    files = {FILE: manifest, SHARED_FILE: manifest}
    diagnostics = check(documents(system, workspace=workspace, extra=files), ("prod",))[1]
    return {each.code for each in diagnostics if each.severity is Severity.ERROR}


def tree(shared: Shared) -> dict[str, str]:
    return {f"{unit}/{file.path}": file.content for unit, files in render(shared).items() for file in files}


def test_a_manifest_is_delivered_with_the_labels_and_the_namespace_of_its_system() -> None:
    before, after = tree(compiled(SPEC)), tree(compiled())
    value = yaml.safe_load(after["card-fraud/extra/manifests/budget.yaml"])
    assert value["spec"] == yaml.safe_load(BUDGET)["spec"]
    assert value["metadata"]["namespace"] == "ml-prod"
    labels = value["metadata"]["labels"]
    assert labels["team"] == "risk"
    assert labels["mlopsctl.dev/system"] == "card-fraud"
    assert labels["app.kubernetes.io/component"] == "extra"
    assert {name for name in after if after[name] != before.get(name)} == {
        "card-fraud/extra/manifests/budget.yaml",
        "card-fraud/argocd/manifests/application.yaml",
        "shared/argocd/manifests/project.yaml",
    }


def test_the_system_s_own_application_delivers_it_and_the_project_allows_exactly_its_kind_more() -> None:
    before, after = tree(compiled(SPEC)), tree(compiled())
    application = next(yaml.safe_load_all(after["card-fraud/argocd/manifests/application.yaml"]))
    folders = [source["path"].rpartition("/card-fraud/")[2] for source in application["spec"]["sources"]]
    assert "extra/manifests" in folders
    allowed = [
        yaml.safe_load(files["shared/argocd/manifests/project.yaml"])["spec"]["namespaceResourceWhitelist"]
        for files in (before, after)
    ]
    assert [kind for kind in allowed[1] if kind not in allowed[0]] == [
        {"group": "policy", "kind": "PodDisruptionBudget"}
    ]
    assert all(kind in allowed[1] for kind in allowed[0])


def test_a_manifest_of_the_workspace_is_delivered_once_with_what_systems_share() -> None:
    files = tree(compiled(SPEC, SHARED))
    assert [name for name in files if "/extra/" in name] == ["shared/extra/manifests/rights.yaml"]
    value = yaml.safe_load(files["shared/extra/manifests/rights.yaml"])
    assert value["metadata"]["annotations"] == {"argocd.argoproj.io/sync-wave": "-2"}


def test_a_manifest_of_one_environment_is_in_no_other() -> None:
    text = SYSTEM.replace("{file: extra/budget.yaml}", "{file: extra/budget.yaml, environments: [dev]}")
    assert tree(compiled(text)) == tree(compiled(SPEC))


def test_the_index_names_the_file_as_an_input() -> None:
    assert set(inputs(documents(SYSTEM, extra={FILE: BUDGET}))) - set(inputs(documents(SPEC))) == {FILE}


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n", "MLC736"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n", "MLC736"),
        ("apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: x}\n", "MLC736"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\n", "MLC736"),
        ("apiVersion: v1\nkind: ConfigMapList\nmetadata: {name: x}\nitems: []\n", "MLC735"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Big_Name}\n", "MLC735"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: [a]}\n", "MLC735"),
        ("apiVersion: v1\nkind: [ConfigMap]\nmetadata: x\n", "MLC735"),
        ("- a\n- b\n", "MLC735"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nstatus: {a: b}\n", "MLC737"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, finalizers: [a]}\n", "MLC737"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: 1}}\n", "MLC734"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {token: ghp_" + "Ab1" * 12 + "}\n", "MLC704"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_what_may_not_be_delivered_is_refused(manifest: str, code: str, shared: bool) -> None:
    assert codes(manifest, shared=shared) == {code}


def test_rights_are_the_workspace_s_to_give() -> None:
    assert codes(ROLE) == {"MLC736"}
    assert codes(ROLE, shared=True) == set()


def test_two_manifests_of_one_name_are_refused() -> None:
    text = f"{SYSTEM}    again: {{file: extra/budget.yaml}}\n"
    diagnostics = check(documents(text, extra=FILES), ("prod",))[1]
    assert [each.code for each in diagnostics if each.severity is Severity.ERROR] == ["MLC738"]


# --- plan and explain ---


def plan(before: Shared, after: Shared, *texts: tuple[str, str]) -> Plan:
    sides = [state(documents(text, workspace=workspace, extra=FILES), ()) for text, workspace in texts]
    full = [
        replace(
            side,
            environments={"prod": shared},
            files={"prod": {unit: {str(f.path): f.content for f in files} for unit, files in render(shared).items()}},
        )
        for side, shared in zip(sides, (before, after), strict=True)
    ]
    return compare(full[0], full[1])


def test_a_plan_tells_a_new_a_changed_and_a_removed_manifest() -> None:
    texts = (SYSTEM, WORKSPACE), (SYSTEM, WORKSPACE)
    without, own = compiled(SPEC), compiled()
    other = compiled(extra={FILE: BUDGET.replace("minAvailable: 1", "minAvailable: 2")})
    for before, after, effect in (
        (without, own, Effect.OUTSIDE),
        (own, other, Effect.OUTSIDE),
        (own, without, Effect.DESTROYS),
    ):
        changes = plan(before, after, *texts).changes
        assert [(each.path, each.effect, each.system) for each in changes] == [("extra.budget", effect, "card-fraud")]


def test_a_plan_tells_a_manifest_of_the_workspace() -> None:
    texts = (SPEC, WORKSPACE), (SPEC, SHARED)
    for before, after, effect in (
        (compiled(SPEC), compiled(SPEC, SHARED), Effect.OUTSIDE),
        (compiled(SPEC, SHARED), compiled(SPEC), Effect.DESTROYS),
    ):
        changes = plan(before, after, *texts).changes
        assert [(each.path, each.effect) for each in changes] == [("workspace:extra.rights", effect)]


def test_an_answer_names_the_manifest() -> None:
    shared = compiled()
    content = next(file.content for file in render_with_origins(shared)["card-fraud"] if file.path.startswith("extra/"))
    piece = about_line(content, 1, owner_of("card-fraud", shared))[0]
    assert (piece.kind, piece.name) == ("extra manifest, outside the model:", "budget")
    assert [str(path) for path in piece.origins] == ["card-fraud:spec.extra.budget"]

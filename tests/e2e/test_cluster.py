"""`diff --live` and `status` against a real API server: what is told, and that nothing is ever written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("kubernetes", reason="the client of Kubernetes is not installed: run `make test`")

from kube import ADMIN, READER, Kube, free_port, running, wait_for
from msgspec.structs import replace

from mlopsctl import cli
from mlopsctl.cli.commands.live import compared, objects
from mlopsctl.cluster import live
from mlopsctl.cluster.api import Cluster
from mlopsctl.cluster.contexts import Context
from mlopsctl.compiler import check
from mlopsctl.manifest_diff.reader import TreeObject
from mlopsctl.project import discovery as projects

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "payments"
KINDS = (
    "argoproj.io_AppProject", "argoproj.io_Application", "argoproj.io_CronWorkflow", "argoproj.io_Workflow",
    "argoproj.io_WorkflowTemplate", "external-secrets.io_ExternalSecret", "grafana.integreatly.org_GrafanaDashboard",
    "mlops.seldon.io_Experiment", "mlops.seldon.io_Model", "mlops.seldon.io_Pipeline",
    "monitoring.coreos.com_AlertmanagerConfig", "monitoring.coreos.com_PodMonitor",
    "monitoring.coreos.com_PrometheusRule",
)  # fmt: skip
TRACKING = "argocd.argoproj.io/tracking-id"
OURS = {"app.kubernetes.io/managed-by": "mlopsctl", "app.kubernetes.io/part-of": "payments"}


class Ran(NamedTuple):
    code: object
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def kube(kube_apiserver: Path, etcd: Path, oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    """Start an API server that knows the kinds of the example's production, and its namespaces."""
    with running(kube_apiserver, etcd, tmp_path_factory.mktemp("kube")) as kube:
        kube.define(oracles / "crds", *KINDS)
        for name in ("ml-prod", "argocd"):
            kube.ask("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        yield kube


@pytest.fixture(scope="module")
def folder(kube: Kube, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the example with this server as the cluster of its production."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / ".git").mkdir()
    workspace = folder / "workspace.yaml"
    text = workspace.read_text()
    assert "https://prod.k8s.acme.example" in text
    workspace.write_text(text.replace("https://prod.k8s.acme.example", kube.server))
    return folder


@pytest.fixture(scope="module")
def shared(folder: Path) -> Any:
    (shared,), diagnostics = check(projects.load(str(folder)).documents, ("prod",))
    assert [diagnostic for diagnostic in diagnostics if diagnostic.severity.word == "error"] == []
    return shared


@pytest.fixture
def synced(kube: Kube, shared: Any) -> Iterator[list[TreeObject]]:
    """Bring the server to what Git says, as Argo CD does; leave it empty."""
    manifests = list(objects(shared))
    for thing in manifests:
        kube.apply(tracked(thing.value))
    yield manifests
    for version, plural in plurals(kube):
        for namespace in ("ml-prod", "argocd"):
            prefix = "api" if "/" not in version else "apis"
            query = {"labelSelector": "app.kubernetes.io/managed-by=mlopsctl"}
            kube.ask("DELETE", f"/{prefix}/{version}/namespaces/{namespace}/{plural}", params=query)


def tracked(value: Any) -> Any:
    meta = value["metadata"]
    return {**value, "metadata": {**meta, "annotations": {**meta.get("annotations", {}), TRACKING: "card-fraud:x"}}}


def plurals(kube: Kube) -> list[tuple[str, str]]:
    crds = kube.ask("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")["items"]
    own = [(f"{crd['spec']['group']}/{v['name']}", crd["spec"]["names"]["plural"])
           for crd in crds for v in crd["spec"]["versions"] if v["storage"]]  # fmt: skip
    rbac, scaling = "rbac.authorization.k8s.io/v1", "autoscaling/v2"
    return [*own, ("v1", "configmaps"), ("v1", "secrets"), ("v1", "serviceaccounts"), (rbac, "roles"),
            (rbac, "rolebindings"), (scaling, "horizontalpodautoscalers")]  # fmt: skip


def versions(kube: Kube) -> dict[str, str]:
    """Return the version of every object there is."""
    resource_versions = {}
    for version, plural in plurals(kube):
        for item in kube.ask("GET", f"/{'api' if '/' not in version else 'apis'}/{version}/{plural}")["items"]:
            meta = item["metadata"]
            resource_versions[f"{plural} {meta['namespace']} {meta['name']}"] = meta["resourceVersion"]
    return resource_versions


@pytest.fixture
def run(kube: Kube, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line with a kubeconfig of this server, and hold it to writing nothing there."""
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("config", ("prod", kube.server, ADMIN))))
    monkeypatch.chdir(folder)

    def call(*arguments: str) -> Ran:
        before = versions(kube)
        monkeypatch.setattr("sys.argv", ["mlopsctl", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert versions(kube) == before
        seen = capsys.readouterr()
        return Ran(ended.value.code, seen.out, seen.err)

    return call


def status_document(run: Run, code: int = 0) -> Any:
    ran = run("diff", "--live", "--env", "prod", "-o", "json")
    assert ran.code == code, ran.err
    return json.loads(ran.out)


def named(tree_objects: list[TreeObject], kind: str, name: str) -> Any:
    return next(
        tree_object.value for tree_object in tree_objects if (tree_object.kind, tree_object.name) == (kind, name)
    )


def test_what_was_synced_is_no_difference_whatever_the_server_filled_in(run: Run, synced: list[TreeObject]) -> None:
    ran = run("diff", "--live", "--env", "prod", "--exit-code")
    assert ran.code == 0, ran.out + ran.err
    assert ran.out.startswith("no differences: prod as rendered now against the cluster https://127.0.0.1:")


def test_an_empty_cluster_lacks_everything(kube: Kube, run: Run, shared: Any) -> None:
    document = status_document(run)
    assert {entry["verdict"] for entry in document["entries"]} == {"added"}
    in_namespace = [obj for obj in objects(shared) if obj.namespace == "ml-prod"]
    assert document["summary"]["added"] == len(in_namespace) > 50
    assert run("diff", "--live", "--env", "prod", "--exit-code", "--stat").code == 3


def test_a_field_that_a_person_edited_is_shown_with_both_values(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    model = named(synced, "Model", "card-fraud-fraud-scorer-v41")
    kube.edit(model, {"spec": {"storageUri": "s3://elsewhere/model"}})
    (entry,) = status_document(run)["entries"]
    assert (entry["verdict"], entry["kind"], entry["unit"]) == ("changed", "Model", "card-fraud")
    (field,) = entry["fields"]
    assert (field["path"], field["old"], field["new"]) == (
        "spec.storageUri",
        "s3://elsewhere/model",
        model["spec"]["storageUri"],
    )


def test_a_field_that_git_lost_is_shown_as_one_that_goes(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    model = named(synced, "Model", "card-fraud-fraud-scorer-v41")
    kube.apply(tracked({**model, "spec": {**model["spec"], "dedicated": True}}))
    (entry,) = status_document(run)["entries"]
    (field,) = entry["fields"]
    assert (field["path"], field["verdict"], field["old"]) == ("spec.dedicated", "removed", True)


def test_replicas_that_a_scaler_wrote_are_left_to_it(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    model = named(synced, "Model", "card-fraud-fraud-scorer-v41")
    kube.edit(model, {"spec": {"replicas": 7}}, "kube-controller-manager", "scale")
    ran = run("diff", "--live", "--env", "prod")
    assert ran.out.startswith("no differences")
    assert "note[MLC966]: `Model/card-fraud-fraud-scorer-v41`: spec.replicas is left to" in ran.err


def test_shares_of_traffic_that_a_rollout_wrote_are_left_as_argo_cd_leaves_them(
    kube: Kube, run: Run, synced: list[TreeObject]
) -> None:
    experiment = named(synced, "Experiment", "card-fraud-fraud-scorer")
    shifted = [{**candidate, "weight": 50} for candidate in experiment["spec"]["candidates"]]
    kube.edit(experiment, {"spec": {"candidates": shifted}}, "OpenAPI-Generator")
    ran = run("diff", "--live", "--env", "prod")
    assert ran.out.startswith("no differences")
    assert "MLC966" in ran.err


def test_a_controllers_field_is_left_and_a_persons_in_the_same_object_is_not(
    kube: Kube, run: Run, synced: list[TreeObject]
) -> None:
    rule = named(synced, "PrometheusRule", "card-fraud")
    kube.edit(rule, {"metadata": {"labels": {"role": "theirs"}}}, "prometheus-operator")
    kube.edit(rule, {"metadata": {"labels": {"prometheus": "mine"}}}, "kubectl-edit")
    (entry,) = status_document(run)["entries"]
    assert [field["path"] for field in entry["fields"]] == ["metadata.labels.prometheus"]


def test_an_object_that_somebody_deleted_is_missing(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    kube.delete(named(synced, "ConfigMap", "card-fraud-blueprint"))
    (entry,) = status_document(run)["entries"]
    assert (entry["verdict"], entry["kind"], entry["name"]) == ("added", "ConfigMap", "card-fraud-blueprint")


def test_an_object_that_git_lost_would_be_pruned_and_one_with_an_owner_would_not(
    kube: Kube, run: Run, synced: list[TreeObject]
) -> None:
    labels = {**OURS, "mlopsctl.dev/environment": "prod", "mlopsctl.dev/system": "card-fraud"}
    meta = {"namespace": "ml-prod", "labels": labels}
    old = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**meta, "name": "old"}, "data": {"a": "b"}}
    owner = kube.ask("GET", kube.path(named(synced, "ConfigMap", "card-fraud-blueprint")))
    reference = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
    child = {**old, "metadata": {**meta, "name": "child", "ownerReferences": [reference]}}
    other = {**old, "metadata": {**meta, "name": "other", "labels": {**labels, "mlopsctl.dev/environment": "dev"}}}
    for manifest in (old, child, other):
        kube.apply(manifest)
    started = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {"entrypoint": "main"},
               "metadata": {**meta, "name": "started-by-hand"}}  # fmt: skip
    kube.ask("POST", "/apis/argoproj.io/v1alpha1/namespaces/ml-prod/workflows", started)
    (entry,) = status_document(run)["entries"]
    assert (entry["verdict"], entry["name"], entry["unit"]) == ("removed", "old", "card-fraud")


def test_one_system_is_compared_alone_where_its_spec_is_named(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    kube.delete(named(synced, "ConfigMap", "card-fraud-blueprint"))
    kube.delete(named(synced, "ConfigMap", "merchants-blueprint"))
    ran = run("diff", "systems/merchants/mlops.yaml", "--live", "--env", "prod", "-o", "json")
    assert [entry["name"] for entry in json.loads(ran.out)["entries"]] == ["merchants-blueprint"]


def test_a_field_that_the_cluster_does_not_know_is_an_error_and_not_dropped(
    kube: Kube, shared: Any, synced: list[TreeObject]
) -> None:
    def coloured(kind: str, name: str) -> TreeObject:
        thing = next(manifest for manifest in synced if (manifest.kind, manifest.name) == (kind, name))
        return replace(thing, value={**thing.value, "spec": {**thing.value["spec"], "colour": "red"}})

    config = kube.kubeconfig("direct", ("prod", kube.server, ADMIN))
    cluster = Cluster(str(config), Context("prod", kube.server))
    for kind, name in (
        ("Model", "card-fraud-fraud-scorer-v41"),
        ("HorizontalPodAutoscaler", "card-fraud-fraud-scorer-v41"),
    ):
        comparison = live.compare([coloured(kind, name)], synced, cluster, {"none": "such"})
        (finding,) = comparison.diagnostics
        assert (finding.code, "colour" in finding.message) == ("MLC961", True), finding.message
        assert comparison.entries == ()


def test_what_a_policy_of_the_cluster_refuses_is_told_in_its_words(
    kube: Kube, run: Run, synced: list[TreeObject]
) -> None:
    group = "/apis/admissionregistration.k8s.io/v1"
    rule = {
        "apiGroups": ["mlops.seldon.io"],
        "apiVersions": ["*"],
        "operations": ["CREATE", "UPDATE"],
        "resources": ["models"],
    }
    spec = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [rule]},
        "validations": [{"expression": "object.spec.memory != '4Gi'", "message": "four gigabytes are too many"}],
    }
    name = {"metadata": {"name": "small-models"}}
    kube.ask("POST", f"{group}/validatingadmissionpolicies", {**name, "spec": spec})
    binding = {**name, "spec": {"policyName": "small-models", "validationActions": ["Deny"]}}
    kube.ask("POST", f"{group}/validatingadmissionpolicybindings", binding)
    try:
        wait_for(lambda: "MLC962" in run("diff", "--live", "--env", "prod").err)
        ran = run("diff", "--live", "--env", "prod")
        assert ran.code == 1
        assert "error[MLC962]: `Model/card-fraud-fraud-scorer-v41` in `ml-prod`:" in ran.err
        assert "four gigabytes are too many" in ran.err
    finally:
        kube.ask("DELETE", f"{group}/validatingadmissionpolicybindings/small-models")
        kube.ask("DELETE", f"{group}/validatingadmissionpolicies/small-models")


def test_a_kind_that_is_not_installed_is_told_once(run: Run, folder: Path, kube: Kube) -> None:
    ran = run("diff", "--live", "--env", "dev", "--context", "prod")
    assert ran.code == 1
    assert ran.err.count("the cluster does not serve `PipelineVersion`") == 1
    assert "error[MLC963]" in ran.err


def test_without_rights_it_is_told_once_a_kind(kube: Kube, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("reading", ("prod", kube.server, READER))))
    ran = run("diff", "--live", "--env", "prod")
    assert ran.code == 1
    models = [line for line in ran.err.splitlines() if line.startswith("error[MLC964]: Model of mlops.seldon.io")]
    assert len(models) == 1
    assert "warning[MLC967]" in ran.err


def test_credentials_that_ran_out_are_told(kube: Kube, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("stale", ("prod", kube.server, "stale"))))
    ran = run("diff", "--live", "--env", "prod")
    assert (ran.code, "does not accept the credentials" in ran.err) == (1, True)
    assert "error[MLC965]" in ran.err
    assert "stale" not in ran.err


def test_a_cluster_that_does_not_answer_is_told(kube: Kube, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = f"https://127.0.0.1:{free_port()}"
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("nobody", ("prod", nobody, ADMIN))))
    ran = run("diff", "--live", "--env", "prod", "--server", nobody)
    assert ran.code == 1
    assert f"error[MLC965]: {nobody} does not answer" in ran.err


def test_another_cluster_is_never_compared_in_silence(kube: Kube, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    other = kube.server.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("other", ("other", other, ADMIN))))
    for arguments in ((), ("--context", "other"), ("--context", "nobody")):
        ran = run("diff", "--live", "--env", "prod", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert "`other` (https://localhost" in ran.err or "say so with --server https://localhost" in ran.err
    assert run("diff", "--live", "--env", "prod", "--server", other, "--stat").code == 0


def test_status_tells_what_is_deployed_served_and_drifted(kube: Kube, run: Run, synced: list[TreeObject]) -> None:
    application = named(synced, "Application", "card-fraud-prod")
    compared_to = {"source": {"repoURL": "x"}, "destination": {}}
    sync = {"status": "Synced", "revisions": ["0123456789abcdef"] * 5, "comparedTo": compared_to}
    status = {"sync": sync, "health": {"status": "Progressing"}}
    kube.edit(application, {"status": status}, "argocd-application-controller")
    ready = [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]
    model = named(synced, "Model", "card-fraud-fraud-scorer-v41")
    kube.edit(model, {"status": {"conditions": ready}}, "manager", "status")
    kube.edit(named(synced, "Model", "card-fraud-fraud-scorer-v42"), {"spec": {"storageUri": "s3://old/7"}})
    kube.delete(named(synced, "ConfigMap", "card-fraud-blueprint"))

    ran = run("status", "--env", "prod", "--argocd-context", "prod", "-o", "json")
    assert ran.code == 0, ran.err
    (environment,) = json.loads(ran.out)["environments"]
    applications = {application["name"]: application for application in environment["applications"]}
    assert applications["card-fraud-prod"]["sync"] == "Synced"
    assert applications["card-fraud-prod"]["health"] == "Progressing"
    assert applications["card-fraud-prod"]["revision"] == "0123456789"
    stable, candidate = (model for model in environment["models"] if model["system"] == "card-fraud")
    assert (stable["locked"], stable["live"], stable["agrees"], stable["ready"]) == ("41", "41", True, "ready")
    assert (candidate["role"], candidate["agrees"], candidate["live_uri"]) == ("candidate", False, "s3://old/7")
    assert sorted((drifted["verdict"], drifted["name"]) for drifted in environment["drift"]) == [
        ("added", "card-fraud-blueprint"),
        ("changed", "card-fraud-fraud-scorer-v42"),
    ]

    text = run("status", "--env", "prod", "--argocd-context", "prod").out
    assert "card-fraud-prod" in text
    assert "NOT THE LOCKED VERSION: s3://old/7" in text
    assert "1 missing in the cluster, 1 differs from Git" in text


def test_status_asks_the_environments_it_can_and_says_which_it_cannot(run: Run, synced: list[TreeObject]) -> None:
    ran = run("status")
    assert ran.code == 1
    assert "dev: unknown" in ran.out
    assert "in sync with Git" in ran.out
    assert "error[MLC965]: dev:" in ran.err
    assert "note[MLC968]" in ran.err


def test_a_dry_run_is_all_that_can_be_sent(kube: Kube, shared: Any) -> None:
    """The server's own record of requests: with a comparison running, no request that changes lacks `dryRun`."""
    before = versions(kube)
    config = kube.kubeconfig("direct", ("prod", kube.server, ADMIN))
    cluster = Cluster(str(config), Context("prod", kube.server))
    sent: list[tuple[str, Any]] = []
    ask = cluster._client.call_api

    def recorded(path: str, method: str, **given: Any) -> Any:
        sent.append((method, dict(given["query_params"])))
        return ask(path, method, **given)

    cluster._client.call_api = recorded
    compared(shared, cluster, None)
    assert {method for method, _ in sent} == {"GET", "PATCH"}
    assert all(
        query["dryRun"] == "All" and query["fieldValidation"] == "Strict" for method, query in sent if method == "PATCH"
    )
    assert versions(kube) == before


def test_status_does_not_call_in_order_what_it_may_not_see(
    kube: Kube, run: Run, synced: list[TreeObject], monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = {"apiGroups": ["mlops.seldon.io"], "resources": ["models"], "verbs": ["get"]}
    role = {"kind": "ClusterRole", "apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": "see-models"}}
    kube.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {**role, "rules": [nobody]})
    bound = {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "see-models"},
        "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "reader"}],
        "metadata": {"name": "see-models"},
    }
    kube.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", bound)
    monkeypatch.setenv("KUBECONFIG", str(kube.kubeconfig("reading", ("prod", kube.server, READER))))
    wait_for(lambda: run("status", "--env", "prod").code == 0)
    ran = run("status", "--env", "prod")
    assert "serves 41" in ran.out
    assert "some objects could not be compared" in ran.out
    assert "in sync with Git" not in ran.out

"""Which fields of a live object are not Git's."""

from __future__ import annotations

from typing import Any

import pytest

from mlopsctl.cluster.owned import applier, as_applied, plain, without


def live(*managed: Any, **spec: Any) -> Any:
    meta = {"name": "x", "labels": {"a": "b"}, "managedFields": list(managed), "resourceVersion": "7", "uid": "u"}
    return {"apiVersion": "v1", "kind": "X", "metadata": meta, "spec": spec, "status": {"ready": True}}


def owner(manager: str, fields: Any, operation: str = "Update", **more: str) -> Any:
    return {"manager": manager, "operation": operation, "fieldsV1": fields, **more}


REPLICAS = {"f:spec": {"f:replicas": {}}}


def test_what_the_server_writes_is_left_out_and_the_object_untouched() -> None:
    manifest = live(replicas=3)
    assert plain(manifest) == {
        "apiVersion": "v1",
        "kind": "X",
        "metadata": {"name": "x", "labels": {"a": "b"}},
        "spec": {"replicas": 3},
    }
    assert "uid" in manifest["metadata"]


@pytest.mark.parametrize(
    ("entry", "goes"),
    [
        (owner("kube-controller-manager", REPLICAS), True),
        (owner("anybody", REPLICAS, subresource="scale"), True),
        (owner("keda-operator", REPLICAS), True),
        (owner("vpa-autoscaler", REPLICAS), True),
        (owner("manager", REPLICAS), True),
        (owner("kubectl-edit", REPLICAS), False),
        (owner("kubectl-client-side-apply", REPLICAS), False),
        (owner("argocd-controller", REPLICAS, "Apply"), False),
        (owner("argocd-application-controller", REPLICAS), False),
        (owner("kustomize-controller", REPLICAS, "Apply"), False),
        (owner("Mozilla", REPLICAS), False),
        (owner("", REPLICAS), False),
    ],
)
def test_a_controllers_field_goes_and_a_persons_stays(entry: Any, goes: bool) -> None:
    manifest = live(entry, replicas=3, other=1)
    kept = without(plain(manifest), (), manifest)["spec"]
    assert kept == ({"other": 1} if goes else {"replicas": 3, "other": 1})


def test_an_item_of_a_list_is_found_by_its_keys() -> None:
    key = 'k:{"name":"b"}'
    manifest = live(
        owner("x-controller", {"f:spec": {"f:l": {key: {".": {}, "f:v": {}}}}}),
        l=[{"name": "a", "v": 1}, {"name": "b", "v": 2}],
    )
    assert without(plain(manifest), (), manifest)["spec"]["l"] == [{"name": "a", "v": 1}, {"name": "b"}]


@pytest.mark.parametrize("fields", [{"f:none": {}}, {"f:spec": {"f:replicas": {"f:x": {}}}}, {"k:{}": {}}, {"v:1": {}}])
def test_fields_that_are_not_there_are_no_trouble(fields: Any) -> None:
    manifest = live(owner("x-controller", fields), replicas=3)
    assert without(plain(manifest), (), manifest)["spec"] == {"replicas": 3}


@pytest.mark.parametrize(
    ("pointer", "spec"),
    [
        (("spec", "a", "b"), {"a": {}, "l": [1, 2]}),
        (("spec", "l"), {"a": {"b": 1}}),
        (("spec", "l", "1"), {"a": {"b": 1}, "l": [1, None]}),
        (("spec", "l", "9"), {"a": {"b": 1}, "l": [1, 2]}),
        (("spec", "none", "x"), {"a": {"b": 1}, "l": [1, 2]}),
    ],
)
def test_what_a_sync_is_told_to_ignore_goes(pointer: Any, spec: Any) -> None:
    manifest = live(a={"b": 1}, l=[1, 2])
    assert without(plain(manifest), (pointer,), manifest)["spec"] == spec


def test_a_dry_run_is_in_the_name_of_whoever_applied_our_labels() -> None:
    ours = {"f:metadata": {"f:labels": {"f:app.kubernetes.io/managed-by": {}}}}
    assert applier(live(owner("argocd-controller", ours, "Apply"))) == "argocd-controller"
    assert applier(live(owner("argocd-controller", REPLICAS, "Apply"), owner("kubectl", ours))) == "mlopsctl"
    assert applier(live()) == "mlopsctl"


def test_what_argo_cd_adds_to_an_object_is_part_of_what_it_applies() -> None:
    manifest = {"metadata": {"name": "x", "annotations": {"a": "b"}}, "spec": {}}
    there = live()
    assert as_applied(manifest, there) == manifest
    there["metadata"]["annotations"] = {"argocd.argoproj.io/tracking-id": "app:x", "other": "y"}
    assert as_applied(manifest, there)["metadata"]["annotations"] == {
        "a": "b",
        "argocd.argoproj.io/tracking-id": "app:x",
    }

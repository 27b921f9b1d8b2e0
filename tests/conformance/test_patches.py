"""Patches against kustomize, which applies the same ones to the same objects: random inputs, both kinds."""

from __future__ import annotations

import json
import random
import subprocess
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlopsctl.overlay import json_patch, merge_patch

SEEDS = range(4)
CASES = 60
WORDS = ("alpha", "beta", "gamma", "delta")
STRATEGIC = ("CronJob", "Deployment", "Service", "ServiceAccount", "Role", "RoleBinding", "HorizontalPodAutoscaler")
MERGED = ("InferenceService", "WorkflowTemplate")


def built(kustomize: Path, folder: Path, objects: list[Any], patches: list[Any]) -> dict[str, Any]:
    """Return the objects as kustomize patches them, by name: the n-th patch goes to the n-th object."""
    entries = []
    for number, (value, patch) in enumerate(zip(objects, patches, strict=True)):
        (folder / f"object-{number}.yaml").write_text(yaml.safe_dump(value))
        (folder / f"patch-{number}.yaml").write_text(yaml.safe_dump(patch))
        target = {"kind": value["kind"], "name": value["metadata"]["name"]}
        entries.append({"path": f"patch-{number}.yaml", "target": target})
    resources = [f"object-{number}.yaml" for number in range(len(objects))]
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({"resources": resources, "patches": entries}))
    done = subprocess.run([str(kustomize), "build", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {value["metadata"]["name"]: value for value in yaml.safe_load_all(done.stdout)}


# --- objects ---


def scalar(rng: random.Random) -> Any:
    return rng.choice(["text", "other text", "", 1, 2.5, True, False])


def tree(rng: random.Random, depth: int) -> Any:
    """Return a random value: mappings and lists of scalars to a depth."""
    kind = rng.random()
    if depth and kind < 0.5:
        return {word: tree(rng, depth - 1) for word in rng.sample(WORDS, rng.randint(1, 3))}
    if depth and kind < 0.7:
        return [tree(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    return scalar(rng)


def mapping(rng: random.Random, depth: int) -> dict[str, Any]:
    return {word: tree(rng, depth - 1) for word in rng.sample(WORDS, rng.randint(1, 4))}


def custom(rng: random.Random, kind: str, number: int) -> dict[str, Any]:
    """Return an object of a kind that is no kind of Kubernetes."""
    group = {"InferenceService": "serving.kserve.io/v1beta1", "WorkflowTemplate": "argoproj.io/v1alpha1"}[kind]
    return {"apiVersion": group, "kind": kind, "metadata": {"name": f"object-{number}"}, "spec": mapping(rng, 3)}


def named(rng: random.Random, **more: Any) -> list[dict[str, Any]]:
    return [{"name": word, **more} for word in rng.sample(WORDS, rng.randint(1, 3))]


def container(rng: random.Random, name: str) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name, "image": f"registry.example/{rng.choice(WORDS)}:{rng.randint(1, 3)}"}
    if rng.random() < 0.7:
        value["env"] = named(rng, value=rng.choice(WORDS))
    if rng.random() < 0.5:
        value["ports"] = [{"containerPort": port} for port in rng.sample([80, 81, 82], rng.randint(1, 2))]
    if rng.random() < 0.5:
        value["volumeMounts"] = [{"mountPath": f"/{word}", "name": word} for word in rng.sample(WORDS, 2)]
    if rng.random() < 0.5:
        value["args"] = rng.sample(WORDS, rng.randint(1, 3))
    if rng.random() < 0.5:
        value["resources"] = {"requests": {"cpu": rng.choice(["1", "2"])}}
    return value


def pod(rng: random.Random) -> dict[str, Any]:
    value: dict[str, Any] = {"containers": [container(rng, word) for word in rng.sample(WORDS, rng.randint(1, 3))]}
    if rng.random() < 0.5:
        value["volumes"] = [{"name": word, "emptyDir": {}} for word in rng.sample(WORDS, rng.randint(1, 2))]
    if rng.random() < 0.5:
        value["tolerations"] = [{"key": word, "operator": "Exists"} for word in rng.sample(WORDS, 2)]
    if rng.random() < 0.5:
        value["imagePullSecrets"] = named(rng)
    if rng.random() < 0.5:
        value["nodeSelector"] = dict.fromkeys(rng.sample(WORDS, 2), "x")
    return value


def body(rng: random.Random, kind: str) -> tuple[str, dict[str, Any]]:
    """Return the API version of a kind and a random content."""
    if kind == "CronJob":
        job = {"template": {"spec": pod(rng)}}
        return "batch/v1", {"spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": job}}}
    if kind == "Deployment":
        return "apps/v1", {"spec": {"replicas": rng.randint(1, 3), "template": {"spec": pod(rng)}}}
    if kind == "Service":
        ports = [{"port": port, "name": f"p{port}", "protocol": "TCP"} for port in rng.sample([80, 81, 82], 2)]
        return "v1", {"spec": {"ports": ports, "selector": {rng.choice(WORDS): "x"}}}
    if kind == "ServiceAccount":
        return "v1", {"automountServiceAccountToken": bool(rng.randint(0, 1)), "secrets": named(rng)}
    if kind == "Role":
        rule = {"apiGroups": [""], "resources": rng.sample(WORDS, 2), "verbs": ["get"]}
        return "rbac.authorization.k8s.io/v1", {"rules": [rule] * rng.randint(1, 2)}
    if kind == "RoleBinding":
        subjects = [{"kind": "ServiceAccount", "name": word} for word in rng.sample(WORDS, rng.randint(1, 2))]
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}
        return "rbac.authorization.k8s.io/v1", {"roleRef": role, "subjects": subjects}
    target = {"type": "Utilization", "averageUtilization": rng.randint(40, 90)}
    metrics = [{"type": "Resource", "resource": {"name": name, "target": target}} for name in ("cpu", "memory")]
    return "autoscaling/v2", {"spec": {"maxReplicas": rng.randint(2, 9), "metrics": metrics[: rng.randint(1, 2)]}}


def built_in(rng: random.Random, kind: str, number: int) -> dict[str, Any]:
    version, content = body(rng, kind)
    return {"apiVersion": version, "kind": kind, "metadata": {"name": f"object-{number}"}, **content}


# --- patches ---


def thinned(rng: random.Random, value: Any, *, directives: bool) -> Any:
    """Return a part of a patch: some of its keys, some of them null, some items of its lists to delete."""
    if isinstance(value, dict):
        kept: dict[str, Any] = {}
        for key, inner in value.items():
            chance = rng.random()
            if key in ("name", "mountPath", "containerPort", "port", "protocol", "image") or chance < 0.6:
                kept[key] = thinned(rng, inner, directives=directives)
            elif chance < 0.75:
                kept[key] = None
        return kept
    if isinstance(value, list):
        items = [thinned(rng, item, directives=directives) for item in value]
        keyed = [
            item
            for item in items
            if isinstance(item, dict) and set(item) & {"name", "mountPath"} and not set(item) & {"port", "kind"}
        ]
        if directives and len(keyed) == len(items) and rng.random() < 0.3:
            items[-1] = {
                **{key: items[-1][key] for key in ("name", "mountPath") if key in items[-1]},
                "$patch": "delete",
            }
        return items
    return value


def same(value: Any) -> Any:
    """Return another scalar of the type: kustomize keeps the quotes of the one before, and a number becomes a text."""
    return not value if isinstance(value, bool) else value + value if isinstance(value, str) else value + 1


def altered(rng: random.Random, value: Any) -> Any:
    """Return other content of the same shape: kustomize refuses a mapping in the place of a list."""
    if isinstance(value, dict):
        more = {f"{rng.choice(WORDS)}-new": tree(rng, 2)} if rng.random() < 0.5 else {}
        return {key: altered(rng, inner) for key, inner in value.items()} | more
    return [tree(rng, 1) for _ in range(rng.randint(1, 3))] if isinstance(value, list) else same(value)


def without_nulls(value: Any) -> Any:
    """Return a value as both write it: what a patch leaves empty, or null in a new mapping, is not compared."""
    if isinstance(value, dict):
        inner = {key: without_nulls(item) for key, item in value.items() if item is not None}
        return {key: item for key, item in inner.items() if item not in ({}, [])}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def in_order(value: Any) -> Any:
    """Return a value with lists of named items sorted: kustomize puts new ones first, `kubectl patch` last."""
    if isinstance(value, dict):
        return {key: in_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        items = [in_order(item) for item in value]
        return (
            sorted(items, key=partial(json.dumps, sort_keys=True))
            if all(isinstance(item, dict) for item in items)
            else items
        )
    return value


def compared(value: Any) -> Any:
    return in_order(without_nulls(value))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strategic_merge_is_what_kustomize_makes_of_kinds_of_kubernetes(
    seed: int, kustomize: Path, tmp_path: Path
) -> None:
    rng = random.Random(seed)  # noqa: S311
    objects = [built_in(rng, rng.choice(STRATEGIC), number) for number in range(CASES)]
    patches = []
    for value in objects:
        other = thinned(rng, body(rng, value["kind"])[1], directives=True)
        patches.append({**{key: value[key] for key in ("apiVersion", "kind", "metadata")}, **other})
    expected = built(kustomize, tmp_path, objects, patches)
    for value, patch in zip(objects, patches, strict=True):
        mine = merge_patch.patched(deepcopy(value), patch)
        assert compared(mine) == compared(expected[value["metadata"]["name"]]), (value, patch)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_merge_patch_is_what_kustomize_makes_of_custom_resources(seed: int, kustomize: Path, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311
    objects = [custom(rng, rng.choice(MERGED), number) for number in range(CASES)]
    patches = [
        {
            **{key: value[key] for key in ("apiVersion", "kind", "metadata")},
            "spec": thinned(rng, altered(rng, value["spec"]), directives=False),
        }
        for value in objects
    ]
    expected = built(kustomize, tmp_path, objects, patches)
    for value, patch in zip(objects, patches, strict=True):
        mine = merge_patch.patched(deepcopy(value), patch)
        assert without_nulls(mine) == without_nulls(expected[value["metadata"]["name"]]), (value, patch)


def places(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Return every place below a value with what is there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(place for key, item in inner for place in places(item, f"{path}/{key}"))]


def operation(rng: random.Random, value: Any) -> dict[str, Any]:
    """Return an operation that can be applied to the object's spec."""
    below = [(path, item) for path, item in places(value["spec"], "/spec") if path != "/spec"]
    path, item = rng.choice(below)
    kind = rng.choice(["add", "replace", "test", "copy", "move", "append", "remove"])
    fresh = f"/spec/{rng.choice(WORDS)}-new"
    if kind == "append":
        lists = [place for place, each in below if isinstance(each, list)]
        return {"op": "add", "path": f"{rng.choice(lists)}/-" if lists else fresh, "value": scalar(rng)}
    if kind in ("copy", "move"):
        return {"op": kind, "from": path, "path": fresh}
    if kind == "remove":
        return {"op": "remove", "path": path}
    if kind == "add" and rng.random() < 0.5:
        return {"op": "add", "path": fresh, "value": tree(rng, 2)}
    return {"op": kind, "path": path, "value": deepcopy(item) if kind == "test" else tree(rng, 2)}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_json_patch_is_what_kustomize_makes_of_it(seed: int, kustomize: Path, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311
    objects = [custom(rng, rng.choice(MERGED), number) for number in range(CASES)]
    patches, mine = [], []
    for value in objects:
        operations: list[dict[str, Any]] = []
        result = deepcopy(value)
        for _ in range(rng.randint(1, 4)):
            if len(places(result["spec"])) > 1:
                operations.append(operation(rng, result))
                result = json_patch.patched(result, (operations[-1],))
        patches.append(operations)
        mine.append(json_patch.patched(deepcopy(value), tuple(operations)))
    expected = built(kustomize, tmp_path, objects, patches)
    for value, patch, result in zip(objects, patches, mine, strict=True):
        assert result == expected[value["metadata"]["name"]], (value, patch)


WRONG = [
    {"op": "remove", "path": "/spec/missing"},
    {"op": "add", "path": "/spec/missing/deeper", "value": 1},
    {"op": "add", "path": "/spec/items/7", "value": 1},
    {"op": "test", "path": "/spec/size", "value": 2},
]


@pytest.mark.parametrize("operation", WRONG, ids=lambda operation: f"{operation['op']} {operation['path']}")
def test_an_operation_that_kustomize_refuses_is_refused(
    operation: dict[str, Any], kustomize: Path, tmp_path: Path
) -> None:
    rng = random.Random(0)  # noqa: S311
    value = {**custom(rng, "InferenceService", 0), "spec": {"size": 1, "items": [1]}}
    with pytest.raises(json_patch.OperationError):
        json_patch.patched(deepcopy(value), (operation,))
    with pytest.raises(AssertionError):
        built(kustomize, tmp_path, [value], [[operation]])

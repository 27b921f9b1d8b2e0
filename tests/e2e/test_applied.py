"""What a real API server keeps of every rendered object: nothing is refused, and nothing grows inside a list.

Argo CD carries a default that the server adds to a mapping over, and compares a list of a custom resource whole: an
item that the server fills in differs from Git for ever. The oracle is kube-apiserver with the released schemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kube import Kube, running

pytestmark = [pytest.mark.e2e, pytest.mark.oracle]

ROOT = Path(__file__).resolve().parents[2]
UNKNOWN = "kubeflow.org_PodDefault"
"""A kind whose schema is not among the released ones beside the checkout."""


def rendered() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object that Argo CD applies, with its file."""
    for folder in ("manifests", "runs", "bootstrap"):
        for path in sorted((ROOT / "generated").rglob(f"{folder}/*.yaml")):
            for value in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
                yield str(path.relative_to(ROOT)), value


def kind(value: dict[str, Any]) -> str:
    """Return the name of the file with the kind's schema."""
    return f"{value['apiVersion'].rpartition('/')[0]}_{value['kind']}"


@pytest.fixture(scope="module")
def kube(kube_apiserver: Path, etcd: Path, oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kube]:
    """Start an API server that knows every kind and namespace of the rendered examples."""
    objects = [value for _, value in rendered()]
    kinds = {kind(value) for value in objects}
    with running(kube_apiserver, etcd, tmp_path_factory.mktemp("kube")) as kube:
        kube.define(oracles / "crds", *sorted(name for name in kinds if (oracles / "crds" / f"{name}.json").exists()))
        for namespace in sorted({value["metadata"]["namespace"] for value in objects} - {"default"}):
            kube.ask("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
        yield kube


def differences(rendered: Any, live: Any, at: str = "", *, inside: bool = False) -> Iterator[str]:
    """Yield where the server's object differs from the rendered one as Argo CD compares them."""
    if isinstance(rendered, dict) and isinstance(live, dict):
        for key in sorted({*rendered, *(live if inside else ())}):
            if key not in live or key not in rendered:
                yield f"{at}.{key}: {'added' if key in live else 'dropped'} by the server"
            else:
                yield from differences(rendered[key], live[key], f"{at}.{key}", inside=inside)
    elif isinstance(rendered, list) and isinstance(live, list) and len(rendered) == len(live):
        for number, (item, kept) in enumerate(zip(rendered, live, strict=True)):
            yield from differences(item, kept, f"{at}[{number}]", inside=True)
    elif rendered != live:
        yield f"{at}: {rendered!r} is {live!r} in the cluster"


def test_a_server_takes_every_object_and_adds_nothing_inside_a_list(kube: Kube) -> None:
    errors, applied = [], set()
    for file, value in rendered():
        if kind(value) == UNKNOWN:
            continue
        kept = kube.apply(value, validation="Strict")
        applied.add(kind(value))
        # Argo CD fills in the defaults of Kubernetes' own kinds itself, from the same code as the server.
        if "." in value["apiVersion"].partition("/")[0]:
            errors += [f"{file}: {value['kind']} {where}" for where in differences(value, kept)]
    assert errors == []
    assert {
        "mlops.seldon.io_Pipeline",
        "monitoring.coreos.com_PodMonitor",
        "serving.kserve.io_InferenceService",
    } <= applied

"""The committed tree as a whole, through the strict schemas of every kind and a second opinion on the core kinds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from schema_defaults import left_out

ROOT = Path(__file__).parents[2]
# Kinds whose schema is not among the released ones beside the checkout.
NO_SCHEMA = ("no schema for kubeflow.org/v1alpha1 PodDefault",)
CORE = ("v1", "apps/v1", "batch/v1", "autoscaling/v2", "rbac.authorization.k8s.io/v1")


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every Kubernetes object of the tree with its file."""
    for path in sorted((ROOT / "generated").rglob("*.yaml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if isinstance(document, dict) and "apiVersion" in document and "kind" in document:
                yield str(path.relative_to(ROOT)), document


def test_no_document_breaks_its_schema_or_the_restricted_standard(oracles: Path) -> None:
    call = [sys.executable, str(oracles / "check_manifests.py"), str(ROOT / "generated"), "--pods", "restricted"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    *findings, summary = done.stdout.rstrip().splitlines()
    assert [line for line in findings if not line.endswith(NO_SCHEMA)] == [], done.stderr
    assert "documents of" in summary


def test_no_document_leaves_out_a_default_inside_a_list(oracles: Path) -> None:
    defaults = [
        f"{file}: {default}" for file, manifest in objects() for default in left_out(manifest, oracles / "crds")
    ]
    assert defaults == []


def test_a_default_that_is_left_out_inside_a_list_is_seen(oracles: Path) -> None:
    endpoint = {"relabelings": [{"sourceLabels": ["a"], "targetLabel": "b"}]}
    value = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "spec": {"podMetricsEndpoints": [endpoint]},
    }
    (default,) = left_out(value, oracles / "crds")
    assert default == "PodMonitor.spec.podMetricsEndpoints[0].relabelings[0].action is 'replace' in the cluster"


@pytest.mark.oracle
def test_core_kinds_are_valid_in_a_second_opinion() -> None:
    import kubernetes_validate

    seen = set()
    for file, manifest in objects():
        if manifest["apiVersion"] in CORE:
            kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
            seen.add(manifest["kind"])
            assert manifest["metadata"]["name"], file
    assert {"ConfigMap", "ServiceAccount", "Role", "RoleBinding", "CronJob", "Job", "HorizontalPodAutoscaler"} <= seen


@pytest.mark.oracle
def test_the_second_opinion_sees_a_field_that_does_not_exist() -> None:
    import kubernetes_validate

    job = next(manifest for _, manifest in objects() if manifest["kind"] == "CronJob")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            {**job, "spec": {**job["spec"], "timezone": "Etc/UTC"}}, kubernetes_validate.latest_version(), strict=True
        )


@pytest.mark.oracle
def test_two_foreign_readers_agree_on_every_file() -> None:
    from ruamel.yaml import YAML

    reader = YAML(typ="safe", pure=False)
    for path in sorted((ROOT / "generated").rglob("manifests/*.yaml")):
        text = path.read_text(encoding="utf-8")
        ours = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
        assert list(reader.load_all(text)) == ours, path

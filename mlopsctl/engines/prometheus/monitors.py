"""Scrape targets: as monitors of the operator, or as scrape configuration for Prometheus without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint, Shared
from mlopsctl.blueprint.model.metrics import Monitor
from mlopsctl.emit.promql import any_of
from mlopsctl.engines.prometheus import conventions
from mlopsctl.engines.prometheus.conventions import COMPONENT, RULE_API, WAVE
from mlopsctl.engines.shared.kubernetes import manifest, metadata


def monitor(owner: Blueprint | Shared, scrape: Monitor, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a PodMonitor or ServiceMonitor; `labels` are the ones that the operator selects by."""
    pods = scrape.kind == "pod"
    return manifest(
        RULE_API,
        "PodMonitor" if pods else "ServiceMonitor",
        metadata(owner, scrape.name, COMPONENT, wave=WAVE, labels=labels),
        spec={
            "namespaceSelector": {"matchNames": [scrape.namespace]},
            "selector": {"matchLabels": dict(scrape.selector)},
            "podMetricsEndpoints" if pods else "endpoints": [_endpoint(scrape)],
        },
    )


def _endpoint(monitor: Monitor) -> dict[str, Any]:
    return {
        **_port(monitor),
        "path": monitor.path,
        "interval": conventions.SCRAPE,
        **({"scheme": monitor.scheme} if monitor.scheme != "http" else {}),
        **({"tlsConfig": {"insecureSkipVerify": True}} if monitor.self_signed else {}),
        **({"honorLabels": True} if monitor.honor_labels else {}),
        **({"relabelings": [_camel(_other_port(monitor))]} if monitor.reads else {}),
    }


def _camel(relabeling: dict[str, Any]) -> dict[str, Any]:
    """Return a relabelling in the operator's format, with the action that the API server would add."""
    operator_keys = {"source_labels": "sourceLabels", "target_label": "targetLabel"}
    return {"action": "replace", **{operator_keys.get(key, key): value for key, value in relabeling.items()}}


def _other_port(monitor: Monitor) -> dict[str, Any]:
    """Return the relabelling that replaces the port of a pod's address."""
    address = "__address__"
    return {
        "source_labels": [address],
        "regex": f"(.+):{monitor.port}",
        "replacement": f"$1:{monitor.reads}",
        "target_label": address,
    }


def _port(monitor: Monitor) -> dict[str, Any]:
    if not monitor.port.isdigit():
        return {"port": monitor.port}
    return {"portNumber" if monitor.kind == "pod" else "targetPort": int(monitor.port)}


def scrape_config(monitor: Monitor) -> dict[str, Any]:
    """Return the same target as a job for `scrape_config_files`."""
    role = "pod" if monitor.kind == "pod" else "service"
    picked = [(_meta(role, "label", name), value) for name, value in monitor.selector.items()]
    return {
        "job_name": monitor.name,
        "metrics_path": monitor.path,
        "scrape_interval": conventions.SCRAPE,
        **({"scheme": monitor.scheme} if monitor.scheme != "http" else {}),
        **({"tls_config": {"insecure_skip_verify": True}} if monitor.self_signed else {}),
        **({"honor_labels": True} if monitor.honor_labels else {}),
        "kubernetes_sd_configs": [
            {"role": "pod" if role == "pod" else "endpoints", "namespaces": {"names": [monitor.namespace]}}
        ],
        "relabel_configs": [
            *(_keep(label, value) for label, value in (*picked, _port_label(monitor))),
            _copy("__meta_kubernetes_namespace", "namespace"),
            _copy("__meta_kubernetes_pod_name", "pod"),
            *([_other_port(monitor)] if monitor.reads else []),
        ],
    }


def _meta(role: str, kind: str, name: str) -> str:
    plain = "".join([c if c.isascii() and c.isalnum() else "_" for c in name])
    return f"__meta_kubernetes_{role}_{kind}_{plain}"


def _port_label(monitor: Monitor) -> tuple[str, str]:
    attribute = "number" if monitor.port.isdigit() else "name"
    if monitor.kind == "pod":
        return (f"__meta_kubernetes_pod_container_port_{attribute}", monitor.port)
    # Endpoints of a service have the port's name, or the number of the container port.
    return (
        ("__meta_kubernetes_pod_container_port_number", monitor.port)
        if attribute == "number"
        else ("__meta_kubernetes_endpoint_port_name", monitor.port)
    )


def _keep(label: str, value: str) -> dict[str, Any]:
    return {"source_labels": [label], "regex": any_of((value,)), "action": "keep"}


def _copy(source: str, target: str) -> dict[str, Any]:
    return {"source_labels": [source], "target_label": target}

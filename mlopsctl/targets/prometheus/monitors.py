"""Scrape targets: as monitors of the operator, or as scrape configuration for a Prometheus without it.

In: neutral monitors. Out: plain objects. Never adds a label to what is scraped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model import Blueprint, Monitor, Shared
from mlopsctl.emit.promql import any_of
from mlopsctl.targets.kubernetes import manifest, metadata
from mlopsctl.targets.prometheus import conventions
from mlopsctl.targets.prometheus.conventions import COMPONENT, RULE_API, WAVE


def monitor(owner: Blueprint | Shared, one: Monitor, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a PodMonitor or ServiceMonitor; `labels` are those the operator selects by."""
    pods = one.kind == "pod"
    return manifest(
        RULE_API,
        "PodMonitor" if pods else "ServiceMonitor",
        metadata(owner, one.name, COMPONENT, wave=WAVE, labels=labels),
        spec={
            "namespaceSelector": {"matchNames": [one.namespace]},
            "selector": {"matchLabels": dict(one.selector)},
            "podMetricsEndpoints" if pods else "endpoints": [_endpoint(one)],
        },
    )


def _endpoint(one: Monitor) -> dict[str, Any]:
    return {
        **_port(one),
        "path": one.path,
        "interval": conventions.SCRAPE,
        **({"scheme": one.scheme} if one.scheme != "http" else {}),
        **({"tlsConfig": {"insecureSkipVerify": True}} if one.self_signed else {}),
        **({"honorLabels": True} if one.honor_labels else {}),
        **({"relabelings": [_camel(_other_port(one))]} if one.reads else {}),
    }


def _camel(relabeling: dict[str, Any]) -> dict[str, Any]:
    """Return a relabelling as the operator spells it."""
    spelt = {"source_labels": "sourceLabels", "target_label": "targetLabel"}
    return {spelt.get(key, key): value for key, value in relabeling.items()}


def _other_port(one: Monitor) -> dict[str, Any]:
    """Return how the address of a pod that was picked by one port becomes that of another."""
    address = "__address__"
    return {
        "source_labels": [address],
        "regex": f"(.+):{one.port}",
        "replacement": f"$1:{one.reads}",
        "target_label": address,
    }


def _port(one: Monitor) -> dict[str, Any]:
    if not one.port.isdigit():
        return {"port": one.port}
    return {"portNumber" if one.kind == "pod" else "targetPort": int(one.port)}


def scrape_config(one: Monitor) -> dict[str, Any]:
    """Return the same target as a job for `scrape_config_files`."""
    role = "pod" if one.kind == "pod" else "service"
    picked = [(_meta(role, "label", name), value) for name, value in one.selector.items()]
    return {
        "job_name": one.name,
        "metrics_path": one.path,
        "scrape_interval": conventions.SCRAPE,
        **({"scheme": one.scheme} if one.scheme != "http" else {}),
        **({"tls_config": {"insecure_skip_verify": True}} if one.self_signed else {}),
        **({"honor_labels": True} if one.honor_labels else {}),
        "kubernetes_sd_configs": [
            {"role": "pod" if role == "pod" else "endpoints", "namespaces": {"names": [one.namespace]}}
        ],
        "relabel_configs": [
            *(_keep(label, value) for label, value in (*picked, _port_label(one))),
            _copy("__meta_kubernetes_namespace", "namespace"),
            _copy("__meta_kubernetes_pod_name", "pod"),
            *([_other_port(one)] if one.reads else []),
        ],
    }


def _meta(role: str, kind: str, name: str) -> str:
    plain = "".join([c if c.isascii() and c.isalnum() else "_" for c in name])
    return f"__meta_kubernetes_{role}_{kind}_{plain}"


def _port_label(one: Monitor) -> tuple[str, str]:
    what = "number" if one.port.isdigit() else "name"
    if one.kind == "pod":
        return (f"__meta_kubernetes_pod_container_port_{what}", one.port)
    # The endpoints of a service tell the name of their port, or the number of the container's.
    return (
        ("__meta_kubernetes_pod_container_port_number", one.port)
        if what == "number"
        else ("__meta_kubernetes_endpoint_port_name", one.port)
    )


def _keep(label: str, value: str) -> dict[str, Any]:
    return {"source_labels": [label], "regex": any_of((value,)), "action": "keep"}


def _copy(source: str, target: str) -> dict[str, Any]:
    return {"source_labels": [source], "target_label": target}

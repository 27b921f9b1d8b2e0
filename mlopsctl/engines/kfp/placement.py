"""Settings of a step's pod in the words of KFP's platform part (kubernetes_executor_config.proto)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlopsctl.blueprint.model.pods import NodeTerm, Pod, PodTerm, Toleration, Volume

_OPERATORS: Final = {"require": "In", "avoid": "NotIn", "prefer": "In"}
_WEIGHT: Final = 100


def of_pod(pod: Pod) -> dict[str, Any]:
    """Return where the pod runs, and with which secrets its images are pulled."""
    secrets = [{"secretName": name} for name in pod.pull_secrets]
    near = [*(_other_pods(term) for term in pod.pods)]
    nodes = [*_nodes(pod)]
    return {
        **({"imagePullSecret": secrets} if secrets else {}),
        **({"nodeSelector": {"labels": dict(pod.node_selector)}} if pod.node_selector else {}),
        **({"tolerations": [_toleration(each) for each in pod.tolerations]} if pod.tolerations else {}),
        **({"nodeAffinity": nodes} if nodes else {}),
        **({"podAffinity": near} if near else {}),
    }


def mounts(pod: Pod) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the volumes, each with the field whose list it belongs to."""
    yield from (_mount(volume) for volume in pod.volumes)


def _mount(volume: Volume) -> tuple[str, dict[str, Any]]:
    at = {"mountPath": volume.path}
    if volume.kind == "claim":
        return "pvcMount", {"constant": volume.source, **at}
    if volume.kind == "config_map":
        return "configMapAsVolume", {"configMapName": volume.source, **at}
    if volume.kind == "secret":
        return "secretAsVolume", {"secretName": volume.source, **at}
    medium = {"medium": "Memory"} if volume.kind == "shared_memory" else {}
    return "emptyDirMounts", {"volumeName": f"extra-{volume.name}", **at, **medium, "sizeLimit": volume.source}


def _toleration(toleration: Toleration) -> dict[str, Any]:
    """Return a toleration; the seconds are a 64-bit number, which JSON carries as text."""
    valued = {"operator": "Exists"} if toleration.value is None else {"operator": "Equal", "value": toleration.value}
    return {
        "key": toleration.key,
        **valued,
        **({"effect": toleration.effect} if toleration.effect else {}),
        **({"tolerationSeconds": str(toleration.seconds)} if toleration.seconds is not None else {}),
    }


def _nodes(pod: Pod) -> Iterator[dict[str, Any]]:
    """Yield one term with all that is required, then each that is preferred: a term with a weight is a preference."""
    if required := [_expression(term) for term in pod.nodes if term.rule != "prefer"]:
        yield {"matchExpressions": required}
    yield from (
        {"matchExpressions": [_expression(term)], "weight": _WEIGHT} for term in pod.nodes if term.rule == "prefer"
    )


def _expression(term: NodeTerm) -> dict[str, Any]:
    return {"key": term.key, "operator": _OPERATORS[term.rule], "values": list(term.values)}


def _other_pods(term: PodTerm) -> dict[str, Any]:
    return {
        "matchPodLabels": dict(term.labels),
        "topologyKey": term.topology,
        **({} if term.required else {"weight": _WEIGHT}),
        **({"anti": True} if term.rule == "apart" else {}),
    }

"""Settings of pods in the words of a Kubernetes pod: each function returns the fields of one place, none if empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mlopsctl.blueprint.model.pods import NodeTerm, Pod, PodTerm, SpreadRule, Toleration, Volume
from mlopsctl.engines.shared import kubernetes

QUEUE: Final = "kueue.x-k8s.io/queue-name"
"""The label by which Kueue admits a pod."""
_PREFIX: Final = "extra-"
"""Before the names of the spec's volumes, so that none meets a volume of an engine."""
_OPERATORS: Final = {"require": "In", "avoid": "NotIn", "prefer": "In"}
_WEIGHT: Final = 100


def labels(pod: Pod) -> dict[str, str]:
    """Return the pod's own labels, with that of its queue."""
    return {**pod.labels, **({QUEUE: pod.queue} if pod.queue else {})}


def metadata(pod: Pod) -> dict[str, Any]:
    """Return the pod's metadata."""
    own = {
        **({"labels": labels(pod)} if labels(pod) else {}),
        **({"annotations": dict(pod.annotations)} if pod.annotations else {}),
    }
    return {"metadata": own} if own else {}


def pull_secrets(names: Iterable[str]) -> dict[str, Any]:
    """Return the secrets with which images are pulled."""
    secrets = [{"name": name} for name in names]
    return {"imagePullSecrets": secrets} if secrets else {}


def account(pod: Pod) -> dict[str, Any]:
    """Return the account that the pod runs as."""
    return {"serviceAccountName": pod.service_account} if pod.service_account else {}


def scheduling(pod: Pod) -> dict[str, Any]:
    """Return where the pod runs: selector, tolerations, affinity and priority."""
    affinity = _affinity(pod)
    return {
        **({"nodeSelector": dict(pod.node_selector)} if pod.node_selector else {}),
        **({"tolerations": [_toleration(each) for each in pod.tolerations]} if pod.tolerations else {}),
        **({"affinity": affinity} if affinity else {}),
        **({"priorityClassName": pod.priority_class} if pod.priority_class else {}),
    }


def spread(pod: Pod, selector: Mapping[str, str]) -> dict[str, Any]:
    """Return how evenly the pods with the labels `selector` are spread."""
    if not pod.spread:
        return {}
    return {"topologySpreadConstraints": [_constraint(each, selector) for each in pod.spread]}


def variables(pod: Pod) -> list[dict[str, Any]]:
    """Return the variables of the container."""
    return [kubernetes.variable(each) for each in pod.environment]


def volumes(pod: Pod) -> list[dict[str, Any]]:
    """Return the volumes of the pod."""
    return [{"name": f"{_PREFIX}{volume.name}", **_source(volume)} for volume in pod.volumes]


def mounts(pod: Pod) -> list[dict[str, Any]]:
    """Return where the container finds the volumes."""
    return [
        {
            "name": f"{_PREFIX}{volume.name}",
            "mountPath": volume.path,
            **({"readOnly": True} if volume.read_only else {}),
        }
        for volume in pod.volumes
    ]


def _source(volume: Volume) -> dict[str, Any]:
    if volume.kind == "claim":
        read_only = {"readOnly": True} if volume.read_only else {}
        return {"persistentVolumeClaim": {"claimName": volume.source, **read_only}}
    if volume.kind == "config_map":
        return {"configMap": {"name": volume.source}}
    if volume.kind == "secret":
        return {"secret": {"secretName": volume.source}}
    medium = {"medium": "Memory"} if volume.kind == "shared_memory" else {}
    return {"emptyDir": {**medium, "sizeLimit": volume.source}}


def _toleration(toleration: Toleration) -> dict[str, Any]:
    valued = {"operator": "Exists"} if toleration.value is None else {"operator": "Equal", "value": toleration.value}
    return {
        "key": toleration.key,
        **valued,
        **({"effect": toleration.effect} if toleration.effect else {}),
        **({"tolerationSeconds": toleration.seconds} if toleration.seconds is not None else {}),
    }


def _constraint(spread: SpreadRule, selector: Mapping[str, str]) -> dict[str, Any]:
    return {
        "maxSkew": spread.max_skew,
        "topologyKey": spread.topology,
        "whenUnsatisfiable": "DoNotSchedule" if spread.required else "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(selector)},
    }


def _affinity(pod: Pod) -> dict[str, Any]:
    """Return the affinity to nodes and to other pods."""
    near, apart = (dict(_of_terms(pod, rule)) for rule in ("near", "apart"))
    return {
        **({"nodeAffinity": _nodes(pod.nodes)} if pod.nodes else {}),
        **({"podAffinity": near} if near else {}),
        **({"podAntiAffinity": apart} if apart else {}),
    }


def _nodes(terms: tuple[NodeTerm, ...]) -> dict[str, Any]:
    """Return the rules for nodes: all required ones hold together, each preferred one counts alone."""
    required = [_expression(term) for term in terms if term.rule != "prefer"]
    preferred = [
        {"weight": _WEIGHT, "preference": {"matchExpressions": [_expression(term)]}}
        for term in terms
        if term.rule == "prefer"
    ]
    must = {"nodeSelectorTerms": [{"matchExpressions": required}]}
    return {
        **({"requiredDuringSchedulingIgnoredDuringExecution": must} if required else {}),
        **({"preferredDuringSchedulingIgnoredDuringExecution": preferred} if preferred else {}),
    }


def _expression(term: NodeTerm) -> dict[str, Any]:
    return {"key": term.key, "operator": _OPERATORS[term.rule], "values": list(term.values)}


def _of_terms(pod: Pod, rule: str) -> Iterator[tuple[str, Any]]:
    """Yield the required and the preferred terms of a rule for other pods."""
    terms = [term for term in pod.pods if term.rule == rule]
    if required := [_other_pods(term) for term in terms if term.required]:
        yield "requiredDuringSchedulingIgnoredDuringExecution", required
    if preferred := [{"weight": _WEIGHT, "podAffinityTerm": _other_pods(t)} for t in terms if not t.required]:
        yield "preferredDuringSchedulingIgnoredDuringExecution", preferred


def _other_pods(term: PodTerm) -> dict[str, Any]:
    return {"labelSelector": {"matchLabels": dict(term.labels)}, "topologyKey": term.topology}

"""What Cortex 0.42 refuses of a list of APIs, as its own Go code says it, and what that lets pass.

In: the list as plain dictionaries. Out: one sentence a refusal, with the API it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

DNS = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?").fullmatch
IMAGE = re.compile(
    r"([a-z0-9][a-z0-9.-]*(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:\w[\w.-]{0,127})?(@[A-Za-z0-9]+:[0-9a-f]{32,})?"
).fullmatch
ENDPOINT = re.compile(r"/[a-zA-Z0-9_./-]+").fullmatch
GROUP = re.compile(r"[a-zA-Z0-9_-]+").fullmatch
QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?").fullmatch
SCALE = {"m": Decimal("0.001"), "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
SCALE |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
RESERVED_PORTS = {8888, 15000}
RESERVED_CONTAINERS = {"dequeuer", "proxy"}

ALWAYS = {"name", "kind", "networking"}
KEYS = {
    "RealtimeAPI": {"pod", "node_groups", "autoscaling", "update_strategy"},
    "AsyncAPI": {"pod", "node_groups", "autoscaling", "update_strategy"},
    "BatchAPI": {"pod", "node_groups"},
    "TaskAPI": {"pod", "node_groups"},
    "TrafficSplitter": {"apis"},
}
POD = {
    "RealtimeAPI": {"port", "containers", "max_queue_length", "max_concurrency"},
    "AsyncAPI": {"port", "containers", "max_concurrency"},
    "BatchAPI": {"port", "containers"},
    "TaskAPI": {"port", "containers"},
}
CONTAINER = {"name", "image", "env", "command", "args", "compute", "liveness_probe"}
MORE = {
    "RealtimeAPI": {"readiness_probe", "pre_stop"},
    "AsyncAPI": {"readiness_probe", "pre_stop"},
    "BatchAPI": {"readiness_probe"},
    "TaskAPI": set[str](),
}
AUTOSCALING = {"min_replicas", "max_replicas", "init_replicas", "target_in_flight", "window"}
Object = Mapping[str, Any]


def refusals(apis: list[dict[str, Any]]) -> list[str]:
    """List what would be refused, and what should be."""
    names = [str(api.get("name")) for api in apis]
    errors = [f"{name}: {why}" for name, api in zip(names, apis, strict=True) for why in _api(api)]
    kinds = {name: api.get("kind") for name, api in zip(names, apis, strict=True)}
    # Cortex looks at these only when it deploys.
    errors += [f"{name}: named twice" for name in set(names) if names.count(name) > 1]
    endpoints = [api.get("networking", {}).get("endpoint", f"/{api.get('name')}") for api in apis]
    errors += [f"{endpoint}: two APIs at one endpoint" for endpoint in set(endpoints) if endpoints.count(endpoint) > 1]
    for name, api in zip(names, apis, strict=True):
        listed = [each.get("name") for each in api.get("apis", ())]
        errors += [f"{name}: {each} is no RealtimeAPI" for each in listed if kinds.get(str(each)) != "RealtimeAPI"]
    return errors


def _api(api: Object) -> Iterator[str]:
    kind, name = api.get("kind"), str(api.get("name", ""))
    if kind not in KEYS:
        yield "unknown kind"
        return
    yield from (f"unknown key {key}" for key in set(api) - ALWAYS - KEYS[str(kind)])
    if not DNS(name) or len(name) > 42 or name.startswith("b-"):
        yield "bad name"
    endpoint = api.get("networking", {}).get("endpoint")
    if endpoint is not None and not ENDPOINT(endpoint):
        yield "bad endpoint"
    if any(not GROUP(group) for group in api.get("node_groups", ())) or api.get("node_groups") == []:
        yield "bad node groups"
    if kind == "TrafficSplitter":
        yield from _splitter(api.get("apis", []))
        return
    yield from _pod(str(kind), api.get("pod", {}))
    if "autoscaling" in api:
        yield from _autoscaling(api["autoscaling"], api.get("pod", {}))
    strategy = api.get("update_strategy", {})
    if all(str(strategy.get(key, "25%")) in {"0", "0%"} for key in ("max_surge", "max_unavailable")):
        yield "neither surge nor unavailable"


def _splitter(apis: list[Object]) -> Iterator[str]:
    names = [api.get("name") for api in apis]
    if not apis:
        yield "splits nothing"
    if len(set(names)) < len(names):
        yield "an API is repeated"
    if any(not 0 <= api.get("weight", -1) <= 100 for api in apis):
        yield "a weight outside 0 to 100"
    if sum(api.get("weight", 0) for api in apis if not api.get("shadow")) != 100:
        yield "weights that do not make 100"
    if sum(bool(api.get("shadow")) for api in apis) > 1:
        yield "two shadows"
    yield from (f"unknown key {key}" for api in apis for key in set(api) - {"name", "weight", "shadow"})


def _pod(kind: str, pod: Object) -> Iterator[str]:
    yield from (f"unknown key {key} of a pod" for key in set(pod) - POD[kind])
    port = pod.get("port")
    if port is not None and (kind == "TaskAPI" or port in RESERVED_PORTS or not 0 < port <= 65535):
        yield "bad port"
    most = 100 if kind == "AsyncAPI" else 30_000
    if not 0 < pod.get("max_concurrency", 1) <= most or not 0 < pod.get("max_queue_length", 100) <= 30_000:
        yield "bad concurrency"
    names = [container.get("name") for container in pod.get("containers", ())]
    if not names:
        yield "no container"
    if len(set(names)) < len(names) or set(names) & RESERVED_CONTAINERS or not all(map(DNS, map(str, names))):
        yield "bad container names"
    for container in pod.get("containers", ()):
        yield from _container(kind, container)


def _container(kind: str, container: Object) -> Iterator[str]:
    yield from (f"unknown key {key} of a container" for key in set(container) - CONTAINER - MORE[kind])
    if not IMAGE(str(container.get("image", ""))):
        yield "bad image"
    if kind in {"BatchAPI", "TaskAPI"} and not container.get("command"):
        yield "no command"
    for name, value in container.get("env", {}).items():
        if name.startswith(("CORTEX_", "KUBEXIT_")) or not isinstance(value, str):
            yield "bad variable"
    compute = container.get("compute", {})
    yield from (f"unknown key {key} of compute" for key in set(compute) - {"cpu", "mem", "gpu", "inf", "shm"})
    if _number(compute.get("cpu", "200m")) < Decimal("0.02"):
        yield "bad cpu"
    if "mem" in compute and _number(compute["mem"]) < 20 * 2**20:
        yield "bad memory"
    if compute.get("gpu") and compute.get("inf"):
        yield "two kinds of accelerators"
    probe = container.get("readiness_probe")
    if probe and (len({"http_get", "tcp_socket", "exec"} & set(probe)) != 1):
        yield "bad probe"
    if probe and "http_get" in probe and not ENDPOINT(probe["http_get"].get("path", "/x")):
        yield "bad probe"


def _number(text: object) -> Decimal:
    match = QUANTITY(str(text))
    return Decimal(match[1]) * SCALE.get(match[2], 1) if match else Decimal(-1)


def _autoscaling(scaling: Object, pod: Object) -> Iterator[str]:
    yield from (f"unknown key {key} of autoscaling" for key in set(scaling) - AUTOSCALING)
    low, high = scaling.get("min_replicas", 1), scaling.get("max_replicas", 100)
    if low < 0 or high <= 0 or low > high or not low <= scaling.get("init_replicas", low) <= high:
        yield "replicas outside their bounds"
    target = scaling.get("target_in_flight", pod.get("max_concurrency", 1))
    if not 0 < target <= pod.get("max_concurrency", 1) + pod.get("max_queue_length", 100):
        yield "a target that no copy holds"
    window = re.fullmatch(r"(\d+)s", scaling.get("window", "60s"))
    if not window or int(window[1]) % 10 or not int(window[1]):
        yield "bad window"

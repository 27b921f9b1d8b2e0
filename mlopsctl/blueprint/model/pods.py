"""Pods: where and how the containers of a step or an endpoint run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlopsctl.blueprint.model.record import Record


class EnvironmentVariable(Record, frozen=True):
    """A variable of a container: a plain value, or a key of a secret."""

    name: str
    value: str | None = None
    secret: str | None = None
    key: str | None = None


class Toleration(Record, frozen=True):
    """A taint that a pod tolerates; an empty `effect` is any, `value` None any. `seconds` limits a stay."""

    key: str
    value: str | None = None
    effect: str = ""
    seconds: int | None = None


class NodeTerm(Record, frozen=True):
    """A label of nodes and its values: a node must have one, must have none, or is preferred with one."""

    rule: Literal["require", "avoid", "prefer"]
    key: str
    values: tuple[str, ...]


class PodTerm(Record, frozen=True):
    """Pods to run near to or apart from, in places told by the node label `topology`."""

    rule: Literal["near", "apart"]
    labels: Mapping[str, str]
    topology: str
    required: bool = False


class SpreadRule(Record, frozen=True):
    """Places, told by a node label, of which none has more than `max_skew` pods more than another."""

    topology: str
    max_skew: int
    required: bool = False


class Volume(Record, frozen=True):
    """A volume and where a container finds it. `source` is the object's name, or the size of a new folder."""

    name: str
    kind: Literal["claim", "config_map", "secret", "empty_dir", "shared_memory"]
    source: str
    path: str
    read_only: bool = False


class Pod(Record, frozen=True):
    """Settings of a pod. An empty value leaves the choice to the cluster."""

    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    service_account: str | None = None
    pull_secrets: tuple[str, ...] = ()
    node_selector: Mapping[str, str] = {}
    tolerations: tuple[Toleration, ...] = ()
    nodes: tuple[NodeTerm, ...] = ()
    pods: tuple[PodTerm, ...] = ()
    priority_class: str | None = None
    spread: tuple[SpreadRule, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    volumes: tuple[Volume, ...] = ()
    queue: str | None = None


PLAIN = Pod()
"""A pod without settings; as the default it is left out of the JSON."""

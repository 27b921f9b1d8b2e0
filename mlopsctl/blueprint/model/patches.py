"""Patches and manifests of the user that are outside the model: the Blueprint only hands them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlopsctl.blueprint.model.record import Record


class Patch(Record, frozen=True):
    """A patch of rendered Kubernetes objects.

    `pattern` matches names as a shell does. It has `json`, operations of RFC 6902, or `merge`, what is merged.
    `matches` is how many objects it must match, 0 for one or more. A `shared` patch is the workspace's.
    """

    name: str
    engine: str
    kind: str
    pattern: str
    matches: int
    json: tuple[Mapping[str, Any], ...] = ()
    merge: Mapping[str, Any] | None = None
    shared: bool = False


class Extra(Record, frozen=True):
    """A Kubernetes object of the user's; `file` is the one that has it, from the project's root, `value` what it holds.

    A `shared` one is the workspace's.
    """

    name: str
    file: str
    value: Mapping[str, Any]
    shared: bool = False

"""Service accounts of steps that need permissions, with exactly those; no step may start another run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Step
from mlopsctl.engines.polyaxon import conventions
from mlopsctl.engines.shared import access

_SHIFT = "shift-traffic"


def runs_as(blueprint: Blueprint, step: Step) -> dict[str, str]:
    """Return whom a step's pod is; the others are whom the installation says."""
    return {"serviceAccountName": _name(blueprint)} if _SHIFT in step.permissions else {}


def objects(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    """Yield the account of steps that shift traffic, its role and its binding; nothing where none does."""
    if any(_SHIFT in step.permissions for pipeline in blueprint.pipelines for step in pipeline.steps):
        yield access.account(blueprint, _name(blueprint), conventions.COMPONENT, token=True)
        rules = [access.shift_traffic(blueprint)]
        yield from access.rights(blueprint, _name(blueprint), conventions.COMPONENT, rules)


def _name(blueprint: Blueprint) -> str:
    return f"{blueprint.identity.system}-{_SHIFT}"

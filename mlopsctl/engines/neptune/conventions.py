"""Naming for Neptune: the id of a run, and its initial fields. The clients read the token from the environment."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.blueprint.model.training import Model
from mlopsctl.emit import json as json_text
from mlopsctl.engines.neptune.fields import LONGEST_ID

SETTINGS, PROGRAM = "run.json", "init_run.py"


def run_id(blueprint: Blueprint, pipeline: Pipeline) -> str:
    """Name a run by what is trained; where generation 2 would not take the whole, the hash is the name."""
    identity = blueprint.identity
    full_id = f"{identity.system}-{identity.environment}-{pipeline.hash}"
    return full_id if len(full_id) <= LONGEST_ID else pipeline.hash


def fields(blueprint: Blueprint, model: Model, pipeline: Pipeline) -> dict[str, Any]:
    """Return the fields by folder: what is registered, whose it is, what it is trained with."""
    identity = blueprint.identity
    folders = {
        "model": {"registered_name": model.registered_name, "alias": model.alias, "task": model.task},
        "system": {
            "name": identity.system,
            "environment": identity.environment,
            "owner": identity.owner,
            "tier": identity.tier,
            "description": identity.description,
            "spec_hash": pipeline.hash,
        },
        "params": {name: _plain(value) for name, value in {**model.params, "seed": model.seed}.items()},
        "tags": dict(model.tags),
    }
    return {name: part for name, part in folders.items() if part}


def _plain(value: Any) -> Any:
    """Return a value that a field holds: a text, a number or a truth; of anything else its text."""
    return value if isinstance(value, (str, bool, int, float)) else json_text.compact(value)

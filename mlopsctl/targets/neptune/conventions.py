"""Neptune's side of the house rules: what a run is called, and which fields it has from the start.

In: a blueprint. Out: plain values. Never a secret: the clients read the token from the environment.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Model, Pipeline
from mlopsctl.catalogue.neptune import LONGEST_ID
from mlopsctl.emit import json as json_text

SETTINGS, PROGRAM = "run.json", "init_run.py"


def run_id(blueprint: Blueprint, pipeline: Pipeline) -> str:
    """Name a run by what is trained; where generation 2 would not take the whole, the hash is the name."""
    identity = blueprint.identity
    whole = f"{identity.system}-{identity.environment}-{pipeline.hash}"
    return whole if len(whole) <= LONGEST_ID else pipeline.hash


def fields(blueprint: Blueprint, model: Model, pipeline: Pipeline) -> dict[str, Any]:
    """Return the fields by folder: what is registered, whose it is, what it is trained with."""
    identity = blueprint.identity
    found = {
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
    return {name: part for name, part in found.items() if part}


def _plain(value: Any) -> Any:
    """Return a value that a field holds: a text, a number or a truth; of anything else its text."""
    return value if isinstance(value, (str, bool, int, float)) else json_text.compact(value)

"""A pipeline as a notebook that Kale compiles.

In: a blueprint and one of its pipelines. Out: the notebook as data. Never an output, never a count of executions: two
renders are the same bytes.
"""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model import Blueprint, Pipeline
from mlopsctl.targets import kubernetes
from mlopsctl.targets.kale import conventions
from mlopsctl.targets.kale.cells import cells


def notebook(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    """Return the notebook."""
    return {
        "cells": cells(blueprint, pipeline),
        "metadata": {
            "kernelspec": conventions.KERNEL,
            conventions.METADATA: _metadata(blueprint, pipeline),
        },
        "nbformat": conventions.FORMAT,
        "nbformat_minor": conventions.MINOR,
    }


def _metadata(blueprint: Blueprint, pipeline: Pipeline) -> dict[str, Any]:
    labels = kubernetes.metadata(blueprint, pipeline.name, conventions.COMPONENT)["labels"]
    labels[conventions.MARK] = blueprint.identity.system
    return {
        "pipeline_name": pipeline.name,
        "experiment_name": blueprint.identity.system,
        # Kale pastes a description into the pipeline's code as it is.
        "pipeline_description": "",
        "base_image": pipeline.image,
        "enable_caching": bool(blueprint.engines.pipelines.settings.get("cache")),
        "steps_defaults": [f"label:{name}:{value}" for name, value in labels.items()],
        "volumes": [],
        "security_context": {
            "enabled": True,
            "run_as_user": conventions.USER,
            "run_as_group": conventions.USER,
            "run_as_non_root": True,
        },
    }

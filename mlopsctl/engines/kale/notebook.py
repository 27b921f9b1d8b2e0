"""A pipeline as a notebook for Kale, without outputs and execution counts, so that two renders have equal bytes."""

from __future__ import annotations

from typing import Any

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.pipelines import Pipeline
from mlopsctl.engines.kale import conventions
from mlopsctl.engines.kale.cells import cells
from mlopsctl.engines.shared import kubernetes


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

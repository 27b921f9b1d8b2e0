"""The columns as Etiq's configuration describes them."""

from __future__ import annotations

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.training import Model


def inputs(blueprint: Blueprint, model: Model) -> dict[str, str]:
    """Return the model's inputs with their types."""
    sets = blueprint.features.sets if blueprint.features else ()
    feature_set = next(candidate for candidate in sets if candidate.name == model.features)
    return {field.name: field.type for field in feature_set.fields} | {
        field.name: field.type for field in feature_set.model_request
    }

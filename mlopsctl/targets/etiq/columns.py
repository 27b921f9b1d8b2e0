"""What Etiq is told of the columns.

In: a Blueprint and its model. Out: names and types. Never the label.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, Model


def inputs(blueprint: Blueprint, model: Model) -> dict[str, str]:
    """Return the model's inputs with their types."""
    sets = blueprint.features.sets if blueprint.features else ()
    one = next(each for each in sets if each.name == model.features)
    return {field.name: field.type for field in one.fields} | {field.name: field.type for field in one.request}

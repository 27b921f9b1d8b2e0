"""The contract of the training set: the columns and rules that the data check enforces."""

from __future__ import annotations

from msgspec.structs import replace

from mlopsctl.blueprint.model.blueprint import Blueprint
from mlopsctl.blueprint.model.features import Column


def training_contract(blueprint: Blueprint) -> tuple[Column, ...]:
    """Return the contract of the training set, in which a request field is nullable only if the set allows it.

    Serving rejects a request without the field, so training must not use rows without it. Keys of the labelled rows are
    checked for bounds and values; rows without a key are dropped before.
    """
    if blueprint.checks is None:
        return ()
    model = blueprint.model
    sets = blueprint.features.sets if blueprint.features else ()
    used = [feature_set for feature_set in sets if model and feature_set.name == model.features]
    required = {
        field.name for feature_set in used for field in feature_set.request if field.name not in feature_set.nullable
    }
    contract = blueprint.checks.contract
    names_in_contract = {column.name for column in contract}
    keys = {key.name for feature_set in used for key in feature_set.keys} - names_in_contract
    columns = [column for column in model.label.rows.columns if column.name in keys] if model else []
    bounded = [column for column in columns if column.values or column.min is not None or column.max is not None]
    return (*(replace(column, nullable=False) if column.name in required else column for column in contract), *bounded)

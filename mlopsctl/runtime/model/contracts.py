"""The contract of a model's inputs, from the Blueprint.

It contains the feature server's address, but no credentials.
"""

from __future__ import annotations

from mlopsctl.blueprint.model.features import FeatureSet, Field, SetField
from mlopsctl.catalogue.flavors import FLAVORS
from mlopsctl.engines.model_servers import feature_server
from mlopsctl.runtime.scoring import contract as words
from mlopsctl.runtime.step_context import StepContext


def contract(step_context: StepContext) -> words.Contract:
    """Return the model's inputs and their origin."""
    model, feature_set = step_context.model, step_context.feature_set
    transforms = [t for t in step_context.definitions.transforms if t.name in feature_set.transforms]
    return words.Contract(
        system=step_context.blueprint.identity.system,
        task=model.task,
        label=model.label.column,
        label_type=model.label.type,
        flavor=FLAVORS[model.flavor].mlflow,
        asks="request" if model.looks_up else "inputs",
        server=feature_server(step_context.blueprint),
        keys=tuple(words.Column(key.name, key.type) for key in feature_set.keys),
        request=tuple(_request(step_context, feature_set, field) for field in feature_set.request),
        views=tuple(
            words.View(v.name, v.key, v.ttl, tuple(words.Column(f.name, f.type) for f in v.fields))
            for v in feature_set.lookups
        ),
        transforms=tuple(
            words.Transform(
                t.name,
                t.function,
                tuple(words.TransformInput(i.view, i.name) for i in t.inputs),
                tuple(words.Column(f.name, f.type) for f in t.fields),
            )
            for t in transforms
        ),
        inputs=_inputs(feature_set),
        unknown_entity=feature_set.unknown_entity,
        default_answer=feature_set.default_answer,
    )


def _request(step_context: StepContext, feature_set: FeatureSet, field: Field) -> words.Column:
    """Return a request field, with its column's bounds if values outside them are rejected."""
    checks = step_context.blueprint.checks
    contract_column = next((c for c in checks.contract if c.name == field.name), None) if checks else None
    nullable = field.name in feature_set.nullable
    if contract_column is None or feature_set.outside_contract != "refuse":
        return words.Column(field.name, field.type, nullable)
    low, high = (float(bound) if bound is not None else None for bound in (contract_column.min, contract_column.max))
    return words.Column(field.name, field.type, nullable, low, high, contract_column.values)


def _inputs(feature_set: FeatureSet) -> tuple[words.Input, ...]:
    features = [words.Input(f.name, f.type, _origin(f), f.producer) for f in feature_set.fields]
    request = [
        words.Input(f.name, f.type, words.REQUEST, "", f.name in feature_set.nullable)
        for f in feature_set.model_request
    ]
    return (*features, *request)


def _origin(field: SetField) -> str:
    return words.TRANSFORM if field.computed else words.VIEW

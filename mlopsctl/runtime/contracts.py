"""The contract of a model's inputs, from the Blueprint.

In: a Blueprint. Out: the contract that training and serving share. Never a credential: only where the server is.
"""

from __future__ import annotations

from mlopsctl.blueprint.model import Blueprint, FeatureSet, SetField
from mlopsctl.catalogue.flavors import FLAVORS
from mlopsctl.runtime.call import Call
from mlopsctl.runtime.served import contract as words

SERVER_PORT = 6566


def contract(call: Call) -> words.Contract:
    """Say what the model takes and how each of it comes about."""
    model, one = call.model, call.feature_set
    transforms = [t for t in call.definitions.transforms if t.name in one.transforms]
    return words.Contract(
        system=call.blueprint.identity.system,
        task=model.task,
        label=model.label.column,
        label_type=model.label.type,
        flavor=FLAVORS[model.flavor].mlflow,
        asks="request" if model.looks_up else "inputs",
        server=server(call.blueprint),
        keys=tuple(words.Column(key.name, key.type) for key in one.keys),
        request=tuple(words.Column(field.name, field.type) for field in one.request),
        views=tuple(
            words.View(v.name, v.key, v.ttl, tuple(words.Column(f.name, f.type) for f in v.fields)) for v in one.lookups
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
        inputs=_inputs(one),
    )


def server(blueprint: Blueprint) -> str:
    """Return where the feature server of the environment answers."""
    named = blueprint.engines.features.settings.get("server")
    return f"http://{named or f'feast-server.{blueprint.place.namespace}.svc:{SERVER_PORT}'}"


def _inputs(one: FeatureSet) -> tuple[words.Input, ...]:
    features = [words.Input(f.name, f.type, _origin(f), f.producer) for f in one.fields]
    request = [words.Input(f.name, f.type, words.REQUEST, "") for f in one.request]
    return (*features, *request)


def _origin(field: SetField) -> str:
    return words.TRANSFORM if field.computed else words.VIEW

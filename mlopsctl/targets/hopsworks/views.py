"""Feature views: one a set, over the labelled rows of its model, joined to the groups of its views.

In: the Blueprint's sets. Out: statements. A group of another system is asked for by its name: the groups of all systems
are there before the first view is.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model import FeatureSet, Identity, LookupView, Model
from mlopsctl.catalogue.hopsworks import VERSION, rows_group
from mlopsctl.emit.python import Assign, Attribute, Call, Expr, Expression, Function, Name, Return, Statement
from mlopsctl.targets.hopsworks import conventions
from mlopsctl.targets.imports import Imports, duration

_ROWS, _QUERY, _VIEW = Name("rows"), Name("query"), Name("view")


def trained_on(one: FeatureSet, model: Model | None) -> bool:
    """Tell whether the system's model learns from a set, so that there are labelled rows to join to."""
    return model is not None and model.features == one.name


def statements(one: FeatureSet, model: Model | None, identity: Identity, imports: Imports) -> Iterator[Statement]:
    """Yield what creates a set's feature view where it is not there yet."""
    labels: list[Expression] = []
    lookups = list(one.lookups)
    if model and trained_on(one, model):
        labels = [model.label.column]
        columns = [*(field.name for field in one.request), model.label.column]
        yield Assign(_QUERY, _selected(rows_group(one.name), columns))
    elif lookups:
        yield Assign(_QUERY, _of(lookups.pop(0)))
    else:
        return  # nothing of it is stored
    for lookup in lookups:
        yield Assign(_QUERY, Call(Attribute(_QUERY, "join"), (_of(lookup),), {"on": [lookup.key]}))
    ages = {lookup.ttl for lookup in one.lookups}
    oldest: dict[str, Expression] = {"max_feature_age": duration(max(ages), imports)} if ages else {}
    view: dict[str, Expression] = {
        "name": one.name,
        "version": VERSION,
        "description": conventions.described(identity, one.description),
        "query": _QUERY,
        "labels": labels,
        **oldest,
    }
    yield Expr(Call(Attribute(conventions.STORE, "get_or_create_feature_view"), keywords=view))


def _of(lookup: LookupView) -> Call:
    return _selected(lookup.name, [field.name for field in lookup.fields])


def _selected(group: str, columns: list[str]) -> Call:
    """Select columns of a group that is there."""
    found = Call(Attribute(conventions.STORE, "get_feature_group"), keywords={"name": group, "version": VERSION})
    return Call(Attribute(found, "select"), (list(columns),))


def training_data(one: FeatureSet) -> Function:
    """Return the function that joins a set's features to labelled rows, as a new version of training data."""
    asked: dict[str, Expression] = {"name": one.name, "version": VERSION}
    return Function(
        "training_data",
        parameters={conventions.STORE.id: None, _ROWS.id: None},
        body=(
            Assign(_VIEW, Call(Attribute(conventions.STORE, "get_feature_view"), keywords=asked)),
            Return(Call(Attribute(_VIEW, "training_data"), keywords={"spine_df": _ROWS})),
        ),
        docstring="Join past features to rows of keys, event time, request fields and label, and keep the version.",
    )

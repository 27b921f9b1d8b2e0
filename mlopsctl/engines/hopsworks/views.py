"""Feature views: one per set, over the labelled rows of its model, joined to the groups of its views.

Groups of other systems are referenced by name: all groups are created before the first view.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlopsctl.blueprint.model.features import FeatureSet, LookupView
from mlopsctl.blueprint.model.platform import Identity
from mlopsctl.blueprint.model.training import Model
from mlopsctl.emit.python_tree import Assign, Attribute, Call, Expr, Expression, Function, Name, Return, Statement
from mlopsctl.engines.hopsworks import conventions
from mlopsctl.engines.hopsworks.names import VERSION, rows_group
from mlopsctl.engines.shared.imports import Imports, duration

_ROWS, _QUERY, _VIEW = Name("rows"), Name("query"), Name("view")


def trained_on(feature_set: FeatureSet, model: Model | None) -> bool:
    """Return whether the system's model learns from a set, so that there are labelled rows to join to."""
    return model is not None and model.features == feature_set.name


def statements(
    feature_set: FeatureSet, model: Model | None, identity: Identity, imports: Imports
) -> Iterator[Statement]:
    """Yield what creates a set's feature view where it is not there yet."""
    labels: list[Expression] = []
    lookups = list(feature_set.lookups)
    if model and trained_on(feature_set, model):
        labels = [model.label.column]
        columns = [*(field.name for field in feature_set.request), model.label.column]
        yield Assign(_QUERY, _selected(rows_group(feature_set.name), columns))
    elif lookups:
        yield Assign(_QUERY, _selection(lookups.pop(0)))
    else:
        return  # nothing of it is stored
    for lookup in lookups:
        yield Assign(_QUERY, Call(Attribute(_QUERY, "join"), (_selection(lookup),), {"on": [lookup.key]}))
    ages = {lookup.ttl for lookup in feature_set.lookups}
    oldest: dict[str, Expression] = {"max_feature_age": duration(max(ages), imports)} if ages else {}
    view: dict[str, Expression] = {
        "name": feature_set.name,
        "version": VERSION,
        "description": conventions.described(identity, feature_set.description),
        "query": _QUERY,
        "labels": labels,
        **oldest,
    }
    yield Expr(Call(Attribute(conventions.STORE, "get_or_create_feature_view"), keywords=view))


def _selection(lookup: LookupView) -> Call:
    return _selected(lookup.name, [field.name for field in lookup.fields])


def _selected(group: str, columns: list[str]) -> Call:
    """Select columns of a group that is there."""
    selected = Call(Attribute(conventions.STORE, "get_feature_group"), keywords={"name": group, "version": VERSION})
    return Call(Attribute(selected, "select"), (list(columns),))


def training_data(feature_set: FeatureSet) -> Function:
    """Return the function that joins a set's features to labelled rows, as a new version of training data."""
    expressions: dict[str, Expression] = {"name": feature_set.name, "version": VERSION}
    return Function(
        "training_data",
        parameters={conventions.STORE.id: None, _ROWS.id: None},
        body=(
            Assign(_VIEW, Call(Attribute(conventions.STORE, "get_feature_view"), keywords=expressions)),
            Return(Call(Attribute(_VIEW, "training_data"), keywords={"spine_df": _ROWS})),
        ),
        docstring="Join past features to rows of keys, event time, request fields and label, and keep the version.",
    )

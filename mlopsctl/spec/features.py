"""Section `features`: entities, views, transforms, and sets, the contracts between training and serving."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from mlopsctl.spec import quantities, scalars, times
from mlopsctl.spec.words import (
    ColumnName,
    ColumnType,
    Duration,
    FeatureRef,
    Identifier,
    Label,
    PythonFunction,
    Reference,
    Section,
    Text,
    duration,
)

EntityType = Annotated[
    str, scalars.matching(r"string|int32|int64", "a key type", "use string, int32 or int64", kind="value")
]


class Entity(Section):
    """An entity that features describe, identified by a key column."""

    key: ColumnName
    """The key column, with the same name in every source."""
    type: EntityType
    """The key's type: string, int32 or int64."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the entity."""


class Materialize(Section):
    """Materialisation into the online store."""

    every: Annotated[times.Duration, duration("1s", "365d")]
    """The interval between two materialisations."""


def _fields(value: object) -> dict[str, str | None]:
    """Parse `[a, b]`, whose types come from the source's columns, or `{a: type}`."""
    if value in ([], {}):
        raise scalars.fail("value", "a view needs at least one field", "write [a, b] or {a: float64}")
    if isinstance(value, list):
        _each_once(value)
        value = dict.fromkeys(value) if all(isinstance(item, str) for item in value) else None
    if not isinstance(value, dict) or not value:
        raise scalars.fail(
            "type",
            "fields are a list of column names or a map of names to types",
            "write [a, b] or {a: float64}",
        )
    for name, kind in value.items():
        if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise scalars.fail("name", f"`{name}` is not a field name", "use letters, digits and `_`")
        if kind is not None and not re.fullmatch(_TYPE, str(kind), re.ASCII):
            raise scalars.fail(
                "value",
                f"`{scalars.scalar_text(kind)}` is not a column type",
                "use string, bool, bytes, int32, int64, float32, float64, timestamp, or array<...> of one",
            )
    return value


def _each_once(names: list[object]) -> None:
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise scalars.fail("value", f"field `{scalars.scalar_text(twice)}` is defined twice", "keep one of the two")


_BASE = "(?:string|bool|bytes|int32|int64|float32|float64|timestamp)"
_TYPE = rf"{_BASE}|array<{_BASE}>"
_NAME_SCHEMA = {"type": "string", "pattern": r"^[A-Za-z_]\w*$"}
_FIELDS_SCHEMA = {
    "anyOf": [
        {"type": "array", "items": _NAME_SCHEMA, "minItems": 1, "uniqueItems": True},
        {
            "type": "object",
            "propertyNames": {"pattern": r"^[A-Za-z_]\w*$"},
            "additionalProperties": {"type": "string", "pattern": f"^(?:{_TYPE})$"},
            "minProperties": 1,
        },
    ]
}

Fields = Annotated[dict[str, str | None], scalars.scalar(_fields, _FIELDS_SCHEMA)]


class View(Section):
    """Features of one entity, read from one source."""

    entity: Reference
    """The entity of the features."""
    source: Reference
    """The source of the features."""
    ttl: Duration
    """The maximum age of a row in joins and lookups; must exceed cadence + materialize.every."""
    materialize: Materialize | None = None
    """Materialisation into the online store. Default: none, the view is read only offline."""
    fields: Fields
    """The feature columns: a list, or a map of names to types."""
    online: bool | None = None
    """Whether endpoints can look up the features. Default: true if the view is materialised."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the features."""
    tags: dict[Label, Text] = {}
    """Tags for the feature store."""

    @property
    def served(self) -> bool:
        """Return whether the view can be read online."""
        return self.materialize is not None if self.online is None else self.online


TransformInput = Annotated[
    str,
    scalars.matching(
        r"(?:request|[A-Za-z_]\w*)\.[A-Za-z_]\w*",
        "an input of a transform",
        "write request.field or view.field",
    ),
]


class Transform(Section):
    """Features computed at read time, with the same code in training and serving."""

    inputs: Annotated[tuple[TransformInput, ...], Field(min_length=1, strict=False)]
    """The inputs of the function: `request.field` or `view.field`."""
    function: PythonFunction
    """The function, package.module:name. It takes a data frame with the inputs and returns one with the fields."""
    fields: Annotated[dict[ColumnName, ColumnType], Field(min_length=1)]
    """The returned features, with their types."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the features."""


def _answer(value: object) -> Decimal | str:
    """Parse a prediction: a number, or a class as text."""
    return value if isinstance(value, str) and value else quantities.parse_number(value)


Answer = Annotated[
    Decimal | str, scalars.scalar(_answer, {"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]})
]


class FeatureSet(Section):
    """The contract between training and serving: the inputs of a model, in order."""

    fields: Annotated[tuple[FeatureRef, ...], Field(min_length=1, strict=False)]
    """The features: `view.field`, `transform.field`, or `system:view.field` of another system."""
    request: dict[ColumnName, ColumnType] = {}
    """Fields of the request; in training, the columns of the same name in the label's source."""
    transform_only: Annotated[tuple[ColumnName, ...], Field(strict=False)] = ()
    """Request fields that only transforms read; all others are inputs of the model."""
    nullable: Annotated[tuple[ColumnName, ...], Field(strict=False)] = ()
    """Request fields that may be missing, in training, `predict` and serving; all others are required."""
    unknown_entity: Literal["refuse", "answer", "default"] | None = None
    """The policy for keys without features: `refuse` is an error; `answer` and `default` mark the row in a column."""
    outside_contract: Literal["refuse", "answer"] = "answer"
    """The policy of serving and `predict` for request values outside their column's min, max or values."""
    default_answer: Answer | None = None
    """The prediction for an unknown entity if the policy is `default`: a number, or a class of a multiclass model."""
    renamed_from: Reference | None = None
    """Its name before this change, so that the plan reports a rename instead of a removal."""
    description: Text = ""
    """A description of the set."""


class Features(Section):
    """Entities, views, transforms and sets."""

    entities: dict[Identifier, Entity] = {}
    """The entities, by name."""
    views: dict[Identifier, View] = {}
    """The feature views, by name."""
    transforms: dict[Identifier, Transform] = {}
    """Features computed at read time, by name."""
    sets: dict[Identifier, FeatureSet] = {}
    """The feature sets, by name."""

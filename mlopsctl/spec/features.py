"""Section `features`: entities, views, transforms, and the sets that are the train/serve contract."""

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
    """A thing that features are about, known by one key column."""

    key: ColumnName
    """The key's column, the same in every source."""
    type: EntityType
    """The key's type: string, int32 or int64."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the thing is."""


class Materialize(Section):
    """How the online store is kept fresh."""

    every: Annotated[times.Duration, duration("1s", "365d")]
    """The interval between two materialisations."""


def _fields(value: object) -> dict[str, str | None]:
    """Parse `[a, b]`, whose types come from the source's columns, or `{a: type}`."""
    if value in ([], {}):
        raise scalars.fail("value", "a view without fields is of no use", "write [a, b] or {a: float64}")
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
        raise scalars.fail("value", f"field `{scalars.scalar_text(twice)}` stands twice", "keep one of the two")


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
    """The entity the features are about."""
    source: Reference
    """The source the features are read from."""
    ttl: Duration
    """How old a row may be and still be joined or served; must exceed cadence + materialize.every."""
    materialize: Materialize | None = None
    """How the online store is kept fresh; left out, the view is read offline only."""
    fields: Fields
    """The columns that are features: a list, or a map of names to types."""
    online: bool | None = None
    """Whether endpoints can look the features up; by default, when the view is materialised."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the features mean."""
    tags: dict[Label, Text] = {}
    """Free tags, carried to the feature store."""

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
    """Features computed at read time, by the same code in training and serving."""

    inputs: Annotated[tuple[TransformInput, ...], Field(min_length=1, strict=False)]
    """What the function reads: `request.field` or `view.field`."""
    function: PythonFunction
    """The function, package.module:name. It takes a data frame of the inputs and returns one of the fields."""
    fields: Annotated[dict[ColumnName, ColumnType], Field(min_length=1)]
    """The features it returns, with their types."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the features mean."""


def _answer(value: object) -> Decimal | str:
    """Parse an answer: a number, or a class as text."""
    return value if isinstance(value, str) and value else quantities.parse_number(value)


Answer = Annotated[
    Decimal | str, scalars.scalar(_answer, {"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]})
]


class FeatureSet(Section):
    """The train/serve contract: the features a model is trained on and asked with, in order."""

    fields: Annotated[tuple[FeatureRef, ...], Field(min_length=1, strict=False)]
    """The features: `view.field`, `transform.field`, or `system:view.field` of another system."""
    request: dict[ColumnName, ColumnType] = {}
    """Fields known only when the request comes; in training, the label source's columns of the same name."""
    transform_only: Annotated[tuple[ColumnName, ...], Field(strict=False)] = ()
    """Request fields that transforms read and the model is not given; every other one is an input of the model."""
    nullable: Annotated[tuple[ColumnName, ...], Field(strict=False)] = ()
    """Request fields that may be missing, in training, `predict` and serving alike; every other one is refused."""
    unknown_entity: Literal["refuse", "answer", "default"] | None = None
    """What a model answers where no view has a feature of a key: refuse; answer, or default, and say so in a column."""
    outside_contract: Literal["refuse", "answer"] = "answer"
    """What serving and `predict` do with request values outside their column's min, max or values."""
    default_answer: Answer | None = None
    """The answer for an unknown entity, where that is `default`: a number, or for several classes one of them."""
    renamed_from: Reference | None = None
    """Its name before this change: what reads the plan knows then that it is the same thing."""
    description: Text = ""
    """What the set is for."""


class Features(Section):
    """Entities, views, transforms and sets."""

    entities: dict[Identifier, Entity] = {}
    """The things features are about, by name."""
    views: dict[Identifier, View] = {}
    """The feature views, by name."""
    transforms: dict[Identifier, Transform] = {}
    """Features computed at read time, by name."""
    sets: dict[Identifier, FeatureSet] = {}
    """The train/serve contracts, by name."""

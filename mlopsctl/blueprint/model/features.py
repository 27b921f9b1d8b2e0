"""Features: sources and their columns, entities, views, transforms, feature sets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from mlopsctl.blueprint.model.record import Record


class Field(Record, frozen=True):
    """A name and one of the language's column types."""

    name: str
    type: str


class Column(Record, frozen=True):
    """A column's contract."""

    name: str
    type: str
    nullable: bool
    min: Decimal | None
    max: Decimal | None
    values: tuple[str | int, ...]
    description: str


class Entity(Record, frozen=True):
    """An entity: a key that features belong to."""

    name: str
    key: str
    type: str
    description: str


LATENESS_S = 24 * 60 * 60
"""Default lateness: seconds after its event time within which a row lands."""


class Source(Record, frozen=True):
    """A source of rows: `path` for files, otherwise exactly one of `table` and `query`.

    `cadence` is how often rows land, in seconds. `lateness` is how many seconds after its event time a row may land;
    None is the default, `LATENESS_S`.
    """

    name: str
    type: str
    path: str | None
    table: str | None
    query: str | None
    warehouse: str | None
    event_time: str
    created_time: str | None
    cadence: int | None
    columns: tuple[Column, ...]
    push: bool
    description: str
    tags: Mapping[str, str]
    lateness: int | None = None

    @property
    def reach(self) -> int:
        """The time range of an incremental load, in seconds."""
        return LATENESS_S if self.lateness is None else self.lateness


class View(Record, frozen=True):
    """Features of one entity, read from one source.

    `ttl` and the materialisation interval `every` are in seconds; `every` is None if it is not materialised.
    """

    name: str
    entity: str
    key: str
    source: str
    ttl: int
    every: int | None
    online: bool
    fields: tuple[Field, ...]
    description: str
    tags: Mapping[str, str]


class TransformInput(Record, frozen=True):
    """An input of a transform: a view's field, or with `view` None a field of the request."""

    view: str | None
    name: str
    type: str


class Transform(Record, frozen=True):
    """Features computed at read time by `function` (package.module:name)."""

    name: str
    function: str
    inputs: tuple[TransformInput, ...]
    fields: tuple[Field, ...]
    description: str


class SetField(Record, frozen=True):
    """One feature of a set; `system` defines its producer, which is a view or a transform."""

    name: str
    type: str
    system: str
    producer: str
    computed: bool


class LookupView(Record, frozen=True):
    """A view a set reads, of this system or another's, with the fields that are read; `ttl` is in seconds."""

    system: str
    name: str
    key: str
    key_type: str
    ttl: int
    fields: tuple[Field, ...]


class FeatureSet(Record, frozen=True):
    """The train/serve contract: `fields` in order are the model's inputs; `request` comes with the request.

    Request fields in `transform_only` are not inputs of the model; those in `nullable` may be missing. `unknown_entity`
    is refuse, answer or default (with `default_answer`); empty answers rows without features like any other.
    `outside_contract` is `refuse` if request values that violate their column's contract are rejected.
    `lookups` are the views that it and its transforms read; `keys` are the entity keys of the lookup.
    """

    name: str
    fields: tuple[SetField, ...]
    request: tuple[Field, ...]
    keys: tuple[Field, ...]
    lookups: tuple[LookupView, ...]
    transforms: tuple[str, ...]
    description: str
    transform_only: tuple[str, ...] = ()
    nullable: tuple[str, ...] = ()
    unknown_entity: Literal["refuse", "answer", "default", ""] = ""
    outside_contract: Literal["refuse", ""] = ""
    default_answer: str | float | None = None

    @property
    def model_request(self) -> tuple[Field, ...]:
        """The request fields that are inputs of the model."""
        return tuple(field for field in self.request if field.name not in self.transform_only)


class Features(Record, frozen=True):
    """The system's definitions in the environment's feature project. `module` is its Python module's name."""

    project: str
    module: str
    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    views: tuple[View, ...]
    transforms: tuple[Transform, ...]
    sets: tuple[FeatureSet, ...]

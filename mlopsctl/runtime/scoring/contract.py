"""The contract between training and serving: the model's inputs and their origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A named column and its type in the language; `nullable` if a request may omit its value.

    A value outside `min`, `max` or `values` is rejected.
    """

    name: str
    type: str
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Features to look up by `key`; those older than `ttl` seconds are missing."""

    name: str
    key: str
    ttl: int
    fields: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class TransformInput:
    """A field of a view, or with `view` None of the request."""

    view: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Transform:
    """A function (package.module:name) of columns."""

    name: str
    function: str
    inputs: tuple[TransformInput, ...]
    fields: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One column of the model: of a view, of a transform, or of the request.

    A looked-up or computed value may always be missing, a request field if it is `nullable`.
    """

    name: str
    type: str
    origin: str
    producer: str
    nullable: bool = False

    @property
    def may_miss(self) -> bool:
        """Return whether the value may be missing."""
        return self.nullable or self.origin != REQUEST


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything that turns a request into a prediction, except the estimator and the stored features.

    `asks` is the content of a request: `request` for keys and request fields, `inputs` for the model's own columns.
    `unknown_entity` is the policy for rows whose keys have no features: refuse, answer, or default (with
    `default_answer`), the last two with a column that marks them; empty answers them like any other.
    """

    system: str
    task: str
    label: str
    label_type: str
    flavor: str
    asks: str
    server: str
    keys: tuple[Column, ...]
    request: tuple[Column, ...]
    views: tuple[View, ...]
    transforms: tuple[Transform, ...]
    inputs: tuple[Input, ...]
    unknown_entity: str = ""
    default_answer: str | float | None = None


VIEW, TRANSFORM, REQUEST = "view", "transform", "request"


def read(file: Path) -> Contract:
    """Read a contract's file."""
    return from_plain(json.loads(file.read_text()))


def text(contract: Contract) -> str:
    """Write a contract as JSON."""
    return json.dumps(asdict(contract), indent=1) + "\n"


def from_plain(data: Mapping[str, Any]) -> Contract:
    """Build a contract from plain values."""
    return Contract(
        **{name: data[name] for name in _TEXT_FIELDS},
        keys=_columns(data["keys"]),
        request=_columns(data["request"]),
        views=tuple(View(v["name"], v["key"], v["ttl"], _columns(v["fields"])) for v in data["views"]),
        transforms=tuple(_transform(transform) for transform in data["transforms"]),
        inputs=tuple(Input(**input_) for input_ in data["inputs"]),
        unknown_entity=data.get("unknown_entity", ""),
        default_answer=data.get("default_answer"),
    )


_TEXT_FIELDS = ("system", "task", "label", "label_type", "flavor", "asks", "server")


def _columns(entries: list[dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(**{**entry, "values": tuple(entry.get("values", ()))}) for entry in entries)


def _transform(entry: Mapping[str, Any]) -> Transform:
    inputs = tuple(TransformInput(**input_) for input_ in entry["inputs"])
    return Transform(entry["name"], entry["function"], inputs, _columns(entry["fields"]))

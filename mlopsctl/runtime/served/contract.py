"""The contract between training and serving: what the model takes, and how each of it comes about.

In: plain JSON. Out: frozen values. Never a connection, never a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A named column and its type in the language."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class View:
    """Features to look up by `key`; what is older than `ttl` seconds is missing."""

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
    """One column of the model: of a view, of a transform, or of the request."""

    name: str
    type: str
    origin: str
    producer: str


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything that turns a request into an answer but the estimator and the stored values.

    `asks` says what a request holds: `request` for keys and request fields, `inputs` for the model's own columns.
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
        **{name: data[name] for name in _WORDS},
        keys=_columns(data["keys"]),
        request=_columns(data["request"]),
        views=tuple(View(v["name"], v["key"], v["ttl"], _columns(v["fields"])) for v in data["views"]),
        transforms=tuple(_transform(one) for one in data["transforms"]),
        inputs=tuple(Input(**one) for one in data["inputs"]),
    )


_WORDS = ("system", "task", "label", "label_type", "flavor", "asks", "server")


def _columns(found: list[dict[str, str]]) -> tuple[Column, ...]:
    return tuple(Column(**one) for one in found)


def _transform(one: Mapping[str, Any]) -> Transform:
    inputs = tuple(TransformInput(**each) for each in one["inputs"])
    return Transform(one["name"], one["function"], inputs, _columns(one["fields"]))

"""Training: the label, the split, the model, the version that the lock names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from mlopsctl.blueprint.model.features import Field, Source
from mlopsctl.blueprint.model.record import Record

EVENT_TIME = "event_timestamp"
"""The column of a built data set that says when each row was."""


class Label(Record, frozen=True):
    """What is learnt; known `delay` seconds after the event. `rows` is the source of the labelled rows."""

    name: str
    source: str
    column: str
    type: str
    event_time: str
    delay: int
    rows: Source


class Split(Record, frozen=True):
    """How rows are kept back: `by` time, the newest `holdout` seconds that end `lag` seconds ago; or a random share."""

    by: Literal["time", "random"]
    holdout: int | None
    lag: int | None
    share: Decimal | None
    seed: int


class ModelVersion(Record, frozen=True):
    """A version that the lock names. `uri` is what serving engines read, `package` the digest of its files."""

    version: str
    uri: str
    run: str | None
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    snapshot: str | None
    package: str | None = None


class Model(Record, frozen=True):
    """What is trained and where it is registered. Exactly one of `entrypoint` and `command` is set.

    `looks_up` says that requests carry keys and request fields, and the package finds the features; else they carry the
    model's own inputs. It is the spec's word, whether a version is locked yet or not. `requirements` are packages
    of Python that the served model needs beside those that are found in it.
    """

    task: str
    flavor: str
    features: str
    label: Label
    image: str
    entrypoint: str | None
    command: tuple[str, ...]
    params: Mapping[str, Any]
    seed: int
    split: Split
    looks_up: bool
    registered_name: str
    experiment: str
    alias: str
    tracking_uri: str | None
    served: ModelVersion | None
    tags: Mapping[str, str]
    requirements: tuple[str, ...] = ()

"""Training: the label, the split, the model, the locked version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from mlopsctl.blueprint.model.features import Field, Source
from mlopsctl.blueprint.model.record import Record

EVENT_TIME = "event_timestamp"
"""The column with the event time of each row in a built data set."""


class Label(Record, frozen=True):
    """The label, known `delay` seconds after the event. `rows` is the source of the labelled rows."""

    name: str
    source: str
    column: str
    type: str
    event_time: str
    delay: int
    rows: Source


class Split(Record, frozen=True):
    """The holdout: `by` time, the newest `holdout` seconds before `lag` seconds ago; or a random share."""

    by: Literal["time", "random"]
    holdout: int | None
    lag: int | None
    share: Decimal | None
    seed: int


class ModelVersion(Record, frozen=True):
    """A locked version. `uri` is the address for serving engines, `package` the digest of its files."""

    version: str
    uri: str
    run: str | None
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    snapshot: str | None
    package: str | None = None


class Model(Record, frozen=True):
    """The trained model and its registration. Exactly one of `entrypoint` and `command` is set.

    With `looks_up`, requests contain keys and request fields, and the package looks up features;
    otherwise they contain the model's own inputs. The spec decides it, even if no version is locked
    yet. `requirements` are Python packages that the served model needs besides those detected in it.
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

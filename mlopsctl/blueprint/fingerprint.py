"""Compute fingerprints: short hashes of the parts of a Blueprint that determine a run.

Each hashed type lists its fields, and its ignored ones. A field with its default adds nothing to the hash, so a
new field of the language starts no run by itself. User maps (params, conditions) are hashed unchanged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo
from msgspec.structs import fields as struct_fields

from mlopsctl.blueprint.model.checks import Check, Checks, CheckStage, Gate
from mlopsctl.blueprint.model.features import (
    Column,
    FeatureSet,
    Field,
    LookupView,
    SetField,
    Source,
    Transform,
    TransformInput,
    View,
)
from mlopsctl.blueprint.model.pipelines import (
    Gauge,
    OutputParameter,
    Parameter,
    Resources,
    Retry,
    Step,
    StepInput,
    StepOutput,
    StepParameter,
)
from mlopsctl.blueprint.model.pods import EnvironmentVariable
from mlopsctl.blueprint.model.serving import Rollout, ServedVersion
from mlopsctl.blueprint.model.training import Label, Model, ModelVersion, Split

HASH_LENGTH: Final = 10
"""Characters of a fingerprint: hexadecimal digits of SHA-256."""


class Hashed(NamedTuple):
    """The fields of a type: `fields` decide the fingerprint, `ignored` do not. Both are separated by blanks.

    An entry `key:field` hashes a field under another key, which keeps the fingerprints of a renamed field.
    """

    fields: str
    ignored: str = ""

    def keys(self) -> dict[str, str]:
        """Return the hashed fields by the key they are hashed under."""
        pairs = (entry.partition(":") for entry in self.fields.split())
        return {key: field or key for key, _, field in pairs}


HASHED: Final[Mapping[type[Struct], Hashed]] = {
    Field: Hashed("name type"),
    Column: Hashed("name type nullable min max values", "description"),
    Source: Hashed(
        "name type path table query warehouse event_time created_time",
        # Used by data checks, alerts and the feature store; they change no row of a training set.
        "cadence columns push description tags lateness",
    ),
    View: Hashed("name entity key source ttl fields", "every online description tags"),
    TransformInput: Hashed("view name type"),
    Transform: Hashed("name function inputs fields", "description"),
    SetField: Hashed("name type system producer computed"),
    LookupView: Hashed("system name key key_type ttl fields"),
    FeatureSet: Hashed(
        "name fields request keys lookups transforms transform_only nullable unknown_entity outside_contract"
        " default_answer",
        "description",
    ),
    Label: Hashed("name source column type event_time delay rows"),
    Split: Hashed("by holdout lag share seed"),
    Model: Hashed(
        "task flavor features label image entrypoint command params seed split looks_up"
        " registered_name experiment alias tracking_uri requirements",
        "served tags",
    ),
    Check: Hashed("name params conditions check"),
    CheckStage: Hashed("stage suite checks"),
    Gate: Hashed("metric higher_is_better min max max_drop"),
    Checks: Hashed("stages contract gates", "live"),
    StepInput: Hashed("name step output"),
    StepOutput: Hashed("name kind"),
    OutputParameter: Hashed("name default"),
    StepParameter: Hashed("name value pipeline step output"),
    EnvironmentVariable: Hashed("name value secret key"),
    Resources: Hashed("cpu memory gpu_count gpu_resource"),
    Retry: Hashed("limit delay factor cap"),
    Gauge: Hashed("metric labels parameter", "help"),
    Step: Hashed(
        "name verb needs inputs outputs output_parameters parameters environment resources timeout retry gauges"
        " permissions mutex",
        "description pod",
    ),
    Parameter: Hashed("name default", "description"),
    ModelVersion: Hashed("version uri run inputs outputs snapshot package"),
    ServedVersion: Hashed("name version"),
    Rollout: Hashed("strategy steps pause abort_on weight"),
}


def fingerprint(value: Any) -> str:
    """Return the hash of plain values and hashed types, in `HASH_LENGTH` digits; the order of keys does not matter."""
    text = json.dumps(_content(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def _content(value: Any) -> Any:
    """Return the hashed content of a value, as plain JSON."""
    if isinstance(value, Struct):
        return _of_struct(value)
    if isinstance(value, Mapping):
        return {key: _content(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_content(inner) for inner in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _of_struct(value: Struct) -> dict[str, Any]:
    """Return the listed fields that differ from their defaults; a field without a default always counts."""
    fields_hashed = ((key, getattr(value, field), default) for key, field, default in _hashed_fields(type(value)))
    return {key: _content(inner) for key, inner, default in fields_hashed if inner != default}


@cache
def _hashed_fields(kind: type[Struct]) -> tuple[tuple[str, str, Any], ...]:
    """Return key, field and default of each hashed field; `NODEFAULT` equals no value."""
    defaults = {field.name: _default(field) for field in struct_fields(kind)}
    return tuple((key, field, defaults[field]) for key, field in HASHED[kind].keys().items())


def _default(field: FieldInfo) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()

"""The annotated types that sections are written in: each a parser of `scalars` and its JSON Schema."""

from __future__ import annotations

import keyword
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from mlopsctl.spec import scalars


def camel(name: str) -> str:
    """Write a field's name as the file does. Pydantic's own goes through four expressions for each of 400 fields."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


class Section(BaseModel):
    """A part of the language: frozen, closed, camelCase in the file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=camel,
        populate_by_name=False,
        defer_build=True,
        protected_namespaces=(),
        arbitrary_types_allowed=True,
        regex_engine="python-re",
    )


def _no_keyword(name: str) -> str:
    if keyword.iskeyword(name):
        raise scalars.fail(
            "name",
            f"`{name}` is a word of Python, and rendered definitions are Python",
            "choose another name",
        )
    return name


_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$",
    "minLength": 2,
    "examples": ["15m", "2h", "30d"],
}
_QUANTITY_PATTERN = r"^\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$"

Duration = Annotated[scalars.Duration, scalars.scalar(scalars.positive_duration, _DURATION_SCHEMA)]
Delay = Annotated[scalars.Duration, scalars.scalar(scalars.parse_duration, _DURATION_SCHEMA)]
Quantity = Annotated[
    scalars.Quantity,
    scalars.scalar(
        scalars.parse_quantity,
        {
            "anyOf": [
                {"type": "string", "pattern": _QUANTITY_PATTERN},
                {"type": "number", "exclusiveMinimum": 0},
            ]
        },
    ),
]
Percent = Annotated[Decimal, scalars.scalar(scalars.parse_percent, {"type": "string", "pattern": r"^\d+(\.\d+)?%$"})]
Number = Annotated[Decimal, scalars.scalar(scalars.parse_number, {"type": "number"})]
Version = Annotated[
    str,
    scalars.scalar(
        scalars.parse_version, {"anyOf": [{"type": "string", "pattern": r"^\d[\w.-]*$"}, {"type": "number"}]}
    ),
]
Cron = Annotated[str, scalars.scalar(scalars.parse_cron, {"type": "string", "examples": ["0 3 * * 1"]})]
TimeZone = Annotated[
    str, scalars.scalar(scalars.parse_time_zone, {"type": "string", "examples": ["Etc/UTC", "Europe/Berlin"]})
]
Image = Annotated[scalars.Image, scalars.scalar(scalars.parse_image, {"type": "string"})]
PromQL = Annotated[str, scalars.scalar(scalars.parse_promql, {"type": "string"})]
FeatureRef = Annotated[
    scalars.FeatureRef,
    scalars.scalar(
        scalars.parse_feature_ref,
        {"type": "string", "pattern": r"^([a-z0-9-]+:)?[A-Za-z_]\w*\.[A-Za-z_]\w*$"},
    ),
]
Route = Annotated[
    scalars.Route,
    scalars.scalar(
        scalars.parse_route,
        {
            "type": "string",
            "pattern": r"^(pagerduty|slack|email|webhook|opsgenie)/[A-Za-z0-9][\w.@+-]{0,99}$",
        },
    ),
]
Text = Annotated[str, scalars.scalar(scalars.parse_text, {"type": "string"})]
Guard = Annotated[
    str, scalars.matching(r"MLC92[0-9]", "a guard", "write its code, as MLC920; `mlopsctl explain` lists them")
]
Accepts = dict[Guard, Annotated[str, scalars.scalar(scalars.parse_text, {"type": "string", "minLength": 1})]]
# A name that stands for something defined elsewhere: whether it does is told once everything is known.
Reference = Annotated[str, scalars.scalar(scalars.parse_text, {"type": "string", "minLength": 1})]

_NAME = r"[a-z]([-a-z0-9]*[a-z0-9])?"
Name = Annotated[
    str,
    scalars.matching(
        _NAME,
        "a name",
        "use lower-case letters, digits and `-`, beginning with a letter",
        limit=40,
        glue="-",
    ),
]
# The name of an environment where it is not defined: one that does not exist is reported as that.
EnvironmentName = Annotated[
    str, scalars.scalar(scalars.parse_text, {"type": "string", "pattern": f"^(?:{_NAME})$", "maxLength": 40})
]
Label = Annotated[
    str,
    scalars.matching(
        r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", "a label", "use lower-case letters, digits and `-`", limit=63, glue="-"
    ),
]
Identifier = Annotated[
    str,
    scalars.matching(
        r"[a-z][a-z0-9_]*",
        "an identifier",
        "use lower-case letters, digits and `_`, beginning with a letter",
        limit=60,
        glue="_",
    ),
    AfterValidator(_no_keyword),
]
ColumnName = Annotated[
    str,
    scalars.matching(r"[A-Za-z_][A-Za-z0-9_]*", "a column name", "use letters, digits and `_`", limit=128),
    AfterValidator(_no_keyword),
]
MetricName = Annotated[
    str, scalars.matching(r"[a-zA-Z_:][a-zA-Z0-9_:]*", "a metric name", "use letters, digits, `_` and `:`")
]
LabelName = Annotated[
    str, scalars.matching(r"[a-zA-Z_][a-zA-Z0-9_]*", "a Prometheus label name", "use letters, digits and `_`")
]
AlertName = Annotated[
    str,
    scalars.matching(r"[A-Z][A-Za-z0-9]*", "an alert name", "write CamelCase, as FraudScoresCollapsed", limit=100),
]
PythonFunction = Annotated[
    str,
    scalars.matching(
        r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", "a Python function", "write package.module:function"
    ),
]
DottedName = Annotated[
    str,
    scalars.matching(
        r"[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*){0,2}",
        "a table",
        "write table, schema.table or catalog.schema.table",
        limit=400,
    ),
]
Uri = Annotated[
    str,
    scalars.matching(
        r"[a-z][a-z0-9+.-]*://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+",
        "a URI",
        "write scheme://host/path",
        kind="value",
        limit=2000,
    ),
]
Url = Annotated[
    str,
    scalars.matching(
        r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+",
        "a web address",
        "write https://host/path",
        kind="value",
        limit=2000,
    ),
]
FilePath = Annotated[
    str,
    scalars.matching(
        r"(?:[a-z][a-z0-9+.-]*://)?(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/*=@+-]+",
        "a path that a spec may read",
        "write a path below the spec's folder, or a URI such as s3://bucket/key",
        kind="value",
        limit=1000,
    ),
]
Glob = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/*?\[\]-]+",
        "a path pattern",
        "write a pattern below the workspace's folder, as systems/*/mlops.yaml",
        kind="value",
    ),
]
LabelValue = Annotated[
    str,
    scalars.matching(
        r"([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?",
        "a label value",
        "use letters, digits, `-`, `_` and `.`",
        kind="value",
        limit=63,
    ),
]

ColumnType = Annotated[
    str,
    scalars.matching(
        r"(?:string|bool|bytes|int32|int64|float32|float64|timestamp)|array<(?:string|bool|bytes|int32|int64|float32|float64|timestamp)>",
        "a column type",
        "use string, bool, bytes, int32, int64, float32, float64, timestamp, or array<...> of one",
        kind="value",
    ),
]
Severity = Literal["page", "ticket"]
JsonValue = Any

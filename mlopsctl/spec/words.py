"""The annotated types of the spec's fields: each a parser with its JSON Schema."""

from __future__ import annotations

import keyword
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, GetPydanticSchema

from mlopsctl.spec import quantities, references, scalars, texts, times


def camel(name: str) -> str:
    """Return a field's name in camelCase; faster than pydantic's own function for 400 fields."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


class Section(BaseModel):
    """A section of the spec: frozen, closed, camelCase in the file."""

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
            f"`{name}` is a Python keyword, and rendered definitions are Python",
            "choose another name",
        )
    return name


_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)))
)


def _no_device(name: str) -> str:
    """Reject Windows device names: systems, environments and endpoints become files and folders."""
    if name in _DEVICES:
        raise scalars.fail(
            "name", f"`{name}` is a reserved device name on Windows, where no file can have it", "choose another name"
        )
    return name


_WEB = frozenset({"http", "https"})
_STORES = frozenset(
    {"file", "s3", "s3a", "s3n", "r2", "gs", "gcs", "abfs", "abfss", "wasb", "wasbs", "adl", "az", "azureml", "oss"}
    | {"cos", "obs", "oci", "hdfs", "viewfs", "webhdfs", "dbfs", "swift", "ftp", "sftp", "pvc", "hf"}
)
_DATABASES = frozenset({"sqlite", "mysql", "mariadb", "postgresql", "postgres", "mssql", "oracle"})
_REGISTRIES = frozenset({"databricks", "databricks-uc", "uc", "mlflow-artifacts", "models", "runs", "neptune"})
_SCHEMES = _WEB | _STORES | _DATABASES | _REGISTRIES


def _parsed_address(text: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of an address; fail on an open bracket, port 0 and ports above 65535."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        message = f"`{scalars.scalar_text(text)}` is not an address: its host or port is invalid"
        raise scalars.fail("value", message, "write scheme://host:port/path, with a port of 1 to 65535") from None
    if port == 0:
        raise scalars.fail("value", f"`{scalars.scalar_text(text)}` has no host or port", "write https://host/path")
    return parts.scheme, host, port


def readable(text: str) -> str:
    """Reject an address with an invalid host or port, whatever its scheme; a plain name passes."""
    if "://" in text:
        _parsed_address(text)
    return text


def _address(text: str) -> str:
    """Reject an address with an unknown scheme, no host, an open bracket or a port above 65535."""
    if "://" not in text:
        return text
    scheme, host, _ = _parsed_address(text)
    if scheme.partition("+")[0] not in _SCHEMES:
        message = f"`{scalars.scalar_text(text)}` has the unsupported scheme `{scheme}`"
        raise scalars.fail("value", message, "use https, s3, gs, abfss, hdfs, file, postgresql or similar")
    if scheme in _WEB and not host:
        raise scalars.fail("value", f"`{scalars.scalar_text(text)}` has no host or port", "write https://host/path")
    return text


_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$",
    "minLength": 2,
    "examples": ["15m", "2h", "30d"],
}
_PERCENT_SCHEMA = {"type": "string", "pattern": r"^\d+(\.\d+)?%$"}
_QUANTITY_PATTERN = r"^\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$"


def duration(least: str = "1s", greatest: str = "36500d") -> GetPydanticSchema:
    """Return the type of a duration from `least` to `greatest`."""
    return scalars.scalar(partial(times.parse_duration_between, least=least, greatest=greatest), _DURATION_SCHEMA)


def percent(least: str, greatest: str) -> GetPydanticSchema:
    """Return the type of a percentage from `least` to `greatest`."""
    return scalars.scalar(partial(quantities.parse_percent_between, least=least, greatest=greatest), _PERCENT_SCHEMA)


def number(least: str, greatest: str) -> GetPydanticSchema:
    """Return the type of a number from `least` to `greatest`, with both in its schema."""
    schema = {"type": "number", "minimum": float(least), "maximum": float(greatest)}
    return scalars.scalar(partial(quantities.parse_number_between, least=least, greatest=greatest), schema)


Duration = Annotated[times.Duration, duration()]
Delay = Annotated[times.Duration, duration("0s", "3650d")]
_QUANTITY_SCHEMA = {
    "anyOf": [{"type": "string", "pattern": _QUANTITY_PATTERN}, {"type": "number", "exclusiveMinimum": 0}]
}
Cpu = Annotated[quantities.Quantity, scalars.scalar(quantities.parse_cpu, _QUANTITY_SCHEMA)]
Memory = Annotated[quantities.Quantity, scalars.scalar(quantities.parse_memory, _QUANTITY_SCHEMA)]
Percent = Annotated[Decimal, scalars.scalar(quantities.parse_percent, _PERCENT_SCHEMA)]
Number = Annotated[Decimal, scalars.scalar(quantities.parse_number, {"type": "number"})]
Version = Annotated[
    str,
    scalars.scalar(texts.parse_version, {"anyOf": [{"type": "string", "pattern": r"^\d[\w.-]*$"}, {"type": "number"}]}),
]
Cron = Annotated[str, scalars.scalar(times.parse_cron, {"type": "string", "examples": ["0 3 * * 1"]})]
TimeZone = Annotated[
    str, scalars.scalar(times.parse_time_zone, {"type": "string", "examples": ["Etc/UTC", "Europe/Berlin"]})
]
Image = Annotated[references.Image, scalars.scalar(references.parse_image, {"type": "string"})]
PromQL = Annotated[str, scalars.scalar(texts.parse_promql, {"type": "string"})]
FeatureRef = Annotated[
    references.FeatureRef,
    scalars.scalar(
        references.parse_feature_ref,
        {"type": "string", "pattern": r"^([a-z0-9-]+:)?[A-Za-z_]\w*\.[A-Za-z_]\w*$"},
    ),
]
Route = Annotated[
    references.Route,
    scalars.scalar(
        references.parse_route,
        {
            "type": "string",
            "pattern": r"^(pagerduty|slack|email|webhook|opsgenie)/[A-Za-z0-9][\w.@+-]{0,99}$",
        },
    ),
]
Text = Annotated[str, scalars.scalar(texts.parse_text, {"type": "string"})]
Variable = Annotated[str, scalars.scalar(texts.parse_variable, {"type": ["string", "number", "boolean"]})]
Guard = Annotated[
    str,
    scalars.matching(r"MLC(92[0-9]|512)", "a guard", "write its code, such as MLC920; `mlopsctl explain` lists them"),
]
Accepts = dict[Guard, Annotated[str, scalars.scalar(texts.parse_text, {"type": "string", "minLength": 1})]]
# A reference to a name defined elsewhere; whether the name exists is checked after everything is read.
Reference = Annotated[str, scalars.scalar(texts.parse_text, {"type": "string", "minLength": 1})]

_NAME = r"[a-z]([-a-z0-9]*[a-z0-9])?"
Name = Annotated[
    str,
    scalars.matching(
        _NAME,
        "a name",
        "use lower-case letters, digits and `-`, starting with a letter",
        limit=40,
        glue="-",
    ),
    AfterValidator(_no_device),
]
# A reference to an environment; an unknown one is reported later.
EnvironmentName = Annotated[
    str, scalars.scalar(texts.parse_text, {"type": "string", "pattern": f"^(?:{_NAME})$", "maxLength": 40})
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
        "use lower-case letters, digits and `_`, starting with a letter",
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
    scalars.matching(r"[A-Z][A-Za-z0-9]*", "an alert name", "write CamelCase, such as FraudScoresCollapsed", limit=100),
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
    AfterValidator(_address),
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
    AfterValidator(_address),
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
    AfterValidator(_address),
]
Glob = Annotated[
    str,
    scalars.matching(
        r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[A-Za-z0-9._/*?\[\]-]+",
        "a path pattern",
        "write a pattern below the workspace's folder, such as systems/*/mlops.yaml",
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
